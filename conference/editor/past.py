"""The draft's steps and its earlier states as pages tell them. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from conference.core.clock import STOCKHOLM
from conference.core.ids import SessionId
from conference.core.interval import Interval
from conference.programme.history import SessionChange, State, Step
from conference.programme.model import Programme

# Of a session that was made or deleted only these are told: the rest is in the session's own history.
OF_WHOLE = ("starts_at", "room_id", "duration_min")


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeTold:
    """What a step changed of one session. `fields` holds (name, before, after) as stored values."""

    session_id: SessionId
    title: str
    is_there: bool
    is_new: bool
    is_gone: bool
    fields: tuple[tuple[str, Any, Any], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class StepTold:
    """A step with the day in Stockholm on which it was made."""

    step: Step
    day: date
    changes: tuple[ChangeTold, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PastSession:
    """A session as it was. `span` is None for one that was not scheduled; `room` is "" for none, or one deleted since."""

    title: str
    room: str
    span: Interval | None
    duration_min: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PastDay:
    """A day as it was, its sessions by time and room."""

    day: date
    sessions: tuple[PastSession, ...]


def told_steps(steps: Sequence[Step], programme: Programme, session_id: int | None = None) -> list[StepTold]:
    """Return the steps with the titles of their sessions; with `session_id`, what they changed of that session alone."""
    titles = _titles(steps, programme)
    there = {one.id for one in programme.sessions}
    return [
        StepTold(
            step=step,
            day=step.made_at.astimezone(STOCKHOLM).date(),
            changes=tuple(
                _told(change, titles.get(change.session_id, ""), is_there=change.session_id in there)
                for change in step.changes
                if session_id in {None, change.session_id}
            ),
        )
        for step in steps
    ]


def is_about(step: Step, day: date, days: Mapping[SessionId, date | None]) -> bool:
    """Return whether the step is about a day of the conference: it put a session there, or took one away from there.

    Where it left a session's start alone, that session's day of today counts, which `days` holds.
    """
    return any(_is_about(change, day, days) for change in step.changes)


def _is_about(change: SessionChange, day: date, days: Mapping[SessionId, date | None]) -> bool:
    starts = [state["starts_at"] for state in (change.before, change.after) if state and "starts_at" in state]
    if not starts:
        return days.get(change.session_id) == day
    return any(datetime.fromisoformat(one).astimezone(STOCKHOLM).date() == day for one in starts if one)


def _titles(steps: Sequence[Step], programme: Programme) -> dict[SessionId, str]:
    """Return the titles of today, and of what is deleted the last one that these steps know."""
    found: dict[SessionId, str] = {}
    for step in steps:
        for change in step.changes:
            for state in (change.after, change.before):
                if state and state.get("title") and change.session_id not in found:
                    found[change.session_id] = state["title"]
    return found | {one.id: one.title for one in programme.sessions}


def _told(change: SessionChange, title: str, *, is_there: bool) -> ChangeTold:
    before, after = change.before or {}, change.after or {}
    is_whole = change.before is None or change.after is None
    names = OF_WHOLE if is_whole else [*{**before, **after}]
    return ChangeTold(
        session_id=change.session_id,
        title=title,
        is_there=is_there,
        is_new=change.before is None,
        is_gone=change.after is None,
        fields=tuple((name, *_sides(name, before.get(name), after.get(name))) for name in names),
    )


def _sides(name: str, before: Any, after: Any) -> tuple[Any, Any]:
    """Return both values; of talks the title and minutes of each, in order."""
    if name != "talks":
        return before, after
    old, new = (
        [f"{one['title']} ({one['duration_min']} min)" for one in talks or ()] for talks in (before, after)
    )
    # Only people or texts of the talks changed, which the talks' own histories tell.
    return (old, new) if old != new else (None, None)


def by_day(states: Iterable[State], programme: Programme) -> tuple[list[PastDay], list[PastSession]]:
    """Return the days of a state of the draft, and what was not scheduled in it, by title."""
    rooms = {room.id: room.name for room in programme.rooms}
    order = {room.name: place for place, room in enumerate(programme.rooms)}
    scheduled: dict[date, list[PastSession]] = {day: [] for day in programme.days}
    tray: list[PastSession] = []
    for state in states:
        session = _session(state, rooms)
        if session.span is None:
            tray.append(session)
        else:
            scheduled.setdefault(session.span.start.astimezone(STOCKHOLM).date(), []).append(session)

    def place(one: PastSession) -> tuple[datetime, int, str]:
        assert one.span is not None
        return (one.span.start, order.get(one.room, -1), one.title)

    days = [
        PastDay(day=day, sessions=tuple(sorted(found, key=place))) for day, found in sorted(scheduled.items())
    ]
    return days, sorted(tray, key=lambda one: one.title)


def _session(state: State, rooms: dict[Any, str]) -> PastSession:
    starts_at, duration_min = state.get("starts_at"), int(state["duration_min"])
    start = datetime.fromisoformat(starts_at) if starts_at else None
    return PastSession(
        title=state["title"],
        room=rooms.get(state.get("room_id"), ""),
        span=Interval(start=start, end=start + timedelta(minutes=duration_min)) if start else None,
        duration_min=duration_min,
    )
