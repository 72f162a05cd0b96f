from collections.abc import Callable
from typing import Any

from conference.people.countries import country_name
from conference.people.queries import get_person
from conference.people.words import FIELD_WORDS as PERSON_WORDS
from conference.people.words import in_words as person_in_words
from conference.registration.category_queries import categories, get_category
from conference.registration.extra_model import EXTRA_WORDS
from conference.registration.extra_queries import held_extras, offered_to
from conference.registration.fee_rules import amount_words
from conference.registration.model import (
    CAREER_STAGES,
    CONSENTS,
    NO_PHOTOGRAPHS,
    PROFESSIONS,
    STATE_WORDS,
    CategoryDetails,
    Registration,
    State,
)
from conference.registration.queries import choices_of, waiting_place
from conference.registration.question_fields import answer_words
from conference.web.language import gettext, language
from conference.web.language import lazy_gettext as _l

# The theme's word for each state's colour; the word itself is always there too.
STATE_STYLES = {
    State.CONFIRMED: "good",
    State.WAITING: "warn",
    State.PENDING: "warn",
    State.OFFERED: "warn",
    State.ATTENDED: "good",
    State.NO_SHOW: "soft",
    State.DECLINED: "soft",
    State.WITHDRAWN: "soft",
    State.CANCELLED: "soft",
}

FIELD_WORDS = PERSON_WORDS | {
    "state": _l("State"),
    "profession": _l("Profession"),
    "career_stage": _l("Career stage"),
    "no_photographs": _l(NO_PHOTOGRAPHS),
    "consents": _l("Ticked"),
    "category_id": _l("Category"),
    "extra": _l("Extra"),
    "answers": _l("Answers"),
    "tag": _l("Tag"),
    "code": _l("Code"),
    "paid_minor": _l("Paid, in hundredths"),
    "invitation": _l("Invitation"),
}
_WORDS = {
    "state": {state.value: word for state, word in STATE_WORDS.items()},
    "profession": PROFESSIONS,
    "career_stage": CAREER_STAGES,
}


def fee_text(details: CategoryDetails) -> str:
    """Return "Free of charge" or an amount with its currency, as in "120.50 EUR"."""
    return amount_of(details.fee_minor, details.currency)


def amount_of(minor: int, currency: str) -> str:
    """Return "Free of charge" for 0, or hundredths of the currency as in "120.50 EUR"."""
    return amount_words(minor, currency) if minor else gettext("Free of charge")


def in_words(name: str, value: Any) -> str:
    """Return a field's value, as the history keeps it, as people read it."""
    if name == "consents":
        return "; ".join(gettext(CONSENTS[kind]) for kind in value if kind in CONSENTS) or "–"
    if name == "no_photographs":
        return gettext("Yes") if value else gettext("No")
    words = _WORDS.get(name, {})
    return gettext(words[value]) if value in words else person_in_words(name, value)


def history_words() -> Callable[[str, Any], str]:
    """Return what tells a field's value in words, with the categories' names. They are asked when a change names one."""
    names: dict[int, str] = {}

    def told(name: str, value: Any) -> str:
        if name != "category_id":
            return in_words(name, value)
        if not names:
            names.update({category.id: category.name for category in categories()})
        return names.get(value, gettext("deleted"))

    return told


def shown(registration: Registration) -> dict[str, Any]:
    """Return what both the personal page and the office's page show of a registration."""
    person = get_person(registration.person_id).details
    is_waiting = registration.state is State.WAITING
    return {
        "registration": registration,
        "person": person,
        "country": country_name(person.country, language()),
        "category": get_category(registration.category_id),
        "choices": choices_of(registration),
        "waiting_place": waiting_place(registration) if is_waiting else None,
        "state_words": STATE_WORDS,
        "state_styles": STATE_STYLES,
        "professions": PROFESSIONS,
        "career_stages": CAREER_STAGES,
        "consents": CONSENTS,
        "extras": held_extras(registration.id, language()),
        "offers_extras": bool(offered_to(registration.category_id)),
        "extra_words": EXTRA_WORDS,
        "answer_words": answer_words,
    }
