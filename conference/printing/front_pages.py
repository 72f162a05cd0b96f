"""The pages around the programme: cover, contents, texts that organisers write, and pages for notes."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from conference.event.model import Event, Organiser, Track
from conference.printing.book_format import Format
from conference.printing.book_values import PAGE, BookPage, Ink, Mark, Shape
from conference.printing.breaking import Strip, flowed, strips_of
from conference.printing.colours import INK, LINE, SOFT, TRACKS
from conference.printing.fitting import MM_PER_PT
from conference.printing.layout import Line
from conference.printing.session_pages import beside
from conference.printing.setting import LEADING, TIGHT, balanced, set_heading, set_prose, set_text
from conference.printing.sheets import Box
from conference.printing.text import settable
from conference.programme.model import Kind, Programme
from conference.programme.timetable import FIRST_COLUMN, FIRST_ROW, DayGrid, day_grid
from conference.web.language import gettext, long_date, short_date

_TITLE_LINES = 4
_HEADING_AT_MOST = 40
_MOST_TRACKS = 8


def part_heading(title: str, key: str, form: Format, *, level: int = 0) -> list[Strip]:
    """Return a part's title at the top of its first page, with its bookmark."""
    size = form.pt(3)
    lines = set_heading(settable(title), "bold", size, form.width_mm)
    strips = strips_of(lines, size, leading=TIGHT, is_heading=True)
    strips[0].marks.append(Mark(key, -4, title, level))
    strips.append(Strip(form.base_pt * 0.4, keeps=True))
    return strips


def cover(
    programme: Programme, event: Event, organisers: Sequence[Organiser], stamp: str, form: Format
) -> BookPage:
    """Return the cover: what, when, where and by whom, over the days as they look in the plan."""
    page = BookPage(marks=[Mark("cover", -form.top_mm, event.title)])
    y = _names(page, event, organisers, form)
    foot = form.height_mm
    y_tracks = foot - 5 * form.base_pt / 10
    _put(page, stamp, "regular", form.pt(0), 0, y_tracks, SOFT)
    y_tracks -= 9 * form.base_pt / 10
    for track in reversed(_key(programme)):
        bar = Box(
            x_mm=0,
            y_mm=y_tracks - form.pt(0) * 0.25,
            width_mm=form.edge_mm * 0.2,
            height_mm=form.pt(0) * 0.25,
        )
        page.shapes.append(Shape(bar, TRACKS.get(track.colour, INK)))
        _put(page, track.name, "regular", form.pt(0), form.edge_mm * 0.2 + 3, y_tracks)
        y_tracks -= form.pt(0) * 0.58
    room = Box(x_mm=0, y_mm=y + 8, width_mm=form.width_mm, height_mm=y_tracks - y - 12)
    _draw_days(page, programme, room, form)
    return page


def _key(programme: Programme) -> list[Track]:
    """Return the tracks whose colours the cover explains: those in use, none where they are too many for it."""
    used = {one.track.id for one in programme.sessions if one.track}
    found = [track for track in programme.tracks if track.id in used]
    return found if len(found) <= _MOST_TRACKS else []


def _put(
    page: BookPage, text: str, face: str, size_pt: float, x_mm: float, y_mm: float, colour: str = INK
) -> None:
    line = Line(text=settable(text), face=face, size_pt=size_pt, x_mm=x_mm, y_mm=y_mm)
    page.inks.append(Ink(line, colour))


def _names(page: BookPage, event: Event, organisers: Sequence[Organiser], form: Format) -> float:
    """Write the cover's words and return where they end."""
    y = 0.0
    for organiser in organisers:
        for line in set_text(settable(organiser.name), "medium", form.pt(0), form.width_mm):
            _put(page, line[0].text, "medium", form.pt(0), 0, y, INK)
            y += LEADING * form.pt(0) * MM_PER_PT
    y += form.height_mm * 0.075
    _put(page, gettext("Programme"), "regular", form.pt(2), 0, y, SOFT)
    title = settable(event.title)
    size = _title_pt(title, form)
    y += 0.6 * form.pt(2) * MM_PER_PT
    for text in balanced(title, "bold", size, form.width_mm):
        y += 1.12 * size * MM_PER_PT
        _put(page, text, "bold", size, 0, y)
    y += 5 * form.base_pt / 10
    place = ", ".join(filter(None, (event.venue, event.city)))
    days = [long_date(day) for day in dict.fromkeys((event.first_day, event.last_day))]
    for text in (*days, place):
        for line in set_text(settable(text), "regular", form.pt(1), form.width_mm):
            y += 1.4 * form.pt(1) * MM_PER_PT
            _put(page, line[0].text, "regular", form.pt(1), 0, y)
    return y


def _title_pt(title: str, form: Format) -> float:
    """Return the largest size in which the title has few lines."""
    for steps in (5, 4, 3):
        if len(balanced(title, "bold", form.pt(steps), form.width_mm)) <= _TITLE_LINES:
            return form.pt(steps)
    return form.pt(2)


def _draw_days(page: BookPage, programme: Programme, room: Box, form: Format) -> None:
    """Draw each day's plan without a word: the programme as a picture of itself."""
    grids = [grid for grid in (day_grid(programme, day) for day in programme.days) if grid.places]
    if not grids or room.height_mm < 20:  # noqa: PLR2004 -- mm; nothing can be seen in less
        return
    gap = 6 * form.base_pt / 10
    width = (room.width_mm - gap * (len(grids) - 1)) / len(grids)
    longest = max(sum(grid.heights_rem) for grid in grids)
    for number, grid in enumerate(grids):
        height = (room.height_mm - 6) * sum(grid.heights_rem) / longest
        box = Box(x_mm=number * (width + gap), y_mm=room.y_mm + 6, width_mm=width, height_mm=height)
        if width > 14:  # noqa: PLR2004 -- mm; the day's name has room
            _put(page, short_date(grid.day), "medium", form.pt(-1), box.x_mm, room.y_mm + 3.4)
        page.shapes += _day_blocks(grid, box)


def _day_blocks(grid: DayGrid, box: Box) -> Iterable[Shape]:
    unit = box.height_mm / sum(grid.heights_rem)
    tops = [box.y_mm]
    for height in grid.heights_rem:
        tops.append(tops[-1] + height * unit)
    column = box.width_mm / grid.columns
    gap = min(0.8, column * 0.12)
    for place in grid.places:
        session, y = place.session, tops[place.row - FIRST_ROW]
        colour = TRACKS.get(session.track.colour, INK) if session.track else SOFT
        if session.kind in {Kind.BREAK, Kind.SOCIAL}:
            colour = LINE
        cell = Box(
            x_mm=box.x_mm + (place.column - FIRST_COLUMN) * column,
            y_mm=y,
            width_mm=(place.column_end - place.column) * column - gap,
            height_mm=max(0.2, tops[place.row_end - FIRST_ROW] - y - min(0.8, gap * 2)),
        )
        yield Shape(cell, colour)


def contents(parts: Sequence[tuple[str, str, int]], form: Format) -> list[Strip]:
    """Return a line for each part, given as key, title and level: its page in the left edge, its title beside it."""
    strips = part_heading(gettext("Contents"), "contents", form)
    for key, title, level in parts:
        face, size = ("medium", form.pt(1)) if level == 0 else ("regular", form.pt(0))
        before = 2.2 * form.base_pt / 10 if level == 0 else 0.4
        lines = set_text(settable(title), face, size, form.text_mm)
        made = strips_of(lines, size, x_mm=form.edge_mm, before_mm=before, is_heading=True)
        made[-1].keeps = False
        y_mm = made[0].inks[0].line.y_mm
        number = Line(text=PAGE, face="bold" if level == 0 else "regular", size_pt=size, x_mm=0, y_mm=y_mm)
        made[0].inks = [Ink(number, INK, key), *(Ink(ink.line, ink.colour, key) for ink in made[0].inks)]
        strips += made
    return strips


def imprint(
    event: Event, organisers: Sequence[Organiser], stamp: str, findings: Sequence[str], form: Format
) -> list[Strip]:
    """Return which programme this is, whose, whom to ask, and in a draft what could not be printed as it was typed."""
    size = form.pt(0)
    contact = ", ".join(filter(None, (event.contact_email, event.contact_phone)))
    rows = [
        stamp,
        ", ".join(organiser.name for organiser in organisers),
        gettext("Questions: %(contact)s", contact=contact) if contact else "",
        gettext("All times are those of Stockholm."),
        *findings,
    ]
    strips: list[Strip] = []
    for text in filter(None, rows):
        lines = set_text(settable(text), "regular", size, form.text_mm, SOFT)
        strips += strips_of(lines, size, x_mm=form.edge_mm, before_mm=1.0, is_heading=True)
    strips[-1].keeps = False
    strips[0].before_mm = 16 * form.base_pt / 10
    return strips


def written(text: str, form: Format) -> list[Strip]:
    """Return an organiser's text: each line a paragraph, an empty line a wider space.

    A short line without a full stop at its end that stands right above its text is the text's heading, in the left edge.
    """
    strips: list[Strip] = []
    for block in _blocks_of(text):
        edge = [(block[0], "bold")] if len(block) > 1 and _is_heading(block[0]) else []
        made: list[Strip] = []
        for part in block[len(edge) :]:
            lines = set_prose(settable(part), form.pt(0), form.text_mm)
            made += strips_of(lines, form.pt(0), x_mm=form.edge_mm, before_mm=0.6 if made else 0.0)
        made = beside(made, edge, form)
        made[0].before_mm = 2.8 * form.base_pt / 10
        strips += made
    return strips


def _blocks_of(text: str) -> Iterator[list[str]]:
    """Yield the lines that stand together between empty ones."""
    for is_blank, lines in groupby(text.splitlines(), key=lambda line: not line.strip()):
        if not is_blank:
            yield list(lines)


def _is_heading(line: str) -> bool:
    return len(line.strip()) <= _HEADING_AT_MOST and line.strip()[-1] not in ".,:;!?"


def text_pages(title: str, key: str, text: str, form: Format) -> list[BookPage]:
    """Return the pages of a text that organisers wrote."""
    return flowed([*part_heading(title, key, form), *written(text, form)], title, form.height_mm)


def notes_page(form: Format, *, is_first: bool) -> BookPage:
    title = gettext("Notes")
    page = BookPage(head=title)
    if is_first:
        page = flowed(part_heading(title, "notes", form), title, form.height_mm)[0]
    step = 9.0 * form.base_pt / 10
    y = form.pt(3) * 0.9
    while y + step <= form.height_mm:
        y += step
        page.shapes.append(Shape(Box(x_mm=0, y_mm=y, width_mm=form.width_mm, height_mm=0.15), LINE))
    return page
