import itertools

import pytest

from conference.printing.sheets import A4_HEIGHT_MM, A4_WIDTH_MM, A6, A7, SHEETS, Box, Sheet

PAGE = Box(x_mm=0, y_mm=0, width_mm=A4_WIDTH_MM, height_mm=A4_HEIGHT_MM)


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
def test_labels_lie_on_the_page_and_beside_each_other(sheet: Sheet) -> None:
    cells = sheet.cells()
    assert len(cells) == sheet.count
    assert all(PAGE.holds(cell) for cell in cells)
    assert not any(one.overlaps(other) for one, other in itertools.combinations(cells, 2))


def test_a6_and_a7_fill_the_page() -> None:
    assert (A6.count, A7.count) == (4, 8)
    assert all(
        sum(cell.width_mm * cell.height_mm for cell in sheet.cells()) == pytest.approx(210 * 297)
        for sheet in (A6, A7)
    )


def test_badges_go_row_by_row_and_on_to_the_next_page() -> None:
    assert A7.place_of(0) == (0, Box(x_mm=0, y_mm=0, width_mm=105, height_mm=74.25))
    assert A7.place_of(1) == (0, Box(x_mm=105, y_mm=0, width_mm=105, height_mm=74.25))
    assert A7.place_of(7) == (0, Box(x_mm=105, y_mm=222.75, width_mm=105, height_mm=74.25))
    assert A7.place_of(8) == (1, Box(x_mm=0, y_mm=0, width_mm=105, height_mm=74.25))
