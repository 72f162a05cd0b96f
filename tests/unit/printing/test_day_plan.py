"""The plan of a day: always one page, every session on it, what is shortened named, and too many rooms refused."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conference.printing.day_plan import day_plan_pdf
from conference.printing.day_plan_layout import LEAST_COLUMN_MM, PAPERS, DayPlan, plan_of_day
from conference.printing.errors import DayTooWideError
from conference.printing.fitting import MM_PER_PT
from conference.printing.pocket_card import A6, card_sides, pocket_card_pdf
from conference.printing.preflight import metrics
from conference.programme.model import Programme
from conference.web.language import in_language
from tests.factories.paper import checked, embedded_fonts, page_texts, read_pdf
from tests.factories.printing import (
    EVENT,
    FIRST_DAY,
    HALLS,
    a_long_session,
    a_programme,
    a_session,
    a_wide_day,
    no_sessions,
)

pytestmark = pytest.mark.usefixtures("office")


def planned(programme: Programme, paper: str = "a4") -> DayPlan:
    return plan_of_day(programme, FIRST_DAY, PAPERS[paper])


def page_of(plan: DayPlan) -> str:
    content = day_plan_pdf(plan, EVENT, "Version 3")
    (page,) = page_texts(content)
    box = read_pdf(content).pages[0].mediabox
    assert (float(box.width), float(box.height)) == pytest.approx(
        (plan.page.width_mm / MM_PER_PT, plan.page.height_mm / MM_PER_PT), abs=0.1
    )
    assert (checked(content), set(embedded_fonts(content).values())) == ([], {True})
    return " ".join(page.split())


def assert_inside(plan: DayPlan) -> None:
    """Hold that no field overlaps another, and no line leaves its field sideways or downwards."""
    for one, other in combinations(plan.cells, 2):
        a, b = one.box, other.box
        is_apart = (
            a.right_mm <= b.x_mm or b.right_mm <= a.x_mm or a.bottom_mm <= b.y_mm or b.bottom_mm <= a.y_mm
        )
        assert is_apart, (one.session.title, other.session.title)
    for cell in plan.cells:
        assert cell.box.right_mm <= plan.page.width_mm
        assert cell.box.bottom_mm <= plan.page.height_mm
        for line in (*cell.title, *cell.talks):
            width = metrics()[line.face].width_em(line.text) * line.size_pt * MM_PER_PT
            assert line.x_mm + width <= cell.box.right_mm + 0.01, line.text
        assert not cell.talks or max(line.y_mm for line in cell.talks) < cell.box.bottom_mm


@pytest.mark.parametrize("paper", ["a4", "a3"])
def test_a_day_stands_on_one_page_with_rooms_times_titles_and_talks(paper: str) -> None:
    programme = a_programme(3)
    plan = planned(programme, paper)
    page = page_of(plan)
    assert "Thursday 22 September 2022" in page
    assert [one.title for one in programme.on(FIRST_DAY) if one.title not in page] == []
    assert [room.name for room in programme.rooms if room.name not in page] == []
    talks = [talk.title for one in programme.on(FIRST_DAY) for talk in one.talks]
    assert [title for title in talks if title not in page] == []
    assert (plan.shortened, plan.without_talks) == ((), ())
    assert_inside(plan)


def test_twelve_rooms_side_by_side_need_a3() -> None:
    programme = a_wide_day(12)
    with pytest.raises(DayTooWideError) as refused:
        planned(programme)
    assert str(refused.value) == (
        "12 columns stand side by side on this day, and A4 shows 10 that can be read. Take A3."
    )
    plan = planned(programme, "a3")
    assert_inside(plan)
    page = page_of(plan)
    assert all(f"Room number {number}" in page for number in range(1, 13))


def test_more_rooms_than_a3_shows_are_refused_with_the_booklet_as_remedy() -> None:
    with pytest.raises(DayTooWideError, match="Take the booklet"):
        planned(a_wide_day(16), "a3")


def test_the_most_rooms_of_a_paper_keep_their_least_width() -> None:
    for paper, most in (("a4", 10), ("a3", 15)):
        plan = planned(a_wide_day(most), paper)
        assert_inside(plan)
        assert min(box.width_mm for _, box in plan.heads) >= LEAST_COLUMN_MM - 1.01


def test_a_session_of_forty_talks_says_what_is_not_on_the_page() -> None:
    plan = planned(a_long_session())
    assert "A session of many talks" in page_of(plan)
    assert plan.without_talks == ()
    told = sum("Talk number" in line.text for cell in plan.cells for line in cell.talks)
    assert told == 40
    short = replace(plan.cells[0].session, span=a_session(1, "", "09:00", 5).span)
    others = tuple(a_session(910 + n, f"Later {n}", f"{10 + n}:00", 60, room=None) for n in range(8))
    crowded = planned(replace(a_programme(3), sessions=(short, *others)))
    assert crowded.without_talks == ("A session of many talks",)


def test_titles_that_cannot_fit_end_in_an_ellipsis_and_are_named() -> None:
    halls = HALLS[:4]
    title = "A very long title of a short session that goes on and on "
    long = a_session(900, title * 4, "09:00", 5, room=halls[0])
    others = tuple(
        a_session(910 + n, f"Later {n}", f"{10 + n // 4}:00", 60, room=halls[n % 4]) for n in range(40)
    )
    plan = planned(replace(a_programme(3), sessions=(long, *others)))
    assert plan.shortened == (long.title,)
    assert "…" in page_of(plan)
    assert_inside(plan)


def test_a_day_without_a_session_is_a_page_that_says_so() -> None:
    assert "Nothing is planned on this day yet." in page_of(planned(no_sessions()))


def test_the_day_in_german() -> None:
    with in_language("de"):
        assert "Donnerstag, 22. September 2022" in page_of(planned(a_programme(3)))


ODD = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "",
            "x" * 120,
            "<b>Bold</b> <3",
            "Tom \x00 NUL",
            "👩‍👩‍👧",
            "שלום عليكم abc",
            "a\u0301" * 40,
            "李" * 30,
            "…",
            "-" * 90,
        ]
    ),
)


@settings(max_examples=40, deadline=None)
@given(titles=st.lists(ODD, min_size=1, max_size=9), minutes=st.sampled_from([5, 15, 60, 240]))
def test_no_title_leaves_its_field_or_stops_a_page(titles: list[str], minutes: int) -> None:
    sessions = tuple(
        a_session(900 + n, title, f"{8 + n // 4 * 4:02}:00", minutes, room=HALLS[n % 4])
        for n, title in enumerate(titles)
    )
    programme = replace(a_programme(3), sessions=sessions)
    for paper in PAPERS:
        plan = planned(programme, paper)
        assert_inside(plan)
        assert len(page_texts(day_plan_pdf(plan, EVENT, "Version 3"))) == 1
    sides = card_sides(programme)
    shown = [row for side in sides for row in side.rows]
    assert len(shown) + sum(len(side.left_out) for side in sides) == len(sessions)
    for row in shown:
        width = max(metrics()["medium"].width_em(line) for line in row.title) * sides[0].size_pt * MM_PER_PT
        assert width <= A6.width_mm - 2 * 6 - 12 + 0.01
    assert len(page_texts(pocket_card_pdf(sides, EVENT, "Version 3"))) == len(programme.days)
