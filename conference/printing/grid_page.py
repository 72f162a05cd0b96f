"""One day on one page: times in the left edge, rooms as columns, the same order as on screen."""

from conference.printing.booklet import Booklet
from conference.printing.colours import INK, LINE, SOFT, TRACKS, WASH, WASHES
from conference.printing.fitting import MM_PER_PT, fit, shortened, wrap
from conference.printing.layout import Line
from conference.printing.preflight import metrics
from conference.printing.sheets import Box
from conference.printing.text import settable
from conference.programme.model import Kind, Session
from conference.programme.timetable import FIRST_COLUMN, FIRST_ROW, DayGrid, Place
from conference.web.language import clock_time, gettext, long_date, time_span

TIMES_MM = 14.0
ROOMS_MM = 9.0
TIME_MM = 4.0
GAP_MM = 1.2
BAR_MM = 1.4
PADDING_MM = 1.8
# More columns than this are too narrow on an upright page.
UPRIGHT_COLUMNS = 5
TITLE_SIZES_PT = (11, 10, 9.5, 9, 8.5, 8, 7.5, 7)
SMALL_PT = 7.5
TALK_MM = 8.5
LEADING = 1.18
_THIN = frozenset({Kind.BREAK, Kind.SOCIAL})


def session_key(session: Session) -> str:
    return f"session-{session.id}"


def draw_grid(booklet: Booklet, grid: DayGrid, pages: dict[str, int]) -> None:
    """Draw the day; `pages` says on which page each session is told, empty while that is not known."""
    booklet.begin_page(gettext("Overview"), is_wide=grid.columns > UPRIGHT_COLUMNS)
    body = booklet.body
    booklet.mark(f"day-{grid.day}", long_date(grid.day), 0)
    booklet.text(long_date(grid.day), "bold", 18, body.x_mm, body.y_mm + 4)
    area = Box(x_mm=body.x_mm, y_mm=body.y_mm + 10, width_mm=body.width_mm, height_mm=body.height_mm - 12)
    if not grid.places:
        booklet.text(
            gettext("Nothing is planned on this day yet."), "regular", 11, area.x_mm, area.y_mm + 6, SOFT
        )
        return
    tops = _row_tops_mm(grid, area)
    _draw_rooms(booklet, grid, area)
    _draw_times(booklet, grid, area, tops)
    for place in grid.places:
        _draw_session(booklet, place, _cell(grid, area, tops, place), pages)


def _row_tops_mm(grid: DayGrid, area: Box) -> list[float]:
    """Return where each row begins, and where the last one ends: the whole day fills the page."""
    top = area.y_mm + ROOMS_MM
    unit = (area.bottom_mm - 4 - top) / sum(grid.heights_rem)
    tops = [top]
    for height in grid.heights_rem:
        tops.append(tops[-1] + height * unit)
    return tops


def _column_mm(grid: DayGrid, area: Box, column: int) -> float:
    """Return a column's left edge."""
    width = (area.width_mm - TIMES_MM) / grid.columns
    return area.x_mm + TIMES_MM + (column - FIRST_COLUMN) * width


def _cell(grid: DayGrid, area: Box, tops: list[float], place: Place) -> Box:
    x, right = (_column_mm(grid, area, column) for column in (place.column, place.column_end))
    y, bottom = tops[place.row - FIRST_ROW], tops[place.row_end - FIRST_ROW]
    return Box(x_mm=x, y_mm=y + 0.3, width_mm=right - x - GAP_MM, height_mm=bottom - y - 0.6)


def _draw_rooms(booklet: Booklet, grid: DayGrid, area: Box) -> None:
    for room, (first, end) in zip(grid.rooms, grid.heads, strict=True):
        x = _column_mm(grid, area, first)
        width_mm = _column_mm(grid, area, end) - x - GAP_MM
        name = fit(settable(room.name), metrics()["bold"].width_em, width_mm, (10, 9, 8), 1)
        booklet.text(name.lines[0], "bold", name.size_pt, x, area.y_mm + 5)
    rule = Box(
        x_mm=area.x_mm, y_mm=area.y_mm + ROOMS_MM - 1.6, width_mm=area.width_mm - GAP_MM, height_mm=0.4
    )
    booklet.fill(rule, INK)


def _draw_times(booklet: Booklet, grid: DayGrid, area: Box, tops: list[float]) -> None:
    lowest = -10.0
    for mark in grid.marks:
        y = tops[mark.row - FIRST_ROW]
        if y - lowest < TIME_MM:  # two times closer than a line cannot both be read; the earlier one stays
            continue
        lowest = y
        rule = Box(x_mm=area.x_mm, y_mm=y, width_mm=TIMES_MM - 2, height_mm=0.2)
        booklet.fill(rule, INK if mark.begins else LINE)
        face, colour = ("bold", INK) if mark.begins else ("regular", SOFT)
        booklet.text(clock_time(mark.moment), face, 9, area.x_mm, y + 3.6, colour)


def _draw_session(booklet: Booklet, place: Place, cell: Box, pages: dict[str, int]) -> None:
    session = place.session
    colour = TRACKS.get(session.track.colour, INK) if session.track else INK
    if session.kind in _THIN:
        booklet.fill(cell, WASH)
    elif session.kind is Kind.PLENARY:
        booklet.fill(cell, "#ffffff")
        booklet.frame(cell, INK)
    else:
        booklet.fill(cell, WASHES.get(session.track.colour, WASH) if session.track else WASH)
    if session.kind not in _THIN:
        booklet.fill(Box(x_mm=cell.x_mm, y_mm=cell.y_mm, width_mm=BAR_MM, height_mm=cell.height_mm), colour)
    page = pages.get(session_key(session))
    if page:
        booklet.link(session_key(session), cell)
    _draw_words(booklet, session, cell, page)


def _draw_words(booklet: Booklet, session: Session, cell: Box, page: int | None) -> None:
    """The title as large as it fits, and under it time, track and page, as far as there is room."""
    x = cell.x_mm + BAR_MM + PADDING_MM
    width = cell.width_mm - BAR_MM - 2 * PADDING_MM
    face = "regular" if session.kind is Kind.BREAK else "bold"
    size, lines = title_lines(settable(session.title), face, width, cell.height_mm - 1)
    em = size * MM_PER_PT
    y = cell.y_mm + 1 + 0.9 * em
    if len(lines) * LEADING * em + 2 > cell.height_mm:
        y = cell.y_mm + (cell.height_mm - (len(lines) - 1) * LEADING * em + 0.711 * em) / 2
    title = []
    for text in lines:
        title.append(Line(text=text, face=face, size_pt=size, x_mm=x, y_mm=y))
        y += LEADING * em
    booklet.lines(title)
    for text in _small_lines(session, page):
        if y > cell.bottom_mm - 1:
            return
        shown = fit(settable(text), metrics()["regular"].width_em, width, (SMALL_PT, 7, 6.5), 1)
        booklet.text(shown.lines[0], "regular", shown.size_pt, x, y, SOFT)
        y += 1.3 * SMALL_PT * MM_PER_PT
    booklet.lines(talk_lines(session, Box(x_mm=x, y_mm=y, width_mm=width, height_mm=cell.bottom_mm - y - 1)))


def _small_lines(session: Session, page: int | None) -> list[str]:
    assert session.span is not None  # only what has a time stands in the grid
    when = time_span(session.span)
    if session.kind is Kind.BREAK:
        return []
    if page:
        when = gettext("%(when)s, page %(page)s", when=when, page=page)
    return [when, *([session.track.name] if session.track else [])]


def talk_lines(session: Session, room: Box) -> list[Line]:
    """Return the talks with their times, all of them or, where the cell is too low, none."""
    width_em = metrics()["regular"].width_em
    leading = 1.22 * SMALL_PT * MM_PER_PT
    lines = []
    y = room.y_mm + 0.6
    for talk in session.talks:
        y += 0.9
        time = [clock_time(talk.span.start)] if talk.span else []
        for number, text in enumerate(
            wrap(settable(talk.title), width_em, room.width_mm - TALK_MM, SMALL_PT)
        ):
            if time and number == 0:
                lines.append(Line(text=time[0], face="medium", size_pt=SMALL_PT, x_mm=room.x_mm, y_mm=y))
            lines.append(Line(text=text, face="regular", size_pt=SMALL_PT, x_mm=room.x_mm + TALK_MM, y_mm=y))
            y += leading
    return lines if y - leading <= room.bottom_mm else []


def title_lines(title: str, face: str, width_mm: float, height_mm: float) -> tuple[float, list[str]]:
    """Return the size and the lines in which the title fits the cell, in the smallest size with an ellipsis."""
    measure = metrics()[face].width_em
    for size in TITLE_SIZES_PT:
        lines = wrap(title, measure, width_mm, size)
        if len(lines) * LEADING * size * MM_PER_PT <= height_mm:
            return size, lines
    most = max(1, int(height_mm / (LEADING * size * MM_PER_PT)))
    room_em = width_mm / MM_PER_PT / size
    return size, [*lines[: most - 1], shortened(" ".join(lines[most - 1 :]), measure, room_em)]
