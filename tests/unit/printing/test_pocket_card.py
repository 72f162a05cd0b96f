"""The pocket card: a side a day, times, titles and rooms; what does not fit is told on it and named."""

from dataclasses import replace

import pytest

from conference.printing.fitting import MM_PER_PT
from conference.printing.folding import four_up_pdf
from conference.printing.pocket_card import A6, SIZES_PT, CardSide, card_sides, pocket_card_pdf
from conference.printing.preflight import metrics
from conference.programme.model import Kind
from conference.web.language import in_language, long_date
from tests.factories.paper import checked, embedded_fonts, page_texts, read_pdf
from tests.factories.printing import (
    EVENT,
    FIRST_DAY,
    a_long_session,
    a_programme,
    a_session,
    a_wide_day,
    no_sessions,
)

pytestmark = pytest.mark.usefixtures("office")


def pages_of(sides: tuple[CardSide, ...]) -> list[str]:
    content = pocket_card_pdf(sides, EVENT, "Version 3")
    sizes = {
        (round(float(page.mediabox.width)), round(float(page.mediabox.height)))
        for page in read_pdf(content).pages
    }
    assert sizes == {(round(A6.width_mm / MM_PER_PT), round(A6.height_mm / MM_PER_PT))}
    assert (checked(content), set(embedded_fonts(content).values())) == ([], {True})
    return [" ".join(page.split()) for page in page_texts(content)]


def test_both_days_with_every_session_and_its_room() -> None:
    programme = a_programme(3)
    sides = card_sides(programme)
    pages = pages_of(sides)
    assert len(pages) == 2
    for day, page in zip(programme.days, pages, strict=True):
        for session in programme.on(day):
            assert session.title in page
            assert session.room is None or session.room.name in page
    assert [(side.shortened, side.left_out) for side in sides] == [((), ())] * 2
    assert "more in the programme" not in "".join(pages)


def test_long_titles_end_in_an_ellipsis_beside_their_room_and_are_named() -> None:
    many = tuple(
        a_session(
            900 + n,
            f"Number {n} with a title that is far too long for one line of a pocket card",
            f"{9 + n // 4:02}:{n % 4 * 15:02}",
            15,
        )
        for n in range(30)
    )
    side = card_sides(replace(a_programme(3), sessions=many))[0]
    assert (len(side.rows), side.shortened, side.left_out) == (30, tuple(one.title for one in many), ())
    for row in side.rows:
        room_mm = metrics()["regular"].width_em(row.room) * side.size_pt * MM_PER_PT
        title_mm = metrics()["medium"].width_em(row.title[-1]) * side.size_pt * MM_PER_PT
        assert title_mm + room_mm < A6.width_mm - 2 * 6 - 12


def test_more_sessions_than_a_side_holds_are_counted_on_it_and_named() -> None:
    programme = a_wide_day(12)
    lunch = a_session(900, "Lunch", "12:00", 60, kind=Kind.BREAK, room=None)
    programme = replace(programme, sessions=(*programme.sessions, lunch))
    side = card_sides(programme)[0]
    assert side.size_pt == SIZES_PT[-1]
    assert len(side.rows) + len(side.left_out) == 49
    assert "Lunch" in side.left_out
    page = pages_of((side,))[0]
    assert f"{len(side.left_out)} more in the programme" in page


def test_breaks_go_first() -> None:
    sessions = tuple(
        a_session(
            900 + n,
            f"Session {n}",
            f"{8 + n // 4:02}:{n % 4 * 15:02}",
            15,
            room=None,
            kind=Kind.BREAK if n % 2 else Kind.SOCIAL,
        )
        for n in range(60)
    )
    side = card_sides(replace(a_programme(3), sessions=sessions))[0]
    assert {row.session.kind for row in side.rows} == {Kind.SOCIAL}
    assert len(side.rows) == 30


def test_one_session_of_forty_talks_and_none_at_all() -> None:
    assert "A session of many talks" in pages_of(card_sides(a_long_session()))[0]
    assert pages_of(card_sides(no_sessions()))[1].count("Nothing is planned on this day yet.") == 1


def test_the_card_in_swedish() -> None:
    with in_language("sv"):
        assert "Torsdag 22 september 2022" in pages_of(card_sides(a_programme(3)))[0].replace(
            "torsdag", "Torsdag"
        )
    assert card_sides(a_programme(3))[0].day == FIRST_DAY


def test_four_cards_stand_on_a4_and_front_and_back_belong_together() -> None:
    programme = a_programme(3)
    card = pocket_card_pdf(card_sides(programme), EVENT, "Version 3")
    sheets = four_up_pdf(card)
    assert {
        (round(float(page.mediabox.width)), round(float(page.mediabox.height)))
        for page in read_pdf(sheets).pages
    } == {(595, 842)}
    pages = [" ".join(page.split()) for page in page_texts(sheets)]
    assert len(pages) == 2
    for day, page in zip(programme.days, pages, strict=True):
        assert page.count(long_date(day)) == 4
    assert checked(sheets) == []
    assert len(sheets) < len(card) * 1.2
