"""Where the knife goes and where a label is folded, as PDF operators in grey."""

from collections.abc import Iterable, Iterator

from conference.printing.sheets import Box, touching
from conference.printing.typeset import PT_PER_MM

_GREY = "0.55 G 0.25 w"
_Stroke = tuple[float, float, float, float]


def cut_marks(labels: Iterable[Box], page: Box) -> str:
    """Return short lines where the knife goes: at the page's edges and, as crosses, where labels meet.

    A label that meets no other has its corners marked outside. Nothing where there is no label.
    """
    cells = list(labels)
    if not cells:
        return ""
    strokes = (
        _crosses(cells, page) if touching(cells) else [line for cell in cells for line in _corners(cell)]
    )
    inside = [stroke for stroke in strokes if _is_inside(stroke, page)]
    return " ".join([_GREY, *(_stroke(stroke, page.height_mm) for stroke in inside), "S"])


def fold_marks(cells: Iterable[Box], page: Box) -> str:
    """Return a short dashed line at either end of the middle of each label, where it is folded."""
    strokes = []
    for cell in cells:
        y = cell.y_mm + cell.height_mm / 2
        strokes += [(cell.x_mm, y, cell.x_mm + 4, y), (cell.right_mm - 4, y, cell.right_mm, y)]
    return " ".join(
        [_GREY, "[2 1.5] 0 d", *(_stroke(stroke, page.height_mm) for stroke in strokes), "S [] 0 d"]
    )


def _crosses(cells: list[Box], page: Box) -> list[_Stroke]:
    across = sorted({edge for cell in cells for edge in (cell.x_mm, cell.right_mm)})
    down = sorted({edge for cell in cells for edge in (cell.y_mm, cell.bottom_mm)})
    strokes = []
    for x in across:
        for y in down:
            strokes += [(x - 2.5, y, x + 2.5, y), (x, y - 2.5, x, y + 2.5)]
    strokes += [(x, y, x, y + 6) for x in across for y in (0.0, page.height_mm - 6)]
    strokes += [(x, y, x + 6, y) for y in down for x in (0.0, page.width_mm - 6)]
    return strokes


def _corners(cell: Box) -> Iterator[_Stroke]:
    for x, out_x in ((cell.x_mm, -1), (cell.right_mm, 1)):
        for y, out_y in ((cell.y_mm, -1), (cell.bottom_mm, 1)):
            ends_x, ends_y = sorted((x + out_x, x + 4 * out_x)), sorted((y + out_y, y + 4 * out_y))
            yield ends_x[0], y, ends_x[1], y
            yield x, ends_y[0], x, ends_y[1]


def _is_inside(stroke: _Stroke, page: Box) -> bool:
    x, y, x2, y2 = stroke
    return x >= 0 and x2 <= page.width_mm and y >= 0 and y2 <= page.height_mm


def _stroke(stroke: _Stroke, top: float) -> str:
    x, y, x2, y2 = stroke
    return f"{x * PT_PER_MM:.2f} {(top - y) * PT_PER_MM:.2f} m {x2 * PT_PER_MM:.2f} {(top - y2) * PT_PER_MM:.2f} l"
