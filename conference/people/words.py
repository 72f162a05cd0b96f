"""What a person's fields are called in a history, and what their values read like."""

from typing import Any

from conference.people.countries import country_name
from conference.web.language import language
from conference.web.language import lazy_gettext as _l

FIELD_WORDS = {
    "title": _l("Title before the name"),
    "given_name": _l("Given name"),
    "family_name": _l("Family name"),
    "letters": _l("Letters after the name"),
    "badge_name": _l("Name for the badge"),
    "sort_as": _l("Sorted under"),
    "affiliation": _l("Affiliation"),
    "affiliation_short": _l("Short affiliation"),
    "country": _l("Country"),
    "email": _l("E-mail address"),
    "orcid": _l("ORCID iD"),
    "ror": _l("ROR id of the affiliation"),
    "duty": _l("Duty in the programme committee"),
    "language": _l("Language"),
    "merged_person": _l("Number of the record"),
    "person_id": _l("Person"),
    "registration_id": _l("Registration"),
}


def in_words(name: str, value: Any) -> str:
    """Return a field's value as people read it: a country by its name, nothing as a dash."""
    if name == "country" and value:
        return country_name(value, language())
    return str(value) if value else "–"
