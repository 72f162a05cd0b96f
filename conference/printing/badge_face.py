"""What is the same on many badges, drawn once a document as forms: pictures, rules, the role's band, common words."""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from conference.core.errors import N_
from conference.printing.colours import rgb
from conference.printing.design_colours import colour_of, role_colour
from conference.printing.design_model import Band, Element, Mark, Picture, Rule, Text, Ticks, Type
from conference.printing.fonts import Face
from conference.printing.ground import CAPITALS_EM, Ground, band_room, band_word
from conference.printing.layout import Line
from conference.printing.plans import Plan, SidePlan
from conference.printing.sheets import Box
from conference.printing.ticks import TickGrid
from conference.printing.typeset import PT_PER_MM, Typesetter, fill, rectangle

CAP_HEIGHT_EM = CAPITALS_EM
NO_PHOTOGRAPHS = N_("No photographs")
_Key = tuple[str, int, bool, bool]


class BadgeFaces:
    """The forms of one side in one document: one for each role word, colour and mark that its badges have."""

    def __init__(
        self,
        canvas: Canvas,
        setter: Typesetter,
        metrics: dict[str, Face],
        plan: Plan,
        side: SidePlan,
        ground: Ground,
        grids: Mapping[str, TickGrid],
        prefix: str,
    ) -> None:
        self._canvas, self._setter, self._metrics = canvas, setter, metrics
        self._design, self._side, self._ground, self._grids = plan.design, side, ground, grids
        self._prefix = prefix
        self._names: dict[_Key, str] = {}
        self._draws: dict[type[Element], Callable[[Any, Box, _Key], None]] = {
            Rule: self._rule,
            Picture: self._picture,
            Band: self._band,
            Text: self._text,
            Mark: self._mark,
            Ticks: self._ticks,
        }

    def name_of(self, word: str, colour: int, *, no_photographs: bool, is_crowded: bool) -> str:
        """Return the name of the form for such badges. Must be asked before the page's first stroke."""
        key = (word, colour, no_photographs, is_crowded)
        if key not in self._names:
            self._names[key] = f"{self._prefix}{len(self._names)}"
            self._draw(key)
        return self._names[key]

    def _draw(self, key: _Key) -> None:
        side, is_crowded = self._side, key[3]
        self._canvas.beginForm(
            self._names[key], upperx=side.width_mm * PT_PER_MM, uppery=side.height_mm * PT_PER_MM
        )
        for element, box in side.placed:
            draw = self._draws.get(type(element))
            if draw and not (is_crowded and element.gives_way):
                draw(element, box, key)
        self._canvas.endForm()

    def _colour(self, colour: str, key: _Key) -> str:
        return colour_of(self._design, colour, role_colour(self._design, key[0], key[1]))

    def _rule(self, rule: Rule, box: Box, key: _Key) -> None:
        self._fill(self._colour(rule.colour, key), box)

    def _fill(self, colour: str, box: Box) -> None:
        self._canvas.addLiteral(f"{fill(colour)} {rectangle(box, self._side.height_mm)} f")

    def _lines(self, colour: str, lines: tuple[Line, ...]) -> None:
        if lines:
            self._canvas.addLiteral(f"{fill(colour)} {self._setter.text(lines, self._side.height_mm)}")

    def _picture(self, picture: Picture, box: Box, _key: _Key) -> None:
        """Draw the picture as large as it fits; the same file is in the document once."""
        box = self._ground.boxes.get(picture.name, box)
        reader = ImageReader(BytesIO(self._design.pictures[picture.picture]))
        wide, high = reader.getSize()
        scale = min(box.width_mm / wide, box.height_mm / high)
        part = {"left": 0.0, "top": 0.0, "centre": 0.5, "middle": 0.5, "right": 1.0, "bottom": 1.0}
        x_mm = box.x_mm + part[picture.align] * (box.width_mm - wide * scale)
        y_mm = box.y_mm + part[picture.vertical] * (box.height_mm - high * scale)
        self._canvas.drawImage(
            reader,
            x_mm * PT_PER_MM,
            (self._side.height_mm - y_mm - high * scale) * PT_PER_MM,
            width=wide * scale * PT_PER_MM,
            height=high * scale * PT_PER_MM,
            mask="auto",
        )

    def _text(self, text: Text, _box: Box, key: _Key) -> None:
        self._lines(self._colour(text.type.colour, key), self._ground.lines.get(text.name, ()))

    def _ticks(self, ticks: Ticks, _box: Box, key: _Key) -> None:
        grid = self._grids.get(ticks.name)
        if grid is None:
            return
        colour = self._colour(ticks.type.colour, key)
        self._canvas.addLiteral(squares(grid, colour, self._side.height_mm))
        self._lines(colour, grid.lines)

    def _band(self, band: Band, box: Box, key: _Key) -> None:
        word, _, no_photographs, _ = key
        self._fill(self._colour("role", key), box)
        mark = self._side.mark
        room = band_room(band, box, mark[1] if no_photographs and mark else None)
        lines, _ = band_word(word, band.type, room, self._metrics[band.type.face])
        self._lines(self._colour(band.type.colour, key), lines)

    def _mark(self, mark: Mark, box: Box, key: _Key) -> None:
        if not key[2]:
            return
        ink, canvas = self._design.colours.ink, self._canvas
        self._fill(self._design.colours.paper, box)
        canvas.addLiteral(
            f"{fill(ink)} {_camera(box, self._side.height_mm, ink, self._design.colours.paper)}"
        )
        if mark.size_pt is None:
            return
        side_mm = _camera_mm(box.height_mm)
        room = Box(
            x_mm=box.x_mm + side_mm + 4,
            y_mm=box.y_mm,
            width_mm=box.width_mm - side_mm - 5,
            height_mm=box.height_mm,
        )
        kind = Type(face="bold", largest_pt=mark.size_pt, smallest_pt=min(5.0, mark.size_pt))
        self._lines(ink, band_word(NO_PHOTOGRAPHS, kind, room, self._metrics["bold"])[0])


def squares(grid: TickGrid, colour: str, height_mm: float) -> str:
    """Return the operators for the grid's empty boxes."""
    drawn = " ".join(rectangle(one, height_mm) for one in grid.squares)
    return f"0.6 w {fill(colour).upper()} {drawn} S" if drawn else ""


def ticked(square: Box, colour: str, height_mm: float) -> str:
    """Return the operators for a tick in a box."""
    x, y = square.x_mm * PT_PER_MM, (height_mm - square.bottom_mm) * PT_PER_MM
    unit = square.width_mm * PT_PER_MM / 10
    return (
        f"q {unit:.3f} 0 0 {unit:.3f} {x:.2f} {y:.2f} cm 1 J 1 j 1.9 w {fill(colour).upper()} "
        "2 5 m 4.3 2.4 l 8.6 8.4 l S Q"
    )


def _camera_mm(height_mm: float) -> float:
    return min(5.0, height_mm * 0.68)


def _camera(chip: Box, height_mm: float, colour: str, paper: str) -> str:
    """Return a camera struck through, as paths, at the chip's left."""
    side_mm = _camera_mm(chip.height_mm)
    unit = side_mm * PT_PER_MM / 10
    x = (chip.x_mm + 2) * PT_PER_MM
    y = (height_mm - chip.y_mm - (chip.height_mm + side_mm) / 2) * PT_PER_MM
    ring = "4.8 6.1 m 6.2 6.1 7.2 5.1 7.2 3.9 c 7.2 2.7 6.2 1.7 4.8 1.7 c 3.6 1.7 2.6 2.7 2.6 3.9 c 2.6 5.1 3.6 6.1 4.8 6.1 c h"
    body = "0 0.4 m 0 7.4 l 2.6 7.4 l 3.4 8.8 l 6.6 8.8 l 7.4 7.4 l 10 7.4 l 10 0.4 l h"
    slash = "-0.6 -0.6 m 10.6 9.8 l"
    ink, ground = (" ".join(f"{part:.3f}" for part in rgb(one)) for one in (colour, paper))
    return (
        f"q {unit:.4f} 0 0 {unit:.4f} {x:.2f} {y:.2f} cm {body} {ring} f* "
        f"1 J {ground} RG 2.8 w {slash} S {ink} RG 1.2 w {slash} S Q"
    )
