"""The booklet as values: nothing overlaps or leaves its body, headings stay with their text, numbers are right."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from conference.core.ids import PersonId
from conference.printing.book_format import FORMATS
from conference.printing.book_model import BookletFacts, BookPart
from conference.printing.booklet import booklet_pdf
from conference.printing.breaking import Strip, broken, strips_of
from conference.printing.index_pages import index_name, pages_of
from conference.printing.setting import set_text
from conference.programme.listing import people_listed
from conference.programme.model import Kind, PartRole, Programme
from conference.speakers.model import Interest
from conference.web.language import in_language
from tests.factories.book_data import a_conference, programme_of_file
from tests.factories.booklets import (
    FACTS,
    a_member,
    book,
    boxes,
    disclosed,
    endless_title,
    forty_talks,
    long_abstract,
    many_rooms,
    no_time_no_room,
    nothing,
    of,
    overlap,
    past_midnight,
)
from tests.factories.paper import page_texts, read_pdf, text_of
from tests.factories.printing import a_part, a_programme, a_session
from tests.factories.shared_data import SCHEDULES, shared_file

pytestmark = pytest.mark.usefixtures("office")

STRANGE = [nothing, forty_talks, long_abstract, endless_title, no_time_no_room, many_rooms, past_midnight]
USUAL = [a_programme, a_conference]


@pytest.mark.parametrize("size", ["A4", "A5"])
@pytest.mark.parametrize("make", [*USUAL, *STRANGE])
def test_nothing_overlaps_or_leaves_the_body(make: Callable[[], Programme], size: str) -> None:
    made, form = book(make(), page=size), FORMATS[size]
    for number, page in enumerate(made.pages, 1):
        found = sorted(boxes(made, page), key=lambda pair: pair[0].y_mm)
        for place, (box, ink) in enumerate(found):
            told = (number, ink.line.text)
            assert box.x_mm >= -0.05, told
            assert box.right_mm <= form.width_mm + 0.05, told
            assert -form.top_mm < box.y_mm, told
            assert box.bottom_mm <= form.height_mm + 1.2, told
            for other, other_ink in found[place + 1 :]:
                if other.y_mm > box.bottom_mm:
                    break
                assert not overlap(box, other), (*told, other_ink.line.text)


@pytest.mark.parametrize("size", ["A4", "A5"])
@pytest.mark.parametrize("name", SCHEDULES)
def test_a_real_schedule_is_told_whole_without_an_overlap(name: str, size: str) -> None:
    programme = programme_of_file(shared_file(name))
    test_nothing_overlaps_or_leaves_the_body(lambda: programme, size)
    made = book(programme, page=size)
    words = [" ".join(ink.line.text for ink in page.inks) for page in made.pages]
    assert len(programme.sessions) > 130
    for session in programme.sessions:
        assert session.title in words[made.numbers[f"session-{session.id}"] - 1]
    assert [made.numbers[f"plan-{day}"] % 2 for day in programme.days] == [0] * len(programme.days)


@pytest.mark.parametrize("size", ["A4", "A5"])
@pytest.mark.parametrize("make", [a_programme, a_conference, forty_talks, long_abstract])
def test_no_heading_is_last_on_a_page(make: Callable[[], Programme], size: str) -> None:
    """The lowest ink beside the left edge is no session's title, and no title of a talk that has more to tell."""
    programme = make()
    made, form = book(programme, page=size), FORMATS[size]
    titles = {one.title for one in programme.sessions if one.people or one.talks or one.abstract}
    titles |= {talk.title for one in programme.sessions for talk in one.talks if talk.people}
    first = min(number for key, number in made.numbers.items() if key.startswith("day-"))
    seen = 0
    for page in made.pages[first - 1 : made.numbers["tracks"] - 1]:
        told = [ink for ink in page.inks if ink.line.x_mm >= form.edge_mm - 0.01]
        if told:
            seen += 1
            assert max(told, key=lambda ink: ink.line.y_mm).line.text not in titles
    assert seen > 1


def test_a_paragraph_leaves_no_line_alone() -> None:
    text = "word " * 400
    lines = strips_of(set_text(text, "regular", 10, 100), 10)
    for height in range(20, 60):
        columns = broken([Strip(5.0), *lines], lambda _number, high=height: high)  # type: ignore[misc]  # binds the value
        own = [len([strip for strip, _ in column if strip.inks]) for column in columns]
        assert sum(own) == len(lines)
        assert 1 not in own, height
        assert all(column[-1][1] + column[-1][0].height_mm <= height + 0.01 for column in columns)


def test_headings_go_with_what_follows_them_whatever_the_height() -> None:
    heading = strips_of(set_text("A heading of three lines " * 3, "bold", 12, 60), 12, is_heading=True)
    text = strips_of(set_text("word " * 60, "regular", 10, 60), 10)
    for height in range(30, 80):
        columns = broken([Strip(8.0), *heading, *text], lambda _number, high=height: high)  # type: ignore[misc]  # binds the value
        (page,) = {n for n, column in enumerate(columns) for strip, _ in column if strip in heading}
        assert sum(strip in text for strip, _ in columns[page]) >= 2


@pytest.mark.parametrize("size", ["A4", "A5"])
def test_the_indexes_lead_to_the_pages_where_names_and_titles_are_read(size: str) -> None:
    programme = a_programme()
    made = book(programme, page=size)
    pages = [" ".join(page.split()) for page in page_texts(booklet_pdf(made))]
    listed = people_listed(programme, "sv")
    assert len(listed) > 60
    for one in listed:
        numbers = pages_of(one, made.numbers)
        assert numbers
        for number in numbers:
            assert one.part.name in pages[number - 1], (one.part.name, number)
    for session in programme.sessions:
        if f"session-{session.id}" in made.numbers:
            assert session.title in pages[made.numbers[f"session-{session.id}"] - 1]
    tracks = pages[made.numbers["tracks"] - 1]
    for session in programme.sessions:
        if session.track:
            told = f"{session.title} {made.numbers[f'session-{session.id}']}"
            assert told in tracks


def test_the_index_is_in_the_offices_order_with_family_names_first() -> None:
    people = [
        a_part(1, PartRole.SPEAKER, name="Dr. Åsa Ek", sort_name="Ek Åsa"),
        a_part(2, PartRole.SPEAKER, name="Per Åberg", sort_name="Åberg Per"),
        a_part(3, PartRole.SPEAKER, name="Zoë van der Berg", sort_name="van der Berg Zoë"),
        a_part(4, PartRole.SPEAKER, name="Prince", sort_name="Prince"),
        a_part(5, PartRole.SPEAKER, name="Prof. Jan van den Berg, MD", sort_name="Berg Jan"),
        a_part(6, PartRole.SPEAKER, name="Li Wei", sort_name="Wang"),
        a_part(7, PartRole.SPEAKER, name="Dr.\u00a0Ida\u00a0Öst", sort_name="Öst Ida"),
    ]
    made = book(of(a_session(1, "All", people=tuple(people))), parts=frozenset(BookPart) - {BookPart.NOTES})
    page = made.pages[made.numbers["people"] - 1]
    told = [ink.line.text for ink in page.inks if not ink.key and ink.line.face == "regular"]
    assert told == [
        "van den Berg, Jan",
        "Ek, Åsa",
        "Prince",
        "van der Berg, Zoë",
        "Li Wei",
        "Åberg, Per",
        "Öst, Ida",
    ]
    assert [index_name(one) for one in people] == [
        "Ek, Åsa", "Åberg, Per", "van der Berg, Zoë", "Prince", "van den Berg, Jan", "Li Wei",
        "Öst, Ida",
    ]  # fmt: skip


@pytest.mark.parametrize("size", ["A4", "A5"])
def test_the_parts_stand_in_order_and_begin_where_the_contents_say(size: str) -> None:
    made = book(a_programme(), page=size)
    order = ["cover", "contents", "welcome", "directions", "plan", "day-2022-09-22", "day-2022-09-23", "people", "tracks",
             "notes", "industry", "acknowledgements"]  # fmt: skip
    numbers = [made.numbers[key] for key in order]
    assert numbers == sorted(set(numbers))
    assert (numbers[0], numbers[-1]) == (1, len(made.pages))
    assert len(made.pages) % 4 == 0
    assert made.numbers["plan"] % 2 == 0
    page = made.pages[made.numbers["contents"] - 1]
    leads = {ink.key for ink in page.inks if ink.key}
    assert leads == set(order) - {"cover", "contents"}


def test_a_part_without_a_text_or_without_a_wish_is_left_out() -> None:
    made = book(a_programme(), BookletFacts(), parts=frozenset({BookPart.WELCOME, BookPart.SESSIONS}))
    assert {"welcome", "plan", "people", "tracks", "notes", "industry"} & set(made.numbers) == set()
    assert "day-2022-09-22" in made.numbers
    plain = frozenset({BookPart.SESSIONS})
    told, untold = (len(book(a_programme(), parts=plain, has_abstracts=has).pages) for has in (True, False))
    assert untold < told
    without = text_of(booklet_pdf(book(a_programme(), has_abstracts=False)))
    assert "An abstract that nobody wrote" not in without


@pytest.mark.parametrize("part", list(BookPart))
def test_each_part_can_be_left_out_and_none_names_a_page_that_is_not_there(part: BookPart) -> None:
    """A plan without its sessions, an index without industry: drawing would fail at a number that is not known."""
    sponsored = a_session(
        901, "Symposium", "19:00", kind=Kind.INDUSTRY, people=(a_part(1, PartRole.SPEAKER),)
    )
    programme = a_programme(3, (sponsored,))
    chair = programme.sessions[1].people[0].person_id
    facts = replace(
        FACTS,
        disclosures={chair: disclosed({Interest.SHARES: "Examplegene AB"})},
        committee=(a_member(9001),),
    )
    made = book(programme, facts, parts=frozenset(BookPart) - {part})
    own = "day-2022-09-22" if part is BookPart.SESSIONS else str(part)
    assert own in book(programme, facts).numbers
    assert own not in made.numbers
    assert booklet_pdf(made).startswith(b"%PDF")
    keys = {ink.key for page in made.pages for ink in page.inks if ink.key}
    assert keys | {link.key for page in made.pages for link in page.links} <= set(made.numbers)


def test_industry_stands_apart_and_no_sponsor_on_the_cover() -> None:
    made = book(a_programme())
    pages = [" ".join(page.split()) for page in page_texts(booklet_pdf(made))]
    industrial = [one for one in a_programme().sessions if one.kind is Kind.INDUSTRY]
    assert industrial
    for one in industrial:
        number = made.numbers[f"session-{one.id}"]
        assert number >= made.numbers["industry"]
        days = range(made.numbers["day-2022-09-22"] - 1, made.numbers["people"] - 1)
        assert not any(one.title in pages[place] for place in days)
    assert "give no credits" in pages[made.numbers["industry"] - 1]
    assert [n for n, page in enumerate(pages, 1) if "Examplecorp" in page] == [
        made.numbers["acknowledgements"]
    ]


def test_disclosures_stand_in_an_appendix_and_a_mark_leads_there() -> None:
    programme = a_programme()
    parts = {part.person_id: part for one in programme.sessions for part in one.everybody}
    chair, other = programme.sessions[1].people[0], next(iter(parts.values()))
    other = next(one for one in parts.values() if one.person_id != chair.person_id)
    facts = replace(
        FACTS,
        disclosures={
            chair.person_id: disclosed({Interest.SHARES: "Examplegene AB"}),
            other.person_id: disclosed({}),
        },
    )  # fmt: skip
    made = book(programme, facts)
    pages = [" ".join(page.split()) for page in page_texts(booklet_pdf(made))]
    appendix = " ".join(pages[made.numbers["disclosures"] - 1 : made.numbers["industry"] - 1])
    assert f"{index_name(chair)} Shares: Examplegene AB" in appendix
    nothing_said, _, missing = appendix.partition("No disclosure received")
    assert index_name(other) in nothing_said.partition("Nothing to disclose")[2]
    assert index_name(chair) not in missing
    day = pages[made.numbers["day-2022-09-22"] - 1]
    assert f"{chair.name}*" in day
    assert f"* has interests to declare, page {made.numbers['disclosures']}" in day
    assert "interests" not in text_of(booklet_pdf(book(programme)))


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("en", ["Contents", "Plan at a glance", "Index of people", "Thursday 22 September 2022"]),
        ("sv", ["Innehåll", "Översikt", "Personregister", "torsdag 22 september 2022"]),
        ("de", ["Inhalt", "Überblick", "Personenverzeichnis", "Donnerstag, 22. September 2022"]),
    ],
)
def test_the_booklet_speaks_its_language_and_says_so(tag: str, words: list[str]) -> None:
    with in_language(tag):
        pdf = booklet_pdf(book(a_programme()))
    text = text_of(pdf)
    assert [word for word in words if word not in text] == []
    root = read_pdf(pdf).trailer["/Root"]
    assert root["/Lang"] == tag  # type: ignore[index]  # pypdf types the trailer loosely
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]  # type: ignore[index]  # the same


def test_the_plan_leads_to_each_session_and_every_link_has_its_place() -> None:
    made = book(a_programme())
    linked = {link.key for page in made.pages for link in page.links}
    assert linked == {key for key in made.numbers if key.startswith("session-")}
    keys = linked | {ink.key for page in made.pages for ink in page.inks if ink.key}
    assert keys <= set(made.numbers)


def test_one_layout_is_drawn_and_the_numbers_settle() -> None:
    """More people than a page of the index holds shift what follows; the numbers told are those of the pages."""
    people = tuple(
        a_part(n, PartRole.PANELLIST, name=f"Person {n}", sort_name=f"Person {n}") for n in range(1, 400)
    )
    industry = a_session(2, "Industry", "19:00", kind=Kind.INDUSTRY, people=people[:5])
    made = book(of(a_session(1, "Panel", people=people), industry))
    pages = page_texts(booklet_pdf(made))
    assert made.numbers["tracks"] - made.numbers["people"] > 1
    index = " ".join(" ".join(pages[made.numbers["people"] - 1 : made.numbers["tracks"] - 1]).split())
    own, sold = made.numbers["session-1"], made.numbers["session-2"]
    assert re.search(rf"Person 1 {own}, {sold}\b", index)
    assert PersonId(1) == people[0].person_id
