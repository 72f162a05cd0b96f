"""Changes since printing: sorted by day and time, on one page or on pages that say so, in the reader's language."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from conference.core.interval import Interval
from conference.printing.changes_paper import changes_pdf
from conference.programme.changes import ChangeKind
from conference.programme.model import Printing, Programme, Session
from conference.programme.since_print import SincePrint, entries_between
from conference.web.language import in_language
from tests.factories.paper import checked, embedded_fonts, page_texts, read_pdf
from tests.factories.printing import EVENT, HALLS, a_long_session, a_programme, a_session

pytestmark = pytest.mark.usefixtures("office")


def since(printed: Programme, programme: Programme) -> SincePrint:
    printing = Printing(
        id=1,
        number=printed.version or 0,
        sent_at=datetime(2022, 9, 12, 12, tzinfo=UTC),
        sent_by=None,
        revision=1,
    )
    entries = entries_between(printed, programme)
    return SincePrint(printing=printing, printed=printed, programme=programme, entries=entries)


def moved(session: Session, minutes: int) -> Session:
    assert session.span is not None
    way = timedelta(minutes=minutes)
    return replace(session, span=Interval(start=session.span.start + way, end=session.span.end + way))


def changed(programme: Programme, changes: dict[int, Session | None]) -> Programme:
    """Return version 4 with sessions replaced, or taken out, by their place."""
    sessions = [changes.get(place, one) for place, one in enumerate(programme.sessions)]
    return replace(programme, version=4, sessions=tuple(one for one in sessions if one))


def flat(content: bytes) -> list[str]:
    return [" ".join(page.split()) for page in page_texts(content)]


def test_changes_stand_in_order_of_day_and_time_with_what_was_printed() -> None:
    printed = a_programme(3)
    last, first = len(printed.sessions) - 1, 1
    new = changed(
        printed,
        {
            last: replace(printed.sessions[last], room=HALLS[1]),
            first: replace(moved(printed.sessions[first], 15), title="Another title"),
            4: None,
        },
    )
    entries = since(printed, new).entries
    assert [[point.kind for point in entry.points] for entry in entries] == [
        [ChangeKind.MOVED_IN_TIME, ChangeKind.RETITLED],
        [ChangeKind.CANCELLED],
        [ChangeKind.MOVED_IN_ROOM],
    ]
    assert [entry.is_cancelled for entry in entries] == [False, True, False]
    paper = changes_pdf(since(printed, new), EVENT)
    (page,) = flat(paper)
    told = [
        "Changes since printing",
        "Printed: version 3 of Monday 12 September 2022. True now: version 4 of Monday 12 September 2022.",
        "Thursday 22 September 2022",
        "Another title",
        "Moved in time: Thu 22 Sep, 09:15–09:45. Printed: Thu 22 Sep, 09:00–09:30",
        printed.sessions[4].title,
        "Friday 23 September 2022",
        f"Moved in room: {HALLS[1].name}. Printed: {HALLS[0].name}",
    ]
    places = [page.find(one) for one in told]
    assert places == sorted(places)
    assert -1 not in places
    assert "next page" not in page
    assert (checked(paper), set(embedded_fonts(paper).values())) == ([], {True})


def test_nothing_changed_says_so() -> None:
    printed = a_programme(3)
    (page,) = flat(changes_pdf(since(printed, replace(printed, version=4)), EVENT))
    assert "Nothing has changed: what is printed is right." in page


def test_more_than_a_page_goes_on_and_says_so() -> None:
    printed = a_programme(3)
    more = tuple(a_session(900 + number, f"Added session {number}") for number in range(40))
    pages = flat(changes_pdf(since(printed, replace(a_programme(4, more), version=4)), EVENT))
    assert [f"Page {number} of {len(pages)}" in page for number, page in enumerate(pages, 1)] == [True] * len(
        pages
    )
    assert [("More on the next page." in page) for page in pages] == [True] * (len(pages) - 1) + [False]
    assert all(any(one.title in page for page in pages) for one in more)


@pytest.mark.parametrize(
    ("language", "head", "same"),
    [
        ("sv", "Ändringar sedan tryckningen", "Inget är ändrat: det tryckta stämmer."),
        ("de", "Änderungen seit dem Druck", "Nichts ist geändert: Das Gedruckte stimmt."),
    ],
)
def test_it_speaks_the_reader_s_language(language: str, head: str, same: str) -> None:
    printed = a_programme(3)
    with in_language(language):
        (page,) = flat(changes_pdf(since(printed, replace(printed, version=4)), EVENT))
    assert head in page
    assert same in page


def test_rooms_and_days_of_the_whole_come_first() -> None:
    printed = a_programme(3)
    new = changed(replace(printed, rooms=printed.rooms[:-1]), {4: None})
    assert [entry.session is None for entry in since(printed, new).entries] == [True, False]
    (page,) = flat(changes_pdf(since(printed, new), EVENT))
    assert page.find("The whole programme") < page.find(printed.sessions[4].title)
    assert f"Rooms changed. No more: {printed.rooms[-1].name}" in page


def test_a_session_of_forty_new_talks_goes_over_pages_and_stays_on_them() -> None:
    printed = a_long_session(1)
    talks = tuple(
        replace(one, abstract="Words of an abstract. " * 6) for one in a_long_session(90).sessions[0].talks
    )
    programme = replace(printed, version=4, sessions=(replace(printed.sessions[0], talks=talks),))
    content = changes_pdf(since(printed, programme), EVENT)
    pages = read_pdf(content).pages
    assert len(pages) > 1
    told = "".join("".join(page.split()) for page in flat(content))
    assert [n for n in range(1, 90) if f"Talknumber{n}ofasession" not in told] == []
    heights: list[float] = []

    def note(text: str, _matrix: list[float], place: list[float], _font: object, _size: float) -> None:
        if text.strip():
            heights.append(place[5])

    for page in pages:
        page.extract_text(visitor_text=note)
    assert min(heights) > 40
