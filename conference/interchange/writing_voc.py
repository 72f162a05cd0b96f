"""`schedule.xml` and `schedule.json` in the form of C3VOC, held to its schemas by a test. Pure.

A session is one event, its talks stand in its description: events inside each other would be shown as overlapping.
"""

import json
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

from conference.core.clock import STOCKHOLM
from conference.interchange.edition import (
    SLOT,
    Edition,
    ExportedDay,
    acronym,
    as_duration,
    days_of,
    document_of,
    local,
    people_of,
    slug,
    talks_told,
    track_slug,
)
from conference.programme.model import Session
from conference.web.exporting import without_what_xml_cannot_hold as as_xml
from conference.web.theme import TRACK_BARS

GENERATOR = "Conference office"


def schedule_xml(edition: Edition) -> bytes:
    """Return the schedule, to be served as application/xml."""
    root = ET.Element("schedule")
    ET.SubElement(root, "generator", name=GENERATOR)
    _add(root, "url", f"{edition.site}/schedule.xml")
    _add(root, "version", edition.label)
    _conference(root, edition)
    for day in days_of(edition):
        element = ET.SubElement(
            root,
            "day",
            index=str(day.index),
            date=day.date.isoformat(),
            start=day.start.isoformat(),
            end=day.end.isoformat(),
        )
        for name, room, sessions in day.rooms:
            marks = {"guid": edition.guids.room(room.id)} if room else {}
            parent = ET.SubElement(element, "room", {"name": as_xml(name)} | marks)
            for session in sessions:
                _event(parent, edition, session, name)
    return document_of(root)


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = as_xml(text)


def _conference(root: ET.Element, edition: Edition) -> None:
    event, days = edition.event, edition.programme.days
    conference = ET.SubElement(root, "conference")
    for name, text in (
        ("acronym", acronym(event)),
        ("title", event.title),
        ("start", days[0].isoformat()),
        ("end", days[-1].isoformat()),
        ("days", str(len(days))),
        ("timeslot_duration", SLOT),
        ("base_url", f"{edition.site}/"),
        ("url", f"{edition.site}/programme"),
        ("time_zone_name", STOCKHOLM.key),
    ):
        _add(conference, name, text)
    for track in edition.programme.tracks:
        marks = {
            "name": as_xml(track.name),
            "color": _colour(track.colour),
            "slug": track_slug(track.name, track.id),
        }
        ET.SubElement(conference, "track", marks)


def _colour(number: int) -> str:
    return TRACK_BARS[(number - 1) % len(TRACK_BARS)]


def _event(parent: ET.Element, edition: Edition, session: Session, room: str) -> None:
    assert session.span is not None  # what has no time is in no schedule
    start = local(session.span.start)
    event = ET.SubElement(parent, "event", guid=edition.guids.session(session.id), id=str(session.id))
    for name, text in (
        ("date", start.isoformat()),
        ("start", f"{start:%H:%M}"),
        ("duration", as_duration(session.duration_min)),
        ("room", room),
        ("slug", slug(edition, session)),
        ("url", edition.page(session.id)),
        ("title", session.title),
        ("subtitle", ""),
        ("track", session.track.name if session.track else ""),
        ("type", session.kind.value),
        ("abstract", session.abstract),
        ("description", talks_told(session)),
    ):
        _add(event, name, text)
    persons = ET.SubElement(event, "persons")
    for part in people_of(session):
        marks = {"id": str(part.person_id), "guid": edition.guids.person(part.person_id)}
        ET.SubElement(persons, "person", marks).text = as_xml(part.name)


def schedule_json(edition: Edition) -> bytes:
    """Return the schedule, to be served as application/json."""
    whole = {
        "$schema": "https://c3voc.de/schedule/schema.json",
        "generator": {"name": GENERATOR, "url": f"{edition.site}/"},
        "schedule": {
            "version": edition.label,
            "base_url": f"{edition.site}/",
            "conference": _plain_conference(edition),
        },
    }
    return json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"


def _plain_conference(edition: Edition) -> dict[str, Any]:
    event, programme = edition.event, edition.programme
    return {
        "acronym": acronym(event),
        "title": event.title,
        "description": event.summary,
        "start": programme.days[0].isoformat(),
        "end": programme.days[-1].isoformat(),
        "daysCount": len(programme.days),
        "timeslot_duration": SLOT,
        "time_zone_name": STOCKHOLM.key,
        "url": f"{edition.site}/programme",
        "tracks": [
            {"name": track.name, "slug": track_slug(track.name, track.id), "color": _colour(track.colour)}
            for track in programme.tracks
        ],
        "rooms": [
            {"name": room.name, "guid": edition.guids.room(room.id), "capacity": room.seats}
            for room in programme.rooms
        ],
        "days": [_plain_day(edition, day) for day in days_of(edition)],
    }


def _plain_day(edition: Edition, day: ExportedDay) -> dict[str, Any]:
    return {
        "index": day.index,
        "date": day.date.isoformat(),
        "day_start": day.start.isoformat(),
        "day_end": day.end.isoformat(),
        "rooms": {name: list(_plain_events(edition, name, sessions)) for name, _, sessions in day.rooms},
    }


def _plain_events(edition: Edition, room: str, sessions: tuple[Session, ...]) -> Iterator[dict[str, Any]]:
    for session in sessions:
        assert session.span is not None  # what has no time is in no schedule
        start = local(session.span.start)
        yield {
            "guid": edition.guids.session(session.id),
            "id": session.id,
            "date": start.isoformat(),
            "start": f"{start:%H:%M}",
            "end": local(session.span.end).isoformat(),
            "duration": as_duration(session.duration_min),
            "room": room,
            "slug": slug(edition, session),
            "url": edition.page(session.id),
            "title": session.title,
            "subtitle": "",
            "track": session.track.name if session.track else None,
            "type": session.kind.value,
            # Not asked for yet, and the schema lets it be unknown.
            "language": None,
            "abstract": session.abstract,
            "description": talks_told(session),
            "persons": [
                {"id": part.person_id, "guid": edition.guids.person(part.person_id), "name": part.name}
                for part in people_of(session)
            ],
            "links": [],
            "attachments": [],
        }
