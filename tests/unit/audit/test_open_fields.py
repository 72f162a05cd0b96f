"""The fields whose values the history's search shows: all have words, and none is personal."""

from dataclasses import fields

import pytest

from conference.audit.open_fields import OPEN_FIELDS, is_open
from conference.audit.telling import Told, as_line, named, one_of, plain
from conference.audit.words import RECORD_WORDS
from conference.event.model import BookletTexts, EventDetails, OrganiserDetails, RoomDetails, TrackDetails
from conference.printing.sheet_rules import SheetDetails
from conference.registration.extra_model import ExtraDetails
from conference.registration.invitation_model import CodeDetails, InvitationDetails
from conference.registration.model import CategoryDetails
from conference.registration.question_model import QuestionDetails
from conference.running.record_words import FIELD_WORDS

EDITED = {
    "event": EventDetails,
    "booklet text": BookletTexts,
    "organiser": OrganiserDetails,
    "track": TrackDetails,
    "room": RoomDetails,
    "category": CategoryDetails,
    "extra": ExtraDetails,
    "question": QuestionDetails,
    "access code": CodeDetails,
    "invitation": InvitationDetails,
    "label_sheet": SheetDetails,
}
# What names or reaches somebody, is an answer, money, or was typed about somebody.
PERSONAL = {
    "email", "given_name", "family_name", "letters", "badge_name", "sort_as", "affiliation", "affiliation_short",
    "orcid", "ror", "answers", "consents", "profession", "career_stage", "no_photographs", "tag", "extra", "paid_minor",
    "code", "note", "words", "people", "co_authors", "abstract", "person_id", "contact_email", "contact_phone",
    "privacy_contact", "duty", "texts", "text", "subject", "invitation",
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(EDITED))
def test_every_field_that_is_edited_has_a_word(kind: str) -> None:
    assert {one.name for one in fields(EDITED[kind])} - set(FIELD_WORDS[kind]) == set()


def test_every_kind_with_words_or_open_fields_is_a_record() -> None:
    assert (set(FIELD_WORDS) | set(OPEN_FIELDS)) - set(RECORD_WORDS) == set()


def test_every_open_field_has_a_word() -> None:
    missing = {
        (kind, name) for kind, names in OPEN_FIELDS.items() for name in names if name not in FIELD_WORDS[kind]
    }
    assert missing == set()


def test_no_open_field_is_personal() -> None:
    assert [(kind, name) for kind, names in OPEN_FIELDS.items() for name in names & PERSONAL] == []
    assert "person" not in OPEN_FIELDS


def test_what_nobody_listed_is_closed() -> None:
    assert is_open("staff", "role")
    assert not is_open("staff", "email")
    assert not is_open("a kind to come", "role")


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, "–"),
        ("", "–"),
        ([], "–"),
        (True, "Yes"),
        (False, "No"),
        (0, "0"),
        ("2022-09-22", "Thursday 22 September 2022"),
        ("2022-09-22T10:45:00+00:00", "22 September 2022, 12:45"),
        ("2022-99-22", "2022-99-22"),
        (["2022-09-22 08:00-18:00", "x"], "2022-09-22 08:00-18:00, x"),
        ({"3": 5}, "3: 5"),
    ],
)
def test_a_value_reads_as_people_read_it(value: object, told: str) -> None:
    assert plain(value) == told


def test_numbers_are_told_by_names_that_are_asked_once() -> None:
    asked = []

    def names() -> dict[int, str]:
        asked.append(1)
        return {1: "Aula"}

    read = named(names, nothing="All")
    assert (read(1), read([1, 2]), read([]), read(None), read("1")) == (
        "Aula", "Aula, deleted", "–", "All", "deleted",
    )  # fmt: skip
    assert asked == [1]


def test_a_word_that_is_not_known_stays_as_it_is() -> None:
    read = one_of({"desk": "Desk"})
    assert (read("desk"), read("gate"), read(["desk"]), read(None)) == ("Desk", "gate", "desk", "–")


def test_changes_are_a_line() -> None:
    told = [Told(label="Role", before="Desk", after="Organiser"), Told(label="Language")]
    assert as_line(told) == "Role: Desk → Organiser; Language"
