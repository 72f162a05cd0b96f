"""How the history's search calls the records of all rooms, and which page shows them."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from flask import url_for

from conference.accounts.queries import staff_members
from conference.accounts.queries import staff_names as names_of_staff
from conference.audit.registry import (
    RecordName,
    actor_choices,
    actor_names,
    field_words,
    record_finders,
    record_names,
    value_words,
)
from conference.audit.words import RECORD_WORDS
from conference.db.base import db
from conference.event.queries import organisers, rooms, tracks
from conference.people.queries import people_by_id
from conference.programme.queries import draft
from conference.registration.category_queries import category_details
from conference.registration.extra_queries import extra_details
from conference.registration.question_queries import questions
from conference.registration.record_names import registration_labels, registration_numbered
from conference.running.record_words import FIELD_WORDS, VALUE_WORDS

Named = Mapping[int, RecordName]
# Records without a name of their own, by the page that takes their number under this word.
_NUMBERED = {
    "mail": ("mail.office_page", "mail_id"),
    "campaign": ("campaigns.office_page", "campaign_id"),
    "invitation": ("registration.invitation", "invitation_id"),
    "api_token": ("api.token", "token_id"),
    "label_sheet": ("printing.sheet", "sheet_id"),
    "badge_design": ("printing.design", "design_id"),
}


def _linked(labels: Mapping[Any, str], endpoint: str, word: str) -> Named:
    """Return names with the page of each."""
    return {
        int(key): RecordName(label=label, url=url_for(endpoint, **_value(word, int(key))))
        for key, label in labels.items()
    }


def _value(word: str, key: int) -> dict[str, Any]:
    return {word: key}


def _registrations(ids: Collection[int]) -> Named:
    return _linked(registration_labels(ids), "registration.office_page", "registration_id")


def _people(ids: Collection[int]) -> Named:
    labels = {key: one.details.name or "–" for key, one in people_by_id(ids).items()}
    return _linked(labels, "people.office_page", "person_id")


def _sessions(ids: Collection[int]) -> Named:
    labels = {one.id: one.title for one in draft().sessions if one.id in ids}
    return _linked(labels, "programme.office_session", "session_id")


def _talks(ids: Collection[int]) -> Named:
    """Return talks with the page of their session."""
    return {
        int(talk.id): RecordName(
            label=talk.title, url=url_for("programme.office_session", session_id=session.id)
        )
        for session in draft().sessions
        for talk in session.talks
        if talk.id in ids
    }


def _staff(ids: Collection[int]) -> Named:
    accounts = {one.id for one in staff_members()}
    return {
        int(key): RecordName(
            label=name, url=url_for("accounts.member", staff_id=key) if key in accounts else None
        )
        for key, name in names_of_staff(ids).items()
    }


def _of_few(
    labels: Callable[[], Mapping[Any, str]], endpoint: str, word: str
) -> Callable[[Collection[int]], Named]:
    """Return a giver of names for records of which there are few, and all are in memory."""

    def give(ids: Collection[int]) -> Named:
        return _linked({key: label for key, label in labels().items() if key in ids}, endpoint, word)

    return give


def _numbered(kind: str, endpoint: str, word: str) -> Callable[[Collection[int]], Named]:
    def give(ids: Collection[int]) -> Named:
        return _linked({key: f"{RECORD_WORDS[kind]} {key}" for key in ids}, endpoint, word)

    return give


_FEW: dict[str, tuple[Callable[[], Mapping[Any, str]], str, str]] = {
    "category": (
        lambda: {key: one.name for key, one in category_details(db.session()).items()},
        "registration.category",
        "category_id",
    ),
    "extra": (
        lambda: {key: one.name for key, one in extra_details(db.session()).items()},
        "registration.extra",
        "extra_id",
    ),
    "question": (
        lambda: {one.id: one.details.label for one in questions()},
        "registration.question",
        "question_id",
    ),
    "room": (lambda: {one.id: one.name for one in rooms()}, "event.room", "room_id"),
    "track": (lambda: {one.id: one.name for one in tracks()}, "event.track", "track_id"),
    "organiser": (
        lambda: {one.id: one.short_name for one in organisers()},
        "event.organiser",
        "organiser_id",
    ),
}


def _choices() -> list[tuple[int, str]]:
    return [(int(one.id), one.name or one.email) for one in staff_members()]


def name_records() -> None:
    """Fill the registries of the history's search. Once a process, and again with the same."""
    actor_names.fill("accounts", names_of_staff)
    actor_choices.fill("accounts", _choices)
    record_finders.fill("registration", registration_numbered)
    own = {"registration": _registrations, "person": _people, "speaker": _people, "staff": _staff}
    for kind, give in (own | {"session": _sessions, "talk": _talks} | _GIVERS).items():
        record_names.fill(kind, give)
    for kind, words in FIELD_WORDS.items():
        field_words.fill(kind, words)
    for kind, readers in VALUE_WORDS.items():
        value_words.fill(kind, readers)


# Made once: a registry takes the same thing twice, and nothing else in its place.
_GIVERS = {kind: _of_few(*facts) for kind, facts in _FEW.items()} | {
    kind: _numbered(kind, *page) for kind, page in _NUMBERED.items()
}
