"""What people were told last, as plain JSON and back, and what of the programme they do not know yet. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from conference.core.clock import STOCKHOLM
from conference.core.ids import PersonId, RoomId, SessionId
from conference.core.interval import Interval
from conference.programme.model import PartRole, Programme, Session
from conference.speakers.slots import Slot, SlotChanges, Slots, changes_between

Plain = dict[str, Any]


def plain_slots(slots: Slots, drafted: Collection[str] = ()) -> Plain:
    """Return the slots by key. Those of `drafted` were told from the draft, before the public could see them so."""
    return {key: _plain(slot) | {"drafted": key in drafted} for key, slot in slots.items()}


def _plain(slot: Slot) -> Plain:
    return {
        "roles": [role.value for role in slot.roles],
        "title": slot.title,
        "session": slot.session,
        "session_id": slot.session_id,
        "start": slot.span.start.astimezone(UTC).isoformat(),
        "end": slot.span.end.astimezone(UTC).isoformat(),
        "room_id": slot.room_id,
        "room": slot.room,
    }


def entered_as(plain: Mapping[str, Any]) -> dict[str, PersonId]:
    """Return under whose id the calendar holds each slot that it holds under another: of a record that was merged."""
    return {key: PersonId(one["entered_as"]) for key, one in plain.items() if "entered_as" in one}


def entered_under(plain: Plain, entered: Mapping[str, PersonId]) -> Plain:
    """Return the plain slots with the ids under which the calendar holds them."""
    return {key: one | ({"entered_as": entered[key]} if key in entered else {}) for key, one in plain.items()}


def read_slots(plain: Mapping[str, Any]) -> dict[str, Slot]:
    """Return the slots that were told."""
    return {key: _slot(key, one) for key, one in plain.items()}


def drafted_keys(plain: Mapping[str, Any]) -> frozenset[str]:
    """Return the keys of those that were told from the draft."""
    return frozenset(key for key, one in plain.items() if one["drafted"])


def _slot(key: str, plain: Mapping[str, Any]) -> Slot:
    session_id, room_id = plain["session_id"], plain["room_id"]
    return Slot(
        key=key,
        roles=tuple(PartRole(role) for role in plain["roles"]),
        title=plain["title"],
        session=plain["session"],
        session_id=None if session_id is None else SessionId(session_id),
        span=_span(plain),
        room_id=None if room_id is None else RoomId(room_id),
        room=plain["room"],
    )


def _span(plain: Mapping[str, Any]) -> Interval:
    return Interval(start=datetime.fromisoformat(plain["start"]), end=datetime.fromisoformat(plain["end"]))


def not_known(
    told: Slots, now: Slots, *, is_coming: bool, to_come: Slots, drafted: Collection[str]
) -> SlotChanges:
    """Return what the person has to be told of `now`.

    New slots are told only to who is coming: an invitation, or the mail that confirms, tells them to the others. What
    an invitation told from the draft, and the draft still says so, is known already although it is not public yet; in
    the calendar of who came to be registered since it is new once it is public.
    """
    ahead = {key for key in drafted if key in to_come and to_come[key].place == told[key].place}
    if is_coming:
        return changes_between({key: slot for key, slot in told.items() if key not in ahead}, now)
    found = changes_between(told, now)
    return SlotChanges(
        moved=tuple(one for one in found.moved if one.old.key not in ahead),
        renamed=tuple(one for one in found.renamed if one.old.key not in ahead),
        cancelled=tuple(one for one in found.cancelled if one.key not in ahead),
    )


def known_after(told: Slots, changes: SlotChanges) -> dict[str, Slot]:
    """Return what the person knows once they were told the changes."""
    after = dict(told)
    for slot in changes.cancelled:
        del after[slot.key]
    for one in (*changes.moved, *changes.renamed):
        after[one.new.key] = one.new
    return after | {slot.key: slot for slot in changes.added}


def still_drafted(drafted: Collection[str], changes: SlotChanges) -> frozenset[str]:
    """Return the keys of what was told from the draft and is not told anew by the changes."""
    told = {slot.key for slot in (*changes.added, *changes.cancelled)}
    told |= {one.new.key for one in (*changes.moved, *changes.renamed)}
    return frozenset(drafted) - told


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkedSession:
    """What a mail says of a session that somebody marked."""

    title: str
    span: Interval
    room: str
    room_id: int | None

    @property
    def day(self) -> date:
        """The day in Stockholm."""
        return self.span.start.astimezone(STOCKHOLM).date()

    @property
    def place(self) -> tuple[Interval, int | None]:
        return self.span, self.room_id


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkedMove:
    """The same session before and now; `is_moved` where its time or room differ, else its title does."""

    old: MarkedSession
    new: MarkedSession

    @property
    def is_moved(self) -> bool:
        return self.old.place != self.new.place


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkedChanges:
    """What changed of somebody's marked sessions. `back` were told as cancelled and take place after all."""

    changed: tuple[MarkedMove, ...] = ()
    cancelled: tuple[MarkedSession, ...] = ()
    back: tuple[MarkedSession, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changed or self.cancelled or self.back)


Known = Mapping[SessionId, MarkedSession | None]


def marked_states(programme: Programme | None) -> dict[SessionId, MarkedSession]:
    """Return what can be told of each session that has a time."""
    sessions = programme.sessions if programme else ()
    return {one.id: _marked(one, one.span) for one in sessions if one.span is not None}


def _marked(session: Session, span: Interval) -> MarkedSession:
    room = session.room
    return MarkedSession(
        title=session.title, span=span, room=room.name if room else "", room_id=room.id if room else None
    )


def marked_changes(
    known: Known, now: Mapping[SessionId, MarkedSession], wanted: Collection[SessionId]
) -> MarkedChanges:
    """Return what differs of the wanted sessions. What is not in `known` was marked as it is now; None was cancelled."""
    changed, cancelled, back = [], [], []
    for one in sorted(wanted & known.keys()):
        old, new = known[one], now.get(one)
        if old is not None and new is not None and (old.place, old.title) != (new.place, new.title):
            changed.append(MarkedMove(old=old, new=new))
        elif old is not None and new is None:
            cancelled.append(old)
        elif old is None and new is not None:
            back.append(new)
    return MarkedChanges(changed=tuple(changed), cancelled=tuple(cancelled), back=tuple(back))


def plain_known(known: Known) -> Plain:
    return {str(key): None if one is None else _plain_marked(one) for key, one in known.items()}


def _plain_marked(one: MarkedSession) -> Plain:
    start, end = (moment.astimezone(UTC).isoformat() for moment in (one.span.start, one.span.end))
    return {"title": one.title, "start": start, "end": end, "room": one.room, "room_id": one.room_id}


def read_known(plain: Mapping[str, Any]) -> dict[SessionId, MarkedSession | None]:
    return {SessionId(int(key)): None if one is None else _read_marked(one) for key, one in plain.items()}


def _read_marked(plain: Mapping[str, Any]) -> MarkedSession:
    return MarkedSession(
        title=plain["title"], span=_span(plain), room=plain["room"], room_id=plain["room_id"]
    )


def with_baseline(
    known: Known, before: Mapping[SessionId, MarkedSession], wanted: Collection[SessionId]
) -> Known:
    """Return what is known once the public sees another version: what was marked, as it was when it was marked."""
    kept = {one: state for one, state in known.items() if one in wanted}
    return kept | {one: before[one] for one in wanted if one not in kept and one in before}


def own_sessions(slots: Slots) -> frozenset[SessionId]:
    """Return the sessions in which the person has a part: their own mail tells of them."""
    return frozenset(slot.session_id for slot in slots.values() if slot.session_id is not None)
