"""One side of a run's badges: the forms that are the same on many, and the operators of what only one badge shows."""

from reportlab.pdfgen.canvas import Canvas

from conference.printing.badge_face import BadgeFaces, squares, ticked
from conference.printing.colours import SOFT
from conference.printing.design_colours import colour_of, role_colour
from conference.printing.layout import BadgeLayout
from conference.printing.plans import MODULES, SidePlan
from conference.printing.preflight import BadgeSetter, SetSide, metrics
from conference.printing.sheets import Box
from conference.printing.text import settable
from conference.printing.typeset import PT_PER_MM, Typesetter, fill, rectangle
from conference.registration.model import BadgePerson

# Where a blank badge has its two lines to write on, of the way from its top to the small lines.
_BLANK_LINES = (0.45, 0.85)
_BLACK = "#000000"


class BadgeSide:
    """One side of a run's badges: its forms, and the operators of what only one badge shows."""

    def __init__(self, canvas: Canvas, setter: Typesetter, badges: BadgeSetter, number: int) -> None:
        self.side: SidePlan = badges.plan.sides[number]
        self._design, self._setter = badges.plan.design, setter
        self.faces = BadgeFaces(
            canvas, setter, metrics(), badges.plan, self.side, badges.grounds[number], badges.grids[number],
            prefix="fb"[number],
        )  # fmt: skip
        self._foot_mm = badges.grounds[number].foot_mm
        self._words: dict[str, str] = {}
        self._plan_name = f"plan{number}"
        self._draw_plan(canvas, badges)
        self._symbol_matrix = self._matrix()
        column = self.side.column
        parts = (*column.names, *column.details) if column else ()
        colours = {colour_of(self._design, one.colour, "role") for one in parts}
        # Nearly always one colour, and black, which is what a page begins with.
        self._only = colours.pop() if len(colours) == 1 and "role" not in colours else None
        self._prefix = f"{fill(self._only)}\n" if self._only and self._only != _BLACK else ""

    def _draw_plan(self, canvas: Canvas, badges: BadgeSetter) -> None:
        """Draw the plan of the days once, for everybody who has no programme of their own."""
        if not self.side.programmes:
            return
        height_mm = self.side.height_mm
        plans = badges.plan_of_days(self.side)
        canvas.beginForm(self._plan_name, upperx=_pt(self.side.width_mm), uppery=_pt(height_mm))
        for (programme, _), made in zip(self.side.programmes, plans, strict=True):
            colour = colour_of(self._design, programme.type.colour, self._design.colours.ink)
            canvas.addLiteral(f"{fill(colour)} {self._setter.text(made.lines, height_mm)}")
        canvas.endForm()

    def _matrix(self) -> str | None:
        side, symbol = self.side, self.side.symbol
        if symbol is None:
            return None
        module = symbol.width_mm / MODULES * PT_PER_MM
        y = (side.height_mm - symbol.bottom_mm) * PT_PER_MM
        return f"{module:.4f} 0 0 {module:.4f} {symbol.x_mm * PT_PER_MM:.2f} {y:.2f}"

    def own(self, person: BadgePerson, shown: SetSide, code: str) -> str:
        """Return the operators of what only this badge shows."""
        height_mm = self.side.height_mm
        if self._only is not None:
            text = self._prefix + self._setter.text(shown.layout.lines, height_mm)
        else:
            text = self._coloured(person, shown.layout)
        if shown.blocks or shown.ticked:
            text = f"{text}\n{self._more(person, shown)}"
        if self._symbol_matrix is None or not code:
            return f"{text}\nQ"
        black = "0 g " if self._prefix or self._only is None or shown.blocks or shown.ticked else ""
        return f"{text}\n{black}{self._symbol_matrix} cm\n{code}f Q"

    def _coloured(self, person: BadgePerson, layout: BadgeLayout) -> str:
        return "\n".join(
            f"{fill(self._colour(person, colour))} {self._setter.text((line,), self.side.height_mm)}"
            for line, colour in zip(layout.lines, layout.colours, strict=True)
        )

    def _colour(self, person: BadgePerson, colour: str) -> str:
        role = role_colour(self._design, settable(person.badge_word), person.badge_colour)
        return colour_of(self._design, colour, role)

    def _more(self, person: BadgePerson, shown: SetSide) -> str:
        height_mm, ink = self.side.height_mm, self._design.colours.ink
        drawn = [
            f"{fill(self._colour(person, colour))} {self._setter.text(lines, height_mm)}"
            for colour, lines in shown.blocks
            if lines
        ]
        drawn += [squares(grid, ink, height_mm) for grid in shown.own_grids]
        drawn += [ticked(square, ink, height_mm) for square in shown.ticked]
        return "\n".join(drawn)

    def forms(self, person: BadgePerson, shown: SetSide) -> tuple[str, ...]:
        word = self._words.get(person.badge_word)
        if word is None:
            word = self._words[person.badge_word] = settable(person.badge_word)
        face = self.faces.name_of(
            word,
            person.badge_colour,
            no_photographs=person.no_photographs,
            is_crowded=shown.layout.is_crowded,
        )
        return (face, self._plan_name) if shown.has_plan else (face,)

    def blank_forms(self, word: str, colour: int) -> tuple[str, ...]:
        face = self.faces.name_of(settable(word), colour, no_photographs=False, is_crowded=False)
        return (face, self._plan_name) if self.side.programmes else (face,)

    def blank(self) -> str:
        """Return the operators of the lines to write on."""
        side, column = self.side, self.side.column
        if column is None:
            return "Q"
        room_mm = column.bottom_mm - self._foot_mm - column.top_mm
        lines = (column.top_mm + part * room_mm for part in _BLANK_LINES)
        rules = [Box(x_mm=column.x_mm, y_mm=y, width_mm=column.width_mm, height_mm=0.3) for y in lines]
        return f"{fill(SOFT)} " + " ".join(rectangle(one, side.height_mm) + " f" for one in rules) + " Q"


def _pt(mm: float) -> float:
    return mm * PT_PER_MM
