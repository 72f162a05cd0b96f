"""The queries that lists take. What a parameter is called and takes is told here once, for reading and for the document."""

from dataclasses import dataclass
from datetime import date, datetime

from conference.api.model import LARGEST_ID, MOST, USUAL
from conference.api.shapes import told
from conference.programme.model import Kind, PartRole
from conference.registration.model import State

_IDS = {"minimum": 1, "maximum": LARGEST_ID}


@dataclass(frozen=True, kw_only=True, slots=True)
class Paged:
    """Which part of a list is asked for."""

    limit: int = told("How many at most.", USUAL, default=USUAL, minimum=1, maximum=MOST)
    cursor: str | None = told(
        "Where to go on, out of “next”: opaque, and good for this address and these filters alone.",
        None,
        default=None,
        maxLength=600,
        minLength=1,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionsAsked(Paged):
    """Which sessions are asked for: those that fit every filter."""

    day: date | None = told("Those that begin on this day in Stockholm.", date(2022, 9, 22), default=None)
    track: int | None = told("Those of the track with this id.", 1, default=None, **_IDS)
    room: int | None = told("Those in the room with this id.", 2, default=None, **_IDS)
    kind: Kind | None = told("Those of this kind.", Kind.PARALLEL, default=None)


@dataclass(frozen=True, kw_only=True, slots=True)
class TalksAsked(Paged):
    """Which talks are asked for: those whose session fits every filter."""

    day: date | None = told(
        "Those of sessions that begin on this day in Stockholm.", date(2022, 9, 22), default=None
    )
    track: int | None = told("Those in sessions of the track with this id.", 1, default=None, **_IDS)
    room: int | None = told("Those in the room with this id.", 2, default=None, **_IDS)
    session: int | None = told("Those of the session with this id.", 12, default=None, **_IDS)


@dataclass(frozen=True, kw_only=True, slots=True)
class SpeakersAsked(Paged):
    """Which people are asked for."""

    role: PartRole | None = told("Those who have this role anywhere.", PartRole.CHAIR, default=None)


@dataclass(frozen=True, kw_only=True, slots=True)
class RegistrationsAsked(Paged):
    """Which registrations are asked for: those that fit every filter, the oldest first."""

    state: tuple[State, ...] = told(
        "Those in this state; repeat it for several.", (State.CONFIRMED,), default=()
    )
    category: int | None = told("Those of the category with this id.", 4, default=None, **_IDS)
    changed_since: datetime | None = told(
        "Those whose “changed_at” is this time or later. Ask from some minutes before your last request on: what is being written at that moment is seen by the next one.",
        datetime.fromisoformat("2022-09-05T08:00:00Z"),
        default=None,
    )
