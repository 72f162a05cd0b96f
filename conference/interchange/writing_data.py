"""The whole programme as JSON of our own, with all that the other forms have no word for: talks, roles, affiliations.

`SCHEMA` documents it (JSON Schema, draft 2020-12), and is served beside it; a test holds the one to the other. Pure.
"""

import json
from typing import Any

from conference.core.clock import STOCKHOLM
from conference.core.interval import Interval
from conference.interchange.edition import Edition, local
from conference.programme.model import Kind, Part, PartRole, Session, Talk

SHAPE = 1


def data(edition: Edition) -> bytes:
    """Return the programme, to be served as application/json."""
    programme, event = edition.programme, edition.event
    whole = {
        "$schema": f"{edition.site}/programme.schema.json",
        "shape": SHAPE,
        "version": programme.version,
        "made_at": local(edition.made_at).isoformat(timespec="seconds"),
        "event": {
            "title": event.title,
            "venue": event.venue,
            "city": event.city,
            "zone": STOCKHOLM.key,
            "days": [day.isoformat() for day in programme.days],
        },
        "rooms": [{"id": room.id, "name": room.name, "seats": room.seats} for room in programme.rooms],
        "tracks": [{"id": track.id, "name": track.name} for track in programme.tracks],
        "sessions": [_session(edition, session) for session in edition.sessions],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"


def _span(span: Interval | None) -> dict[str, Any]:
    return {
        "start": local(span.start).isoformat() if span else None,
        "end": local(span.end).isoformat() if span else None,
    }


def _session(edition: Edition, session: Session) -> dict[str, Any]:
    return {
        "id": session.id,
        "guid": edition.guids.session(session.id),
        "kind": session.kind.value,
        "title": session.title,
        "abstract": session.abstract,
        "track": session.track.id if session.track else None,
        "room": session.room.id if session.room else None,
        **_span(session.span),
        "changed_in_version": session.sequence,
        "url": edition.page(session.id),
        "people": [_part(edition, part) for part in session.people],
        "talks": [_talk(edition, talk) for talk in session.talks],
    }


def _talk(edition: Edition, talk: Talk) -> dict[str, Any]:
    return {
        "id": talk.id,
        "title": talk.title,
        "abstract": talk.abstract,
        **_span(talk.span),
        "level": talk.facts.level.value if talk.facts.level else None,
        "keywords": list(talk.facts.keywords),
        "co_authors": [{"name": one.name, "affiliation": one.affiliation} for one in talk.facts.co_authors],
        "people": [_part(edition, part) for part in talk.people],
    }


def _part(edition: Edition, part: Part) -> dict[str, Any]:
    return {
        "guid": edition.guids.person(part.person_id),
        "name": part.name,
        "affiliation": part.affiliation,
        "country": part.country,
        "role": part.role.value,
    }


def _object(about: str, **properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "description": about,
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


def _text(about: str, **more: Any) -> dict[str, Any]:
    return {"type": "string", "description": about} | more


def _number(about: str) -> dict[str, Any]:
    return {"type": "integer", "description": about}


def _or_null(one: dict[str, Any]) -> dict[str, Any]:
    return one | {"type": [one["type"], "null"]}


def _list(about: str, of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "description": about, "items": of}


_TIME = _text("ISO 8601 with Stockholm's offset.", format="date-time")
_PERSON = _object(
    "A person with a part in a session or talk.",
    guid=_text("The same person has the same guid everywhere.", format="uuid"),
    name=_text("As the person writes it."),
    affiliation=_text("Empty where it is not known."),
    country=_text("ISO 3166 code of the affiliation's country, or empty.", pattern="^([A-Z]{2})?$"),
    role=_text("What the person does there.", enum=[role.value for role in PartRole]),
)
_TALK = _object(
    "A talk in its session.",
    id=_number("Unique, and never used again."),
    title=_text("One line."),
    abstract=_text("Plain text, lines separated by \\n."),
    start=_or_null(_TIME),
    end=_or_null(_TIME),
    level=_or_null(_text("introductory, intermediate or advanced; null where it is not said.")),
    keywords=_list("In the speaker's order.", _text("A keyword.")),
    co_authors=_list(
        "Who wrote it too and does not speak, in order.",
        _object("A co-author.", name=_text("As it is written."), affiliation=_text("Or empty.")),
    ),
    people=_list("Speakers and presenting authors, in order.", _PERSON),
)
_SESSION = _object(
    "A session with its talks.",
    id=_number("Unique, and never used again."),
    guid=_text("The id that schedule.xml and schedule.json give it too.", format="uuid"),
    kind=_text("What it is.", enum=[kind.value for kind in Kind]),
    title=_text("One line."),
    abstract=_text("Plain text, lines separated by \\n."),
    track=_or_null(_number("The id of its track.")),
    room=_or_null(_number("The id of its room; null for what needs none.")),
    start=_TIME,
    end=_TIME,
    changed_in_version=_number("The version that last changed it; 0 in a draft."),
    url=_text("Its page.", format="uri"),
    people=_list("Chairs and others of the session as a whole, in order.", _PERSON),
    talks=_list("In order.", _TALK),
)
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "The programme of a conference",
} | _object(
    "A published version of the programme, whole.",
    **{"$schema": _text("The address of this document.", format="uri")},
    shape={
        "const": SHAPE,
        "description": "Raised whenever a field comes, goes or changes its meaning.",
    },
    version=_or_null(_number("The version's number, counted from 1; null for a draft.")),
    made_at=_text("When it was published.", format="date-time"),
    event=_object(
        "The conference.",
        title=_text("Its name."),
        venue=_text("Or empty."),
        city=_text("Where it takes place."),
        zone=_text("The time zone that all times are of."),
        days=_list("In order.", _text("A day.", format="date")),
    ),
    rooms=_list(
        "In the order of the programme.",
        _object(
            "A room.",
            id=_number("Sessions name it."),
            name=_text("Its name."),
            seats=_or_null(_number("How many; null where nobody counted.")),
        ),
    ),
    tracks=_list(
        "In the order of the programme.",
        _object("A track.", id=_number("Sessions name it."), name=_text("Its name.")),
    ),
    sessions=_list("By start, then room.", _SESSION),
)


def schema() -> bytes:
    """Return the schema, to be served as application/schema+json."""
    return json.dumps(SCHEMA, ensure_ascii=False, indent=1).encode() + b"\n"
