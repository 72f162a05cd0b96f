import pytest

from conference.programme.authors import (
    read_co_authors,
    read_keywords,
    written_co_authors,
    written_keywords,
)
from conference.programme.model import CoAuthor, Level, TalkFacts
from conference.programme.snapshot import plain_facts, read_facts

TWO = (
    CoAuthor(name="Åsa O'Brien <b>", affiliation="Karolinska; Stockholm"),
    CoAuthor(name="李 雷"),
)


def test_co_authors_are_read_by_line_and_keep_their_order() -> None:
    typed = " Åsa O'Brien <b> ;  Karolinska; Stockholm \r\n\n  \n李 雷\n"
    assert read_co_authors(typed) == TWO
    assert read_co_authors(written_co_authors(TWO)) == TWO
    assert read_co_authors("; only an affiliation") == (CoAuthor(name="", affiliation="only an affiliation"),)
    assert read_co_authors("") == ()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", ()),
        (" , ,", ()),
        ("Exome,  exome ,RNA", ("Exome", "RNA")),
        ("two  words,\nthree", ("two words", "three")),
    ],
)
def test_keywords_are_trimmed_and_stand_once(typed: str, words: tuple[str, ...]) -> None:
    assert read_keywords(typed) == words
    assert read_keywords(written_keywords(words)) == words


def test_facts_are_the_same_after_freezing_and_older_versions_have_none() -> None:
    facts = TalkFacts(level=Level.ADVANCED, keywords=("RNA",), co_authors=TWO)
    assert read_facts(plain_facts(facts)) == facts
    assert read_facts({}) == TalkFacts()
