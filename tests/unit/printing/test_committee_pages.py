"""The programme committee in the booklet: its page, and its members in the appendix of interests."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from conference.core.ids import PersonId
from conference.printing.book_model import BookletFacts
from conference.printing.book_page import book_page
from conference.printing.booklet import booklet_pdf
from conference.printing.disclosers import who_discloses
from conference.printing.programme import unprintable
from conference.programme.model import Kind, PartRole, Programme
from conference.speakers.model import Interest, ListedMember
from conference.web.language import in_language
from tests.factories.booklets import FACTS, a_member, book, disclosed, of
from tests.factories.paper import page_texts
from tests.factories.printing import EVENT, ORGANISERS, a_part, a_session

pytestmark = pytest.mark.usefixtures("office")

CHAIR = a_member(901, "Åsa Ek", "Chair", "Karolinska Exempel")
PLAIN = a_member(902, "Bo Alm")


def a_small_programme() -> Programme:
    speaker = a_part(1, PartRole.SPEAKER, name="Cy Dahl", sort_name="Dahl Cy")
    sold = a_part(902, PartRole.SPEAKER, name="Bo Alm", sort_name="Alm Bo")
    industry = a_session(2, "Symposium", "19:00", kind=Kind.INDUSTRY, people=(sold,))
    return of(a_session(1, "Tumour boards", people=(speaker,)), industry)


def facts_of(*committee: ListedMember, **signed: dict[Interest, str]) -> BookletFacts:
    found = {PersonId(int(key[1:])): disclosed(said) for key, said in signed.items()}
    return replace(FACTS, committee=committee, disclosures=found)


def text_of_part(facts: BookletFacts, key: str, tag: str = "en") -> str:
    with in_language(tag):
        made = book(a_small_programme(), facts)
        pages = page_texts(booklet_pdf(made))
    ends = sorted(number for number in made.numbers.values() if number > made.numbers[key])
    last = ends[0] if ends else len(pages) + 1
    return " ".join(" ".join(pages[made.numbers[key] - 1 : last - 1]).split())


def test_the_members_stand_on_a_page_in_the_office_s_order() -> None:
    text = text_of_part(facts_of(PLAIN, CHAIR), "committee")
    assert "Programme committee Bo Alm Åsa Ek, Chair Karolinska Exempel" in text


def test_without_members_there_is_no_page_and_no_word_of_a_committee() -> None:
    facts = facts_of(_1={Interest.SHARES: "Examplegene AB"})
    assert "committee" not in book(a_small_programme(), facts).numbers
    assert "committee" not in text_of_part(facts, "disclosures")


def test_members_disclose_in_the_appendix_with_their_duty() -> None:
    facts = facts_of(CHAIR, PLAIN, _901={Interest.SHARES: "Examplegene AB"}, _902={})
    text = text_of_part(facts, "disclosures")
    assert "chairs, panellists and the programme committee declared themselves" in text
    assert "Ek, Åsa, programme committee, Chair Shares: Examplegene AB" in text
    assert "Nothing to disclose Alm, Bo (programme committee)" in text
    assert "No disclosure received Dahl, Cy" in text


def test_a_member_of_whom_nothing_came_is_named() -> None:
    text = text_of_part(facts_of(CHAIR, _1={}), "disclosures")
    assert "No disclosure received Ek, Åsa (programme committee, Chair)" in text


def test_where_no_speaker_signed_a_member_s_disclosure_makes_the_appendix() -> None:
    assert "disclosures" in book(a_small_programme(), facts_of(CHAIR, _901={})).numbers
    # Of who is not in the committee, and in no session, nothing is printed.
    assert "disclosures" not in book(a_small_programme(), facts_of(_901={})).numbers


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("sv", ["Programkommitté", "programkommittén, Chair", "programkommittén själva har uppgett"]),
        ("de", ["Programmkomitee", "Programmkomitee, Chair", "Programmkomitee selbst angegeben"]),
    ],
)
def test_the_page_and_the_appendix_speak_the_reader_s_language(tag: str, words: list[str]) -> None:
    facts = facts_of(CHAIR, _901={Interest.SHARES: "Examplegene AB"})
    text = text_of_part(facts, "committee", tag) + text_of_part(facts, "disclosures", tag)
    assert [word for word in words if word not in text] == []


def ids(committee: Sequence[ListedMember]) -> list[int]:
    return [int(one.person_id) for one in who_discloses(a_small_programme(), committee, "sv")]


def test_who_is_both_is_named_once_and_who_only_speaks_for_industry_by_the_committee_alone() -> None:
    assert ids(()) == [1]
    assert ids((CHAIR, PLAIN)) == [902, 1, 901]
    both = replace(PLAIN, person_id=PersonId(1), name="Cy Dahl", sort_name="Dahl Cy")
    assert ids((both,)) == [1]
    (found,) = who_discloses(a_small_programme(), (both,), "sv")
    assert found.named == "Dahl, Cy (programme committee)"


def test_the_page_of_html_tells_the_same() -> None:
    facts = facts_of(CHAIR, PLAIN, _901={Interest.SHARES: "Examplegene AB"}, _902={})
    shown = book_page(a_small_programme(), EVENT, ORGANISERS, facts).disclosures
    assert shown is not None
    assert [(one.name, one.duty, one.interests) for one in shown.declared] == [
        ("Ek, Åsa", "programme committee, Chair", (("Shares", "Examplegene AB"),))
    ]
    assert (shown.nothing, shown.missing) == (("Alm, Bo (programme committee)",), ("Dahl, Cy",))


def test_a_member_s_strange_letters_are_told_before_printing() -> None:
    facts = facts_of(a_member(903, "Ab \U0001f9ec", duty="Chair \U0001f9ea"))
    found = " ".join(unprintable(a_small_programme(), facts))
    assert ("U+1F9EC" in found, "U+1F9EA" in found) == (True, True)
