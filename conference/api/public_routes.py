"""What every program may read: the published version and nothing else, as the public pages show it."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar

from flask import request, url_for

from conference.api import model
from conference.api.asked import Paged, SessionsAsked, SpeakersAsked, TalksAsked
from conference.api.cursors import part_of, read_cursor, write_cursor
from conference.api.operations import operation
from conference.api.programme_reading import room_of, session_of, speaker_of, talk_of, track_of, version_of
from conference.core.clock import STOCKHOLM
from conference.core.errors import NotFoundError
from conference.event.queries import get_event
from conference.interchange.queries import guids
from conference.programme import queries
from conference.programme.listing import people_listed
from conference.programme.model import Programme, Session
from conference.programme.public_routes import get_published
from conference.programme.registry import public_profiles
from conference.web.settings import current_settings

T = TypeVar("T")


def site() -> str:
    """Return how this site's addresses begin."""
    return (current_settings().base_url or request.host_url).rstrip("/")


def next_address(asked: Paged, after: int | None, *, stamp: str = "") -> str | None:
    """Return the address of the next part of the list that is being read, None where there is none."""
    if after is None:
        return None
    cursor = write_cursor(current_settings().secret_key, request.endpoint or "", asked, after, stamp=stamp)
    values: dict[str, Any] = request.args.to_dict(flat=False) | {"cursor": [cursor]}
    return site() + url_for(request.endpoint or "", **values)


def after_cursor(asked: Paged, *, stamp: str = "") -> int | None:
    """Return the id after which the reader goes on. Raises CursorRefusedError and CursorOldError."""
    return read_cursor(current_settings().secret_keys, request.endpoint or "", asked, stamp=stamp)


def _stamp(programme: Programme) -> str:
    # Numbers repeat where a database was started over; times do not.
    return f"{programme.version} {programme.published_at}"


def _part(
    programme: Programme, asked: Paged, items: Sequence[T], number_of: Callable[[T], int]
) -> tuple[Sequence[T], str | None]:
    stamp = _stamp(programme)
    found, after = part_of(items, number_of, after_cursor(asked, stamp=stamp), asked.limit)
    return found, next_address(asked, after, stamp=stamp)


def _number(programme: Programme) -> int:
    assert programme.version is not None  # it is published
    return programme.version


def _only(items: Sequence[T], number_of: Callable[[T], int], number: int) -> T:
    found = next((one for one in items if number_of(one) == number), None)
    if found is None:
        raise NotFoundError
    return found


@operation("/event", "The conference")
def event() -> model.Event:
    """Return its name, place and days, and which version of the programme is published."""
    facts, programme = get_event(), queries.published()
    return model.Event(
        title=facts.title,
        city=facts.city,
        venue=facts.venue,
        zone=STOCKHOLM.key,
        days=facts.days,
        version=programme.version if programme else None,
    )


@operation("/versions", "Versions")
def versions(asked: Paged) -> model.VersionList:
    """Return every version that was published, the newest first, without its content: only one is shown."""
    programme = queries.published()
    current = programme.version if programme else None
    found = [version_of(one, current) for one in queries.versions()]
    after = after_cursor(asked)
    later = [one for one in found if after is None or one.number < after]
    part = later[: asked.limit]
    more = next_address(asked, part[-1].number if len(later) > asked.limit else None)
    return model.VersionList(items=tuple(part), next=more)


@operation("/versions/{number}", "One version")
def version(number: int) -> model.Version:
    """Return when it was published, and whether it is what everybody sees now."""
    programme = queries.published()
    found = _only(queries.versions(), lambda one: one.number, number)
    return version_of(found, programme.version if programme else None)


def _fits(session: Session, day: date | None, track: int | None, room: int | None) -> bool:
    return (
        (day is None or session.day == day)
        and (track is None or (session.track is not None and session.track.id == track))
        and (room is None or (session.room is not None and session.room.id == room))
    )


@operation("/sessions", "Sessions", needs_version=True)
def sessions(asked: SessionsAsked) -> model.SessionList:
    """Return the sessions of the published version with their talks, by start and room."""
    programme, ids = get_published(), guids()
    wanted = [
        one
        for one in programme.sessions
        if _fits(one, asked.day, asked.track, asked.room) and asked.kind in {None, one.kind}
    ]
    part, following = _part(programme, asked, wanted, lambda one: one.id)
    items = tuple(session_of(one, ids) for one in part)
    return model.SessionList(version=_number(programme), items=items, next=following)


@operation("/sessions/{session_id}", "One session", needs_version=True)
def session(session_id: int) -> model.Session:
    """Return the session with its talks."""
    return session_of(queries.get_session(get_published(), session_id), guids())


@operation("/talks", "Talks", needs_version=True)
def talks(asked: TalksAsked) -> model.TalkList:
    """Return the talks and posters of the published version, in the order of their sessions."""
    programme, ids = get_published(), guids()
    wanted = [
        (one, talk)
        for one in programme.sessions
        if _fits(one, asked.day, asked.track, asked.room) and asked.session in {None, one.id}
        for talk in one.talks
    ]
    part, following = _part(programme, asked, wanted, lambda pair: pair[1].id)
    items = tuple(talk_of(one, talk, ids) for one, talk in part)
    return model.TalkList(version=_number(programme), items=items, next=following)


@operation("/talks/{talk_id}", "One talk", needs_version=True)
def talk(talk_id: int) -> model.Talk:
    """Return the talk, and in which session it is."""
    return talk_of(*queries.get_talk(get_published(), talk_id), guids())


@operation("/speakers", "Speakers", needs_version=True)
def speakers(asked: SpeakersAsked) -> model.SpeakerList:
    """Return everybody who has a part in the published version, by family name.

    A biography or portrait is there for as long as the person consents to it.
    """
    programme, ids, profiles = get_published(), guids(), public_profiles()
    wanted = [
        one
        for one in people_listed(programme)
        if asked.role is None or asked.role in {found.role for found in one.appearances}
    ]
    part, following = _part(programme, asked, wanted, lambda one: one.part.person_id)
    items = tuple(speaker_of(one, profiles.get(one.part.person_id), ids) for one in part)
    return model.SpeakerList(version=_number(programme), items=items, next=following)


@operation("/speakers/{person_id}", "One speaker", needs_version=True)
def speaker(person_id: int) -> model.Speaker:
    """Return the person, and all that they do."""
    found = _only(people_listed(get_published()), lambda one: one.part.person_id, person_id)
    return speaker_of(found, public_profiles().get(found.part.person_id), guids())


@operation("/rooms", "Rooms", needs_version=True)
def rooms(asked: Paged) -> model.RoomList:
    """Return the rooms of the published version, in its order."""
    programme = get_published()
    part, following = _part(programme, asked, programme.rooms, lambda one: one.id)
    items = tuple(room_of(one) for one in part)
    return model.RoomList(version=_number(programme), items=items, next=following)


@operation("/rooms/{room_id}", "One room", needs_version=True)
def room(room_id: int) -> model.Room:
    """Return the room."""
    return room_of(_only(get_published().rooms, lambda one: one.id, room_id))


@operation("/tracks", "Tracks", needs_version=True)
def tracks(asked: Paged) -> model.TrackList:
    """Return the tracks of the published version, in its order."""
    programme = get_published()
    part, following = _part(programme, asked, programme.tracks, lambda one: one.id)
    items = tuple(track_of(one) for one in part)
    return model.TrackList(version=_number(programme), items=items, next=following)


@operation("/tracks/{track_id}", "One track", needs_version=True)
def track(track_id: int) -> model.Track:
    """Return the track."""
    return track_of(_only(get_published().tracks, lambda one: one.id, track_id))
