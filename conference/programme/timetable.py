"""Where each session of a day stands in the timetable, and the style sheet that puts it there. Pure.

Times run down one left edge, rooms are columns in their fixed order. A row lies between two moments at which
something begins or ends; its height is true to its minutes, but a stretch in which there is only a break or an
evening is thin, and one in which there is nothing is a gap. Content that needs more height gets it.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise, zip_longest

from conference.core.ids import SessionId
from conference.core.interval import Interval
from conference.event.model import Room
from conference.programme.model import Kind, Programme, Session

REM_PER_MINUTE = 0.19
THIN_REM = 2.75
EVENING_REM = 3.5
GAP_REM = 2.0
# A row is never lower than the time that stands in it.
LOWEST_REM = 1.4
# An end is told in the left edge only where it has room to be read before the next time.
END_MIN = 10
WIDE = frozenset({Kind.PLENARY, Kind.BREAK, Kind.SOCIAL})
THIN = {Kind.BREAK: THIN_REM, Kind.SOCIAL: EVENING_REM}
# The first column holds the times, the first row the rooms' names; lines of a grid count from 1.
FIRST_COLUMN = FIRST_ROW = 2
# Below this width (theme.css, programme.css) the day is a list and nothing is placed.
WIDTH = "48rem"


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A session's lines in the grid, each end exclusive."""

    session: Session
    row: int
    row_end: int
    column: int
    column_end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A time in the left edge; `begins` is False where something only ends."""

    moment: datetime
    row: int
    begins: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class DayGrid:
    """`heads` are the columns of each room, the end exclusive: several where sessions share it at one time."""

    day: date
    rooms: tuple[Room, ...]
    heads: tuple[tuple[int, int], ...]
    columns: int
    heights_rem: tuple[float, ...]
    marks: tuple[Mark, ...]
    places: tuple[Place, ...]


def day_grid(programme: Programme, day: date) -> DayGrid:
    """Return the day's timetable: all rooms that have a session on any day, so that columns never change places."""
    sessions = [session for session in programme.on(day) if session.span]
    used = {session.room.id for session in programme.sessions if session.room}
    rooms = tuple(room for room in programme.rooms if room.id in used)
    moments = sorted({moment for session in sessions for moment in _ends(session)})
    heads, inside = _lanes(sessions, rooms)
    columns = _columns(sessions, inside, heads[-1][1] - FIRST_COLUMN if heads else 0)
    rows = {moment: FIRST_ROW + number for number, moment in enumerate(moments)}
    return DayGrid(
        day=day,
        rooms=rooms,
        heads=heads,
        columns=max([1, *(end - FIRST_COLUMN for _, end in (*heads, *columns.values()))]),
        heights_rem=tuple(
            _height_rem(Interval(start=start, end=end), sessions) for start, end in pairwise(moments)
        ),
        marks=_marks(rows, {_span(session).start for session in sessions}),
        places=tuple(_place(session, rows, columns) for session in sessions),
    )


def _span(session: Session) -> Interval:
    assert session.span is not None  # the caller took only those that have a time
    return session.span


def _ends(session: Session) -> tuple[datetime, datetime]:
    return (_span(session).start, _span(session).end)


def _marks(rows: Mapping[datetime, int], starts: Container[datetime]) -> tuple[Mark, ...]:
    following = list(rows)[1:]
    return tuple(
        Mark(moment=moment, row=row, begins=moment in starts)
        for (moment, row), later in zip_longest(rows.items(), following)
        if moment in starts or later is None or later - moment >= timedelta(minutes=END_MIN)
    )


def _place(
    session: Session, rows: Mapping[datetime, int], columns: Mapping[SessionId, tuple[int, int]]
) -> Place:
    column, column_end = columns[session.id]
    start, end = _ends(session)
    return Place(session=session, row=rows[start], row_end=rows[end], column=column, column_end=column_end)


def _height_rem(stretch: Interval, sessions: Iterable[Session]) -> float:
    running = [session for session in sessions if _span(session).overlaps(stretch)]
    true_rem = max(LOWEST_REM, round(stretch.duration_min * REM_PER_MINUTE, 2))
    if not running:
        return min(true_rem, GAP_REM)
    if all(session.kind in THIN for session in running):
        return min(true_rem, max(THIN[session.kind] for session in running))
    return true_rem


def _lanes(
    sessions: Sequence[Session], rooms: Sequence[Room]
) -> tuple[tuple[tuple[int, int], ...], dict[SessionId, tuple[int, int]]]:
    """Return the columns of each room, and those of each session inside its room.

    A room has as many columns as sessions are in it at once, such as a poster wall beside an exhibition, or a session
    beside the one that holds it. Who is alone in the room stands across all of them.
    """
    heads, columns, first = [], {}, FIRST_COLUMN
    for room in rooms:
        own = [session for session in sessions if session.room and session.room.id == room.id]
        lanes = _beside_each_other(own)
        end = first + 1 + max(lanes.values(), default=0)
        for session in own:
            is_alone = not any(_meet(session, other) for other in own)
            column = first + lanes[session.id]
            columns[session.id] = (first, end) if is_alone else (column, column + 1)
        heads.append((first, end))
        first = end
    return tuple(heads), columns


def _beside_each_other(sessions: Iterable[Session]) -> dict[SessionId, int]:
    """Return a lane from 0 on for each session, the first one that is free when it begins."""
    lanes: dict[SessionId, int] = {}
    ends: list[datetime] = []
    for session in sorted(sessions, key=lambda one: (_span(one).start, -_span(one).duration_min, one.id)):
        lane = next((n for n, end in enumerate(ends) if end <= _span(session).start), len(ends))
        ends[lane : lane + 1] = [_span(session).end]
        lanes[session.id] = lane
    return lanes


def _meet(one: Session, other: Session) -> bool:
    return one.id != other.id and _span(one).overlaps(_span(other))


def _columns(
    sessions: Sequence[Session], inside: Mapping[SessionId, tuple[int, int]], of_rooms: int
) -> dict[SessionId, tuple[int, int]]:
    """Return each session's columns: its room's, and for wide kinds all that are free around it meanwhile."""
    taken = dict(inside)
    for session in sessions:
        if session.kind in WIDE or session.id not in taken:
            taken[session.id] = _widened(session, sessions, taken, of_rooms)
    return taken


def _widened(
    session: Session, sessions: Sequence[Session], taken: Mapping[SessionId, tuple[int, int]], of_rooms: int
) -> tuple[int, int]:
    """Return the longest run of free columns, around the session's own if it has one, else beside all rooms."""
    own = taken.get(session.id)
    busy = {
        column
        for other in sessions
        if other.id != session.id and other.id in taken and _span(other).overlaps(_span(session))
        for column in range(*taken[other.id])
    }
    runs = _runs([column for column in range(FIRST_COLUMN, FIRST_COLUMN + of_rooms) if column not in busy])
    if own is not None:
        return next((run for run in runs if run[0] <= own[0] < run[1]), own)
    beside = max([FIRST_COLUMN + of_rooms, *(column + 1 for column in busy)])
    return max(runs, key=lambda run: run[1] - run[0], default=(beside, beside + 1))


def _runs(columns: Sequence[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for column in columns:
        if runs and runs[-1][1] == column:
            runs[-1] = (runs[-1][0], column + 1)
        else:
            runs.append((column, column + 1))
    return runs


def style_sheet(programme: Programme) -> str:
    """Return the rules that place every session of every day, for the class names that the pages carry.

    The policy of the site forbids styles inside a page. Nothing but numbers goes in.
    """
    rules = [rule for day in programme.days for rule in _day_rules(day_grid(programme, day))]
    return f"@media (min-width:{WIDTH}){{\n" + "\n".join(rules) + "\n}\n"


def _day_rules(grid: DayGrid) -> list[str]:
    name = f".d{grid.day:%Y%m%d}"
    # The last row holds the time at which the last session ends.
    heights = " ".join(["auto", *(f"minmax({height:g}rem,auto)" for height in grid.heights_rem), "auto"])
    rules = [
        f"{name}{{grid-template-columns:3.75rem repeat({grid.columns},minmax(0,1fr));grid-template-rows:{heights}}}"
    ]
    rules += [
        f"{name} .c{number}{{grid-area:1/{first}{f'/2/{end}' if end - first > 1 else ''}}}"
        for number, (first, end) in enumerate(grid.heads, 1)
    ]
    rules += [f"{name} .t{mark.row}{{grid-area:{mark.row}/1}}" for mark in grid.marks]
    rules += [
        f".s{place.session.id}{{grid-area:{place.row}/{place.column}/{place.row_end}/{place.column_end}}}"
        for place in grid.places
    ]
    return rules
