"""The booklet's content as values for one page of HTML, for who cannot read a PDF: same parts, same order, same rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from conference.event.model import Event, Organiser, Track
from conference.printing.book_model import BookletFacts
from conference.printing.disclosers import appendix_note, who_discloses
from conference.printing.disclosure_pages import declared
from conference.printing.index_pages import index_name
from conference.programme.listing import Listed, people_listed
from conference.programme.model import INDUSTRIAL, Kind, Part, PartRole, Programme, Session
from conference.programme.words import ROLE_PLURALS, ROLE_WORDS
from conference.speakers.model import Interest
from conference.speakers.words import INTEREST_WORDS


@dataclass(frozen=True, kw_only=True, slots=True)
class BookDay:
    """A day: all its sessions for the overview, and those that are told, in the order of time."""

    day: date
    all: tuple[Session, ...]
    told: tuple[Session, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Indexed:
    """A person of the index, the family name first."""

    name: str
    listed: Listed


@dataclass(frozen=True, kw_only=True, slots=True)
class Declared:
    """A person's interests as (what kind, in the person's words); `duty` of the programme committee, "" for none."""

    name: str
    duty: str
    interests: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Disclosures:
    """The appendix: who declared what, who has nothing to declare, and of whom nothing came."""

    declared: tuple[Declared, ...]
    nothing: tuple[str, ...]
    missing: tuple[str, ...]
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class BookPage:
    event: Event
    organisers: Sequence[Organiser]
    facts: BookletFacts
    days: tuple[BookDay, ...]
    people: tuple[Indexed, ...]
    tracks: tuple[tuple[Track, tuple[Session, ...]], ...]
    industry: tuple[Session, ...]
    disclosures: Disclosures | None
    marked: frozenset[int]


def book_page(
    programme: Programme, event: Event, organisers: Sequence[Organiser], facts: BookletFacts
) -> BookPage:
    """Return what the page holds. A part without anything to tell is empty, None for the disclosures."""
    return BookPage(
        event=event,
        organisers=organisers,
        facts=facts,
        days=tuple(
            BookDay(
                day=day, all=programme.on(day), told=tuple(one for one in programme.on(day) if _is_told(one))
            )
            for day in programme.days
        ),
        people=tuple(
            Indexed(name=index_name(one.part), listed=one) for one in people_listed(programme, facts.order)
        ),
        tracks=tuple((track, own) for track in programme.tracks if (own := _of_track(programme, track))),
        industry=tuple(one for one in programme.sessions if one.kind in INDUSTRIAL),
        disclosures=_disclosures(programme, facts),
        marked=frozenset(declared(facts.disclosures)),
    )


def _is_told(session: Session) -> bool:
    """Return whether the session has a text of its own: a coffee break stands in the overview alone."""
    if session.kind in INDUSTRIAL:
        return False
    return session.kind is not Kind.BREAK or bool(session.abstract or session.people or session.talks)


def _of_track(programme: Programme, track: Track) -> tuple[Session, ...]:
    return tuple(one for one in programme.sessions if one.track and one.track.id == track.id)


def _disclosures(programme: Programme, facts: BookletFacts) -> Disclosures | None:
    people = who_discloses(programme, facts.committee, facts.order)
    known = facts.disclosures
    if not any(one.person_id in known for one in people):
        return None
    marked = declared(known)
    return Disclosures(
        declared=tuple(
            Declared(
                name=one.name,
                duty=one.duty,
                interests=tuple(
                    (str(INTEREST_WORDS[kind]), known[one.person_id].interests[kind])
                    for kind in Interest
                    if kind in known[one.person_id].interests
                ),
            )
            for one in people
            if one.person_id in marked
        ),
        nothing=tuple(one.named for one in people if one.person_id in known and one.person_id not in marked),
        missing=tuple(one.named for one in people if one.person_id not in known),
        note=appendix_note(facts.committee),
    )


def by_role(people: Sequence[Part]) -> list[tuple[str, list[Part]]]:
    """Return the people of each role under its word, in the order of roles."""
    found = []
    for role in PartRole:
        own = [part for part in people if part.role is role]
        if own:
            found.append((str((ROLE_WORDS if len(own) == 1 else ROLE_PLURALS)[role]), own))
    return found
