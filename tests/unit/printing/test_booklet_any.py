"""The booklet of any programme: hypothesis makes rooms, times, titles and people that nobody thought of."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conference.core.clock import STOCKHOLM
from conference.core.ids import RoomId
from conference.core.interval import Interval
from conference.event.model import Room
from conference.printing.book_format import FORMATS
from conference.printing.book_values import Ink
from conference.printing.booklet import booklet_pdf
from conference.printing.fitting import MM_PER_PT
from conference.printing.sheets import Box
from conference.programme.model import Kind, Part, PartRole, Session
from tests.factories.booklets import a_talk, book, boxes, of, overlap
from tests.factories.printing import FIRST_DAY, TRACKS, a_part, a_session

pytestmark = pytest.mark.usefixtures("office")

# Words and what is no word: endless ones, other scripts, marks, emoji, blanks of all kinds.
TITLES = st.text(
    st.sampled_from("aWiåßŁΔЖ李م\u0301-–/&<>*{}() \u00a0\u200d\N{FAMILY}"), min_size=1, max_size=120
) | st.sampled_from(["x", "W" * 300, "Word " * 60, "{page}", "-" * 80, "Ä" * 40 + " b"])
ROOMS = [
    Room(id=RoomId(n), place=n, name=f"Room {n} " * (n % 4 + 1), seats=None, revision=1) for n in range(1, 14)
]


@st.composite
def sessions(draw: st.DrawFn, number: int) -> Session:
    kind = draw(st.sampled_from(Kind))
    start = datetime.combine(FIRST_DAY, datetime.min.time(), STOCKHOLM) + timedelta(
        minutes=5 * draw(st.integers(0, 500))
    )
    minutes = 5 * draw(st.integers(1, 60))
    people = draw(st.lists(st.sampled_from(PartRole), max_size=4))
    talks = draw(st.lists(st.tuples(TITLES, TITLES), max_size=5))
    parts: tuple[Part, ...] = tuple(
        a_part(number * 9 + n, role, name=draw(TITLES)) for n, role in enumerate(people)
    )
    return a_session(
        number,
        draw(TITLES),
        kind=kind,
        room=draw(st.sampled_from([None, *ROOMS])),
        track=draw(st.sampled_from([None, *TRACKS])),
        span=draw(
            st.sampled_from([None, *[Interval(start=start, end=start + timedelta(minutes=minutes))] * 9])
        ),
        abstract=draw(TITLES),
        people=parts,
        talks=tuple(a_talk(number * 100 + n, title, abstract) for n, (title, abstract) in enumerate(talks)),
    )


def _letters(box: Box, ink: Ink) -> Box:
    """Return the box of usual letters on the line: stacked marks and odd signs may touch the line above."""
    em_mm = ink.line.size_pt * MM_PER_PT
    return Box(x_mm=box.x_mm, y_mm=ink.line.y_mm - 0.72 * em_mm, width_mm=box.width_mm, height_mm=0.9 * em_mm)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), size=st.sampled_from(sorted(FORMATS)))
def test_of_any_programme_nothing_overlaps_or_leaves_the_page_and_every_page_is_drawn(
    data: st.DataObject, size: str
) -> None:
    count = data.draw(st.integers(0, 12))
    made = book(of(*(data.draw(sessions(number)) for number in range(1, count + 1)), version=None), page=size)
    form = FORMATS[size]
    for number, page in enumerate(made.pages, 1):
        found = sorted(
            ((_letters(box, ink), ink) for box, ink in boxes(made, page)), key=lambda pair: pair[0].y_mm
        )
        for place, (box, ink) in enumerate(found):
            told = (number, ink.line.text)
            assert box.x_mm >= -1, told
            assert box.right_mm <= form.width_mm + 1, told
            assert box.bottom_mm <= form.height_mm + form.bottom_mm / 2, told
            for other, other_ink in found[place + 1 :]:
                if other.y_mm > box.bottom_mm:
                    break
                assert not overlap(box, other), (*told, other_ink.line.text)
    assert booklet_pdf(made).startswith(b"%PDF")
