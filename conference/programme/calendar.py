from collections.abc import Container, Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from flask import url_for

from conference.event.calendar import CalendarEntry, calendar_file
from conference.event.model import Event
from conference.programme.model import Programme, Session
from conference.web.language import clock_time


def sessions_file(
    programme: Programme, event: Event, base_url: str, *, only: Container[int] | None = None
) -> bytes:
    """Return one calendar file with every session of a published version, or of those whose ids are in `only`.

    A session keeps its UID through all versions, and its SEQUENCE is the version that last changed it, so that a
    calendar that reads the file again moves what it holds (RFC 5545, 3.8.7.4).
    """
    assert programme.published_at is not None  # a draft is no calendar
    sessions = tuple(one for one in programme.sessions if only is None or one.id in only)
    return calendar_file(
        entries_of(replace(programme, sessions=sessions), event, base_url),
        stamp=programme.published_at,
        name=event.title,
    )


def entries_of(programme: Programme, event: Event, base_url: str) -> Iterator[CalendarEntry]:
    """Yield an entry for each session that has a time."""
    for session in programme.sessions:
        if entry := _entry(session, event, base_url):
            yield entry


def _entry(session: Session, event: Event, base_url: str) -> CalendarEntry | None:
    if session.span is None:
        return None
    room = session.room.name if session.room else ""
    return CalendarEntry(
        uid=f"session-{session.id}@{urlsplit(base_url).hostname}",
        sequence=session.sequence,
        start=session.span.start,
        end=session.span.end,
        summary=session.title,
        location=", ".join(part for part in (room, event.venue, event.city) if part),
        description=_description(session),
        url=base_url.rstrip("/") + url_for("programme.public_session", session_id=session.id),
    )


def _description(session: Session) -> str:
    talks = (
        f"{clock_time(talk.span.start)} {talk.title}" + _named([part.name for part in talk.people])
        for talk in session.talks
        if talk.span
    )
    return "\n".join(part for part in (session.abstract, *talks) if part)


def _named(names: list[str]) -> str:
    return f" ({', '.join(names)})" if names else ""
