"""The plan at a glance: times in the left edge, rooms as columns, the same order as on screen.

A day with few rooms has one page, and two days face each other. A day with more rooms has a double page, and its rooms
go on over further ones where they are too many for that.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass

from conference.core.ids import SessionId
from conference.printing.book_format import Format
from conference.printing.book_values import PAGE, BookPage, Ink, Link, Mark, Shape
from conference.printing.colours import INK, LINE, SOFT, WASH, WASHES
from conference.printing.fitting import MM_PER_PT, fit, shortened, wrap
from conference.printing.layout import Line
from conference.printing.preflight import metrics
from conference.printing.session_pages import session_key, track_colour
from conference.printing.setting import TIGHT, balanced
from conference.printing.sheets import Box
from conference.printing.text import settable
from conference.programme.model import AT_ONCE, Kind, Programme, Session, Talk
from conference.programme.timetable import FIRST_COLUMN, FIRST_ROW, DayGrid, Place, day_grid
from conference.programme.timetable import Mark as TimeMark
from conference.web.language import clock_time, gettext, long_date, short_date, time_span

# Days with more columns than this have a double page.
ON_ONE_PAGE = 3
GAP_MM = 1.2
BAR_MM = 1.2
PADDING_MM = 1.6
LEADING = 1.18
# Nothing is set smaller.
LEAST_PT = 5.8
# A row's least height in ems of the plan's type, as long as such rows take no more than this share of the page.
_LOWEST_EM, _MOST_LOW = 1.1, 0.8
_HALVINGS = 24
_ROUNDING = 1e-6
# The height of a single line, in ems.
_LINE_EM = 0.95
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
    told: Container[SessionId]

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


def plan_days(programme: Programme, form: Format, told: Container[SessionId]) -> list[list[BookPage]]:
    """Return the pages of each day. Where a day has two or more, the first is to lie at the left.

    `told` are the sessions that stand on a page behind the plan.
    """
    grids = [day_grid(programme, day) for day in programme.days]
    is_narrow = all(grid.columns <= ON_ONE_PAGE for grid in grids)
    return [
        [
            _page(Sheet(grid=grid, first=first, end=end, form=form, told=told), is_first=number == 0)
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
    count = 2
    while True:
        groups = _shared_out(units, count)
        if all(end - first <= most for first, end in groups):
            return groups
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


def _shared_out(units: Sequence[tuple[int, int]], count: int) -> list[tuple[int, int]]:
    """Return the units on so many pages of much the same width, fewer where there are not enough units."""
    begin, end = units[0][0], units[-1][1]
    pages: dict[int, tuple[int, int]] = {}
    for first, unit_end in units:
        middle = (first + unit_end) / 2 - begin - _ROUNDING
        number = int(middle * count / (end - begin))
        pages[number] = (pages[number][0] if number in pages else first, unit_end)
    return list(pages.values())


def _page(sheet: Sheet, *, is_first: bool) -> BookPage:
    grid, form = sheet.grid, sheet.form
    title, day = gettext("Plan at a glance"), long_date(grid.day)
    page = BookPage(head=title if is_first else f"{title} · {short_date(grid.day)}")
    y = 0.76 * TIGHT * form.pt(3) * MM_PER_PT
    if is_first:
        _text(page, day, "bold", form.pt(3), 0, y)
        page.marks.append(Mark(f"plan-{grid.day}", -4, day, 1))
    if not grid.places:
        _text(page, gettext("Nothing is planned on this day yet."), "regular", form.pt(0), 0, y + 10, SOFT)
        return page
    tops = _tops_mm(sheet)
    _draw_rooms(page, sheet)
    _draw_times(page, sheet, tops)
    for place in grid.places:
        if place.column < sheet.end and place.column_end > sheet.first:
            _draw_session(page, sheet, place.session, _cell(sheet, tops, place))
    return page


def _text(
    page: BookPage, text: str, face: str, size_pt: float, x_mm: float, y_mm: float, colour: str = INK
) -> None:
    page.inks.append(Ink(Line(text=settable(text), face=face, size_pt=size_pt, x_mm=x_mm, y_mm=y_mm), colour))


def _tops_mm(sheet: Sheet) -> list[float]:
    """Return where each row begins, and where the last one ends.

    Heights are true to the minutes, but a row that is the whole of a session has room for a line, where the page has it.
    """
    grid, form = sheet.grid, sheet.form
    room_mm = form.height_mm - sheet.head_mm - form.grid_pt * 0.5
    whole = {place.row - FIRST_ROW for place in grid.places if place.row_end - place.row == 1}
    least_mm = [
        _LOWEST_EM * form.grid_pt * MM_PER_PT if row in whole else 0.0 for row in range(len(grid.heights_rem))
    ]
    if sum(least_mm) > _MOST_LOW * room_mm:
        least_mm = [0.0] * len(least_mm)
    low, high = 0.0, _MOST_MM_A_REM * form.base_pt / 10

    def heights(unit: float) -> list[float]:
        return [max(least, rem * unit) for least, rem in zip(least_mm, grid.heights_rem, strict=True)]

    if sum(heights(high)) > room_mm:
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if sum(heights(middle)) <= room_mm else (low, middle)
    else:
        low = high
    tops = [sheet.head_mm]
    for height in heights(low):
        tops.append(tops[-1] + height)
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
    """A time stands where it can be read: of two that are closer than a line, a beginning goes first, and a full hour."""
    pt = sheet.form.grid_pt + 0.5
    least_mm = pt * 1.15 * MM_PER_PT
    marks = sorted(sheet.grid.marks, key=lambda mark: (not mark.begins, _oddness(mark), mark.row))
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


def _oddness(mark: TimeMark) -> int:
    return {0: 0, 30: 1}.get(mark.moment.minute, 2)


def _draw_session(page: BookPage, sheet: Sheet, session: Session, cell: Box) -> None:
    if session.kind is Kind.BREAK:
        for y in (cell.y_mm, cell.bottom_mm):
            rule = Box(x_mm=cell.x_mm, y_mm=y, width_mm=cell.width_mm, height_mm=0.15)
            page.shapes.append(Shape(rule, LINE))
    else:
        page.shapes.append(Shape(cell, _wash(session)))
        bar = Box(x_mm=cell.x_mm, y_mm=cell.y_mm, width_mm=BAR_MM, height_mm=cell.height_mm)
        page.shapes.append(Shape(bar, track_colour(session)))
    if session.id in sheet.told:
        page.links.append(Link(cell, session_key(session)))
    _draw_words(page, sheet, session, cell)


def _wash(session: Session) -> str:
    return WASHES.get(session.track.colour, WASH) if session.track else WASH


def is_told(session: Session) -> bool:
    """Return whether the session has a place behind the plan: a break without a word to say has none."""
    return session.kind is not Kind.BREAK or bool(session.abstract or session.people or session.talks)


def _draw_words(page: BookPage, sheet: Sheet, session: Session, cell: Box) -> None:
    """The title, and under it time, page, track and talks, as far as there is room."""
    x = cell.x_mm + BAR_MM + PADDING_MM
    room = Box(
        x_mm=x, y_mm=cell.y_mm + 1, width_mm=cell.right_mm - PADDING_MM - x, height_mm=cell.height_mm - 0.6
    )
    is_break = session.kind is Kind.BREAK
    face, colour = ("regular", SOFT) if is_break else ("bold", INK)
    largest = sheet.form.grid_pt + (0.5 if is_break else 2)
    size, lines = title_lines(settable(session.title), face, room, largest)
    em = size * MM_PER_PT
    y = room.y_mm + 0.9 * em
    if len(lines) * LEADING * em + 2 > cell.height_mm:
        y = cell.y_mm + (cell.height_mm - (len(lines) - 1) * LEADING * em + 0.711 * em) / 2
    for text in lines:
        page.inks.append(Ink(Line(text=text, face=face, size_pt=size, x_mm=x, y_mm=y), colour))
        y += LEADING * em
    if is_break:
        return
    small = sheet.form.grid_pt - 0.6
    for row in _small_rows(session, room, small, has_page=session.id in sheet.told):
        if y > cell.bottom_mm - 0.8:
            return
        for ink in row:
            line = ink.line
            moved = Line(text=line.text, face=line.face, size_pt=line.size_pt, x_mm=line.x_mm, y_mm=y)
            page.inks.append(Ink(moved, ink.colour, ink.key))
        y += 1.3 * small * MM_PER_PT
    left = Box(x_mm=x, y_mm=y, width_mm=room.width_mm, height_mm=cell.bottom_mm - y - 0.8)
    page.inks += [Ink(line, INK) for line in talk_lines(session, left, small)]


def _small_rows(session: Session, room: Box, size_pt: float, *, has_page: bool) -> list[list[Ink]]:
    """Return what stands under the title, by line: the time with the page, and the track's word, together if they fit."""
    assert session.span is not None  # only what has a time stands in the grid
    measure, em = metrics()["regular"].width_em, size_pt * MM_PER_PT
    x_mm, width_mm = room.x_mm, room.width_mm

    def ink(text: str, colour: str, key: str = "", x: float = x_mm, size: float = size_pt) -> Ink:
        return Ink(Line(text=text, face="regular", size_pt=size, x_mm=x, y_mm=0), colour, key)

    when, key = time_span(session.span), session_key(session)
    forms = [
        gettext("%(when)s, page %(page)s", when=one, page=PAGE)
        for one in (when, clock_time(session.span.start))
    ]
    wide_mm, with_page = next(
        ((wide, one) for one in forms if (wide := measure(one.replace(PAGE, "000")) * em) <= width_mm),
        (0.0, ""),
    )
    if not has_page:
        rows, wide_mm = [[ink(when, SOFT)]], measure(when) * em
    elif with_page:
        rows = [[ink(with_page, SOFT, key)]]
    else:
        rows = [[ink(when, SOFT)], [ink(gettext("page %(page)s", page=PAGE), SOFT, key)]]
    if session.track:
        word = settable(session.track.name)
        if len(rows) == 1 and wide_mm + measure(word) * em + 3 * em <= width_mm:
            rows[0].append(ink(word, track_colour(session), x=x_mm + wide_mm + 0.6 * em))
        else:
            shown = fit(word, measure, width_mm, (size_pt, size_pt - 0.5, size_pt - 1), 1)
            rows.append([ink(shown.lines[0], track_colour(session), size=shown.size_pt)])
    return rows


def talk_lines(session: Session, room: Box, size_pt: float) -> list[Line]:
    """Return the talks with their times, as roomy as they fit: all of them or, where the cell is too low, none."""
    for gap_mm, size in ((0.9, size_pt), (0.4, size_pt), (0.2, size_pt - 0.5), (0.1, size_pt - 1)):
        if size < LEAST_PT or len(session.talks) * 1.2 * size * MM_PER_PT > room.height_mm + 1:
            continue
        lines, bottom_mm = _talks_at(session, room, size, gap_mm)
        if bottom_mm <= room.bottom_mm:
            return lines
    return []


def _talk_edge(talk: Talk, session: Session) -> str:
    """Return what stands before a talk: its beginning, or the number of a poster, which hangs there all the time."""
    if session.kind in AT_ONCE:
        return settable(talk.poster_number)
    return clock_time(talk.span.start) if talk.span else ""


def _talks_at(session: Session, room: Box, size_pt: float, gap_mm: float) -> tuple[list[Line], float]:
    """Return the talks' lines in this size, and where the last one ends."""
    leading = 1.2 * size_pt * MM_PER_PT
    edges = [_talk_edge(talk, session) for talk in session.talks]
    times_mm = 3.1 * size_pt * MM_PER_PT if any(edges) else 0.0
    lines: list[Line] = []
    y = room.y_mm + 0.6
    for talk, edge in zip(session.talks, edges, strict=True):
        y += gap_mm
        if edge and metrics()["medium"].width_em(edge) * size_pt * MM_PER_PT < times_mm:
            lines.append(Line(text=edge, face="medium", size_pt=size_pt, x_mm=room.x_mm, y_mm=y))
        x, width_mm = room.x_mm + times_mm, room.width_mm - times_mm
        if width_mm < times_mm:
            return [], room.bottom_mm + 1
        for text in wrap(settable(talk.title), metrics()["regular"].width_em, width_mm, size_pt):
            lines.append(Line(text=text, face="regular", size_pt=size_pt, x_mm=x, y_mm=y))
            y += leading
    return lines, y - 0.8 * leading


def title_lines(title: str, face: str, room: Box, largest_pt: float) -> tuple[float, list[str]]:
    """Return the size and the lines in which the title fits the room, its words whole where they can be.

    In the smallest size it ends with an ellipsis.
    """
    measure = metrics()[face].width_em
    widest_em = max((measure(word) for word in title.split()), default=0.0)
    sizes = [largest_pt - step / 2 for step in range(7) if largest_pt - step / 2 >= LEAST_PT]
    for size in sizes:
        if widest_em * size * MM_PER_PT > room.width_mm and size > sizes[-1]:
            continue
        lines = wrap(title, measure, room.width_mm, size)
        if ((len(lines) - 1) * LEADING + _LINE_EM) * size * MM_PER_PT <= room.height_mm:
            return size, balanced(title, face, size, room.width_mm)
    most = 1 + max(0, int((room.height_mm / size / MM_PER_PT - _LINE_EM) / LEADING))
    room_em = room.width_mm / MM_PER_PT / size
    rest = " ".join(lines[most - 1 :])
    return size, [*lines[: most - 1], shortened(rest, measure, room_em)]
