"""Where each badge goes on its paper: first label, offset, backs behind their fronts, folded panels."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.core.errors import DomainError
from conference.printing.run import (
    Setting,
    Sides,
    backs,
    check_setting,
    fronts,
    labels,
    next_free,
    pages_of,
)
from conference.printing.sheets import A6, A7, BUTTERFLY, SHEETS, Box, Family, Sheet

FLAT = [sheet for sheet in SHEETS.values() if not sheet.is_folded]
settings_of = st.builds(
    Setting, offset_x_mm=st.floats(-10, 10), offset_y_mm=st.floats(-10, 10), sides=st.sampled_from(Sides)
)
LANDSCAPE = Sheet(
    key="own-1", name="Wide", family=Family.OWN, width_mm=90, height_mm=60, columns=3, rows=3, left_mm=10, top_mm=12,
    pitch_x_mm=92, pitch_y_mm=62, page_width_mm=297, page_height_mm=210,
)  # fmt: skip


def turned_over(box: Box, sheet: Sheet, sides: Sides) -> Box:
    """Return where a box of the back page lies, seen through the paper from the front: the sheet is turned over."""
    upright = sheet.page_height_mm >= sheet.page_width_mm
    about_the_side = (sides is Sides.LONG_EDGE) == upright
    return Box(
        x_mm=sheet.page_width_mm - box.right_mm if about_the_side else box.x_mm,
        y_mm=box.y_mm if about_the_side else sheet.page_height_mm - box.bottom_mm,
        width_mm=box.width_mm,
        height_mm=box.height_mm,
    )


@pytest.mark.parametrize("sheet", [*FLAT, LANDSCAPE], ids=lambda sheet: sheet.key)
@pytest.mark.parametrize("sides", [Sides.LONG_EDGE, Sides.SHORT_EDGE])
def test_each_back_lies_behind_its_front(sheet: Sheet, sides: Sides) -> None:
    setting = Setting(sides=sides)
    for front, back in zip(fronts(sheet, setting), backs(sheet, setting), strict=True):
        (face,) = front
        seen = turned_over(back.box, sheet, sides)
        assert (seen.x_mm, seen.y_mm) == pytest.approx((face.box.x_mm, face.box.y_mm))


def test_a_back_is_upside_down_only_where_the_sheet_is_turned_over_its_upper_edge() -> None:
    found = {
        (sheet.key, sides): {place.is_turned for place in backs(sheet, Setting(sides=sides))}
        for sheet in (A7, LANDSCAPE)
        for sides in (Sides.LONG_EDGE, Sides.SHORT_EDGE)
    }
    assert found == {
        ("a7", Sides.LONG_EDGE): {False},
        ("a7", Sides.SHORT_EDGE): {True},
        ("own-1", Sides.LONG_EDGE): {True},
        ("own-1", Sides.SHORT_EDGE): {False},
    }


def test_columns_are_mirrored_over_the_long_edge_and_rows_over_the_short_one() -> None:
    long, short = (backs(A7, Setting(sides=sides)) for sides in (Sides.LONG_EDGE, Sides.SHORT_EDGE))
    assert [(place.box.x_mm, place.box.y_mm) for place in long[:2]] == [(105, 0), (0, 0)]
    assert [(place.box.x_mm, place.box.y_mm) for place in short[:2]] == [(0, 222.75), (105, 222.75)]


def test_fronts_only_have_no_backs() -> None:
    assert backs(A7, Setting()) == ()


@pytest.mark.parametrize("key", ["a6-folded", "a7-folded", "butterfly"])
def test_a_folded_badge_has_its_second_panel_turned_below_the_first(key: str) -> None:
    sheet = SHEETS[key]
    for cell, places in zip(sheet.cells(), fronts(sheet, Setting()), strict=True):
        first, second = places
        assert (first.is_turned, second.is_turned) == (False, True)
        assert first.box.bottom_mm == second.box.y_mm
        assert cell.holds(first.box)
        assert cell.holds(second.box)
        assert first.box.height_mm == second.box.height_mm == cell.height_mm / 2


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
@given(setting=settings_of)
def test_faces_never_overlap_whatever_the_setting(sheet: Sheet, setting: Setting) -> None:
    page = [place.box for places in fronts(sheet, setting) for place in places]
    assert not any(one.overlaps(other) for one, other in itertools.combinations(page, 2))
    other_side = [place.box for place in backs(sheet, setting)]
    assert not any(one.overlaps(other) for one, other in itertools.combinations(other_side, 2))


def test_the_offset_moves_every_label_right_and_down() -> None:
    moved = labels(A6, Setting(offset_x_mm=1.5, offset_y_mm=-0.5))
    assert [(box.x_mm, box.y_mm) for box in moved] == [(1.5, -0.5), (106.5, -0.5), (1.5, 148), (106.5, 148)]


def test_a_part_used_sheet_takes_fewer_and_tells_what_stays_free() -> None:
    begun = Setting(begin_at=6)
    assert [pages_of(A7, begun, count) for count in (0, 1, 3, 4, 11, 12)] == [0, 1, 1, 2, 2, 3]
    assert [next_free(A7, begun, count) for count in (0, 1, 3, 4, 11)] == [6, 7, 1, 2, 1]


@pytest.mark.parametrize(
    ("sheet", "setting", "field", "sentence"),
    [
        (A7, Setting(begin_at=0), "begin_at", "The sheet has no label 0: begin with one from 1 to 8."),
        (A7, Setting(begin_at=99), "begin_at", "The sheet has no label 99: begin with one from 1 to 8."),
        (BUTTERFLY, Setting(begin_at=2), "begin_at", "This sheet has one label and no label 2: begin with label 1."),
        (A7, Setting(offset_x_mm=10.1), "offset_x", "An offset of 10.1 mm is too far: the most is 10 mm to either side."),
        (A7, Setting(offset_y_mm=-20), "offset_y", "An offset of -20 mm is too far: the most is 10 mm to either side."),
        (BUTTERFLY, Setting(sides=Sides.LONG_EDGE), "sides", "A folded badge shows both its faces on one side of the paper: print fronts only."),
    ],
)  # fmt: skip
def test_what_cannot_be_printed_is_refused_at_its_field(
    sheet: Sheet, setting: Setting, field: str, sentence: str
) -> None:
    with pytest.raises(DomainError) as refused:
        check_setting(sheet, setting)
    assert (refused.value.field, str(refused.value)) == (field, sentence)


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
def test_as_much_as_may_be_is_taken(sheet: Sheet) -> None:
    check_setting(sheet, Setting(begin_at=sheet.count, offset_x_mm=-10, offset_y_mm=10))
