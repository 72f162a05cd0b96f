"""What has changed since the programme was printed, on one page where it fits: to hang up, and to lay into the booklet."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from conference.core.clock import STOCKHOLM
from conference.event.model import Event
from conference.printing.colours import INK, LINE, SOFT, TRACKS
from conference.printing.fitting import MM_PER_PT, wrap
from conference.printing.pages import A4, Pages
from conference.printing.preflight import metrics
from conference.printing.sheets import Box
from conference.printing.text import settable
from conference.programme.since_print import Entry, SincePrint
from conference.web.language import gettext, long_date, time_span

MARGIN_MM = 18.0
LEFT_MM = 34.0
_BODY_PT, _TITLE_PT, _DAY_PT = 9.5, 11.0, 13.0
_LEADING = 1.3
_HEAD_MM = 62.0
_FOOT_MM = 16.0
_GAP_MM = 3.2
# Of one session on one page; a longer row goes on below, or on the next page.
_MOST_LINES = 36


@dataclass(frozen=True, kw_only=True, slots=True)
class _Row:
    """Lines that stay together: those in the left edge and those beside it, each (text, face, size, colour)."""

    left: tuple[tuple[str, str, float, str], ...]
    right: tuple[tuple[str, str, float, str], ...]
    day: str = ""

    @property
    def height_mm(self) -> float:
        head = (_DAY_PT * _LEADING * MM_PER_PT + 4) if self.day else 0
        sides = (
            sum(size * _LEADING * MM_PER_PT for _, _, size, _ in side) for side in (self.left, self.right)
        )
        return head + max(sides) + _GAP_MM


def changes_pdf(since: SincePrint, event: Event) -> bytes:
    """Return an A4 page with every difference, sorted by day and time; further pages where one is too little.

    Each page then says how many there are. Where nothing differs the page says that. Raises FontMissingError.
    """
    rows = list(_rows(since))
    sheets = _shared_out(rows)
    pages = Pages(gettext("Changes since printing"), A4)
    for number, shown in enumerate(sheets, 1):
        pages.begin()
        y = _head(pages, since, event) if number == 1 else _short_head(pages)
        for row in shown:
            y = _draw(pages, row, y)
        if not rows:
            said = gettext("Nothing has changed: what is printed is right.")
            pages.text(said, "medium", 14, MARGIN_MM, y + 8)
        _foot(pages, number, len(sheets), event)
    return pages.close()


def _shared_out(rows: list[_Row]) -> list[list[_Row]]:
    """Return the rows of each page; always at least one page."""
    bottom = A4.height_mm - MARGIN_MM - _FOOT_MM
    sheets: list[list[_Row]] = [[]]
    y = _HEAD_MM
    for row in rows:
        if y + row.height_mm > bottom and sheets[-1]:
            sheets.append([])
            y = MARGIN_MM + 14
        sheets[-1].append(row)
        y += row.height_mm
    return sheets


def _rows(since: SincePrint) -> Iterator[_Row]:
    before = None
    for entry in since.entries:
        day = entry.day
        head = long_date(day) if day is not None and day != before else ""
        before = day if day is not None else before
        yield from _broken(_row(entry, head))


def _broken(row: _Row) -> Iterator[_Row]:
    """Yield the row, in several where it is more than stays together."""
    yield replace(row, right=row.right[:_MOST_LINES])
    for start in range(_MOST_LINES, len(row.right), _MOST_LINES):
        yield _Row(left=(), right=row.right[start : start + _MOST_LINES])


def _row(entry: Entry, day: str) -> _Row:
    session = entry.session
    width = A4.width_mm - 2 * MARGIN_MM - LEFT_MM
    left, right = [], []
    if session is None:
        right = _lines(gettext("The whole programme"), "bold", _TITLE_PT, width, INK)
    else:
        colour = SOFT if entry.is_cancelled else INK
        if session.span:
            left += _lines(time_span(session.span), "bold", 10.5, LEFT_MM - 4, colour)
        if session.room:
            left += _lines(session.room.name, "regular", _BODY_PT, LEFT_MM - 4, SOFT)
        right += _lines(session.title, "bold", _TITLE_PT, width, colour)
    for point in entry.points:
        right += _lines(point.said, "regular", _BODY_PT, width, INK)
    return _Row(left=tuple(left), right=tuple(right), day=day)


def _lines(
    text: str, face: str, size: float, width_mm: float, colour: str
) -> list[tuple[str, str, float, str]]:
    broken = wrap(settable(text), metrics()[face].width_em, width_mm, size)
    return [(line, face, size, colour) for line in broken]


def _draw(pages: Pages, row: _Row, y: float) -> float:
    bottom = y + row.height_mm
    if row.day:
        pages.text(row.day, "bold", _DAY_PT, MARGIN_MM, y + 6)
        y += _DAY_PT * _LEADING * MM_PER_PT + 4
    pages.rule(MARGIN_MM, y, A4.width_mm - 2 * MARGIN_MM, LINE)
    for x, lines in ((MARGIN_MM, row.left), (MARGIN_MM + LEFT_MM, row.right)):
        line_y = y + 1.2
        for text, face, size, colour in lines:
            line_y += size * _LEADING * MM_PER_PT
            pages.text(text, face, size, x, line_y - 0.9, colour)
    return bottom


def _head(pages: Pages, since: SincePrint, event: Event) -> float:
    width = A4.width_mm - 2 * MARGIN_MM
    pages.block(
        event.title,
        "regular",
        Box(x_mm=MARGIN_MM, y_mm=15, width_mm=width, height_mm=6),
        (11, 10, 9),
        colour=SOFT,
    )
    pages.fill(Box(x_mm=MARGIN_MM, y_mm=24, width_mm=14, height_mm=1.6), TRACKS[1])
    title = Box(x_mm=MARGIN_MM, y_mm=30, width_mm=width, height_mm=12)
    pages.block(gettext("Changes since printing"), "bold", title, (28, 26, 24, 22, 20))
    printed, now = since.printed, since.programme
    said = gettext(
        "Printed: version %(printed)s of %(day)s. True now: version %(now)s of %(today)s.",
        printed=printed.version,
        day=_day(since.printed.published_at),
        now=now.version,
        today=_day(now.published_at),
    )
    below = Box(x_mm=MARGIN_MM, y_mm=45, width_mm=width, height_mm=10)
    pages.block(said, "regular", below, (11, 10, 9), colour=SOFT)
    return _HEAD_MM


def _day(moment: datetime | None) -> str:
    return long_date(moment.astimezone(STOCKHOLM).date()) if moment else ""


def _short_head(pages: Pages) -> float:
    pages.text(gettext("Changes since printing"), "bold", 14, MARGIN_MM, MARGIN_MM + 6)
    return MARGIN_MM + 14


def _foot(pages: Pages, number: int, count: int, event: Event) -> None:
    y = A4.height_mm - MARGIN_MM
    pages.rule(MARGIN_MM, y - 6, A4.width_mm - 2 * MARGIN_MM, INK, 0.25)
    if count > 1:
        said = gettext("Page %(number)s of %(count)s", number=number, count=count)
        if number < count:
            said += ". " + gettext("More on the next page.")
        pages.text(said, "medium", 10, MARGIN_MM, y)
    if event.contact_email:
        said = gettext("Questions: %(address)s", address=event.contact_email)
        width = metrics()["regular"].width_em(settable(said)) * 9.5 * MM_PER_PT
        pages.text(said, "regular", 9.5, A4.width_mm - MARGIN_MM - width, y, SOFT)
