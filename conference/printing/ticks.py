"""Boxes with words: where they stand, and the ticks in them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from conference.printing.design_model import Ticks
from conference.printing.fitting import MM_PER_PT, shortened
from conference.printing.layout import Line, Metric
from conference.printing.sheets import Box

_ROW_EM, _BOX_EM, _GAP_EM = 1.6, 0.95, 0.55


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class TickGrid:
    """A square for each word, in their order, and the words; `left_out` counts those without room."""

    squares: tuple[Box, ...]
    lines: tuple[Line, ...]
    left_out: int
    is_shortened: bool


def lay_ticks(words: tuple[str, ...], ticks: Ticks, box: Box, metrics: Mapping[str, Metric]) -> TickGrid:
    """Return the words with their squares, column by column, in the largest type in which all stand whole."""
    metric = metrics[ticks.type.face]
    rows = -(-len(words) // ticks.columns)
    column_mm = box.width_mm / ticks.columns
    size_pt = next(
        (size for size in ticks.type.sizes_pt if _fits(words, rows, size, column_mm, box, metric)),
        ticks.type.smallest_pt,
    )
    em_mm = size_pt * MM_PER_PT
    most_rows = max(1, int((box.height_mm + 0.01) / (_ROW_EM * em_mm)))
    room_em = column_mm / em_mm - _BOX_EM - 2 * _GAP_EM
    squares, lines, cut = [], [], False
    kept = words[: most_rows * ticks.columns]
    per_column = max(1, min(most_rows, rows))
    for number, word in enumerate(kept):
        column, row = divmod(number, per_column)
        x_mm, y_mm = box.x_mm + column * column_mm, box.y_mm + row * _ROW_EM * em_mm
        side_mm = _BOX_EM * em_mm
        squares.append(Box(x_mm=x_mm, y_mm=y_mm + 0.2 * em_mm, width_mm=side_mm, height_mm=side_mm))
        text = shortened(word, metric.width_em, room_em)
        cut = cut or text != word
        lines.append(
            Line(
                text=text, face=ticks.type.face, size_pt=size_pt,
                x_mm=x_mm + side_mm + _GAP_EM * em_mm, y_mm=y_mm + 1.03 * em_mm,
            )
        )  # fmt: skip
    return TickGrid(
        squares=tuple(squares), lines=tuple(lines), left_out=len(words) - len(kept), is_shortened=cut
    )


def _fits(
    words: tuple[str, ...], rows: int, size_pt: float, column_mm: float, box: Box, metric: Metric
) -> bool:
    em_mm = size_pt * MM_PER_PT
    widest_em = max(map(metric.width_em, words), default=0.0) + _BOX_EM + 2 * _GAP_EM
    return rows * _ROW_EM * em_mm <= box.height_mm and widest_em * em_mm <= column_mm
