"""Whatever is noted has words: what was done, to what kind of record, and where looks are told from changes."""

import re
from pathlib import Path

from conference.audit.looks import LOOKS, Look
from conference.audit.words import ACTION_WORDS, RECORD_WORDS

SOURCES = sorted((Path(__file__).parents[3] / "conference").rglob("*.py"))


def literals(pattern: str) -> set[str]:
    return {found for path in SOURCES for found in re.findall(pattern, path.read_text(encoding="utf-8"))}


def test_every_act_has_words() -> None:
    said = literals(r'\baction="([^"]+)"') | {look.value for look in Look} | LOOKS
    assert len(said) > 60
    assert said - set(ACTION_WORDS) == set()


def test_every_kind_of_record_has_words() -> None:
    kinds = literals(r'(?:\babout=|_note\(.*)\("([a-z_ ]+)",') | literals(r'^_?ABOUT = "([a-z_]+)"$')
    assert len(kinds) > 15
    assert kinds - set(RECORD_WORDS) == set()


def test_no_name_of_an_act_or_kind_is_too_long_for_its_column() -> None:
    assert max(map(len, [*ACTION_WORDS, *RECORD_WORDS])) <= 40
