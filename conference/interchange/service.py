"""An import written: the plan is made again under the draft's lock, and all of it goes into one transaction."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, cast

from sqlalchemy import Table, delete, insert, tuple_
from sqlalchemy.orm import Session

from conference.accounts.queries import track_limit
from conference.audit.model import Actor
from conference.core.errors import LimitedAccountError
from conference.core.ids import PersonId
from conference.event.model import EventDetails
from conference.event.queries import get_event, rooms, tracks
from conference.event.service import add_rooms, add_tracks, edit_event
from conference.interchange.errors import DaysNotYoursError, PlanChangedError, UnansweredError
from conference.interchange.keys import name_key
from conference.interchange.model import (
    Addition,
    Alteration,
    Known,
    Plan,
    ReadSchedule,
    ReadSession,
    Wishes,
)
from conference.interchange.naming import details_of_name
from conference.interchange.queries import known
from conference.interchange.rules import kind_of_new, plan, text_of
from conference.interchange.tables import ExternalIdRow
from conference.people.service import create_people
from conference.programme.bulk import Edits, write_sessions
from conference.programme.draft_conflicts import Conflict, conflicts_of_draft
from conference.programme.model import PartChoice, PartRole, SessionDetails
from conference.programme.records import lock_draft
from conference.programme.service import details_of

NAMES_TOLD = 5
# What a file says of a session, by the names of the form.
WHOLE = ("kind", "title", "abstract", "track_id", "room_id", "starts_at", "duration_min", "people")
_TABLE = cast("Table", ExternalIdRow.__table__)
_EMPTY: dict[str, Any] = {
    "session_id": None,
    "person_id": None,
    "room_id": None,
    "track_id": None,
    "said": {},
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What an import did, and what stands in the way of publishing the draft afterwards."""

    plan: Plan
    conflicts: tuple[Conflict, ...]


def import_schedule(
    session: Session,
    read: ReadSchedule,
    wishes: Wishes,
    *,
    actor: Actor,
    may_set_days: bool,
    seen_draft_revision: int | None = None,
) -> Outcome:
    """Write what the file has differently, and return what was done and the draft's conflicts.

    A file that changes nothing leaves the draft untouched. `seen_draft_revision` is that of the plan that somebody
    looked at, None where nobody did. Raises OtherDaysError, ShiftOutsideError, DaysNotYoursError, UnansweredError,
    PlanChangedError.
    """
    there = known(read.source, session)
    made = plan(there, read, wishes)
    if made.changes_nothing:
        keep_ids(session, there, made)
        return Outcome(plan=made, conflicts=conflicts_of_draft(session))
    revision = lock_draft(session)
    if seen_draft_revision is not None and revision != seen_draft_revision + 1:  # the lock has just raised it
        raise PlanChangedError
    # Anybody may have written between the first look and the lock.
    there = known(read.source, session)
    made = plan(there, read, wishes)
    _require_answers(made)
    _adopt_days(session, made, actor, may_set_days=may_set_days)
    there, made = _with_new_records(session, there, made, actor)
    made = _write(session, there, made, actor)
    _refuse_records_of_limited(session, made, actor)
    keep_ids(session, there, made)
    return Outcome(plan=made, conflicts=conflicts_of_draft(session))


def _require_answers(made: Plan) -> None:
    names = [one.person.name for one in made.open_questions]
    if names:
        shown = ", ".join(names[:NAMES_TOLD]) + (", …" if len(names) > NAMES_TOLD else "")
        raise UnansweredError(count=len(names), names=shown)


def _refuse_records_of_limited(session: Session, made: Plan, actor: Actor) -> None:
    """Raise LimitedAccountError where an account that is limited to tracks would make rooms, tracks or people by a file.

    What becomes of sessions is checked where their step is noted.
    """
    makes = bool(made.new_rooms or made.new_tracks or made.new_people)
    if makes and actor.id is not None and track_limit(session, actor.id) is not None:
        raise LimitedAccountError


def _adopt_days(session: Session, made: Plan, actor: Actor, *, may_set_days: bool) -> None:
    """Give the event, which has no session yet, the days of the file."""
    if made.adopts is None:
        return
    first, last = made.adopts
    if not may_set_days:
        raise DaysNotYoursError("shift_to", first=first, last=last)
    event = get_event(session)
    values = {field.name: getattr(event, field.name) for field in fields(EventDetails)}
    details = EventDetails(**values | {"first_day": first, "last_day": last})
    edit_event(session, event.revision, details, sessions_may_lie_outside=True, actor=actor)


def _with_new_records(session: Session, there: Known, made: Plan, actor: Actor) -> tuple[Known, Plan]:
    """Make the rooms, tracks and people that the plan is short of, and return it with their ids."""
    new_rooms = add_rooms(session, made.new_rooms, actor=actor)
    new_tracks = add_tracks(session, made.new_tracks, actor=actor)
    everybody = [details_of_name(one.name) for one in made.new_people]
    new_people = create_people(session, everybody, actor=actor)
    persons = dict(zip((one.key for one in made.new_people), new_people, strict=True))
    complete = replace(
        there,
        draft=replace(there.draft, rooms=rooms(session), tracks=tracks(session)),
        rooms={**there.rooms, **dict(zip(map(name_key, made.new_rooms), new_rooms, strict=True))},
        tracks={**there.tracks, **dict(zip(map(name_key, made.new_tracks), new_tracks, strict=True))},
    )
    return complete, replace(made, persons={**made.persons, **persons})


def _write(session: Session, there: Known, made: Plan, actor: Actor) -> Plan:
    """Write the sessions and return the plan with the ids of the new ones."""
    edits = Edits(
        created=[_details(_new(one.read), one, there, made, WHOLE) for one in made.additions],
        changed=[
            (one.stored, _details(details_of(one.stored), one, there, made, one.fields))
            for one in made.alterations
        ],
        deleted=made.removals,
    )
    ids = write_sessions(session, there.draft, edits, actor=actor)
    new = dict(zip((one.read.key for one in made.additions), ids, strict=True))
    return replace(made, sessions={**made.sessions, **new})


def _new(read: ReadSession) -> SessionDetails:
    return SessionDetails(kind=kind_of_new(read), title=read.title)


def _details(
    before: SessionDetails, one: Addition | Alteration, there: Known, made: Plan, names: Collection[str]
) -> SessionDetails:
    """Return the session with these fields as the file has them, and everything else as it was."""
    read = one.read
    # Asked for one by one: the plan is short of no room, track or person of these fields, but maybe of others.
    values: dict[str, Callable[[], Any]] = {
        "kind": lambda: read.kind or before.kind,
        "title": lambda: read.title,
        "abstract": lambda: text_of(read) or "",
        "track_id": lambda: there.tracks[name_key(read.track)] if read.track else None,
        "room_id": lambda: there.rooms[name_key(read.room)] if read.room else None,
        "starts_at": lambda: one.start,
        "duration_min": lambda: read.duration_min,
        "people": lambda: _parts(before.people, read, made.persons),
    }
    return replace(before, **{"start" if name == "starts_at" else name: values[name]() for name in names})


def _parts(
    before: tuple[PartChoice, ...], read: ReadSession, persons: Mapping[str, PersonId]
) -> tuple[PartChoice, ...]:
    """Return the people of the file, each in the role that they have here and else as a speaker.

    Files know no roles: who is not in the file any more goes only if they were a speaker.
    """
    wanted = dict.fromkeys(persons[one.key] for one in read.people or ())
    kept = [part for part in before if part.person_id in wanted or part.role is not PartRole.SPEAKER]
    present = {part.person_id for part in kept}
    new = [PartChoice(person_id=number, role=PartRole.SPEAKER) for number in wanted if number not in present]
    return (*kept, *new)


def keep_ids(session: Session, there: Known, made: Plan) -> None:
    """Keep by which ids the source knows what, and what it said, so that the next file of it doubles nothing."""
    rows = [*_session_rows(there, made), *_other_rows(there, made)]
    if not rows:
        return
    stale = tuple_(ExternalIdRow.kind, ExternalIdRow.key).in_([(row["kind"], row["key"]) for row in rows])
    session.execute(
        delete(ExternalIdRow).where(ExternalIdRow.source == made.source, stale),
        execution_options={"synchronize_session": False},
    )
    session.connection().execute(insert(_TABLE), [_EMPTY | {"source": made.source} | row for row in rows])


def _session_rows(there: Known, made: Plan) -> Iterator[dict[str, Any]]:
    for key, number in made.sessions.items():
        said = dict(made.said[key])
        if there.sessions.get(key) != number or there.said.get(key) != said:
            yield {"kind": "session", "key": key, "session_id": number, "said": said}


def _other_rows(there: Known, made: Plan) -> Iterator[dict[str, Any]]:
    """Yield rows of people whom an id stands for now, and of rooms and tracks, which sources know by name."""
    for key, person_id in made.persons.items():
        if there.persons.get(key) != person_id:
            yield {"kind": "person", "key": key, "person_id": person_id}
    for kind, ids, names in (
        ("room", there.rooms, made.new_rooms),
        ("track", there.tracks, made.new_tracks),
    ):
        for name in map(name_key, names):
            yield {"kind": kind, "key": name, f"{kind}_id": ids[name]}
