"""Where everything of a day stands on its one page, in millimetres, and what had to be shortened. Pure but for widths.

The page is always one: type shrinks within bounds, then talks are left out, then titles end in an ellipsis.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from conference.core.errors import N_
from conference.printing.errors import DayTooWideError
from conference.printing.fitting import MM_PER_PT, shortened, wrap
from conference.printing.layout import Line
from conference.printing.pages import A3, A4, A4_WIDE
from conference.printing.preflight import metrics
from conference.printing.sheets import Box
from conference.printing.text import settable
from conference.programme.model import Kind, Programme, Session
from conference.programme.timetable import FIRST_COLUMN, FIRST_ROW, DayGrid, Place, day_grid
from conference.web.language import clock_time

A3_WIDE = Box(x_mm=0, y_mm=0, width_mm=420, height_mm=297)
MARGIN_MM = 12.0
TIMES_MM = 15.0
HEAD_MM = 18.0
ROOMS_MM = 9.0
FOOT_MM = 8.0
GAP_MM = 1.0
BAR_MM = 1.3
PADDING_MM = 1.4
# A narrower column breaks a title into single words (own choice: some 16 letters of the smallest type).
LEAST_COLUMN_MM = 24.0
# More columns than this make an upright page's columns narrower than twice the least.
_UPRIGHT_COLUMNS = 3
_LEADING = 1.16
_TALK_MM = 8.5
_NARROW_MM = 45.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """A size of paper for plans; sizes of type are in points, largest first."""

    key: str
    name: str
    tall: Box
    wide: Box
    title_sizes_pt: tuple[float, ...]
    talk_sizes_pt: tuple[float, ...]
    remedy: str


PAPERS = {
    "a4": Paper(
        key="a4", name="A4", tall=A4, wide=A4_WIDE, remedy="A3",
        title_sizes_pt=(11, 10, 9.5, 9, 8.5, 8, 7.5, 7, 6.5), talk_sizes_pt=(8, 7.5, 7, 6.5),
    ),
    "a3": Paper(
        key="a3", name="A3", tall=A3, wide=A3_WIDE, remedy=N_("the booklet, which parts the day over pages"),
        title_sizes_pt=(14, 13, 12, 11, 10, 9.5, 9, 8.5, 8, 7.5, 7, 6.5), talk_sizes_pt=(9, 8.5, 8, 7.5, 7, 6.5),
    ),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """A session's field with its lines of title and of talks."""

    session: Session
    box: Box
    title: tuple[Line, ...]
    talks: tuple[Line, ...]
    is_shortened: bool = False
    lost_talks: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeMark:
    moment: datetime
    y_mm: float
    begins: bool
    is_told: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class DayPlan:
    """One page. `shortened` are titles that end in an ellipsis, `without_talks` those whose talks had no room."""

    day: date
    paper: Paper
    page: Box
    heads: tuple[tuple[str, Box], ...]
    times: tuple[TimeMark, ...]
    cells: tuple[Cell, ...]

    @property
    def shortened(self) -> tuple[str, ...]:
        return tuple(cell.session.title for cell in self.cells if cell.is_shortened)

    @property
    def without_talks(self) -> tuple[str, ...]:
        return tuple(cell.session.title for cell in self.cells if cell.lost_talks)


def plan_of_day(programme: Programme, day: date, paper: Paper) -> DayPlan:
    """Return the day's page, upright or on its side, whichever shows more.

    Raises DayTooWideError where its rooms have no readable columns on this paper.
    """
    grid = day_grid(programme, day)
    most = int(_area(paper.wide).width_mm / LEAST_COLUMN_MM)
    if grid.columns > most:
        raise DayTooWideError("paper", count=grid.columns, paper=paper.name, most=most, remedy=paper.remedy)
    pages = [paper.wide]
    if _area(paper.tall).width_mm / grid.columns >= LEAST_COLUMN_MM:
        pages.insert(0 if grid.columns <= _UPRIGHT_COLUMNS else 1, paper.tall)
    return min((_plan(grid, day, paper, page) for page in pages), key=_loss)


def _loss(plan: DayPlan) -> tuple[int, int]:
    return len(plan.shortened), sum(cell.lost_talks for cell in plan.cells)


def _area(page: Box) -> Box:
    """Return where the sessions stand on this page."""
    return Box(
        x_mm=MARGIN_MM + TIMES_MM,
        y_mm=MARGIN_MM + HEAD_MM + ROOMS_MM,
        width_mm=page.width_mm - 2 * MARGIN_MM - TIMES_MM,
        height_mm=page.height_mm - 2 * MARGIN_MM - HEAD_MM - ROOMS_MM - FOOT_MM,
    )


def _plan(grid: DayGrid, day: date, paper: Paper, page: Box) -> DayPlan:
    area = _area(page)
    tops = _tops(grid, area)
    boxes = [_box(grid, area, tops, place) for place in grid.places]
    sizes = _common_sizes(
        paper, [(place.session, box) for place, box in zip(grid.places, boxes, strict=True)]
    )
    return DayPlan(
        day=day,
        paper=paper,
        page=page,
        heads=tuple(_heads(grid, area)),
        times=tuple(_times(grid, tops)),
        cells=tuple(
            _cell(place.session, box, sizes, paper) for place, box in zip(grid.places, boxes, strict=True)
        ),
    )


def _common_sizes(paper: Paper, cells: Sequence[tuple[Session, Box]]) -> tuple[float, ...]:
    """Return the sizes of titles from that on in which three titles of four keep their words whole: one page, one type."""
    largest = []
    for session, box in cells:
        widest = max(metrics()["bold"].width_em(word) for word in settable(session.title).split() or [""])
        fits = [size for size in paper.title_sizes_pt if widest * size * MM_PER_PT <= _width_mm(box)]
        largest.append(fits[0] if fits else paper.title_sizes_pt[-1])
    most = sorted(largest)[len(largest) // 4] if largest else paper.title_sizes_pt[0]
    return tuple(size for size in paper.title_sizes_pt if size <= most)


def _width_mm(box: Box) -> float:
    return box.width_mm - BAR_MM - 2 * PADDING_MM


def _tops(grid: DayGrid, area: Box) -> list[float]:
    """Return where each row begins and the last one ends: the day fills the page, in proportion to its times."""
    unit = area.height_mm / (sum(grid.heights_rem) or 1)
    tops = [area.y_mm]
    for height in grid.heights_rem:
        tops.append(tops[-1] + height * unit)
    return tops


def _left(grid: DayGrid, area: Box, column: int) -> float:
    return area.x_mm + (column - FIRST_COLUMN) * area.width_mm / grid.columns


def _box(grid: DayGrid, area: Box, tops: Sequence[float], place: Place) -> Box:
    x, right = _left(grid, area, place.column), _left(grid, area, place.column_end)
    y, bottom = tops[place.row - FIRST_ROW], tops[place.row_end - FIRST_ROW]
    return Box(x_mm=x, y_mm=y + 0.25, width_mm=right - x - GAP_MM, height_mm=bottom - y - 0.5)


def _heads(grid: DayGrid, area: Box) -> list[tuple[str, Box]]:
    boxes = []
    for room, (first, end) in zip(grid.rooms, grid.heads, strict=True):
        x, right = _left(grid, area, first), _left(grid, area, end)
        box = Box(x_mm=x, y_mm=area.y_mm - ROOMS_MM, width_mm=right - x - GAP_MM, height_mm=ROOMS_MM - 2.5)
        boxes.append((room.name, box))
    return boxes


def _times(grid: DayGrid, tops: Sequence[float]) -> list[TimeMark]:
    """Return the times of the left edge; of two that are closer than a line only the one that begins is told."""
    found: list[TimeMark] = []
    lowest = -10.0
    for mark in grid.marks:
        y = tops[mark.row - FIRST_ROW]
        is_told = y - lowest >= 3.4  # noqa: PLR2004 -- millimetres: a line of 9 points
        lowest = y if is_told else lowest
        found.append(TimeMark(moment=mark.moment, y_mm=y, begins=mark.begins, is_told=is_told))
    return found


def _cell(session: Session, box: Box, sizes: tuple[float, ...], paper: Paper) -> Cell:
    face = "regular" if session.kind is Kind.BREAK else "bold"
    words = _words(session, face, box, sizes, paper)
    em = words.size_pt * MM_PER_PT
    y = box.y_mm + 0.9 + 0.86 * em
    if words.height_mm + 1.6 > box.height_mm:
        y = box.y_mm + (box.height_mm - words.height_mm) / 2 + 0.86 * em
    x = box.x_mm + BAR_MM + PADDING_MM
    title = tuple(
        Line(text=text, face=face, size_pt=words.size_pt, x_mm=x, y_mm=y + number * _LEADING * em)
        for number, text in enumerate(words.lines)
    )
    lost = len(session.talks) if not words.talks else 0
    return Cell(
        session=session,
        box=box,
        title=title,
        talks=words.talks,
        is_shortened=words.is_shortened,
        lost_talks=lost,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Words:
    size_pt: float
    lines: Sequence[str]
    talks: tuple[Line, ...] = ()
    is_shortened: bool = False

    @property
    def height_mm(self) -> float:
        return len(self.lines) * _LEADING * self.size_pt * MM_PER_PT


def _words(session: Session, face: str, box: Box, sizes: tuple[float, ...], paper: Paper) -> _Words:
    """Return the title in the largest size that leaves room for its talks, or else for itself, or else shortened.

    No word is broken above the smallest size.
    """
    title, measure, width = settable(session.title), metrics()[face].width_em, _width_mm(box)
    alone: _Words | None = None
    for size in sizes:
        if any(measure(word) * size * MM_PER_PT > width for word in title.split()):
            continue
        found = _Words(size_pt=size, lines=wrap(title, measure, width, size))
        if found.height_mm - 0.1 * size * MM_PER_PT > box.height_mm:
            continue
        alone = alone or found
        talks = _talks(session, _below(box, found), paper)
        if talks or not session.talks:
            return replace(found, talks=talks)
    return alone or _shortened(title, face, box, sizes[-1])


def _below(box: Box, words: _Words) -> Box:
    top = box.y_mm + words.height_mm + 1.6
    x = box.x_mm + BAR_MM + PADDING_MM
    return Box(x_mm=x, y_mm=top, width_mm=_width_mm(box), height_mm=box.bottom_mm - top - 0.6)


def _shortened(title: str, face: str, box: Box, size: float) -> _Words:
    """Return as much of the title as fits in the smallest size: all of it, where only its words had to be broken."""
    measure, width = metrics()[face].width_em, _width_mm(box)
    lines = wrap(title, measure, width, size)
    most = max(1, int((box.height_mm / (size * MM_PER_PT) + 0.1) / _LEADING))
    if len(lines) <= most:
        return _Words(size_pt=size, lines=lines)
    rest = f"{' '.join(lines[most - 1 :])} "
    kept = [*lines[: most - 1], shortened(rest, measure, width / MM_PER_PT / size)]
    return _Words(size_pt=size, lines=kept, is_shortened=True)


def _talks(session: Session, room: Box, paper: Paper) -> tuple[Line, ...]:
    """Return the talks with their times in the largest type in which all of them fit, none where they do not."""
    for size in paper.talk_sizes_pt if room.height_mm > 0 else ():
        lines, bottom = _talk_lines(session, room, size)
        if bottom <= room.bottom_mm:
            return tuple(lines)
    return ()


def _talk_lines(session: Session, room: Box, size: float) -> tuple[list[Line], float]:
    """Return the lines and where they end. In a narrow column what follows the first line begins under the time."""
    em, y = size * MM_PER_PT, room.y_mm
    measure = metrics()["regular"].width_em
    indent = _TALK_MM * size / 6.5 if room.width_mm >= _NARROW_MM else 0.0
    lines: list[Line] = []
    for talk in session.talks:
        y += 0.25 * em
        time = clock_time(talk.span.start) if talk.span else ""
        said = settable(talk.title) if indent else f"{time} {settable(talk.title)}".strip()
        if indent and time:
            lines.append(Line(text=time, face="medium", size_pt=size, x_mm=room.x_mm, y_mm=y + 0.86 * em))
        for text in wrap(said, measure, room.width_mm - indent, size):
            lines.append(
                Line(text=text, face="regular", size_pt=size, x_mm=room.x_mm + indent, y_mm=y + 0.86 * em)
            )
            y += 1.18 * em
    return lines, y
