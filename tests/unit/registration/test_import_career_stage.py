"""The career stage in an imported file: as exported, in words, absent, unknown."""

import pytest

from conference.registration.importing_rows import Entry, Problem, guessed, read_row
from conference.registration.model import CAREER_STAGES

HEADINGS = ["Given name", "E-mail address", "Affiliation", "Country", "Career stage"]
PERSON = ["Åsa", "asa@lab.example", "KI", "SE"]


def row_with(stage: str) -> Entry | Problem:
    return read_row([*PERSON, stage], guessed(HEADINGS))


@pytest.mark.parametrize(
    ("typed", "stage"),
    [
        ("", ""),
        ("doctoral", "doctoral"),
        ("Doctoral candidate", "doctoral"),
        ("IN SPECIALIST TRAINING", "training"),
    ],
)
def test_a_stage_is_read_as_key_and_in_words(typed: str, stage: str) -> None:
    entry = row_with(typed)
    assert isinstance(entry, Entry)
    assert entry.career_stage == stage


def test_a_file_without_the_column_is_read() -> None:
    entry = read_row(PERSON, guessed(HEADINGS[:4]))
    assert isinstance(entry, Entry)
    assert entry.career_stage == ""


def test_an_unknown_stage_is_refused_with_those_that_there_are() -> None:
    assert row_with("wizard") == Problem(
        field="career_stage",
        sentence="Leave it empty, or write one of: %(known)s.",
        facts={"known": ", ".join(CAREER_STAGES)},
    )
