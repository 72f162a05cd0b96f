"""A session of the draft as plain values, and such values written back into its rows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session as DbSession

from conference.core.ids import PersonId, SessionId
from conference.people.queries import people_by_id
from conference.programme.history import SessionChange, State
from conference.programme.model import PartChoice, PartRole, Programme, Session, Talk
from conference.programme.records import (
    Values,
    session_values,
    talk_values,
    write_session_people,
    write_talk_people,
)
from conference.programme.snapshot import plain_facts
from conference.programme.tables import SessionRow, TalkRow

# What a state tells beside the row's own columns.
_APART = frozenset({"people", "talks"})
_OF_TALK_APART = frozenset({"id", "people"})


def session_state(stored: Session) -> State:
    """Return the session as plain values: its row's columns, its people and its talks in order."""
    return session_values(stored) | {"talks": [_talk_state(talk) for talk in stored.talks]}


def _talk_state(talk: Talk) -> Values:
    values = talk_values(talk, 0) | plain_facts(talk.facts)
    del values["position"]  # the list has the order
    return {"id": talk.id, **values}


def states_of(sessions: Iterable[Session]) -> dict[SessionId, State]:
    return {session.id: session_state(session) for session in sessions}


def is_whole(session: DbSession, current: Programme, state: State) -> bool:
    """Return whether all that the state names is still there: room, track, session around it, and people."""
    rooms, tracks = {room.id for room in current.rooms}, {track.id for track in current.tracks}
    sessions = {one.id for one in current.sessions}
    people = {row[0] for row in state.get("people", ())}
    people |= {row[0] for talk in state.get("talks", ()) for row in talk["people"]}
    return (
        state.get("room_id") in {None, *rooms}
        and state.get("track_id") in {None, *tracks}
        and state.get("parent_id") in {None, *sessions}
        and people <= people_by_id(people, session).keys()
    )


def write_changes(session: DbSession, changes: Iterable[SessionChange]) -> None:
    """Make these changes of the draft's rows, each session's and talk's revision raised. The draft's lock is held.

    What was deleted comes back under its old id. Whether it may is the caller's to check.
    """
    for change in changes:
        if change.after is None:
            session.execute(delete(SessionRow).where(SessionRow.id == change.session_id))
        elif change.before is None:
            _restore(session, change.session_id, change.after)
        else:
            _overwrite(session, change.session_id, change.after)
    session.flush()


def _restore(session: DbSession, session_id: SessionId, state: State) -> None:
    session.add(SessionRow(id=session_id, **_columns(state, _APART)))
    session.flush()
    write_session_people(session, session_id, _people(state["people"]))
    _write_talks(session, session_id, state["talks"])


def _overwrite(session: DbSession, session_id: SessionId, state: State) -> None:
    session.execute(
        update(SessionRow)
        .where(SessionRow.id == session_id)
        .values(**_columns(state, _APART), revision=SessionRow.revision + 1)
        .execution_options(synchronize_session=False)
    )
    if "people" in state:
        write_session_people(session, session_id, _people(state["people"]))
    if "talks" in state:
        _write_talks(session, session_id, state["talks"])


def _columns(state: State, apart: frozenset[str]) -> Values:
    values: Values = {name: value for name, value in state.items() if name not in apart}
    if values.get("starts_at") is not None:
        values["starts_at"] = datetime.fromisoformat(values["starts_at"])
    return values


def _people(plain: Sequence[Sequence[Any]]) -> tuple[PartChoice, ...]:
    return tuple(PartChoice(person_id=PersonId(person_id), role=PartRole(role)) for person_id, role in plain)


def _write_talks(session: DbSession, session_id: SessionId, talks: Sequence[Mapping[str, Any]]) -> None:
    """Let the session have these talks in this order, and no others."""
    wanted = [talk["id"] for talk in talks]
    session.execute(delete(TalkRow).where(TalkRow.session_id == session_id, TalkRow.id.not_in(wanted)))
    session.expire_all()
    for place, talk in enumerate(talks, 1):
        _write_talk(session, session_id, place, talk)


def _write_talk(session: DbSession, session_id: SessionId, place: int, talk: Mapping[str, Any]) -> None:
    columns = _columns(talk, _OF_TALK_APART) | {"place": place, "session_id": session_id}
    row = session.get(TalkRow, talk["id"])
    if row is None:
        session.add(TalkRow(id=talk["id"], **columns))
        session.flush()
    elif any(getattr(row, name) != value for name, value in columns.items()):
        for name, value in columns.items():
            setattr(row, name, value)
        row.revision += 1
        session.flush()
    write_talk_people(session, talk["id"], _people(talk["people"]))
