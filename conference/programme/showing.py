"""What an edit's answers look like on a page: both values of a conflict between editors, in words."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from conference.core.clock import STOCKHOLM
from conference.core.errors import StaleRevisionError
from conference.people.model import Person
from conference.programme.model import PartRole, Programme
from conference.programme.words import FIELD_WORDS, KIND_WORDS, LEVEL_WORDS, ROLE_WORDS
from conference.registration.extra_queries import extras
from conference.web.language import clock_time, gettext, short_date
from conference.web.saving import Difference


def differences(
    error: StaleRevisionError, programme: Programme, people: Sequence[Person]
) -> list[Difference]:
    """Return each field that differs, with the stored and the typed value in words."""
    return [
        Difference(
            label=str(FIELD_WORDS[name]),
            theirs=shown(name, error.theirs[name], programme, people),
            mine=shown(name, error.mine[name], programme, people),
        )
        for name in error.theirs
    ]


def shown(name: str, value: Any, programme: Programme, people: Sequence[Person]) -> str:
    """Return a field's stored value in words: ids as names, times as times, nothing as a dash."""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if value is None or value in ("", []):
        return "–"
    names = _names(name, programme, people)
    if name == "people":
        roles = (
            (names.get(person_id, gettext("deleted")), ROLE_WORDS[PartRole(role)])
            for person_id, role in value
        )
        return ", ".join(f"{person} ({role})" for person, role in roles)
    if names:
        return names.get(value, gettext("deleted"))
    if name == "starts_at":
        start = datetime.fromisoformat(value).astimezone(STOCKHOLM)
        return f"{short_date(start)} {clock_time(start)}"
    return ", ".join(value) if isinstance(value, list) else str(value)


def _names(name: str, programme: Programme, people: Sequence[Person]) -> Mapping[object, str]:
    """Return the words for the values of a field that holds ids or fixed words; empty for all other fields."""
    makers: dict[str, Callable[[], Mapping[object, str]]] = {
        "track_id": lambda: {track.id: track.name for track in programme.tracks},
        "room_id": lambda: {room.id: room.name for room in programme.rooms},
        "parent_id": lambda: {session.id: session.title for session in programme.sessions},
        "extra_id": lambda: {extra.id: extra.name for extra in extras()},
        "kind": lambda: {kind.value: str(word) for kind, word in KIND_WORDS.items()},
        "level": lambda: {level.value: str(word) for level, word in LEVEL_WORDS.items()},
        "people": lambda: {person.id: person.name for person in people},
    }
    return makers[name]() if name in makers else {}
