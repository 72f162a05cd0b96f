"""A session of the draft as plain values, and such values written back into its rows."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
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
from conference.programme.tables import DraftRow, SessionRow, TalkRoleRow, TalkRow
from conference.registration.extra_queries import extras

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


def is_whole(
    session: DbSession, current: Programme, state: State, back: AbstractSet[SessionId] = frozenset()
) -> bool:
    """Return whether all that the state names is still there: room, track, session around it, extra, and people.

    `back` are sessions that come back in the same step.
    """
    rooms, tracks = {room.id for room in current.rooms}, {track.id for track in current.tracks}
    sessions = {one.id for one in current.sessions} | back
    extra_id = state.get("extra_id")
    people = {row[0] for row in state.get("people", ())}
    people |= {row[0] for talk in state.get("talks", ()) for row in talk["people"]}
    return (
        state.get("room_id") in {None, *rooms}
        and state.get("track_id") in {None, *tracks}
        and state.get("parent_id") in {None, *sessions}
        and (extra_id is None or extra_id in {one.id for one in extras(session)})
        and people <= people_by_id(people, session).keys()
    )


def write_changes(session: DbSession, changes: Iterable[SessionChange]) -> None:
    """Make these changes of the draft's rows, each session's and talk's revision raised. The draft's lock is held.

    What was deleted comes back under its old id. Whether it may is the caller's to check.
    """
    # What comes back comes first: others may stand inside it.
    for change in sorted(changes, key=lambda one: one.before is not None):
        if change.after is None:
            _take_out(session, change.session_id)
        elif change.before is None:
            _restore(session, change.session_id, change.after)
        else:
            _overwrite(session, change.session_id, change.after)
    session.flush()


def _take_out(session: DbSession, session_id: SessionId) -> None:
    session.execute(
        update(SessionRow)
        .where(SessionRow.parent_id == session_id)
        .values(parent_id=None, revision=SessionRow.revision + 1)
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(SessionRow).where(SessionRow.id == session_id))


def _unused_revision(session: DbSession) -> int:
    """Return a revision that no page can have seen of what was deleted: the draft's own, which rises with each edit."""
    return session.scalars(select(DraftRow.revision).where(DraftRow.id == 1)).one()


def _restore(session: DbSession, session_id: SessionId, state: State) -> None:
    columns = _columns(state, _APART)
    session.add(SessionRow(id=session_id, revision=_unused_revision(session), **columns))
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
        session.add(TalkRow(id=talk["id"], revision=_unused_revision(session), **columns))
        session.flush()
    elif _people_stored(session, row.id) != list(_people(talk["people"])) or any(
        getattr(row, name) != value for name, value in columns.items()
    ):
        for name, value in columns.items():
            setattr(row, name, value)
        row.revision += 1
        session.flush()
    write_talk_people(session, talk["id"], _people(talk["people"]))


def _people_stored(session: DbSession, talk_id: int) -> list[PartChoice]:
    rows = session.execute(
        select(TalkRoleRow.person_id, TalkRoleRow.role)
        .where(TalkRoleRow.talk_id == talk_id)
        .order_by(TalkRoleRow.place)
    )
    return list(_people([(row.person_id, row.role) for row in rows]))
