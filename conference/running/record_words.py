"""What fields of the records of all rooms, and their values, are called in the history. Pages of the office: English."""

from collections.abc import Callable, Mapping
from typing import Any

from conference.accounts.words import ROLE_WORDS
from conference.audit.registry import Reader
from conference.audit.telling import NOTHING, named, one_of, plain
from conference.campaigns.words import PURPOSE_WORDS
from conference.db.base import db
from conference.event.queries import rooms, tracks
from conference.mail.words import LANGUAGE_WORDS
from conference.people.words import FIELD_WORDS as PERSON_WORDS
from conference.programme.words import FIELD_WORDS as PROGRAMME_WORDS
from conference.programme.words import KIND_WORDS as SESSION_KINDS
from conference.programme.words import LEVEL_WORDS
from conference.registration.category_queries import category_details
from conference.registration.model import ACCESS_WORDS
from conference.registration.question_model import KIND_WORDS as QUESTION_KINDS
from conference.registration.showing import FIELD_WORDS as REGISTRATION_WORDS
from conference.registration.showing import history_words

_NAMES = {"name": "Name", "name_sv": "Name in Swedish", "name_de": "Name in German"}
_ABOUT = {
    "description": "Description",
    "description_sv": "Description in Swedish",
    "description_de": "Description in German",
}
_OFFERED = (
    _NAMES
    | _ABOUT
    | {
        "place": "Place in the form",
        "seats": "Places",
        "fee_minor": "Fee",
        "currency": "Currency",
        "is_retired": "Retired",
    }
)
_OPENING = {
    "category_id": "Category",
    "skips_approval": "Needs no approval",
    "note": "Note for the office",
}
_PARTS = {"welcome": "Welcome", "directions": "How to get there", "acknowledgements": "Thanks"}
_LANGUAGES = {"en": "English", "sv": "Swedish", "de": "German"}

# By kind of record, as its form calls them.
FIELD_WORDS: dict[str, Mapping[str, Any]] = {
    "session": PROGRAMME_WORDS,
    "talk": PROGRAMME_WORDS,
    "person": PERSON_WORDS | {"answer_by": "Answer by"},
    "registration": REGISTRATION_WORDS,
    "staff": {"role": "Role", "tracks": "Tracks to edit", "language": "Language of the mails"},
    "event": {
        "title": "Title",
        "city": "City",
        "venue": "Venue",
        "first_day": "First day",
        "last_day": "Last day",
        "summary": "What it is about",
        "contact_email": "E-mail address for questions",
        "contact_phone": "Telephone on the days",
    },
    "booklet text": {
        f"{part}_{tag}": f"{word} in {language}"
        for part, word in _PARTS.items()
        for tag, language in _LANGUAGES.items()
    },
    "organiser": {
        "name": "Name",
        "short_name": "Short name",
        "country": "Country",
        "privacy_contact": "Contact point for personal data",
    },
    "track": {"name": "Name", "colour": "Colour"},
    "room": {
        "name": "Name",
        "seats": "Seats",
        "is_emptied_by_plenary": "Empty during plenaries",
        "hours": "Hours",
        "walks_min": "Walks to other rooms",
    },
    "category": _OFFERED | {
        "badge_word": "Word on the badge",
        "badge_colour": "Colour of the badge's band",
        "opens_at": "Opens",
        "closes_at": "Closes",
        "access": "Who may register",
        "needs_approval": "Waits for approval",
        "is_for_speakers": "For speakers who confirm by their link",
        "days": "Days it includes",
    },
    "extra": _OFFERED | {"categories": "Offered to", "included": "Included for"},
    "question": {
        "label": "Question",
        "label_sv": "Question in Swedish",
        "label_de": "Question in German",
        "help": "Hint",
        "help_sv": "Hint in Swedish",
        "help_de": "Hint in German",
        "kind": "Kind of answer",
        "options": "Options",
        "place": "Place in the form",
        "is_required": "Answer required",
        "categories": "Asked of these categories",
        "depends_on": "Asked only after",
        "depends_value": "Asked when the answer is",
        "for_staff": "For staff only",
        "is_sensitive": "Sensitive",
        "is_retired": "Retired",
    },
    "access code": _OPENING | {
        "words": "Words of the code",
        "uses_allowed": "How often it can be used",
        "opens_at": "Valid from",
        "expires_at": "Valid until",
        "is_retired": "Retired",
    },
    "invitation": PERSON_WORDS | _OPENING | {
        "expires_at": "Register by",
        "holds_seat": "A place is held",
        "language": "Language of the mail",
    },
    "mail_wording": {"subject": "Subject", "text": "Text"},
    "campaign": {
        "title": "Name of the campaign",
        "purpose": "Purpose",
        "texts": "Subject and text",
        "audiences": "Audiences",
        "at": "Time to start",
    },
    "badge_boxes": {
        "count": "Boxes on the desk",
        "starts": "First letters of the boxes",
        "language": "Order of names",
    },
    "badge_design": {
        "version": "Version of the format",
        "name": "Name",
        "about": "What it is for",
        "labels": "Labels",
        "colours": "Colours",
        "front": "Front",
        "back": "Back",
        "pictures": "Pictures",
    },
    "sheet_design": {"design": "Design"},
    "schedule_check": {
        "severities": "What each check does",
        "placeholders": "Names that stand for nobody",
        "sponsors": "Sponsors",
        "many_marks": "People who marked both",
    },
    "label_sheet": {
        "name": "Name",
        "name_key": "Name, as it is compared",
        "page_width_mm": "Width of the page, mm",
        "page_height_mm": "Height of the page, mm",
        "width_mm": "Width of a label, mm",
        "height_mm": "Height of a label, mm",
        "columns": "Labels beside each other",
        "rows": "Labels below each other",
        "left_mm": "Left edge to the first label, mm",
        "top_mm": "Upper edge to the first label, mm",
        "pitch_x_mm": "From one left edge to the next, mm",
        "pitch_y_mm": "From one upper edge to the next, mm",
        "is_folded": "Folded across the middle",
        "is_cut": "Cut marks",
    },
    "api_token": {"registrations": "Registrations"},
    "history": {"end": "End of the chain", "wrong": "Things that were not as sealed"},
}  # fmt: skip


def _categories() -> Mapping[Any, str]:
    return {key: one.name for key, one in category_details(db.session()).items()}


def _fee(value: Any) -> str:
    return f"{value / 100:.2f}" if isinstance(value, int) else plain(value)


def _days(value: Any) -> str:
    return plain(value.split()) if isinstance(value, str) and value else "All"


def _texts(value: Any) -> str:
    """Return a campaign's words by language, as in "English: Subject – Text"."""
    return (
        "; ".join(
            f"{_LANGUAGES.get(tag, tag)}: {one['subject']} – {one['text']}" for tag, one in value.items()
        )
        or NOTHING
    )


def _place() -> Mapping[str, Reader]:
    return {
        "kind": one_of(SESSION_KINDS),
        "level": one_of(LEVEL_WORDS),
        "track_id": named(lambda: {one.id: one.name for one in tracks()}),
        "room_id": named(lambda: {one.id: one.name for one in rooms()}),
    }


def _registration() -> Mapping[str, Reader]:
    told = history_words()

    def reader(name: str) -> Reader:
        return lambda value: told(name, value)

    return {name: reader(name) for name in REGISTRATION_WORDS}


# By kind of record what reads its fields' values; the rest reads as it is.
VALUE_WORDS: dict[str, Callable[[], Mapping[str, Reader]]] = {
    "session": _place,
    "talk": _place,
    "registration": _registration,
    "staff": lambda: {
        "role": one_of(ROLE_WORDS),
        "tracks": named(lambda: {one.id: one.name for one in tracks()}, nothing="All"),
        "language": one_of(LANGUAGE_WORDS),
    },
    "category": lambda: {"access": one_of(ACCESS_WORDS), "days": _days, "fee_minor": _fee},
    "extra": lambda: {"fee_minor": _fee} | dict.fromkeys(("categories", "included"), named(_categories)),
    "question": lambda: {"kind": one_of(QUESTION_KINDS), "categories": named(_categories, nothing="All")},
    "access code": lambda: {"category_id": named(_categories)},
    "invitation": lambda: {"category_id": named(_categories), "language": one_of(LANGUAGE_WORDS)},
    "campaign": lambda: {"purpose": one_of(PURPOSE_WORDS), "texts": _texts},
    "badge_boxes": lambda: {"language": one_of(LANGUAGE_WORDS)},
}
