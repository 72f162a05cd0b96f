"""What is the same on many badges, drawn once a document as forms: the role's band, the event's lines, cut marks."""

from collections.abc import Iterable, Iterator
from functools import cached_property

from reportlab.pdfgen.canvas import Canvas

from conference.core.errors import N_
from conference.printing.colours import BANDS, INK, rgb
from conference.printing.fitting import MM_PER_PT, fit, wrap
from conference.printing.fonts import Face
from conference.printing.layout import Line
from conference.printing.plans import Plan
from conference.printing.sheets import Box, touching
from conference.printing.typeset import PT_PER_MM, Typesetter, fill, rectangle

NO_PHOTOGRAPHS = N_("No photographs")
_PADDING_MM = 3.0
# A role of several words goes on two lines of this part of the largest type, where one would be smaller still.
_SMALL, _SMALLEST = 0.7, 0.55
# Roboto: capitals are 1456 of 2048 units high.
CAP_HEIGHT_EM = 0.711
_GREY = "0.55 G 0.25 w"
_Stroke = tuple[float, float, float, float]


class BadgeFaces:
    """The forms of one document: one for each role word, colour and mark that its badges have."""

    def __init__(
        self, canvas: Canvas, setter: Typesetter, metrics: dict[str, Face], plan: Plan, foot: "Foot"
    ) -> None:
        self._canvas, self._setter, self._metrics, self._plan, self._foot = (
            canvas,
            setter,
            metrics,
            plan,
            foot,
        )
        self._names: dict[tuple[str, int, bool, bool], str] = {}

    def name_of(self, word: str, colour: int, *, no_photographs: bool, is_crowded: bool) -> str:
        """Return the name of the form for such badges. Must be asked before the page's first stroke."""
        key = (word, colour, no_photographs, is_crowded)
        if key not in self._names:
            self._names[key] = f"face{len(self._names)}"
            self._draw(*key)
        return self._names[key]

    def _draw(self, word: str, colour: int, no_photographs: bool, is_crowded: bool) -> None:
        plan, canvas = self._plan, self._canvas
        canvas.beginForm(
            self._names[word, colour, no_photographs, is_crowded],
            upperx=plan.width_mm * PT_PER_MM,
            uppery=plan.height_mm * PT_PER_MM,
        )
        canvas.addLiteral(f"{fill(BANDS.get(colour, INK))} {rectangle(plan.band, plan.height_mm)} f")
        lines = self._word(word, no_photographs=no_photographs)
        if no_photographs:
            canvas.addLiteral("1 1 1 rg " + rectangle(self._chip, plan.height_mm) + " f " + fill(INK))
            canvas.addLiteral(_camera(self._chip, plan.height_mm))
        canvas.addLiteral("1 1 1 rg " + self._setter.text(lines, plan.height_mm))
        if no_photographs:
            canvas.addLiteral(fill(INK) + " " + self._setter.text(self._chip_word, plan.height_mm))
        if not is_crowded:
            canvas.addLiteral("0.25 g " + self._setter.text(self._foot.lines, plan.height_mm))
        canvas.endForm()

    def _word(self, word: str, *, no_photographs: bool) -> list[Line]:
        """The role's word in the middle of the band's height, on two lines where a high band must hold a long one."""
        plan, bold = self._plan, self._metrics["bold"]
        room = (self._chip.x_mm if no_photographs else plan.band.right_mm) - plan.band.x_mm - 2 * _PADDING_MM
        sizes = plan.word_sizes_pt
        fitted = fit(word, bold.width_em, room, sizes, max_lines=1)
        if plan.word_lines > 1 and fitted.size_pt < sizes[0] * _SMALL:
            middling = tuple(size for size in sizes if _SMALLEST <= size / sizes[0] <= _SMALL)
            fitted = fit(word, bold.width_em, room, middling)
        return _centred(fitted.lines, fitted.size_pt, plan.band.x_mm + _PADDING_MM, plan.band)

    @cached_property
    def _chip(self) -> Box:
        """The white field at the band's right end that holds the mark and, on a wide badge, its word."""
        band, size_pt = self._plan.band, self._plan.mark_size_pt
        width = _camera_mm(band.height_mm - 2) + 4
        if size_pt is not None:
            width += self._metrics["bold"].width_em(NO_PHOTOGRAPHS) * size_pt * MM_PER_PT + 2
        return Box(
            x_mm=band.right_mm - width - 1, y_mm=band.y_mm + 1, width_mm=width, height_mm=band.height_mm - 2
        )

    @cached_property
    def _chip_word(self) -> list[Line]:
        if self._plan.mark_size_pt is None:
            return []
        x_mm = self._chip.x_mm + _camera_mm(self._chip.height_mm) + 4
        return _centred((NO_PHOTOGRAPHS,), self._plan.mark_size_pt, x_mm, self._chip)


class Foot:
    """The event's title and its organisers, small, beside the code and right above the band."""

    def __init__(self, plan: Plan, metrics: dict[str, Face], event_title: str, organisers: list[str]) -> None:
        together = " · ".join(organisers)
        regular, sizes = metrics["regular"], plan.small_sizes_pt
        fits = regular.width_em(together) * sizes[-1] * MM_PER_PT <= plan.narrow_width_mm
        texts = [("medium", event_title, 2)] + [
            ("regular", text, 1) for text in ([together] if fits else organisers)
        ]
        self.lines: list[Line] = []
        baseline = plan.band.y_mm - plan.gap_mm
        for face, text, max_lines in reversed(texts):
            width_em = metrics[face].width_em
            fitted = fit(text, width_em, plan.narrow_width_mm, sizes, max_lines)
            # Small as they are, these lines are never cut: a narrow label has more of them.
            whole = wrap(text, width_em, plan.narrow_width_mm, sizes[-1])
            for shown in reversed(whole if fitted.is_shortened else fitted.lines):
                line = Line(text=shown, face=face, size_pt=fitted.size_pt, x_mm=plan.margin_mm, y_mm=baseline)
                self.lines.insert(0, line)
                baseline -= 1.25 * fitted.size_pt * MM_PER_PT
        self.height_mm = plan.band.y_mm - plan.gap_mm - baseline


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


def _centred(texts: tuple[str, ...], size_pt: float, x_mm: float, box: Box) -> list[Line]:
    """Return the lines with their capitals in the middle of the box's height."""
    em_mm = size_pt * MM_PER_PT
    first = box.y_mm + (box.height_mm - (len(texts) - 1) * em_mm + CAP_HEIGHT_EM * em_mm) / 2
    return [
        Line(text=text, face="bold", size_pt=size_pt, x_mm=x_mm, y_mm=first + number * em_mm)
        for number, text in enumerate(texts)
    ]


def _camera_mm(height_mm: float) -> float:
    return min(5.0, height_mm * 0.68)


def _camera(chip: Box, height_mm: float) -> str:
    """Return a camera struck through, as paths, at the chip's left."""
    side_mm = _camera_mm(chip.height_mm)
    unit = side_mm * PT_PER_MM / 10
    x = (chip.x_mm + 2) * PT_PER_MM
    y = (height_mm - chip.y_mm - (chip.height_mm + side_mm) / 2) * PT_PER_MM
    ring = "4.8 6.1 m 6.2 6.1 7.2 5.1 7.2 3.9 c 7.2 2.7 6.2 1.7 4.8 1.7 c 3.6 1.7 2.6 2.7 2.6 3.9 c 2.6 5.1 3.6 6.1 4.8 6.1 c h"
    body = "0 0.4 m 0 7.4 l 2.6 7.4 l 3.4 8.8 l 6.6 8.8 l 7.4 7.4 l 10 7.4 l 10 0.4 l h"
    slash = "-0.6 -0.6 m 10.6 9.8 l"
    ink = " ".join(f"{part:.3f}" for part in rgb(INK))
    return (
        f"q {unit:.4f} 0 0 {unit:.4f} {x:.2f} {y:.2f} cm {body} {ring} f* "
        f"1 J 1 1 1 RG 2.8 w {slash} S {ink} RG 1.2 w {slash} S Q"
    )
