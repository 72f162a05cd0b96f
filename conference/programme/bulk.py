"""Many sessions of the draft at once, as an import writes them, in a number of statements that does not grow with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table, bindparam, delete, insert, update
from sqlalchemy.orm import Session as DbSession

from conference.audit.model import Actor
from conference.audit.service import Act, record_all, record_many
from conference.core.ids import SessionId
from conference.db.inserting import insert_all
from conference.event.queries import get_event
from conference.people.queries import people_by_id
from conference.programme import rules
from conference.programme.errors import GoneChoiceError
from conference.programme.history import Act as Step
from conference.programme.model import PartChoice, Programme, Session, SessionDetails
from conference.programme.queries import draft
from conference.programme.records import changed, session_columns, session_values, typed_session_values
from conference.programme.steps import note_step
from conference.programme.tables import SessionRoleRow, SessionRow

_SESSION, _ROLE = cast("Table", SessionRow.__table__), cast("Table", SessionRoleRow.__table__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Edits:
    """What is to become of the draft: new sessions, (as it is, as it is to be) of others, and those to delete."""

    created: Sequence[SessionDetails] = ()
    changed: Sequence[tuple[Session, SessionDetails]] = ()
    deleted: Sequence[Session] = ()


def write_sessions(session: DbSession, current: Programme, edits: Edits, *, actor: Actor) -> list[SessionId]:
    """Write all of it and return the ids of the new sessions, in their order.

    `current` is the draft as it was read under its lock, which the caller holds, so no revision can have changed
    since. Each session is noted in the history as if it had been written alone. Raises what `service.create_session`
    raises; conflicts are no refusal.
    """
    _check(session, current, edits)
    ids = _create(session, edits.created)
    _change(session, edits.changed)
    _delete(session, edits.deleted)
    record_all(session, actor=actor, entries=[("created", ("session", number)) for number in ids])
    record_many(session, actor=actor, acts=[*_changes(edits.changed), *_deletions(edits.deleted)])
    note_step(session, current, draft(session), act=Step.IMPORT, actor=actor)
    return ids


def _check(session: DbSession, current: Programme, edits: Edits) -> None:
    event, wanted = get_event(session), [*edits.created, *(details for _, details in edits.changed)]
    rooms, tracks = {room.id for room in current.rooms}, {track.id for track in current.tracks}
    people = people_by_id({part.person_id for details in wanted for part in details.people}, session)
    for details in wanted:
        rules.check_place(event, details.start, details.duration_min)
        rules.check_parts(details.people)
        if details.room_id is not None and details.room_id not in rooms:
            raise GoneChoiceError("room_id")
        if details.track_id is not None and details.track_id not in tracks:
            raise GoneChoiceError("track_id")
        if any(part.person_id not in people for part in details.people):
            raise GoneChoiceError("person_1")


def _create(session: DbSession, created: Sequence[SessionDetails]) -> list[SessionId]:
    rows = [session_columns(details) for details in created]
    ids = [SessionId(number) for number in insert_all(session, SessionRow, rows)]
    _write_people(session, [(number, one.people) for number, one in zip(ids, created, strict=True)])
    return ids


def _change(session: DbSession, pairs: Sequence[tuple[Session, SessionDetails]]) -> None:
    if not pairs:
        return
    names = session_columns(pairs[0][1])
    statement = (
        update(_SESSION)
        .where(_SESSION.c.id == bindparam("of_id"))
        .values({name: bindparam(f"to_{name}") for name in names} | {"revision": _SESSION.c.revision + 1})
    )
    rows = [
        {"of_id": stored.id} | {f"to_{name}": value for name, value in session_columns(details).items()}
        for stored, details in pairs
    ]
    session.connection().execute(statement, rows)
    with_others = [
        (stored, details)
        for stored, details in pairs
        if details.people
        != tuple(PartChoice(person_id=one.person_id, role=one.role) for one in stored.people)
    ]
    if with_others:
        gone = [stored.id for stored, _ in with_others]
        session.connection().execute(delete(_ROLE).where(_ROLE.c.session_id.in_(gone)))
        _write_people(session, [(stored.id, details.people) for stored, details in with_others])


def _delete(session: DbSession, deleted: Sequence[Session]) -> None:
    if deleted:
        session.connection().execute(delete(_SESSION).where(_SESSION.c.id.in_([one.id for one in deleted])))


def _write_people(session: DbSession, people: Sequence[tuple[SessionId, Sequence[PartChoice]]]) -> None:
    rows = [
        {"session_id": number, "person_id": part.person_id, "role": part.role.value, "place": place}
        for number, parts in people
        for place, part in enumerate(parts)
    ]
    if rows:
        session.connection().execute(insert(_ROLE), rows)


def _changes(pairs: Sequence[tuple[Session, SessionDetails]]) -> list[Act]:
    found = []
    for stored, details in pairs:
        changes = changed(session_values(stored), typed_session_values(details))
        if changes:
            found.append(Act(action="changed", about=("session", stored.id), changes=changes))
    return found


def _deletions(deleted: Sequence[Session]) -> list[Act]:
    found = []
    for stored in deleted:
        gone: dict[str, tuple[object, object]] = {
            name: (value, None) for name, value in session_values(stored).items()
        }
        gone["talks"] = ([talk.title for talk in stored.talks], None)
        found.append(Act(action="deleted", about=("session", stored.id), changes=gone))
    return found
