"""Edits of the talks in a session, by the same rules as the sessions' own."""

from collections.abc import Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session as DbSession

from conference.audit.model import Actor
from conference.audit.service import record
from conference.core.errors import NotFoundError
from conference.core.ids import TalkId
from conference.db.revisions import revise
from conference.programme import rules
from conference.programme.errors import ChangedBeforeDeletionError, GoneError, SessionGoneError
from conference.programme.history import Act
from conference.programme.model import Programme, Session, Talk, TalkDetails
from conference.programme.queries import get_session, get_talk
from conference.programme.records import (
    Edited,
    Values,
    changed,
    check_people,
    check_revision,
    draft_under_lock,
    talk_values,
    typed_talk_values,
    write_talk_people,
)
from conference.programme.snapshot import plain_facts
from conference.programme.steps import answer
from conference.programme.tables import TalkRow


def create_talk(
    session: DbSession, session_id: int, details: TalkDetails, *, actor: Actor
) -> tuple[TalkId, Edited]:
    """Add a talk to a session, last unless it says where. Raises SessionGoneError."""
    try:
        current = draft_under_lock(session)
        parent = get_session(current, session_id)
    except NotFoundError:
        raise SessionGoneError from None
    talk_id = add_talk(session, parent, details, actor)
    return talk_id, answer(session, current, parent.id, parent.revision, act=Act.TALKS, actor=actor)


def add_talk(session: DbSession, parent: Session, details: TalkDetails, actor: Actor) -> TalkId:
    """Write a new talk under the draft's lock, without a step, and return its id."""
    _check(session, details)
    row = TalkRow(session_id=parent.id, place=len(parent.talks) + 1, title=details.title)
    for name, value in _columns(details).items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
    write_talk_people(session, row.id, details.people)
    _place(session, parent.id, row.id, details.position or row.place)
    record(session, actor=actor, action="created", about=("talk", row.id))
    _note_in_session(session, actor, parent.id, ("", details.title))
    return TalkId(row.id)


def edit_talk(
    session: DbSession, talk_id: int, expected_revision: int | None, details: TalkDetails, *, actor: Actor
) -> Edited:
    """Write the talk. Raises GoneError where it was deleted, StaleRevisionError with both values."""
    current = draft_under_lock(session)
    parent, stored = _stored(current, talk_id)
    write_talk(session, parent, stored, expected_revision, details, actor)
    return answer(session, current, parent.id, parent.revision, act=Act.TALKS, actor=actor)


def write_talk(
    session: DbSession,
    parent: Session,
    stored: Talk,
    expected_revision: int | None,
    details: TalkDetails,
    actor: Actor,
) -> None:
    """Write the talk under the draft's lock, without a step. Raises StaleRevisionError with both values."""
    position = position_of(parent, stored)
    before = talk_values(stored, position)
    after = typed_talk_values(details, details.position or position)
    check_revision(stored.revision, expected_revision, before, after)
    _check(session, details)
    revise(session, TalkRow, stored.id, expected_revision, _columns(details))
    write_talk_people(session, stored.id, details.people)
    if details.position:
        _place(session, parent.id, stored.id, details.position)
    changes = changed(before, after)
    if changes:
        record(session, actor=actor, action="changed", about=("talk", stored.id), changes=changes)
        _note_in_session(session, actor, parent.id, (stored.title, details.title))


def delete_talk(session: DbSession, talk_id: int, expected_revision: int | None, *, actor: Actor) -> Edited:
    """Delete the talk. Raises NotFoundError where that is done, ChangedBeforeDeletionError where it was changed."""
    current = draft_under_lock(session)
    parent, stored = get_talk(current, talk_id)
    if expected_revision is not None and expected_revision != stored.revision:
        raise ChangedBeforeDeletionError
    check_revision(stored.revision, expected_revision, {}, {})
    take_talk_out(session, parent, stored, actor)
    return answer(session, current, parent.id, parent.revision, act=Act.TALKS, actor=actor)


def take_talk_out(session: DbSession, parent: Session, stored: Talk, actor: Actor) -> None:
    """Delete the talk under the draft's lock, without a step."""
    session.execute(delete(TalkRow).where(TalkRow.id == stored.id))
    gone = {name: (value, None) for name, value in talk_values(stored, position_of(parent, stored)).items()}
    record(session, actor=actor, action="deleted", about=("talk", stored.id), changes=gone)
    _note_in_session(session, actor, parent.id, (stored.title, ""))


def order_talks(session: DbSession, session_id: int, order: Sequence[int]) -> None:
    """Let the session's talks stand in this order of their ids."""
    rows = session.execute(select(TalkRow.id, TalkRow.place).where(TalkRow.session_id == session_id)).all()
    places: dict[int, int] = {row.id: row.place for row in rows}
    for place, talk_id in enumerate(order, 1):
        if places[talk_id] != place:
            session.execute(
                update(TalkRow)
                .where(TalkRow.id == talk_id)
                .values(place=place, revision=TalkRow.revision + 1)
                .execution_options(synchronize_session=False)
            )


def _columns(details: TalkDetails) -> Values:
    """Return the talk's own columns; place and people have ways of their own."""
    texts = {"title": details.title, "abstract": details.abstract, "duration_min": details.duration_min}
    of_poster = {"poster_number": details.poster_number, "board": details.board}
    return texts | of_poster | plain_facts(details.facts)


def position_of(parent: Session, talk: Talk) -> int:
    """Return the talk's position in its session, from 1."""
    return 1 + [other.id for other in parent.talks].index(talk.id)


def _stored(current: Programme, talk_id: int) -> tuple[Session, Talk]:
    try:
        return get_talk(current, talk_id)
    except NotFoundError:
        raise GoneError from None


def _check(session: DbSession, details: TalkDetails) -> None:
    rules.check_duration(details.duration_min)
    rules.check_parts(details.people, in_talk=True)
    check_people(session, details.people)


def _place(session: DbSession, session_id: int, talk_id: int, position: int) -> None:
    """Put the talk at the position, and the others around it.

    The others' revisions rise where their place changes: a form of theirs that is open elsewhere holds the old one.
    """
    rows = session.execute(
        select(TalkRow.id, TalkRow.place)
        .where(TalkRow.session_id == session_id)
        .order_by(TalkRow.place, TalkRow.id)
    ).all()
    places: dict[int, int] = {row.id: row.place for row in rows}
    order = [other for other in places if other != talk_id]
    order.insert(max(0, position - 1), talk_id)
    for place, other in enumerate(order, 1):
        if places[other] != place:
            raised = TalkRow.revision + (0 if other == talk_id else 1)
            session.execute(
                update(TalkRow)
                .where(TalkRow.id == other)
                .values(place=place, revision=raised)
                .execution_options(synchronize_session=False)
            )


def _note_in_session(session: DbSession, actor: Actor, session_id: int, titles: tuple[str, str]) -> None:
    record(
        session, actor=actor, action="talks changed", about=("session", session_id), changes={"talk": titles}
    )
