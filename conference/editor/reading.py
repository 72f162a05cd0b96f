"""What the editor's page sends, read once: unchecked JSON goes in, a gesture comes out. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias, TypeGuard

from conference.core.ids import PersonId, RoomId, SessionId, TalkId, TrackId
from conference.editor.errors import UnreadableError
from conference.programme.gestures import (
    Gesture,
    LengthenBreak,
    Placement,
    Push,
    Put,
    ShiftRoom,
    ShiftTrack,
    Swap,
)
from conference.programme.inline import EditSession, EditTalks, TalkLine
from conference.programme.model import PartChoice, PartRole

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# A year on both sides of anything sensible; beyond it minutes would not be a time that Python knows.
MOST_MINUTES = 60 * 24 * 366 * 200
LONGEST_SHIFT_MIN = 60 * 24 * 31
MOST_PLACEMENTS = 2000
SHORTEST_WORD = 8
LONGEST_KEY = 64
LONGEST_TAB = 32
MOST_TALKS = 200
MOST_PEOPLE = 20
# Beyond what any field takes, and told by the form with how many characters fit: this is against what is no text.
LONGEST_TEXT = 20_000
Plain: TypeAlias = Mapping[str, Any]
# What is written in the panel, as against what is moved on the paper.
Inline: TypeAlias = EditSession | EditTalks


@dataclass(frozen=True, kw_only=True, slots=True)
class CopyFrame:
    """The frame of one day is to be added to another."""

    day: date
    to_day: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """One request of the editor. `seen` holds the revision that the page has of each session; `key` names the request."""

    key: str
    gesture: Gesture | CopyFrame | Inline
    seen: Mapping[SessionId, int]


def minutes_of(moment: datetime) -> int:
    """Return the moment as the page counts: whole minutes since 1970 in UTC."""
    return int((moment - EPOCH) // timedelta(minutes=1))


def moment_of(minutes: int) -> datetime:
    """Return the moment of the page's minutes."""
    return EPOCH + timedelta(minutes=minutes)


def read_sent(plain: object) -> Sent:
    """Return the request; raises UnreadableError with the name of what is at fault."""
    body = _mapping("request", plain)
    act = body.get("act")
    reader = _READERS.get(act) if isinstance(act, str) else None
    if reader is None:
        raise UnreadableError("act", act, "one of " + ", ".join(_READERS))
    return Sent(key=read_key(body), gesture=reader(body), seen=_seen(body))


def read_key(body: Plain) -> str:
    """Return the request's own random key."""
    key = body.get("key")
    if not _is_word(key, LONGEST_KEY) or not key.isprintable():
        raise UnreadableError("key", key, f"a key of 8 to {LONGEST_KEY} characters")
    return key


def read_revision(body: Plain) -> int:
    """Return the draft's revision that the page has."""
    return _number(body, "revision", least=0, most=2**31 - 1)


def read_tab(body: Plain) -> str:
    """Return the page's own random word."""
    tab = body.get("tab")
    if not _is_word(tab, LONGEST_TAB) or not tab.isalnum():
        raise UnreadableError("tab", tab, f"8 to {LONGEST_TAB} letters and digits")
    return tab


def read_session(body: Plain) -> int | None:
    """Return the session that the page's person has in hand."""
    return _optional(body, "session", _id)


def _is_word(value: object, longest: int) -> TypeGuard[str]:
    """Return whether it is as long as the page's random words are: a shorter one could be another's too."""
    return isinstance(value, str) and SHORTEST_WORD <= len(value) <= longest and value.isascii()


def _mapping(name: str, value: object) -> Plain:
    if not isinstance(value, dict):
        raise UnreadableError(name, value, "an object")
    return value


def _number(body: Plain, name: str, *, least: int, most: int) -> int:
    value = body.get(name)
    # True is a number to Python.
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise UnreadableError(name, value, f"a whole number from {least} to {most}")
    return value


def _id(body: Plain, name: str) -> int:
    return _number(body, name, least=1, most=2**31 - 1)


def _optional(body: Plain, name: str, read: Callable[[Plain, str], int]) -> int | None:
    return None if body.get(name) is None else read(body, name)


def _day(body: Plain, name: str) -> date:
    value = body.get(name)
    try:
        return date.fromisoformat(value) if isinstance(value, str) else _refuse(name, value)
    except ValueError:
        return _refuse(name, value)


def _refuse(name: str, value: object) -> date:
    raise UnreadableError(name, value, "a day such as 2022-09-22")


def _shift(body: Plain) -> int:
    return _number(body, "minutes", least=-LONGEST_SHIFT_MIN, most=LONGEST_SHIFT_MIN)


def _seen(body: Plain) -> dict[SessionId, int]:
    seen = _mapping("seen", body.get("seen", {}))
    found: dict[SessionId, int] = {}
    for name, revision in seen.items():
        if not name.isascii() or not name.isdigit() or len(name) > 10:  # noqa: PLR2004 -- the digits of an id
            raise UnreadableError("seen", name, "the number of a session")
        found[SessionId(int(name))] = _number({"seen": revision}, "seen", least=0, most=2**31 - 1)
    return found


def _put(body: Plain) -> Put:
    placements = body.get("placements")
    if not isinstance(placements, list) or not 1 <= len(placements) <= MOST_PLACEMENTS:
        raise UnreadableError("placements", type(placements).__name__, f"a list of 1 to {MOST_PLACEMENTS}")
    return Put(placements=tuple(_placement(_mapping("placements", one)) for one in placements))


def _placement(plain: Plain) -> Placement:
    at = _optional(plain, "at", lambda body, name: _number(body, name, least=0, most=MOST_MINUTES))
    room_id = _optional(plain, "room", _id)
    return Placement(
        session_id=SessionId(_id(plain, "session")),
        room_id=None if room_id is None else RoomId(room_id),
        start=None if at is None else moment_of(at),
        # Its bounds are the rules' to say, with their remedy.
        duration_min=_number(plain, "minutes", least=-MOST_MINUTES, most=MOST_MINUTES),
    )


def _swap(body: Plain) -> Swap:
    return Swap(first=SessionId(_id(body, "first")), second=SessionId(_id(body, "second")))


def _shift_room(body: Plain) -> ShiftRoom:
    to_room_id = _optional(body, "to_room", _id)
    return ShiftRoom(
        room_id=RoomId(_id(body, "room")),
        day=_day(body, "day"),
        minutes=_shift(body),
        to_room_id=None if to_room_id is None else RoomId(to_room_id),
    )


def _shift_track(body: Plain) -> ShiftTrack:
    return ShiftTrack(track_id=TrackId(_id(body, "track")), day=_day(body, "day"), minutes=_shift(body))


def _push(body: Plain) -> Push:
    return Push(session_id=SessionId(_id(body, "session")), minutes=_shift(body))


def _lengthen(body: Plain) -> LengthenBreak:
    return LengthenBreak(session_id=SessionId(_id(body, "session")), minutes=_shift(body))


def _copy(body: Plain) -> CopyFrame:
    return CopyFrame(day=_day(body, "day"), to_day=_day(body, "to_day"))


def _text(body: Plain, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise UnreadableError(name, type(value).__name__, f"a text of at most {LONGEST_TEXT} characters")
    return value


def _list(body: Plain, name: str, most: int) -> list[Any]:
    value = body.get(name)
    if not isinstance(value, list) or len(value) > most:
        raise UnreadableError(name, type(value).__name__, f"a list of at most {most}")
    return value


def _people(body: Plain) -> tuple[PartChoice, ...]:
    return tuple(_part(one) for one in _list(body, "people", MOST_PEOPLE))


def _part(pair: object) -> PartChoice:
    person_id, role = pair if isinstance(pair, list) and len(pair) == 2 else (None, None)  # noqa: PLR2004 -- two of a pair
    if role not in list(PartRole):
        raise UnreadableError("people", role, "a pair of a person and a role")
    return PartChoice(person_id=PersonId(_id({"people": person_id}, "people")), role=PartRole(str(role)))


def _edit(body: Plain) -> EditSession:
    return EditSession(
        session_id=SessionId(_id(body, "session")),
        title=_text(body, "title") if "title" in body else None,
        people=_people(body) if "people" in body else None,
    )


def _talks(body: Plain) -> EditTalks:
    lines = (_mapping("talks", one) for one in _list(body, "talks", MOST_TALKS))
    seen = body.get("talks_seen")
    return EditTalks(
        session_id=SessionId(_id(body, "session")),
        talks=tuple(_line(line) for line in lines),
        seen=None
        if seen is None
        else tuple(_talk_seen(one) for one in _list(body, "talks_seen", 2 * MOST_TALKS)),
    )


def _line(plain: Plain) -> TalkLine:
    talk_id = _optional(plain, "id", _id)
    return TalkLine(
        talk_id=None if talk_id is None else TalkId(talk_id),
        title=_text(plain, "title"),
        duration_min=_number(plain, "minutes", least=-MOST_MINUTES, most=MOST_MINUTES),
        people=_people(plain),
    )


def _talk_seen(pair: object) -> tuple[TalkId, int]:
    talk_id, revision = pair if isinstance(pair, list) and len(pair) == 2 else (None, None)  # noqa: PLR2004 -- two of a pair
    seen = _number({"talks_seen": revision}, "talks_seen", least=0, most=2**31 - 1)
    return TalkId(_id({"talks_seen": talk_id}, "talks_seen")), seen


_READERS: dict[str, Callable[[Plain], Gesture | CopyFrame | Inline]] = {
    "edit": _edit,
    "talks": _talks,
    "put": _put,
    "swap": _swap,
    "shift room": _shift_room,
    "shift track": _shift_track,
    "push": _push,
    "lengthen break": _lengthen,
    "copy frame": _copy,
}
