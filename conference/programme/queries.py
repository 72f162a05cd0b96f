from collections import defaultdict
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import NamedTuple, cast

from flask import current_app
from sqlalchemy import Table, func, or_, select
from sqlalchemy.orm import Session as DbSession

from conference.core.errors import NotFoundError
from conference.core.ids import ExtraId, PersonId, RoomId, SessionId, TalkId, TrackId
from conference.db.base import db
from conference.db.standing import standing, token_column
from conference.event.model import Room, Track
from conference.event.queries import get_event, rooms, tracks, walks
from conference.people.availability import unavailable
from conference.people.model import Person
from conference.people.queries import people_by_id
from conference.programme.board import Board
from conference.programme.checking import check
from conference.programme.facts import CheckSettings, Facts
from conference.programme.mark_queries import marked_together
from conference.programme.model import (
    Kind,
    Labels,
    Part,
    PartRole,
    Programme,
    ScheduledVersion,
    Session,
    Talk,
    Telling,
    Version,
)
from conference.programme.registry import disclosed
from conference.programme.rules import by_time, publishable, span_of, talk_spans
from conference.programme.severity import DEFAULTS, ConflictKind, Severity
from conference.programme.snapshot import read_facts, thaw
from conference.programme.tables import (
    DraftRow,
    ScheduleCheckRow,
    ScheduledRow,
    SessionRoleRow,
    SessionRow,
    TalkRoleRow,
    TalkRow,
    VersionRow,
)
from conference.programme.weighing import in_the_way
from conference.registration.extra_queries import extras

_CHECKS = cast("Table", ScheduleCheckRow.__table__)
_CACHE = "conference.programme.published"
# A service reads what it has just written by UPDATE, so rows that the session already holds are read again.
_FRESH = {"populate_existing": True}
_IS_STANDING = VersionRow.withdrawn_at.is_(None)
_NEWEST = (
    select(VersionRow.number, VersionRow.public_since, VersionRow.rewritten)
    .where(_IS_STANDING)
    .order_by(VersionRow.number.desc())
    .limit(1)
)
# With the token of the standing facts beside it: the one statement of a public page that is kept.
_STATE = _NEWEST.add_columns(token_column().label("token"))


class PublicState(NamedTuple):
    """All that a public page is made of beside its address: the newest version, and the state of the standing facts."""

    number: int
    public_since: datetime
    rewritten: int
    token: str


class _Parts(NamedTuple):
    """What a session row is completed with, each by the id that it belongs to."""

    session_people: Mapping[int, list[Part]]
    talks: Mapping[int, list[TalkRow]]
    talk_people: Mapping[int, list[Part]]
    rooms: Mapping[RoomId, Room]
    tracks: Mapping[TrackId, Track]


def draft(session: DbSession | None = None) -> Programme:
    """Return the draft, with what is not scheduled yet. A constant number of statements (9)."""
    its_rooms, its_tracks = rooms(session), tracks(session)
    parts = _parts(session, its_rooms, its_tracks)
    rows = (session or db.session).scalars(select(SessionRow), execution_options=_FRESH)
    return Programme(
        version=None,
        published_at=None,
        days=get_event(session).days,
        rooms=its_rooms,
        tracks=its_tracks,
        sessions=by_time(_session(row, parts) for row in rows),
        draft_revision=draft_revision(session),
    )


def draft_revision(session: DbSession | None = None) -> int:
    return (session or db.session).scalar(select(DraftRow.revision)) or 0


def get_session(programme: Programme, session_id: int) -> Session:
    """Return the programme's session; raises NotFoundError."""
    found = next((session for session in programme.sessions if session.id == session_id), None)
    if found is None:
        raise NotFoundError
    return found


def get_talk(programme: Programme, talk_id: int) -> tuple[Session, Talk]:
    """Return the programme's talk and the session that it is in; raises NotFoundError."""
    for session in programme.sessions:
        for talk in session.talks:
            if talk.id == talk_id:
                return session, talk
    raise NotFoundError


def _parts(session: DbSession | None, its_rooms: tuple[Room, ...], its_tracks: tuple[Track, ...]) -> _Parts:
    reader = session or db.session
    talks: dict[int, list[TalkRow]] = defaultdict(list)
    ordered = select(TalkRow).order_by(TalkRow.place, TalkRow.id)
    for talk in reader.scalars(ordered, execution_options=_FRESH):
        talks[talk.session_id].append(talk)
    of_sessions = reader.scalars(select(SessionRoleRow).order_by(SessionRoleRow.place)).all()
    of_talks = reader.scalars(select(TalkRoleRow).order_by(TalkRoleRow.place)).all()
    ids = {row.person_id for row in of_sessions} | {row.person_id for row in of_talks}
    people = people_by_id(ids, session)
    session_people: dict[int, list[Part]] = defaultdict(list)
    talk_people: dict[int, list[Part]] = defaultdict(list)
    # Outside the draft's lock each statement sees its own moment: who or what was deleted between two is left out.
    for row in of_sessions:
        if person := people.get(PersonId(row.person_id)):
            session_people[row.session_id].append(_part(person, row.role))
    for talk_role in of_talks:
        if person := people.get(PersonId(talk_role.person_id)):
            talk_people[talk_role.talk_id].append(_part(person, talk_role.role))
    return _Parts(
        session_people=session_people,
        talks=talks,
        talk_people=talk_people,
        rooms={room.id: room for room in its_rooms},
        tracks={track.id: track for track in its_tracks},
    )


def _part(person: Person, role: str) -> Part:
    details = person.details
    return Part(
        person_id=person.id,
        name=details.name,
        sort_name=person.sort_name,
        affiliation=details.affiliation,
        country=details.country,
        role=PartRole(role),
    )


def _session(row: SessionRow, parts: _Parts) -> Session:
    talks = parts.talks.get(row.id, [])
    kind = Kind(row.kind)
    durations = [talk.duration_min for talk in talks]
    spans = talk_spans(row.starts_at, durations, kind=kind, session_min=row.duration_min)
    return Session(
        id=SessionId(row.id),
        kind=kind,
        title=row.title,
        abstract=row.abstract,
        track=None if row.track_id is None else parts.tracks.get(TrackId(row.track_id)),
        room=None if row.room_id is None else parts.rooms.get(RoomId(row.room_id)),
        span=span_of(row.starts_at, row.duration_min),
        people=tuple(parts.session_people.get(row.id, ())),
        talks=tuple(
            Talk(
                id=TalkId(talk.id),
                title=talk.title,
                abstract=talk.abstract,
                span=span,
                people=tuple(parts.talk_people.get(talk.id, ())),
                duration_min=talk.duration_min,
                revision=talk.revision,
                facts=read_facts(
                    {"level": talk.level, "keywords": talk.keywords, "co_authors": talk.co_authors}
                ),
                poster_number=talk.poster_number,
                board=talk.board,
            )
            for talk, span in zip(talks, spans, strict=True)
        ),
        duration_min=row.duration_min,
        revision=row.revision,
        is_pinned=row.is_pinned,
        may_share_room=row.may_share_room,
        expected_people=row.expected_people,
        sponsor=row.sponsor,
        parent_id=None if row.parent_id is None else SessionId(row.parent_id),
        extra_id=None if row.extra_id is None else ExtraId(row.extra_id),
    )


def versions(session: DbSession | None = None) -> list[Version]:
    """Return all versions, the withdrawn ones too, newest first. One statement."""
    columns = [getattr(VersionRow, one.name) for one in fields(Version)]
    rows = (session or db.session).execute(select(*columns).order_by(VersionRow.number.desc()))
    return [Version(**(row._asdict() | {"telling": Telling(row.telling)})) for row in rows]


def scheduled(session: DbSession | None = None) -> ScheduledVersion | None:
    """Return the version that waits for its time, None where none does. One statement."""
    row = (session or db.session).scalar(select(ScheduledRow), execution_options=_FRESH)
    if row is None:
        return None
    programme = thaw(row.snapshot, version=None, published_at=None, draft_revision=row.draft_revision)
    return ScheduledVersion(
        publish_at=row.publish_at,
        labels=Labels(name=row.name, is_final=row.is_final, telling=Telling(row.telling)),
        programme=programme,
        set_at=row.set_at,
        set_by=row.set_by,
        revision=row.revision,
    )


def is_last_final(session: DbSession | None = None) -> bool:
    """Return whether the public version is marked final; False where none is public."""
    newest = select(VersionRow.is_final).where(_IS_STANDING).order_by(VersionRow.number.desc()).limit(1)
    return bool((session or db.session).scalar(newest))


def is_to_be_told(number: int) -> bool:
    """Return whether telling people of the version is still to come: told later, or public again. One statement."""
    is_again = VersionRow.public_since != VersionRow.published_at
    is_open = or_(VersionRow.telling == Telling.LATER.value, is_again)
    return db.session.scalar(select(VersionRow.id).where(VersionRow.number == number, is_open)) is not None


def next_number(session: DbSession | None = None) -> int:
    """Return the number of the version to come: one more than any had, withdrawn or not."""
    return 1 + ((session or db.session).scalar(select(func.max(VersionRow.number))) or 0)


def draft_state() -> tuple[int, int | None]:
    """Return the draft's revision and the public version's number: what tells that the draft may differ. One statement."""
    newest = select(func.max(VersionRow.number)).where(_IS_STANDING).scalar_subquery()
    row = db.session.execute(select(DraftRow.revision, newest)).one()
    return row[0], row[1]


def published(session: DbSession | None = None) -> Programme | None:
    """Return the newest version that is not withdrawn, None where there is none.

    One statement, two when it is new to this process.
    """
    # Asked by every public page, so it goes past the unit of work, which two columns do not need.
    row = (session or db.session).connection().execute(_NEWEST).first()
    if row is None:
        return None
    return _kept_version(row.number, row.public_since, row.rewritten, session)


def _kept_version(
    number: int, public_since: datetime, rewritten: int, session: DbSession | None = None
) -> Programme:
    # The time is part of the key, because a database that was started over counts from 1 again, and because a version
    # that is public once more has other numbers for calendars.
    key = (number, public_since, rewritten)
    cached: tuple[object, Programme] | None = current_app.extensions.get(_CACHE)
    if cached is None or cached[0] != key:
        cached = (key, version(number, session))
        current_app.extensions[_CACHE] = cached
    return cached[1]


def public_state() -> PublicState | None:
    """Return what the public pages are made of at this moment, None before the first version. One statement."""
    # Past the unit of work, which costs as much as the statement.
    with db.engine.connect() as connection:
        row = connection.execute(_STATE).first()
    return None if row is None else PublicState(*row)


def programme_of(state: PublicState) -> Programme:
    """Return the version of the state, which a publication meanwhile does not replace. No statement once it is known."""
    return _kept_version(state.number, state.public_since, state.rewritten)


def version(number: int, session: DbSession | None = None) -> Programme:
    """Return a published version as it was frozen; raises NotFoundError."""
    row = (session or db.session).scalar(select(VersionRow).where(VersionRow.number == number))
    if row is None:
        raise NotFoundError
    programme = thaw(
        row.snapshot,
        version=row.number,
        published_at=row.public_since,
        draft_revision=row.draft_revision,
        name=row.name,
    )
    return with_lifted(programme, row.lifted) if row.lifted else programme


def with_lifted(programme: Programme, lifted: Mapping[str, int]) -> Programme:
    """Return the version with the calendar sequences that a withdrawal gave to what it put back."""
    sessions = (replace(one, sequence=lifted.get(str(one.id), one.sequence)) for one in programme.sessions)
    return replace(programme, sessions=tuple(sessions))


@standing
def check_settings(session: DbSession) -> CheckSettings:
    """Return what staff set of the checks. A kind or severity that a later version took away has its default."""
    row = session.execute(select(_CHECKS).where(_CHECKS.c.id == 1)).one()
    known, severities = set(ConflictKind), set(Severity)
    chosen = {
        ConflictKind(kind): Severity(one)
        for kind, one in row.severities.items()
        if kind in known and one in severities
    }
    return CheckSettings(
        severities={**DEFAULTS, **chosen},
        placeholders=tuple(row.placeholders),
        sponsors=tuple(row.sponsors),
        many_marks=row.many_marks,
        revision=row.revision,
    )


def check_facts(programme: Programme, session: DbSession | None = None) -> Facts:
    """Return what a check of the programme asks beside it. Three statements, four where a session has an extra.

    Where marks came or went since this process asked last, one more counts them.
    """
    settings = check_settings(session)
    return Facts(
        event=get_event(session),
        settings=settings,
        marks=marked_together(settings.many_marks, session),
        unavailable=unavailable(session),
        walks=walks(session),
        disclosed=disclosed(session),
        registered=_registered(programme, session),
    )


def _registered(programme: Programme, session: DbSession | None) -> dict[SessionId, int]:
    """Return how many people have a place in each session that an extra stands for."""
    by_extra = {one.id: one.extra_id for one in programme.sessions if one.extra_id is not None}
    if not by_extra:
        return {}
    taken = {extra.id: extra.ledger.taken for extra in extras(session)}
    return {session_id: taken.get(extra_id, 0) for session_id, extra_id in by_extra.items()}


def board_of(programme: Programme, session: DbSession | None = None) -> Board:
    """Return the programme laid out for checks. Statements as `check_facts`."""
    return Board(programme, check_facts(programme, session))


def count_conflicts() -> int:
    """Return how many conflicts of the draft stop it from being published."""
    return len(in_the_way(check(board_of(publishable(draft())))))
