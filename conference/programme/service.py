"""Edits of the draft's sessions, and publishing. Each edit holds the draft's lock and answers its conflicts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session as DbSession

from conference.audit.model import Actor
from conference.audit.service import record
from conference.core.errors import NotFoundError, RevisionMissingError
from conference.core.ids import SessionId
from conference.db.revisions import revise
from conference.event.queries import get_event
from conference.programme import rules
from conference.programme.errors import ChangedBeforeDeletionError, GoneError
from conference.programme.history import Act
from conference.programme.model import (
    Labels,
    MoveSession,
    PartChoice,
    Programme,
    Session,
    SessionDetails,
    Telling,
)
from conference.programme.placing import place
from conference.programme.queries import board_of, get_session
from conference.programme.records import (
    Edited,
    changed,
    check_choices,
    check_revision,
    draft_under_lock,
    session_columns,
    session_values,
    typed_session_values,
    write_session_people,
)
from conference.programme.steps import answer, note_step, without
from conference.programme.tables import SessionRow
from conference.programme.versioning import fit_to_publish, make_public


def create_session(session: DbSession, details: SessionDetails, *, actor: Actor) -> Edited:
    """Add a session to the draft. Raises typed refusals of its duration, place, choices and people."""
    current = draft_under_lock(session)
    _check(session, current, details)
    row = SessionRow(**session_columns(details))
    session.add(row)
    session.flush()
    write_session_people(session, row.id, details.people)
    record(session, actor=actor, action="created", about=("session", row.id))
    return answer(session, current, SessionId(row.id), row.revision, act=Act.CREATE, actor=actor)


def edit_session(
    session: DbSession,
    session_id: int,
    expected_revision: int | None,
    details: SessionDetails,
    *,
    actor: Actor,
) -> Edited:
    """Write the session's details and people. Raises GoneError where it was deleted, StaleRevisionError with both values."""
    current = draft_under_lock(session)
    stored = _stored(current, session_id)
    return rewrite(session, current, stored, expected_revision, details, actor=actor)


def rewrite(
    session: DbSession,
    current: Programme,
    stored: Session,
    expected_revision: int | None,
    details: SessionDetails,
    *,
    actor: Actor,
    key: str | None = None,
) -> Edited:
    """Write a session of the draft, whose lock is held, as `edit_session` does; `key` names the request."""
    before, after = session_values(stored), typed_session_values(details)
    check_revision(stored.revision, expected_revision, before, after)
    _check(session, current, details)
    rules.check_pinned(stored, details)
    rules.check_parent(current, stored.id, details.parent_id)
    revision = revise(session, SessionRow, stored.id, expected_revision, session_columns(details))
    write_session_people(session, stored.id, details.people)
    _note(session, actor, "changed", stored.id, changed(before, after))
    return answer(session, current, stored.id, revision, act=Act.EDIT, actor=actor, key=key)


def move_session(session: DbSession, move: MoveSession, *, actor: Actor) -> Edited:
    """Put the session into a room and time. Raises as `edit_session` does, PinnedError, and as `place` does."""
    current = draft_under_lock(session)
    stored = _stored(current, move.session_id)
    details = replace(details_of(stored), room_id=move.room_id, start=move.start)
    before, after = session_values(stored), typed_session_values(details)
    check_revision(stored.revision, move.expected_revision, before, after)
    rules.check_pinned(stored, details)
    # Checked while the lock is held: nobody else can fill the place before it is written.
    found = place(board_of(current, session), stored.id, move.room_id, move.start)
    columns = {"room_id": move.room_id, "starts_at": move.start}
    revision = revise(session, SessionRow, move.session_id, move.expected_revision, columns)
    _note(session, actor, "moved", move.session_id, changed(before, after))
    act = Act.UNSCHEDULE if move.start is None else Act.MOVE
    note_step(session, current, found.draft, act=act, actor=actor)
    return Edited(session_id=stored.id, revision=revision, conflicts=found.conflicts)


def delete_session(session: DbSession, session_id: int, seen: str | None, *, actor: Actor) -> None:
    """Delete the session with its talks, if nothing of it changed since `seen`, its `rules.seen_mark`.

    Raises NotFoundError where it is deleted already, ChangedBeforeDeletionError where it or a talk was changed.
    """
    if not seen:
        raise RevisionMissingError
    current = draft_under_lock(session)
    stored = get_session(current, session_id)
    if rules.seen_mark(stored) != seen:
        raise ChangedBeforeDeletionError
    _take_out(session, current, stored, actor)
    session.execute(delete(SessionRow).where(SessionRow.id == session_id))
    gone = {name: (value, None) for name, value in session_values(stored).items()}
    gone["talks"] = ([talk.title for talk in stored.talks], None)
    _note(session, actor, "deleted", session_id, gone)
    note_step(session, current, without(current, stored.id), act=Act.DELETE, actor=actor)


def _take_out(session: DbSession, current: Programme, stored: Session, actor: Actor) -> None:
    """Let what stands inside the session stand alone, which its history and its revision tell."""
    for one in current.sessions:
        if one.parent_id == stored.id:
            revise(session, SessionRow, one.id, one.revision, {"parent_id": None})
            _note(session, actor, "changed", one.id, {"parent_id": (stored.id, None)})


def publish(
    session: DbSession,
    *,
    seen_draft_revision: int | None,
    actor: Actor,
    now: datetime,
    is_final: bool = False,
    name: str = "",
    telling: Telling = Telling.NOW,
) -> int:
    """Freeze the draft as the next version and return its number. A final one needs everybody's disclosure.

    Raises RevisionMissingError, VersionNameError, StaleDraftError where the draft is not the one that was seen,
    ScheduledInTheWayError while another version waits for its time, BlockedError with the conflicts,
    UndisclosedError, and NothingToPublishError. The draft's lock keeps edits out meanwhile, and two versions from one number.
    """
    labels = Labels(name=name.strip(), is_final=is_final, telling=telling)
    public = fit_to_publish(session, seen_draft_revision, labels)
    return make_public(session, public, labels, actor=actor, now=now)


def details_of(stored: Session) -> SessionDetails:
    """Return what a form would say to leave the session as it is."""
    return SessionDetails(
        kind=stored.kind,
        title=stored.title,
        abstract=stored.abstract,
        track_id=stored.track.id if stored.track else None,
        room_id=stored.room.id if stored.room else None,
        start=stored.span.start if stored.span else None,
        duration_min=stored.duration_min,
        people=tuple(PartChoice(person_id=part.person_id, role=part.role) for part in stored.people),
        is_pinned=stored.is_pinned,
        may_share_room=stored.may_share_room,
        expected_people=stored.expected_people,
        sponsor=stored.sponsor,
        parent_id=stored.parent_id,
        extra_id=stored.extra_id,
    )


def _stored(current: Programme, session_id: int) -> Session:
    """Return the session under edit. It existed when the form was opened, so its absence is news to tell kindly."""
    try:
        return get_session(current, session_id)
    except NotFoundError:
        raise GoneError from None


def _check(session: DbSession, current: Programme, details: SessionDetails) -> None:
    rules.check_place(get_event(session), details.start, details.duration_min)
    rules.check_parts(details.people)
    check_choices(session, current, details)


def _note(
    session: DbSession,
    actor: Actor,
    action: str,
    session_id: int,
    changes: Mapping[str, tuple[object, object]],
) -> None:
    if changes:
        record(session, actor=actor, action=action, about=("session", session_id), changes=changes)
