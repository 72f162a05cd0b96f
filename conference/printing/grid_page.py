"""The plan at a glance: times in the left edge, rooms as columns, the same order as on screen.

A day with few rooms has one page, and two days face each other. A day with more rooms has a double page, and its rooms
go on over further ones where they are too many for that.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from conference.printing.book_format import Format
from conference.printing.book_values import PAGE, BookPage, Ink, Link, Mark, Shape
from conference.printing.colours import INK, LINE, SOFT, WASH, WASHES
from conference.printing.fitting import MM_PER_PT, fit, shortened, wrap
from conference.printing.layout import Line
from conference.printing.preflight import metrics
from conference.printing.session_pages import session_key, track_colour
from conference.printing.sheets import Box
from conference.printing.text import settable
from conference.programme.model import Kind, Programme, Session
from conference.programme.timetable import FIRST_COLUMN, FIRST_ROW, DayGrid, Place, day_grid
from conference.web.language import clock_time, gettext, long_date, time_span

# Days with more columns than this have a double page.
ON_ONE_PAGE = 3
GAP_MM = 1.2
BAR_MM = 1.2
PADDING_MM = 1.6
LEADING = 1.18
# A day with little in it is not stretched beyond this.
_MOST_MM_A_REM = 3.4
_THIN = frozenset({Kind.BREAK, Kind.SOCIAL})


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """One page of a day: its columns from `first` to `end`, which is not on it."""

    grid: DayGrid
    first: int
    end: int
    form: Format

    @property
    def times_mm(self) -> float:
        return self.form.grid_pt * 1.75

    @property
    def head_mm(self) -> float:
        """The height of the day's name and the rooms'."""
        return self.form.pt(3) * 0.62 + self.form.grid_pt * 0.95

    @property
    def column_mm(self) -> float:
        return (self.form.width_mm - self.times_mm + GAP_MM) / (self.end - self.first)

    def left_mm(self, column: int) -> float:
        return self.times_mm + (column - self.first) * self.column_mm


def plan_days(programme: Programme, form: Format) -> list[list[BookPage]]:
    """Return the pages of each day. Where a day has two or more, the first is to lie at the left."""
    grids = [day_grid(programme, day) for day in programme.days]
    is_narrow = all(grid.columns <= ON_ONE_PAGE for grid in grids)
    return [
        [
            _page(Sheet(grid=grid, first=first, end=end, form=form), is_first=number == 0)
            for number, (first, end) in enumerate([_all(grid)] if is_narrow else parted(grid, _most(form)))
        ]
        for grid in grids
    ]


def _all(grid: DayGrid) -> tuple[int, int]:
    return FIRST_COLUMN, FIRST_COLUMN + grid.columns


def _most(form: Format) -> int:
    """Return how many columns a page can have at most."""
    return int((form.width_mm - form.grid_pt * 1.75) / form.column_mm)


def parted(grid: DayGrid, most: int) -> list[tuple[int, int]]:
    """Return the columns of each page, the end exclusive: an even number of pages where there are two rooms or more.

    A room's columns stay together unless they are more than a page can have.
    """
    units = _units(grid, most)
    if len(units) == 1:
        return units
    count = 2 * -(-grid.columns // (2 * most))
    while True:
        for size in range(-(-grid.columns // count), most + 1):
            groups = _filled(units, size)
            if len(groups) <= count:
                return _made_even(groups, units)
        count += 2


def _units(grid: DayGrid, most: int) -> list[tuple[int, int]]:
    """Return what is not to be parted: each room's columns, and each column that no room has."""
    after = grid.heads[-1][1] if grid.heads else FIRST_COLUMN
    end = FIRST_COLUMN + grid.columns
    rooms = [*grid.heads, *((column, column + 1) for column in range(after, end))]
    return [
        (first, min(first + most, room_end))
        for begin, room_end in rooms
        for first in range(begin, room_end, most)
    ]


def _filled(units: Sequence[tuple[int, int]], size: int) -> list[tuple[int, int]]:
    groups = [units[0]]
    for first, end in units[1:]:
        begin = groups[-1][0]
        if end - begin > size:
            groups.append((first, end))
        else:
            groups[-1] = (begin, end)
    return groups


def _made_even(groups: list[tuple[int, int]], units: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Part the widest page once more where their number is odd, so that no double page is half empty."""
    if len(groups) % 2 == 0:
        return groups
    first, end = max(groups, key=lambda group: group[1] - group[0])
    cuts = [begin for begin, _ in units if first < begin < end]
    if not cuts:
        return groups
    cut = min(cuts, key=lambda column: abs(2 * column - first - end))
    at = groups.index((first, end))
    return [*groups[:at], (first, cut), (cut, end), *groups[at + 1 :]]


def _page(sheet: Sheet, *, is_first: bool) -> BookPage:
    grid, form = sheet.grid, sheet.form
    page = BookPage(head=gettext("Plan at a glance"))
    y = form.pt(3) * 0.62 - 5.2
    if is_first:
        _text(page, long_date(grid.day), "bold", form.pt(3), 0, y)
        page.marks.append(Mark(f"plan-{grid.day}", -4, long_date(grid.day), 1))
    if not grid.places:
        _text(page, gettext("Nothing is planned on this day yet."), "regular", form.pt(0), 0, y + 10, SOFT)
        return page
    tops = _tops_mm(sheet)
    _draw_rooms(page, sheet)
    _draw_times(page, sheet, tops)
    for place in grid.places:
        if place.column < sheet.end and place.column_end > sheet.first:
            _draw_session(page, place, _cell(sheet, tops, place), form)
    return page


def _text(
    page: BookPage, text: str, face: str, size_pt: float, x_mm: float, y_mm: float, colour: str = INK
) -> None:
    page.inks.append(Ink(Line(text=settable(text), face=face, size_pt=size_pt, x_mm=x_mm, y_mm=y_mm), colour))


def _tops_mm(sheet: Sheet) -> list[float]:
    """Return where each row begins, and where the last one ends."""
    room = sheet.form.height_mm - sheet.head_mm - sheet.form.grid_pt * 0.5
    unit = min(room / sum(sheet.grid.heights_rem), _MOST_MM_A_REM * sheet.form.base_pt / 10)
    tops = [sheet.head_mm]
    for height in sheet.grid.heights_rem:
        tops.append(tops[-1] + height * unit)
    return tops


def _cell(sheet: Sheet, tops: list[float], place: Place) -> Box:
    x = sheet.left_mm(max(place.column, sheet.first))
    right = sheet.left_mm(min(place.column_end, sheet.end))
    y, bottom = tops[place.row - FIRST_ROW], tops[place.row_end - FIRST_ROW]
    return Box(x_mm=x, y_mm=y + 0.3, width_mm=right - x - GAP_MM, height_mm=bottom - y - 0.6)


def _draw_rooms(page: BookPage, sheet: Sheet) -> None:
    pt = sheet.form.grid_pt
    for room, (first, end) in zip(sheet.grid.rooms, sheet.grid.heads, strict=True):
        if first >= sheet.end or end <= sheet.first:
            continue
        x = sheet.left_mm(max(first, sheet.first))
        width_mm = sheet.left_mm(min(end, sheet.end)) - x - GAP_MM
        sizes = (pt + 1, pt, pt - 0.7, pt - 1.2)
        name = fit(settable(room.name), metrics()["bold"].width_em, width_mm, sizes, 1)
        _text(page, name.lines[0], "bold", name.size_pt, x, sheet.head_mm - 2.8)
    rule = Box(x_mm=0, y_mm=sheet.head_mm - 1.3, width_mm=sheet.form.width_mm, height_mm=0.4)
    page.shapes.append(Shape(rule, INK))


def _draw_times(page: BookPage, sheet: Sheet, tops: list[float]) -> None:
    """A time stands where it can be read: of two that are closer than a line, a beginning goes before an end."""
    pt = sheet.form.grid_pt + 0.5
    least_mm = pt * 1.15 * MM_PER_PT
    marks = sorted(sheet.grid.marks, key=lambda mark: (not mark.begins, mark.row))
    kept: list[float] = []
    for mark in marks:
        y = tops[mark.row - FIRST_ROW]
        if any(abs(y - other) < least_mm for other in kept):
            continue
        kept.append(y)
        rule = Box(x_mm=0, y_mm=y, width_mm=sheet.times_mm - GAP_MM, height_mm=0.2)
        page.shapes.append(Shape(rule, INK if mark.begins else LINE))
        face, colour = ("bold", INK) if mark.begins else ("regular", SOFT)
        _text(page, clock_time(mark.moment), face, pt, 0, y + pt * 0.37, colour)


def _draw_session(page: BookPage, place: Place, cell: Box, form: Format) -> None:
    session = place.session
    if session.kind is Kind.BREAK:
        page.shapes.append(Shape(cell, WASH))
    else:
        page.shapes.append(Shape(cell, _wash(session)))
        bar = Box(x_mm=cell.x_mm, y_mm=cell.y_mm, width_mm=BAR_MM, height_mm=cell.height_mm)
        page.shapes.append(Shape(bar, track_colour(session)))
    if is_told(session):
        page.links.append(Link(cell, session_key(session)))
    _draw_words(page, session, cell, form)


def _wash(session: Session) -> str:
    return WASHES.get(session.track.colour, WASH) if session.track else WASH


def is_told(session: Session) -> bool:
    """Return whether the session has a place behind the plan: a break without a word to say has none."""
    return session.kind is not Kind.BREAK or bool(session.abstract or session.people or session.talks)


def _draw_words(page: BookPage, session: Session, cell: Box, form: Format) -> None:
    """The title as large as it fits, and under it time, page and track, as far as there is room."""
    x = cell.x_mm + BAR_MM + PADDING_MM
    width = cell.width_mm - BAR_MM - 2 * PADDING_MM
    face = "regular" if session.kind is Kind.BREAK else "bold"
    size, lines = title_lines(settable(session.title), face, Box(x_mm=x, y_mm=0, width_mm=width, height_mm=cell.height_mm - 1), form.grid_pt)  # fmt: skip
    em = size * MM_PER_PT
    y = cell.y_mm + 1 + 0.9 * em
    if len(lines) * LEADING * em + 2 > cell.height_mm:
        y = cell.y_mm + (cell.height_mm - (len(lines) - 1) * LEADING * em + 0.711 * em) / 2
    for text in lines:
        page.inks.append(Ink(Line(text=text, face=face, size_pt=size, x_mm=x, y_mm=y), INK))
        y += LEADING * em
    small = form.grid_pt - 0.6
    for ink in _small_inks(session, x, width, small):
        if y > cell.bottom_mm - 0.8:
            return
        moved = Line(text=ink.line.text, face="regular", size_pt=ink.line.size_pt, x_mm=x, y_mm=y)
        page.inks.append(Ink(moved, ink.colour, ink.key))
        y += 1.3 * small * MM_PER_PT
    room = Box(x_mm=x, y_mm=y, width_mm=width, height_mm=cell.bottom_mm - y - 1)
    page.inks += [Ink(line, INK) for line in talk_lines(session, room, small)]


def _small_inks(session: Session, x_mm: float, width_mm: float, size_pt: float) -> list[Ink]:
    """Return what stands under the title, one on each line: the time with the page, and the track's word."""
    assert session.span is not None  # only what has a time stands in the grid
    if session.kind is Kind.BREAK:
        return []
    when, key = time_span(session.span), session_key(session)
    measure = metrics()["regular"].width_em
    texts = [(when, "", SOFT)]
    if is_told(session):
        with_page = gettext("%(when)s, page %(page)s", when=when, page=PAGE)
        if measure(with_page.replace(PAGE, "000")) * size_pt * MM_PER_PT <= width_mm:
            texts = [(with_page, key, SOFT)]
        else:
            texts += [(gettext("page %(page)s", page=PAGE), key, SOFT)]
    if session.track:
        texts.append((settable(session.track.name), "", track_colour(session)))
    inks = []
    for text, key_of_page, colour in texts:
        sizes = (size_pt, size_pt - 0.5, size_pt - 1)
        shown = text if key_of_page else fit(text, measure, width_mm, sizes, 1).lines[0]
        size = size_pt if key_of_page else fit(text, measure, width_mm, sizes, 1).size_pt
        inks.append(
            Ink(Line(text=shown, face="regular", size_pt=size, x_mm=x_mm, y_mm=0), colour, key_of_page)
        )
    return inks


def talk_lines(session: Session, room: Box, size_pt: float) -> list[Line]:
    """Return the talks with their times, all of them or, where the cell is too low, none."""
    width_em = metrics()["regular"].width_em
    leading = 1.22 * size_pt * MM_PER_PT
    times_mm = 3.1 * size_pt * MM_PER_PT
    lines: list[Line] = []
    if len(session.talks) * leading > room.height_mm + leading or room.width_mm <= 2 * times_mm:
        return lines
    y = room.y_mm + 0.6
    for talk in session.talks:
        y += 0.9
        time = [clock_time(talk.span.start)] if talk.span else []
        for number, text in enumerate(
            wrap(settable(talk.title), width_em, room.width_mm - times_mm, size_pt)
        ):
            if time and number == 0:
                lines.append(Line(text=time[0], face="medium", size_pt=size_pt, x_mm=room.x_mm, y_mm=y))
            lines.append(Line(text=text, face="regular", size_pt=size_pt, x_mm=room.x_mm + times_mm, y_mm=y))
            y += leading
    return lines if y - leading <= room.bottom_mm else []


def title_lines(title: str, face: str, room: Box, grid_pt: float) -> tuple[float, list[str]]:
    """Return the size and the lines in which the title fits the room, its words whole where they can be.

    In the smallest size it ends with an ellipsis.
    """
    measure = metrics()[face].width_em
    widest_em = max((measure(word) for word in title.split()), default=0.0)
    sizes = [grid_pt + step / 2 for step in range(5, -3, -1)]
    for size in sizes:
        if widest_em * size * MM_PER_PT > room.width_mm and size > sizes[-1]:
            continue
        lines = wrap(title, measure, room.width_mm, size)
        if len(lines) * LEADING * size * MM_PER_PT <= room.height_mm:
            return size, lines
    most = max(1, int(room.height_mm / (LEADING * size * MM_PER_PT)))
    room_em = room.width_mm / MM_PER_PT / size
    rest = " ".join(lines[most - 1 :])
    return size, [*lines[: most - 1], shortened(rest, measure, room_em)]
