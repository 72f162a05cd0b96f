"""The pocket card: each day on one side of an A6, times, short titles and rooms, for the badge's sleeve or a shirt pocket.

Each side is one list in the order of time. Type shrinks within bounds, then titles take one line and end in an
ellipsis, then breaks are left out, then the last rows; what does not fit is told.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from conference.core.text import sort_key
from conference.event.model import Event
from conference.printing.colours import INK, LINE, SOFT, TRACKS
from conference.printing.fitting import MM_PER_PT, shortened, wrap
from conference.printing.layout import Line
from conference.printing.pages import Pages
from conference.printing.preflight import metrics
from conference.printing.sheets import Box
from conference.printing.text import settable
from conference.programme.model import Kind, Programme, Session
from conference.web.language import clock_time, gettext, long_date

A6 = Box(x_mm=0, y_mm=0, width_mm=105, height_mm=148)
MARGIN_MM = 6.0
_HEAD_MM = 13.0
_FOOT_MM = 5.0
_TIMES_MM = 12.0
_ROOM_SHARE = 0.3
_LEADING = 1.17
# Smaller type is not read at arm's length (own choice).
SIZES_PT = (9.5, 9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0)
_LINES_A_TITLE = (2, 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class CardRow:
    """One session: `time` is "" where it is the one above's."""

    session: Session
    time: str
    title: tuple[str, ...]
    room: str
    is_shortened: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class CardSide:
    """One day. `left_out` are the titles that have no row."""

    day: date
    size_pt: float
    rows: tuple[CardRow, ...]
    left_out: tuple[str, ...]

    @property
    def shortened(self) -> tuple[str, ...]:
        return tuple(row.session.title for row in self.rows if row.is_shortened)


def card_sides(programme: Programme) -> tuple[CardSide, ...]:
    """Return a side for each day of the programme."""
    return tuple(_side(day, programme.on(day)) for day in programme.days)


def pocket_card_pdf(sides: Sequence[CardSide], event: Event, stamp: str) -> bytes:
    """Return A6 pages, a day each, to be printed on both sides. Raises FontMissingError."""
    pages = Pages(gettext("Pocket card"), A6)
    for side in sides:
        pages.begin()
        _draw(pages, side, event, stamp)
    return pages.close()


def _side(day: date, sessions: Sequence[Session]) -> CardSide:
    timed = [one for one in sessions if one.span]
    room_mm = A6.height_mm - 2 * MARGIN_MM - _HEAD_MM - _FOOT_MM
    for shown in (timed, [one for one in timed if one.kind is not Kind.BREAK]):
        for most in _LINES_A_TITLE:
            for size in SIZES_PT:
                rows = list(_rows(shown, size, most))
                if sum(_height_mm(row, size) for row in rows) <= room_mm:
                    return _as_side(day, timed, rows, size)
    size, kept, used = SIZES_PT[-1], [], _height_of(1, SIZES_PT[-1])  # a line says how many more there are
    for row in _rows([one for one in timed if one.kind is not Kind.BREAK], size, 1):
        used += _height_mm(row, size)
        if used > room_mm:
            break
        kept.append(row)
    return _as_side(day, timed, kept, size)


def _as_side(day: date, timed: Sequence[Session], rows: Sequence[CardRow], size: float) -> CardSide:
    shown = {row.session.id for row in rows}
    left_out = tuple(one.title for one in timed if one.id not in shown)
    return CardSide(day=day, size_pt=size, rows=tuple(rows), left_out=left_out)


def _rows(sessions: Sequence[Session], size: float, most: int) -> Iterator[CardRow]:
    before = ""
    for session in sorted(sessions, key=_order):
        assert session.span is not None  # the caller took only those that have a time
        time = clock_time(session.span.start)
        room = settable(session.room.name) if session.room else ""
        title, is_shortened = _title(session, room, size, most)
        yield CardRow(
            session=session,
            time="" if time == before else time,
            title=title,
            room=_cut(room, "regular", size, _ROOM_SHARE * _width_mm()),
            is_shortened=is_shortened,
        )
        before = time


def _order(session: Session) -> tuple[object, ...]:
    assert session.span is not None
    return (
        session.span.start,
        session.room.place if session.room else -1,
        sort_key(session.title, "en"),
        session.id,
    )


def _width_mm() -> float:
    return A6.width_mm - 2 * MARGIN_MM - _TIMES_MM


def _title(session: Session, room: str, size: float, most: int) -> tuple[tuple[str, ...], bool]:
    """Return the lines of the title beside its room, and whether it ends in an ellipsis."""
    face = "regular" if session.kind is Kind.BREAK else "medium"
    measure = metrics()[face].width_em
    width = _width_mm() * (1 - _ROOM_SHARE) - 2 if room else _width_mm()
    lines = wrap(settable(session.title), measure, width, size) or [""]
    if len(lines) <= most:
        return tuple(lines), False
    rest = f"{' '.join(lines[most - 1 :])} "
    return (*lines[: most - 1], shortened(rest, measure, width / MM_PER_PT / size)), True


def _cut(text: str, face: str, size: float, width_mm: float) -> str:
    measure = metrics()[face].width_em
    width_em = width_mm / MM_PER_PT / size
    return text if measure(text) <= width_em else shortened(text, measure, width_em)


def _height_of(lines: int, size: float) -> float:
    return lines * _LEADING * size * MM_PER_PT + 0.9


def _height_mm(row: CardRow, size: float) -> float:
    return _height_of(len(row.title), size)


def _draw(pages: Pages, side: CardSide, event: Event, stamp: str) -> None:
    width = A6.width_mm - 2 * MARGIN_MM
    head = Box(x_mm=MARGIN_MM, y_mm=MARGIN_MM, width_mm=width, height_mm=6)
    pages.block(long_date(side.day), "bold", head, (13, 12, 11, 10, 9))
    below = Box(x_mm=MARGIN_MM, y_mm=MARGIN_MM + 6.2, width_mm=width, height_mm=3.4)
    pages.block(event.title, "regular", below, (7, 6.5, 6), colour=SOFT)
    y = MARGIN_MM + _HEAD_MM
    for row in side.rows:
        if row.time:
            pages.rule(MARGIN_MM, y - 0.3, width, INK if row.session.kind is Kind.PLENARY else LINE, 0.15)
        _draw_row(pages, row, side.size_pt, y)
        y += _height_mm(row, side.size_pt)
    if not side.rows:
        pages.text(gettext("Nothing is planned on this day yet."), "regular", 8, MARGIN_MM, y + 4, SOFT)
    more = len(side.left_out)
    if more:
        said = gettext("%(count)s more in the programme", count=more)
        pages.text(
            said,
            "regular",
            SIZES_PT[-1],
            MARGIN_MM + _TIMES_MM,
            A6.height_mm - MARGIN_MM - _FOOT_MM + 1.2,
            SOFT,
        )
    foot = Box(x_mm=MARGIN_MM, y_mm=A6.height_mm - MARGIN_MM - 2.6, width_mm=width, height_mm=3)
    pages.block(stamp, "regular", foot, (6,), colour=SOFT)


def _draw_row(pages: Pages, row: CardRow, size: float, y: float) -> None:
    em = size * MM_PER_PT
    base = y + 0.35 + 0.86 * em
    x = MARGIN_MM + _TIMES_MM
    session = row.session
    if row.time:
        pages.text(row.time, "bold", size, MARGIN_MM, base)
    if session.track:
        height = len(row.title) * _LEADING * em - 0.5
        bar = Box(x_mm=x - 1.8, y_mm=y + 0.5, width_mm=0.9, height_mm=height)
        pages.fill(bar, TRACKS.get(session.track.colour, INK))
    face = "regular" if session.kind is Kind.BREAK else "medium"
    lines = [
        Line(text=text, face=face, size_pt=size, x_mm=x, y_mm=base + number * _LEADING * em)
        for number, text in enumerate(row.title)
    ]
    pages.lines(lines)
    room_mm = metrics()["regular"].width_em(row.room) * em
    pages.lines(
        [
            Line(
                text=row.room, face="regular", size_pt=size, x_mm=A6.width_mm - MARGIN_MM - room_mm, y_mm=base
            )
        ],
        SOFT,
    )
