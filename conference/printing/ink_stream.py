"""A page's operators rewritten for the press: inks for screen colours, black type, fields into the bleed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pikepdf import Matrix, Object, Operator, Page, parse_content_stream, unparse_content_stream

from conference.printing.errors import NotForPressError
from conference.printing.inks import BLACK, Inks, inks_of, is_light

# How near the edge, in points, a field must come to be meant to reach it.
_NEAR_PT = 0.75
_SHOWS_TEXT = frozenset({"Tj", "TJ", "'", '"'})
# Operators that name a colour space we do not know the inks of.
_UNKNOWN = frozenset({"cs", "CS", "sc", "SC", "scn", "SCN", "sh"})
Instruction = tuple[list[Any], Operator]


@dataclass(frozen=True, kw_only=True, slots=True)
class Edges:
    """A page's width and height in points, and how far a field that reaches its edge goes on."""

    width: float
    height: float
    bleed: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """A picture or form drawn by a name of the resources, with the matrix that its unit square or content has on the page."""

    name: str
    matrix: Matrix


@dataclass(slots=True)
class _State:
    matrix: Matrix
    fill: Inks = BLACK
    # What the stream says at this point, which under type is not the fill; None in a form that has said nothing yet.
    said: Inks | None = BLACK


@dataclass(slots=True)
class InkStream:
    """Rewrites one stream. `placed` is what it draws by name, told as it is met."""

    edges: Edges | None
    matrix: Matrix = field(default_factory=Matrix)
    placed: list[Placed] = field(default_factory=list)
    _stack: list[_State] = field(default_factory=list)
    _state: _State = field(init=False)

    def __post_init__(self) -> None:
        # A form begins in whatever colour it is drawn in.
        self._state = _State(matrix=self.matrix, said=BLACK if self.edges else None)

    def rewritten(self, stream: Page | Object) -> bytes:
        """Return the stream's operators for the press. Raises NotForPressError for a colour with no known inks."""
        out: list[Instruction] = []
        for instruction in parse_content_stream(stream):
            operator = str(instruction.operator)
            if operator == "INLINE IMAGE":
                raise NotForPressError(what=operator)
            out += self._of(operator, list(instruction.operands), instruction.operator)
        return unparse_content_stream(out)

    def _of(self, name: str, operands: list[Any], operator: Operator) -> Iterator[Instruction]:
        if name in {"rg", "g", "k"}:
            self._state.fill = self._state.said = inks = _inks(operands)
            yield _operands(inks), Operator("k")
        elif name in {"RG", "G", "K"}:
            yield _operands(_inks(operands)), Operator("K")
        elif name in _UNKNOWN:
            raise NotForPressError(what=f"{name} {' '.join(str(one) for one in operands)}")
        else:
            yield from self._plain(name, operands, operator)

    def _plain(self, name: str, operands: list[Any], operator: Operator) -> Iterator[Instruction]:
        state = self._state
        if name in _SHOWS_TEXT:
            yield from self._say(state.fill if is_light(state.fill) else BLACK)
        elif name in {"m", "re", "Do"} and state.said:  # inside a path no colour may be named
            yield from self._say(state.fill)
        if name == "q":
            self._stack.append(replace(state))
        elif name == "Q" and self._stack:
            self._state = self._stack.pop()
        elif name == "cm":
            state.matrix = Matrix(*(float(one) for one in operands)) @ state.matrix
        elif name == "Do":
            self.placed.append(Placed(name=str(operands[0]), matrix=state.matrix))
        elif name == "re" and self.edges:
            operands = _bled([float(one) for one in operands], state.matrix, self.edges)
        yield operands, operator

    def _say(self, inks: Inks) -> Iterator[Instruction]:
        if self._state.said != inks:
            self._state.said = inks
            yield _operands(inks), Operator("k")


def _operands(inks: Inks) -> list[Any]:
    return [round(one / 100, 4) for one in inks]


def _inks(operands: Sequence[Any]) -> Inks:
    parts = [float(one) for one in operands]
    if len(parts) == 4:  # noqa: PLR2004 -- inks already
        cyan, magenta, yellow, black = (round(100 * one, 2) for one in parts)
        return (cyan, magenta, yellow, black)
    if len(parts) == 1:
        return (0, 0, 0, round(100 * (1 - parts[0]), 2))
    red, green, blue = (round(255 * one) for one in parts)
    return inks_of(red, green, blue)


def _bled(box: list[float], matrix: Matrix, edges: Edges) -> list[Any]:
    """Return the field, longer by the bleed at each edge of the page that it reaches; one that is turned stays."""
    scale_x, skew_y, skew_x, scale_y, move_x, move_y = matrix.shorthand
    if skew_x or skew_y or not scale_x or not scale_y:
        return list(box)
    x, y, width, height = box
    left, right = sorted((scale_x * x + move_x, scale_x * (x + width) + move_x))
    bottom, top = sorted((scale_y * y + move_y, scale_y * (y + height) + move_y))
    left -= edges.bleed if left <= _NEAR_PT else 0
    bottom -= edges.bleed if bottom <= _NEAR_PT else 0
    right += edges.bleed if right >= edges.width - _NEAR_PT else 0
    top += edges.bleed if top >= edges.height - _NEAR_PT else 0
    corner = ((left - move_x) / scale_x, (bottom - move_y) / scale_y)
    return [round(one, 3) for one in (*corner, (right - left) / scale_x, (top - bottom) / scale_y)]
