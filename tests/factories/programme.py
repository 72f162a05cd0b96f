"""Rooms, people, sessions and talks of the draft, and a published version, through the services of the room."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session as DbSession

from conference.audit.model import BY_SYSTEM
from conference.core.clock import clock
from conference.core.ids import PersonId, RoomId, SessionId, TalkId, TrackId
from conference.db.standing import renew_token
from conference.db.work import transact
from conference.people.model import PersonDetails
from conference.people.service import create_person
from conference.programme import service, talks, versioning
from conference.programme.model import Kind, PartChoice, PartRole, SessionDetails, TalkDetails, Telling
from conference.programme.queries import draft_revision


def at(clock_time: str, day: int = 22) -> datetime:
    """Return a time of the conference: at("09:30") is on its first day, Stockholm time."""
    return datetime.fromisoformat(f"2022-09-{day:02}T{clock_time}+02:00")


def make_room(name: str, *, place: int = 1, seats: int | None = 100) -> RoomId:
    """Return a room, the one of that name if there is one."""
    values = {"name": name, "place": place, "seats": seats}

    def work(session: DbSession) -> int:
        found: int | None = session.scalar(text("SELECT id FROM room WHERE name = :name"), values)
        insert = (
            "INSERT INTO room (place, name, seats, is_emptied_by_plenary, revision)"
            " VALUES (:place, :name, :seats, false, 1) RETURNING id"
        )
        room = found or int(session.scalar(text(insert), values) or 0)
        # Written past the room's service, because a place is given here.
        renew_token(session)
        return room

    return RoomId(transact(work))


def make_person(
    given_name: str = "Åsa", family_name: str = "Lind", affiliation: str = "Hospital of Example"
) -> PersonId:
    details = PersonDetails(
        given_name=given_name, family_name=family_name, affiliation=affiliation, country="SE"
    )
    return transact(lambda session: create_person(session, details, actor=BY_SYSTEM))


def part(person_id: PersonId, role: PartRole = PartRole.SPEAKER) -> PartChoice:
    return PartChoice(person_id=person_id, role=role)


def make_session(
    title: str = "Molecular tumour boards",
    *,
    kind: Kind = Kind.PARALLEL,
    room_id: RoomId | None = None,
    start: datetime | None = None,
    duration_min: int = 60,
    people: Sequence[PartChoice] = (),
    track_id: TrackId | None = None,
    abstract: str = "",
    **other: Any,
) -> SessionId:
    """Return a new session of the draft, unscheduled unless room and start are given."""
    details = SessionDetails(
        kind=kind,
        title=title,
        abstract=abstract,
        track_id=track_id,
        room_id=room_id,
        start=start,
        duration_min=duration_min,
        people=tuple(people),
        **other,
    )
    return transact(lambda session: service.create_session(session, details, actor=BY_SYSTEM)).session_id


def make_talk(
    session_id: SessionId,
    title: str = "A first talk",
    *,
    duration_min: int = 20,
    people: Sequence[PartChoice] = (),
    abstract: str = "",
) -> TalkId:
    """Return a new talk, last in its session."""
    details = TalkDetails(title=title, abstract=abstract, duration_min=duration_min, people=tuple(people))
    return transact(lambda session: talks.create_talk(session, session_id, details, actor=BY_SYSTEM))[0]


def publish_now(*, is_final: bool = False, name: str = "", telling: Telling = Telling.NOW) -> int:
    """Publish the draft as it is and return the version's number."""
    seen = transact(draft_revision)
    now = clock.now()
    return transact(
        lambda session: service.publish(
            session,
            seen_draft_revision=seen,
            actor=BY_SYSTEM,
            now=now,
            is_final=is_final,
            name=name,
            telling=telling,
        )
    )


def withdraw_version(number: int) -> int | None:
    """Withdraw the public version and return the number of the one that is public then."""
    now = clock.now()
    return transact(lambda session: versioning.withdraw(session, number, actor=BY_SYSTEM, now=now))
