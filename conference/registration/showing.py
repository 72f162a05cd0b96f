from typing import Any

from conference.core.errors import N_
from conference.people.countries import country_name
from conference.people.queries import get_person
from conference.registration.model import CONSENTS, PROFESSIONS, STATE_WORDS, Registration, State
from conference.registration.queries import choices_of, get_category, waiting_place

# The theme's word for each state's colour; the word itself is always there too.
STATE_STYLES = {
    State.CONFIRMED: "good",
    State.WAITING: "warn",
    State.WITHDRAWN: "soft",
    State.CANCELLED: "soft",
}

# Who acted, where it was no member of staff.
ACTOR_WORDS = {
    "form": N_("The public form"),
    "link": N_("The person, by link"),
    "system": N_("The computer"),
    "staff": N_("A former member of staff"),
}


def shown(registration: Registration) -> dict[str, Any]:
    """Return what both the personal page and the office's page show of a registration."""
    person = get_person(registration.person_id).details
    is_waiting = registration.state is State.WAITING
    return {
        "registration": registration,
        "person": person,
        "country": country_name(person.country),
        "category": get_category(registration.category_id),
        "choices": choices_of(registration),
        "waiting_place": waiting_place(registration) if is_waiting else None,
        "state_words": STATE_WORDS,
        "state_styles": STATE_STYLES,
        "professions": PROFESSIONS,
        "consents": CONSENTS,
    }
