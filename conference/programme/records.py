"""The rows behind sessions and talks: how the service writes them, and what it says of them in history and conflicts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session as DbSession

from conference.core.errors import RevisionMissingError, StaleRevisionError
from conference.core.ids import SessionId
from conference.people.queries import people_by_id
from conference.programme.authors import as_line
from conference.programme.conflicts import Conflict
from conference.programme.errors import GoneChoiceError
from conference.programme.model import (
    Part,
    PartChoice,
    Programme,
    Session,
    SessionDetails,
    Talk,
    TalkDetails,
    TalkFacts,
)
from conference.programme.queries import draft
from conference.programme.tables import DraftRow, ScheduledRow, SessionRoleRow, TalkRoleRow, VersionRow
from conference.registration.extra_queries import extras

Values = dict[str, Any]
# What a session says of itself under one name everywhere: in its row, its values and its form.
_OWN = ("is_pinned", "may_share_room", "expected_people", "sponsor", "parent_id", "extra_id")


@dataclass(frozen=True, kw_only=True, slots=True)
class Edited:
    """The answer to an edit: the session's new revision, and what now stands in its way."""

    session_id: SessionId
    revision: int
    conflicts: tuple[Conflict, ...]


def lock_draft(session: DbSession) -> int:
    """Hold the draft's row until this transaction ends, and return the draft's new revision.

    Every edit begins with it, so that conflicts are checked while nobody else can place anything: revisions of
    the sessions' own rows would let two editors fill one slot.
    """
    revision = session.scalar(
        update(DraftRow)
        .where(DraftRow.id == 1)
        .values(revision=DraftRow.revision + 1)
        .returning(DraftRow.revision)
        .execution_options(synchronize_session=False)
    )
    assert revision is not None  # the first migration makes the row
    return revision


def hold_draft(session: DbSession) -> None:
    """Hold the draft's row until this transaction ends, and leave its revision: nothing is published meanwhile.

    For who reads what is published, and tells it. SQLite has one writer at a time.
    """
    session.execute(select(DraftRow.id).where(DraftRow.id == 1).with_for_update())


def draft_under_lock(session: DbSession) -> Programme:
    """Return the draft, which nobody else can change until this transaction ends."""
    lock_draft(session)
    return draft(session)


def frozen_rows(session: DbSession) -> list[VersionRow | ScheduledRow]:
    """Return every row that holds a frozen programme: all versions, and the one that waits for its time."""
    return [*session.scalars(select(VersionRow)), *session.scalars(select(ScheduledRow))]


def check_choices(session: DbSession, draft: Programme, details: SessionDetails) -> None:
    """Raise GoneChoiceError for a room, track or person that does not exist any more."""
    if details.track_id is not None and details.track_id not in {track.id for track in draft.tracks}:
        raise GoneChoiceError("track_id")
    check_room(draft, details.room_id)
    if details.parent_id is not None and details.parent_id not in {one.id for one in draft.sessions}:
        raise GoneChoiceError("parent_id")
    if details.extra_id is not None and details.extra_id not in {one.id for one in extras(session)}:
        raise GoneChoiceError("extra_id")
    check_people(session, details.people)


def check_room(draft: Programme, room_id: int | None) -> None:
    if room_id is not None and room_id not in {room.id for room in draft.rooms}:
        raise GoneChoiceError("room_id")


def check_people(session: DbSession, parts: Sequence[PartChoice]) -> None:
    known = people_by_id([part.person_id for part in parts], session)
    for number, part in enumerate(parts, 1):
        if part.person_id not in known:
            raise GoneChoiceError(f"person_{number}")


def write_session_people(session: DbSession, session_id: int, parts: Sequence[PartChoice]) -> None:
    session.execute(delete(SessionRoleRow).where(SessionRoleRow.session_id == session_id))
    session.add_all(
        SessionRoleRow(session_id=session_id, person_id=part.person_id, role=part.role.value, place=place)
        for place, part in enumerate(parts)
    )
    session.flush()


def write_talk_people(session: DbSession, talk_id: int, parts: Sequence[PartChoice]) -> None:
    session.execute(delete(TalkRoleRow).where(TalkRoleRow.talk_id == talk_id))
    session.add_all(
        TalkRoleRow(talk_id=talk_id, person_id=part.person_id, role=part.role.value, place=place)
        for place, part in enumerate(parts)
    )
    session.flush()


def session_columns(details: SessionDetails) -> Values:
    return {
        "kind": details.kind.value,
        "title": details.title,
        "abstract": details.abstract,
        "track_id": details.track_id,
        "room_id": details.room_id,
        "starts_at": details.start,
        "duration_min": details.duration_min,
        **{name: getattr(details, name) for name in _OWN},
    }


def session_values(stored: Session) -> Values:
    """Return the session as plain values by the names of the form's fields."""
    return {
        "kind": stored.kind.value,
        "title": stored.title,
        "abstract": stored.abstract,
        "track_id": stored.track.id if stored.track else None,
        "room_id": stored.room.id if stored.room else None,
        "starts_at": stored.span.start.isoformat() if stored.span else None,
        "duration_min": stored.duration_min,
        **{name: getattr(stored, name) for name in _OWN},
        "people": _people(stored.people),
    }


def typed_session_values(details: SessionDetails) -> Values:
    start = details.start.astimezone(UTC).isoformat() if details.start else None
    people = [[part.person_id, part.role.value] for part in details.people]
    return session_columns(details) | {"starts_at": start, "people": people}


def talk_values(stored: Talk, position: int) -> Values:
    return {
        "title": stored.title,
        "abstract": stored.abstract,
        "duration_min": stored.duration_min,
        "position": position,
        "people": _people(stored.people),
        "poster_number": stored.poster_number,
        "board": stored.board,
        **_facts(stored.facts),
    }


def _facts(facts: TalkFacts) -> Values:
    """Return the facts as history and conflicts between editors tell them."""
    return {
        "level": facts.level.value if facts.level else "",
        "keywords": list(facts.keywords),
        "co_authors": [as_line(one) for one in facts.co_authors],
    }


def typed_talk_values(details: TalkDetails, position: int) -> Values:
    return {
        "title": details.title,
        "abstract": details.abstract,
        "duration_min": details.duration_min,
        "position": position,
        "people": [[part.person_id, part.role.value] for part in details.people],
        "poster_number": details.poster_number,
        "board": details.board,
        **_facts(details.facts),
    }


def _people(parts: Sequence[Part]) -> list[list[Any]]:
    return [[part.person_id, part.role.value] for part in parts]


def check_revision(
    stored: int, expected: int | None, theirs: Mapping[str, Any], mine: Mapping[str, Any]
) -> None:
    """Raise RevisionMissingError, or StaleRevisionError with both values of each field that differs.

    The draft's lock is held, so nobody can come between this comparison and the UPDATE, which compares once more.
    """
    if expected is None:
        raise RevisionMissingError
    if stored != expected:
        apart = changed(theirs, mine)
        raise StaleRevisionError(
            {name: pair[0] for name, pair in apart.items()}, {name: pair[1] for name, pair in apart.items()}
        )


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return (before, after) by the name of each field that differs."""
    return {name: (before[name], value) for name, value in after.items() if before[name] != value}
