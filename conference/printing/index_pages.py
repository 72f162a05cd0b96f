"""The indexes: people by family name and sessions by track, each with its pages."""

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from conference.core.ids import SessionId
from conference.core.text import sort_key
from conference.printing.book_format import Format
from conference.printing.book_values import PAGE, BookPage, Ink, Shape
from conference.printing.breaking import Placed, Strip, broken, put, strips_of
from conference.printing.colours import INK, SOFT, TRACKS
from conference.printing.fitting import MM_PER_PT, fit, wrap
from conference.printing.front_pages import part_heading
from conference.printing.layout import Line
from conference.printing.preflight import metrics
from conference.printing.session_pages import session_key, talk_key
from conference.printing.setting import LEADING, set_text, width_mm
from conference.printing.sheets import Box
from conference.printing.text import plain, settable
from conference.programme.listing import Listed, people_listed
from conference.programme.model import Part, Programme, Session
from conference.speakers.model import ListedMember
from conference.web.language import clock_time, gettext, short_date

_GUTTER_MM = 7.0
_INDENT_MM = 3.0
_GAP_MM = 3.0
_HALVINGS = 12
# What stands for letters that sort_key puts after z.
_AFTER_Z = {"{": "Å", "|": "Ä", "}": "Ö"}


def index_name(part: Part | ListedMember) -> str:
    """Return "van der Berg, Zoë" where the key of sorting tells which is the given name, else the name as it is shown.

    The key puts what is sorted first, such as "Berg Zoë"; titles before the name and letters after it are left out.
    """
    words = plain(part.sort_name).replace("\u00a0", " ").split()
    for cut in range(1, len(words)):
        sorted_by, given = " ".join(words[:cut]), " ".join(words[cut:])
        found = re.search(rf"(?<!\S){re.escape(given)} ([^,]+)", plain(part.name).replace("\u00a0", " "))
        if found and sorted_by in found[1]:
            return f"{found[1].strip()}, {given}"
    return part.name


def _letter(part: Part, order: str) -> str:
    """Return the letter under which the person stands, "" for writing without letters."""
    first = sort_key(part.sort_name or part.name, order)[0][:1]
    if first in _AFTER_Z:
        return _AFTER_Z[first]
    script = unicodedata.name(first, "").partition(" ")[0] if first else ""
    return first.upper() if script in {"LATIN", "GREEK", "CYRILLIC"} else ""


def pages_of(listed: Listed, numbers: Mapping[str, int]) -> dict[int, str]:
    """Return the pages on which the person has a part, in order, each with where a link to it leads."""
    found: dict[int, str] = {}
    for one in listed.appearances:
        key = talk_key(one.talk) if one.talk else session_key(one.session)
        if key in numbers:
            found.setdefault(numbers[key], key)
    return dict(sorted(found.items()))


def people_pages(
    programme: Programme, numbers: Mapping[str, int], form: Format, order: str
) -> list[BookPage]:
    """Return the index of people in columns, in a language's order; none where nobody has a part."""
    columns = 3 if form.name == "A4" else 2
    column_mm = (form.width_mm - _GUTTER_MM * (columns - 1)) / columns
    strips: list[Strip] = []
    letter = None
    for listed in people_listed(programme, order):
        pages = pages_of(listed, numbers)
        if not pages:
            continue
        if _letter(listed.part, order) != letter:
            letter = _letter(listed.part, order)
            strips += _letter_strips(letter, form)
        strips += _entry(settable(index_name(listed.part)), pages, column_mm, form)
    title = gettext("Index of people")
    heading = part_heading(title, "people", form)
    return _in_columns(heading, strips, title, form, columns) if strips else []


def _letter_strips(letter: str, form: Format) -> list[Strip]:
    if not letter:
        return [Strip(0.0, before_mm=4.0, keeps=True)]
    lines = set_text(settable(letter), "bold", form.pt(0), 20)
    return strips_of(lines, form.pt(0), before_mm=3.2, is_heading=True)


def _entry(name: str, pages: Mapping[int, str], column_mm: float, form: Format) -> list[Strip]:
    """Return the name with its pages at the column's right edge; on a line of their own where both have no room."""
    size = form.pt(0) - 1
    measure = metrics()["regular"].width_em
    rows = _number_rows(pages, column_mm - _INDENT_MM, size)
    beside_mm = rows[0][0] + _GAP_MM
    name_mm = column_mm - beside_mm if beside_mm < column_mm / 3 else column_mm
    lines = wrap(name, measure, name_mm, size) or [""]
    if len(lines) > 1:
        lines = wrap(name, measure, name_mm - _INDENT_MM, size)
    height_mm = LEADING * size * MM_PER_PT
    strips = []
    for number, text in enumerate(lines):
        x = _INDENT_MM if number else 0.0
        line = Line(text=text, face="regular", size_pt=size, x_mm=x, y_mm=0.76 * height_mm)
        strips.append(Strip(height_mm, [Ink(line, INK)], keeps=True))
    last = strips[-1].inks[0].line
    if last.x_mm + measure(last.text) * size * MM_PER_PT + beside_mm > column_mm:
        strips.append(Strip(height_mm, keeps=True))
    strips += [Strip(height_mm, keeps=True) for _ in rows[1:]]
    for strip, (_, inks) in zip(strips[len(strips) - len(rows) :], rows, strict=True):
        strip.inks += [_ended(ink, column_mm, 0.76 * height_mm) for ink in inks]
    strips[-1].keeps = False
    return strips


def _ended(ink: Ink, column_mm: float, y_mm: float) -> Ink:
    line = ink.line
    moved = Line(text=line.text, face=line.face, size_pt=line.size_pt, x_mm=column_mm + line.x_mm, y_mm=y_mm)
    return Ink(moved, ink.colour, ink.key)


def _number_rows(pages: Mapping[int, str], room_mm: float, size_pt: float) -> list[tuple[float, list[Ink]]]:
    """Return rows of page numbers with their widths, each number's place from the row's right end."""
    rows: list[list[tuple[str, str]]] = [[]]
    used = 0.0
    last = list(pages)[-1]
    for number, key in pages.items():
        text = f"{number}" if number == last else f"{number}, "
        wide = width_mm(text, "regular", size_pt)
        if rows[-1] and used + wide > room_mm:
            rows.append([])
            used = 0.0
        rows[-1].append((text, key))
        used += wide
    made = []
    for row in rows:
        total = sum(width_mm(text, "regular", size_pt) for text, _ in row)
        x, inks = -total, []
        for text, key in row:
            inks.append(Ink(Line(text=text, face="regular", size_pt=size_pt, x_mm=x, y_mm=0), SOFT, key))
            x += width_mm(text, "regular", size_pt)
        made.append((total, inks))
    return made


def _in_columns(
    heading: Sequence[Strip], strips: Iterable[Strip], head: str, form: Format, count: int
) -> list[BookPage]:
    """Return pages of columns; the heading goes over those of the first page."""
    top = sum(strip.height_mm for strip in heading)
    columns = _evened(broken(strips, lambda number: form.height_mm - (top if number < count else 0)), count)
    column_mm = (form.width_mm - _GUTTER_MM * (count - 1)) / count
    pages = []
    for start in range(0, len(columns), count):
        page = BookPage(head=head)
        if start == 0:
            put(page, broken(heading, lambda _number: form.height_mm)[0])
        for place, column in enumerate(columns[start : start + count]):
            put(page, column, place * (column_mm + _GUTTER_MM), 0 if start else top)
        pages.append(page)
    return pages


def _evened(columns: list[list[Placed]], count: int) -> list[list[Placed]]:
    """Return the columns, those of the last page as low as they can be, so that they end alike."""
    start = (len(columns) - 1) // count * count
    last = [strip for column in columns[start:] for strip, _ in column]
    low, high = 0.0, max(y + strip.height_mm for column in columns[start:] for strip, y in column)
    best = columns[start:]
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        tried = broken(last, lambda _number, height=middle: height)  # type: ignore[misc]  # a default binds the value
        if len(tried) <= count and all(
            column[-1][1] + column[-1][0].height_mm <= middle + 1e-6 for column in tried
        ):
            best, high = tried, middle
        else:
            low = middle
    return [*columns[:start], *best]


def track_strips(programme: Programme, form: Format, told: Container[SessionId]) -> Iterator[Strip]:
    """Yield the told sessions of each track by time, the track's word beside its colour."""
    for track in programme.tracks:
        own = (one for one in programme.sessions if one.track and one.track.id == track.id)
        sessions = [one for one in own if one.span and one.id in told]
        if sessions:
            size = form.pt(1)
            lines = set_text(settable(track.name), "bold", size, form.text_mm)
            made = strips_of(lines, size, x_mm=form.edge_mm, before_mm=8 * form.base_pt / 10, is_heading=True)
            bar = Box(x_mm=0, y_mm=made[0].height_mm * 0.44, width_mm=form.edge_mm - 6, height_mm=1.0)
            made[0].shapes.append(Shape(bar, TRACKS.get(track.colour, INK)))
            yield from made
            for session in sessions:
                yield from _track_entry(session, form)


def _track_entry(session: Session, form: Format) -> list[Strip]:
    assert session.span is not None  # the caller took only those that have a time
    size = form.pt(0)
    number_mm = width_mm("0000", "regular", size)
    key = session_key(session)
    lines = set_text(settable(session.title), "regular", size, form.text_mm - number_mm)
    strips = strips_of(lines, size, x_mm=form.edge_mm, before_mm=0.8, is_heading=True)
    y = strips[0].inks[0].line.y_mm
    day = session.day
    when = f"{short_date(day) if day else ''} {clock_time(session.span.start)}"
    sizes = (form.pt(0) - 1, form.pt(0) - 1.5, form.pt(0) - 2)
    edge = fit(when, metrics()["regular"].width_em, form.edge_mm - 2, sizes, 1)
    line = Line(text=edge.lines[0], face="regular", size_pt=edge.size_pt, x_mm=0, y_mm=y)
    strips[0].inks.insert(0, Ink(line, SOFT))
    page = Line(text=PAGE, face="regular", size_pt=size, x_mm=form.width_mm - number_mm * 0.75, y_mm=y)
    strips[0].inks.append(Ink(page, INK, key))
    strips[-1].keeps = False
    return strips
