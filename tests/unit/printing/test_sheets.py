import itertools

import pytest

from conference.printing.sheets import A6, A7, SHEETS, Family, Sheet


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
def test_labels_lie_on_the_page_and_beside_each_other(sheet: Sheet) -> None:
    cells = sheet.cells()
    assert len(cells) == sheet.count
    assert all(sheet.page.holds(cell) for cell in cells)
    assert not any(one.overlaps(other) for one, other in itertools.combinations(cells, 2))


def test_a6_and_a7_fill_the_page() -> None:
    assert (A6.count, A7.count) == (4, 8)
    assert all(
        sum(cell.width_mm * cell.height_mm for cell in sheet.cells()) == pytest.approx(210 * 297)
        for sheet in (A6, A7)
    )


# domain.md: label width and height; columns and rows; left and top margin; pitch.
PUBLISHED = {
    "l4785": (80, 50, 2, 5, 17.5, 13.5, 95, 55),
    "l7418": (86, 55, 2, 4, 19, 38.5, 86, 55),
    "1445-02": (90, 54, 2, 5, 15, 12, 90, 54),
    "1456-02": (90, 60, 2, 4, 15, 28.5, 90, 60),
    "c32011": (85, 54, 2, 5, 15, 13.5, 95, 54),
    "32015": (85, 54, 2, 4, 17, 31.5, 91, 60),
    "a6": (105, 148.5, 2, 2, 0, 0, 105, 148.5),
    "a7": (105, 74.25, 2, 4, 0, 0, 105, 74.25),
}


def test_measures_are_the_published_ones() -> None:
    found = {
        key: (one.width_mm, one.height_mm, one.columns, one.rows, one.left_mm, one.top_mm, one.pitch_x_mm, one.pitch_y_mm)
        for key, one in SHEETS.items()
    }  # fmt: skip
    assert {key: found[key] for key in PUBLISHED} == PUBLISHED
    rolls = {
        key: (one.page_width_mm, one.page_height_mm)
        for key, one in SHEETS.items()
        if one.family is Family.ROLL
    }
    assert rolls == {"99015": (54, 70), "dk-1202": (62, 100)}
    butterfly = SHEETS["butterfly"]
    assert (butterfly.width_mm, butterfly.height_mm, butterfly.count, butterfly.is_folded) == (
        82,
        203,
        1,
        True,
    )


def test_cut_sheets_are_marked_and_labels_are_not() -> None:
    assert {key for key, one in SHEETS.items() if one.is_cut} == {
        "a6",
        "a7",
        "a6-folded",
        "a7-folded",
        "butterfly",
    }
