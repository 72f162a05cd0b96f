"""Words find sessions and people whatever their accents and case."""

from dataclasses import replace

import pytest

from conference.core.ids import PersonId
from conference.programme.model import CoAuthor, Part, PartRole, TalkFacts
from conference.programme.searching import MOST_CHARACTERS, Found, found_in, index_of, read_query
from tests.factories.programme_values import programme, session


def someone(number: int, name: str, affiliation: str = "") -> Part:
    return Part(
        person_id=PersonId(number), name=name, affiliation=affiliation, country="", role=PartRole.SPEAKER
    )


ASA = someone(1, "Åsa Lindström", "Karolinska Institutet")
JURGEN = someone(2, "Jürgen Straße", "Universität Muster")
SOREN = someone(3, "Søren Łukasz", "")
TALK = session(1, talks=[(20, [ASA]), (20, [JURGEN])], title="Rare diseases", room_number=1)
FIRST = replace(
    TALK,
    abstract="Why Müller was right.",
    talks=(
        replace(TALK.talks[0], title="A diagnosis after 14 years"),
        replace(
            TALK.talks[1],
            title="Sequencing",
            facts=TalkFacts(
                keywords=("exome",), co_authors=(CoAuthor(name="Ștefan Popescu", affiliation="Iași"),)
            ),
        ),
    ),
)
SECOND = session(2, start_min=60, title="Diagnosis for all", people=[SOREN], room_number=2)
INDEX = index_of(programme(FIRST, SECOND))


def search(typed: str) -> Found:
    return found_in(INDEX, read_query(typed))


def ids(typed: str) -> list[int]:
    return [hit.session.id for hit in search(typed).hits]


@pytest.mark.parametrize(
    "typed",
    ["Åsa", "asa", "ÅSA", "aasa", "lindstrom", "lindstroem", "karolinska", "jürgen", "jurgen", "juergen", "strasse",
     "STRASSE", "straße", "muller", "Mueller", "müller", "universitaet", "stefan", "iasi", "exome", "rare asa",
     "asa RARE", "room 1", "diagn 14"],
)  # fmt: skip
def test_words_find_what_they_mean(typed: str) -> None:
    assert ids(typed) == [1]


def test_letters_with_a_stroke_are_found_too() -> None:
    assert [ids(typed) for typed in ("soren", "soeren", "lukasz")] == [[2], [2], [2]]


@pytest.mark.parametrize("typed", ["", "   ", "nowhere", "rare nowhere", "\u0301", "%", "_", "' OR 1=1"])
def test_what_is_nowhere_finds_nothing(typed: str) -> None:
    assert search(typed) == Found(people=(), hits=())


def test_people_are_found_beside_sessions_in_the_order_of_their_names() -> None:
    names = [part.name for part in search("s").people]
    assert names == ["Åsa Lindström", "Jürgen Straße", "Søren Łukasz"]
    assert [part.name for part in search("muster").people] == ["Jürgen Straße"]


def test_a_hit_names_the_talks_that_hold_all_the_words() -> None:
    (hit,) = search("sequencing").hits
    assert [talk.title for talk in hit.talks] == ["Sequencing"]
    (hit,) = search("rare").hits
    assert hit.talks == ()


def test_titles_and_people_come_before_abstracts() -> None:
    early = replace(session(8, start_min=0, title="Another"), abstract="All about needles.")
    late = session(9, start_min=120, title="Needles")
    found = found_in(index_of(programme(early, late)), read_query("needles"))
    assert [hit.session.id for hit in found.hits] == [9, 8]


def test_what_is_too_long_is_cut_and_says_so() -> None:
    query = read_query("a" * 2_000)
    assert (len(query.text), query.is_cut, query.fault) == (MOST_CHARACTERS, True, "")
    assert not read_query("a" * MOST_CHARACTERS).is_cut


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\x00", "\x1b", "\ud800"])
def test_marks_that_turn_or_hide_text_are_a_fault_and_find_nothing(mark: str) -> None:
    query = read_query(f"rare{mark}")
    assert query.fault == f"U+{ord(mark):04X}"
    assert found_in(INDEX, query) == Found(people=(), hits=())


def test_blanks_and_lines_are_blanks() -> None:
    assert read_query(" rare \t\n diseases ").text == "rare diseases"
