"""The published programme as the records of the API. Pure."""

from collections.abc import Iterable

from conference.api import model
from conference.event import model as event_model
from conference.interchange.guids import Guids
from conference.programme.listing import Listed
from conference.programme.model import Part, PublicProfile, Session, Talk, Version


def room_of(room: event_model.Room) -> model.Room:
    return model.Room(id=room.id, name=room.name, seats=room.seats)


def track_of(track: event_model.Track) -> model.Track:
    return model.Track(id=track.id, name=track.name)


def version_of(version: Version, current: int | None) -> model.Version:
    """Return the version; `current` is the number of the one that everybody sees."""
    return model.Version(
        number=version.number,
        name=getattr(version, "name", "") or "",
        published_at=version.published_at,
        is_final=version.is_final,
        is_current=version.number == current,
    )


def _parts(parts: Iterable[Part], guids: Guids) -> tuple[model.Part, ...]:
    return tuple(
        model.Part(
            person=part.person_id,
            guid=guids.person(part.person_id),
            name=part.name,
            affiliation=part.affiliation,
            country=part.country,
            role=part.role,
        )
        for part in parts
    )


def talk_of(session: Session, talk: Talk, guids: Guids) -> model.Talk:
    return model.Talk(
        id=talk.id,
        session=session.id,
        title=talk.title,
        abstract=talk.abstract,
        starts_at=talk.span.start if talk.span else None,
        ends_at=talk.span.end if talk.span else None,
        level=talk.facts.level,
        keywords=talk.facts.keywords,
        co_authors=tuple(
            model.CoAuthor(name=one.name, affiliation=one.affiliation) for one in talk.facts.co_authors
        ),
        poster_number=talk.poster_number,
        board=talk.board,
        people=_parts(talk.people, guids),
    )


def session_of(session: Session, guids: Guids) -> model.Session:
    return model.Session(
        id=session.id,
        guid=guids.session(session.id),
        kind=session.kind,
        title=session.title,
        abstract=session.abstract,
        starts_at=session.span.start if session.span else None,
        ends_at=session.span.end if session.span else None,
        day=session.day,
        room=room_of(session.room) if session.room else None,
        track=track_of(session.track) if session.track else None,
        inside=session.parent_id,
        changed_in_version=session.sequence,
        url=f"{guids.base_url.rstrip('/')}/programme/session/{session.id}",
        people=_parts(session.people, guids),
        talks=tuple(talk_of(session, talk, guids) for talk in session.talks),
    )


def speaker_of(listed: Listed, profile: PublicProfile | None, guids: Guids) -> model.Speaker:
    """Return the person; `profile` is what they let be shown at this moment, None for nothing."""
    part, site = listed.part, guids.base_url.rstrip("/")
    return model.Speaker(
        id=part.person_id,
        guid=guids.person(part.person_id),
        name=part.name,
        affiliation=part.affiliation,
        country=part.country,
        biography=(profile.biography or None) if profile else None,
        portrait=f"{site}{profile.jpeg}" if profile and profile.jpeg else None,
        appearances=tuple(
            model.Appearance(role=one.role, session=one.session.id, talk=one.talk.id if one.talk else None)
            for one in listed.appearances
        ),
    )
