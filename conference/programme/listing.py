"""What lists of a programme are made of: who takes part in what, and what is on now. Pure."""

from dataclasses import dataclass
from datetime import datetime

from conference.core.clock import STOCKHOLM
from conference.core.ids import PersonId
from conference.core.text import folded, sort_key
from conference.programme.model import Part, PartRole, Programme, Session, Talk


@dataclass(frozen=True, kw_only=True, slots=True)
class Appearance:
    """A person's role in a session, or in one talk of it."""

    role: PartRole
    session: Session
    talk: Talk | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """A person of the programme as they are shown, with all that they do, by time."""

    part: Part
    appearances: tuple[Appearance, ...]


def people_listed(programme: Programme, language: str = "en") -> list[Listed]:
    """Return everybody in the programme by family name, as the language sorts them."""
    parts: dict[PersonId, Part] = {}
    found: dict[PersonId, list[Appearance]] = {}
    for session in programme.sessions:
        roles: list[tuple[Part, Talk | None]] = [(part, None) for part in session.people]
        roles += [(part, talk) for talk in session.talks for part in talk.people]
        for part, talk in roles:
            parts[part.person_id] = part
            found.setdefault(part.person_id, []).append(
                Appearance(role=part.role, session=session, talk=talk)
            )
    ordered = sorted(
        parts.values(), key=lambda part: (sort_key(part.sort_name or part.name, language), part.person_id)
    )
    return [Listed(part=part, appearances=tuple(found[part.person_id])) for part in ordered]


def session_matches(session: Session, text: str) -> bool:
    """Return whether title, room, track, talks or people of the session hold each word of the text."""
    places = [place.name for place in (session.room, session.track) if place]
    held = (session.title, *places, *(talk.title for talk in session.talks))
    inside = folded(" ".join((*held, *(part.name for part in session.everybody))))
    return all(word in inside for word in folded(text).split())


def session_now(programme: Programme, now: datetime) -> Session | None:
    """Return what began last of what is on, or else comes next on the same day in Stockholm; else None."""
    today = programme.on(now.astimezone(STOCKHOLM).date())
    begun = [session for session in today if session.span and session.span.start <= now < session.span.end]
    to_come = [session for session in today if session.span and now < session.span.start]
    return begun[-1] if begun else next(iter(to_come), None)
