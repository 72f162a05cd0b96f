"""Edits in the editor's panel: a session's title and people, or all of its talks. Each is one step under the draft's lock."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session as DbSession

from conference.audit.model import Actor
from conference.core.errors import DomainError, RevisionMissingError, StaleRevisionError
from conference.core.ids import SessionId, TalkId
from conference.programme.editing import repeated
from conference.programme.errors import DeletedSessionError
from conference.programme.history import Act
from conference.programme.model import PartChoice, Programme, Session, Talk, TalkDetails
from conference.programme.records import draft_under_lock
from conference.programme.service import details_of, rewrite
from conference.programme.steps import answer
from conference.programme.talks import add_talk, order_talks, take_talk_out, write_talk

Seen = Mapping[SessionId, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class EditSession:
    """What of a session is to be another: None leaves it."""

    session_id: SessionId
    title: str | None = None
    people: tuple[PartChoice, ...] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TalkLine:
    """A talk as the panel shows it; `talk_id` is None for a new one."""

    talk_id: TalkId | None
    title: str
    duration_min: int
    people: tuple[PartChoice, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class EditTalks:
    """All talks of a session in their order. `seen` holds id and revision of those that the page has shown, in order."""

    session_id: SessionId
    talks: tuple[TalkLine, ...]
    seen: tuple[tuple[TalkId, int], ...] | None


def edit_in_place(session: DbSession, edit: EditSession, seen: Seen, *, key: str, actor: Actor) -> None:
    """Write the title or the people of a session, in one step.

    A request with a `key` that was carried out before does nothing. Raises DeletedSessionError, RevisionMissingError,
    StaleRevisionError with both values, and as `edit_session`.
    """
    current = draft_under_lock(session)
    if repeated(session, current, key) is not None:
        return
    stored = _stored(current, edit.session_id)
    details = details_of(stored)
    if edit.title is not None:
        details = replace(details, title=edit.title)
    if edit.people is not None:
        details = replace(details, people=edit.people)
    try:
        rewrite(session, current, stored, seen.get(stored.id), details, actor=actor, key=key)
    except StaleRevisionError as error:
        error.facts["session"] = stored.id
        raise


def edit_talks(session: DbSession, edit: EditTalks, *, key: str, actor: Actor) -> None:
    """Let the session have these talks in this order, in one step; what a line does not say of a talk stays.

    A request with a `key` that was carried out before does nothing. Raises DeletedSessionError, RevisionMissingError,
    StaleRevisionError with both lists where any of the talks is another than the page has shown; of a line as
    `create_talk`, its field under the line's number, as in "talks.0.duration_min".
    """
    current = draft_under_lock(session)
    if repeated(session, current, key) is not None:
        return
    stored = _stored(current, edit.session_id)
    _check_seen(stored, edit)
    order = _written(session, stored, edit, actor)
    order_talks(session, stored.id, order)
    answer(session, current, stored.id, stored.revision, act=Act.TALKS, actor=actor, key=key)


def _stored(current: Programme, session_id: SessionId) -> Session:
    stored = next((one for one in current.sessions if one.id == session_id), None)
    if stored is None:
        raise DeletedSessionError
    return stored


def _check_seen(stored: Session, edit: EditTalks) -> None:
    if edit.seen is None:
        raise RevisionMissingError
    known = tuple((talk.id, talk.revision) for talk in stored.talks)
    sent = [line.talk_id for line in edit.talks if line.talk_id is not None]
    # A talk that the page never showed, or one twice, is no order of what it has shown.
    if edit.seen != known or len(set(sent)) < len(sent) or not {talk_id for talk_id, _ in known} >= set(sent):
        error = StaleRevisionError(
            {"talks": [_told(_line(talk)) for talk in stored.talks]},
            {"talks": [_told(line) for line in edit.talks]},
        )
        error.facts["session"] = stored.id
        raise error


def _told(line: TalkLine) -> list[Any]:
    return [line.title, line.duration_min, [part.person_id for part in line.people]]


def _line(talk: Talk) -> TalkLine:
    return TalkLine(
        talk_id=talk.id, title=talk.title, duration_min=talk.duration_min, people=_choices(talk.people)
    )


def _choices(parts: Sequence[Any]) -> tuple[PartChoice, ...]:
    return tuple(PartChoice(person_id=part.person_id, role=part.role) for part in parts)


def _written(session: DbSession, stored: Session, edit: EditTalks, actor: Actor) -> list[TalkId]:
    """Return the talks' ids in the order of the lines. What stays is written first, while all are as they were read."""
    by_id = {talk.id: talk for talk in stored.talks}
    ids = {number: line.talk_id for number, line in enumerate(edit.talks) if line.talk_id is not None}
    for number, talk_id in ids.items():
        talk, line = by_id[talk_id], edit.talks[number]
        if _line(talk) != line:
            with _at_line(number):
                write_talk(session, stored, talk, talk.revision, _details(talk, line), actor)
    for talk_id, talk in by_id.items():
        if talk_id not in ids.values():
            take_talk_out(session, stored, talk, actor)
    for number, line in enumerate(edit.talks):
        if line.talk_id is None:
            details = TalkDetails(title=line.title, duration_min=line.duration_min, people=line.people)
            with _at_line(number):
                ids[number] = add_talk(session, stored, details, actor)
    return [ids[number] for number in range(len(edit.talks))]


@contextmanager
def _at_line(number: int) -> Iterator[None]:
    """Let a refusal of a field say in which line it is."""
    try:
        yield
    except DomainError as error:
        error.field = f"talks.{number}.{error.field}" if error.field else None
        raise


def _details(talk: Talk, line: TalkLine) -> TalkDetails:
    return TalkDetails(
        title=line.title,
        abstract=talk.abstract,
        duration_min=line.duration_min,
        people=line.people,
        facts=talk.facts,
        poster_number=talk.poster_number,
        board=talk.board,
    )
