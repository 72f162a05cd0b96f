"""A programme as plain JSON and back: what a published version freezes. Pure.

`SHAPE` is written into each snapshot, so that a later release can read the versions of this one.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import UTC, date, datetime
from typing import Any

from conference.core.ids import PersonId, RoomId, SessionId, TalkId, TrackId
from conference.core.interval import Interval
from conference.event.model import Room, Track
from conference.programme.model import (
    CoAuthor,
    Kind,
    Level,
    Part,
    PartRole,
    Programme,
    Session,
    Talk,
    TalkFacts,
)

# 2 added level, keywords and co-authors of talks; the versions of 1 have none. 3 added what a session stands inside,
# and number and board of posters.
SHAPE = 3


def freeze(programme: Programme) -> dict[str, Any]:
    """Return everything that public pages, calendar files and paper show of the programme."""
    return {
        "shape": SHAPE,
        "days": [day.isoformat() for day in programme.days],
        "rooms": [_plain_room(room) for room in programme.rooms],
        "tracks": [_plain_track(track) for track in programme.tracks],
        "sessions": [_plain_session(session) for session in programme.sessions],
    }


def thaw(
    plain: Mapping[str, Any],
    *,
    version: int | None,
    published_at: datetime | None,
    draft_revision: int,
    name: str = "",
) -> Programme:
    """Return the programme of a snapshot; of one that is not public yet `version` is None."""
    rooms = {room["id"]: _room(room) for room in plain["rooms"]}
    tracks = {track["id"]: _track(track) for track in plain["tracks"]}
    return Programme(
        version=version,
        published_at=published_at,
        days=tuple(date.fromisoformat(day) for day in plain["days"]),
        rooms=tuple(rooms.values()),
        tracks=tuple(tracks.values()),
        sessions=tuple(_session(session, rooms, tracks) for session in plain["sessions"]),
        draft_revision=draft_revision,
        name=name,
    )


def _plain_room(room: Room) -> dict[str, Any]:
    return {"id": room.id, "place": room.place, "name": room.name, "seats": room.seats}


def _plain_track(track: Track) -> dict[str, Any]:
    return {"id": track.id, "place": track.place, "name": track.name, "colour": track.colour}


def _plain_span(span: Interval | None) -> list[str] | None:
    return [span.start.astimezone(UTC).isoformat(), span.end.astimezone(UTC).isoformat()] if span else None


def _plain_part(part: Part) -> dict[str, Any]:
    return {
        "person": part.person_id,
        "name": part.name,
        "sort_name": part.sort_name,
        "affiliation": part.affiliation,
        "country": part.country,
        "role": part.role.value,
    }


def _plain_talk(talk: Talk) -> dict[str, Any]:
    return {
        "id": talk.id,
        "title": talk.title,
        "abstract": talk.abstract,
        "span": _plain_span(talk.span),
        "duration_min": talk.duration_min,
        "people": [_plain_part(part) for part in talk.people],
        "poster_number": talk.poster_number,
        "board": talk.board,
        **plain_facts(talk.facts),
    }


def plain_facts(facts: TalkFacts) -> dict[str, Any]:
    """Return level, keywords and co-authors as plain values, as the draft's table keeps them too."""
    return {
        "level": facts.level.value if facts.level else "",
        "keywords": list(facts.keywords),
        "co_authors": [{"name": one.name, "affiliation": one.affiliation} for one in facts.co_authors],
    }


def read_facts(plain: Mapping[str, Any]) -> TalkFacts:
    """Return the facts of plain values; what a version of an older shape does not say is empty."""
    return TalkFacts(
        level=Level(plain["level"]) if plain.get("level") else None,
        keywords=tuple(plain.get("keywords", ())),
        co_authors=tuple(CoAuthor(**one) for one in plain.get("co_authors", ())),
    )


def _plain_session(session: Session) -> dict[str, Any]:
    return {
        "id": session.id,
        "kind": session.kind.value,
        "title": session.title,
        "abstract": session.abstract,
        "track": session.track.id if session.track else None,
        "room": session.room.id if session.room else None,
        "span": _plain_span(session.span),
        "duration_min": session.duration_min,
        "sequence": session.sequence,
        "parent": session.parent_id,
        "people": [_plain_part(part) for part in session.people],
        "talks": [_plain_talk(talk) for talk in session.talks],
    }


def _room(plain: Mapping[str, Any]) -> Room:
    return Room(
        id=RoomId(plain["id"]), place=plain["place"], name=plain["name"], seats=plain["seats"], revision=0
    )


def _track(plain: Mapping[str, Any]) -> Track:
    return Track(
        id=TrackId(plain["id"]), place=plain["place"], name=plain["name"], colour=plain["colour"], revision=0
    )


def _span(plain: list[str] | None) -> Interval | None:
    if plain is None:
        return None
    return Interval(start=datetime.fromisoformat(plain[0]), end=datetime.fromisoformat(plain[1]))


def _part(plain: Mapping[str, Any]) -> Part:
    return Part(
        person_id=PersonId(plain["person"]),
        name=plain["name"],
        sort_name=plain["sort_name"],
        affiliation=plain["affiliation"],
        country=plain["country"],
        role=PartRole(plain["role"]),
    )


def _talk(plain: Mapping[str, Any]) -> Talk:
    return Talk(
        id=TalkId(plain["id"]),
        title=plain["title"],
        abstract=plain["abstract"],
        span=_span(plain["span"]),
        duration_min=plain["duration_min"],
        people=tuple(_part(part) for part in plain["people"]),
        facts=read_facts(plain),
        poster_number=plain.get("poster_number", ""),
        board=plain.get("board", ""),
    )


def _session(plain: Mapping[str, Any], rooms: Mapping[int, Room], tracks: Mapping[int, Track]) -> Session:
    return Session(
        id=SessionId(plain["id"]),
        kind=Kind(plain["kind"]),
        title=plain["title"],
        abstract=plain["abstract"],
        track=tracks[plain["track"]] if plain["track"] is not None else None,
        room=rooms[plain["room"]] if plain["room"] is not None else None,
        span=_span(plain["span"]),
        duration_min=plain["duration_min"],
        sequence=plain["sequence"],
        parent_id=SessionId(plain["parent"]) if plain.get("parent") is not None else None,
        people=tuple(_part(part) for part in plain["people"]),
        talks=tuple(_talk(talk) for talk in plain["talks"]),
    )


def _plain_people(plain: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for session in plain["sessions"]:
        yield from session["people"]
        for talk in session["talks"]:
            yield from talk["people"]


def is_named(plain: Mapping[str, Any], person_id: PersonId) -> bool:
    """Return whether the person has a part in the snapshot."""
    return any(part["person"] == person_id for part in _plain_people(plain))


def renamed(plain: Mapping[str, Any], gone: PersonId, kept: PersonId) -> dict[str, Any]:
    """Return the snapshot with one person's parts given to another, under the name that was published."""
    after = deepcopy(dict(plain))
    for part in _plain_people(after):
        if part["person"] == gone:
            part["person"] = kept
    return after
