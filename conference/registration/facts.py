"""What ticket and calendar file of a registration say, as plain JSON, so that the outbox can keep it."""

from collections.abc import Iterable
from typing import Any

from conference.event.model import Event, Organiser
from conference.people.countries import country_name
from conference.people.model import PersonDetails
from conference.registration.model import CategoryDetails, Registration
from conference.web.language import known


def ticket_facts_of(
    registration: Registration,
    person: PersonDetails,
    category: CategoryDetails,
    event: Event,
    its_organisers: Iterable[Organiser],
) -> dict[str, Any]:
    """Return what a ticket says, and what the badge on it shows."""
    return {
        "language": known(registration.language),
        "number": registration.number,
        "name": person.badge_name or person.name,
        "full_name": person.full_name,
        "affiliation": person.affiliation,
        "country": country_name(person.country, known(registration.language)),
        "category": category.name_in(known(registration.language)),
        "badge_word": category.badge_word,
        "badge_colour": category.badge_colour,
        "badge_code": registration.badge_code,
        "event_title": event.title,
        "days": [day.isoformat() for day in category.days_in(event.days)],
        "city": event.city,
        "venue": event.venue,
        "contact_email": event.contact_email,
        "organisers": [one.name for one in its_organisers],
        "badge": {
            "title": person.title,
            "given_name": person.given_name,
            "family_name": person.family_name,
            "letters": person.letters,
            "badge_name": person.badge_name,
            "affiliation": person.affiliation_short or person.affiliation,
            "country": person.country,
            "no_photographs": registration.no_photographs,
            "days": category.days,
        },
    }


def calendar_facts_of(
    registration: Registration, person: PersonDetails, category: CategoryDetails, event: Event
) -> dict[str, Any]:
    """Return what the calendar file says: an entry for each day that the registration is for."""
    return {
        "language": known(registration.language),
        "number": registration.number,
        "full_name": person.full_name,
        "sequence": registration.calendar_sequence,
        "is_cancelled": not registration.is_live,
        "stamp": registration.changed_at.isoformat(),
        "event_title": event.title,
        "days": [day.isoformat() for day in category.days_in(event.days)],
        "city": event.city,
        "venue": event.venue,
    }
