"""Where and when each person is needed by a programme, and what differs between two states of that. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from conference.core.clock import STOCKHOLM
from conference.core.ids import PersonId, RoomId, SessionId
from conference.core.interval import Interval
from conference.programme.listing import Appearance, people_listed
from conference.programme.model import PartRole, Programme


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """One talk, or one session as a whole, with all the roles that the person has in it. `key` names it for good."""

    key: str
    roles: tuple[PartRole, ...]
    title: str
    session: str
    span: Interval
    room_id: RoomId | None
    room: str
    session_id: SessionId | None = None

    @property
    def day(self) -> date:
        """The day in Stockholm."""
        return self.span.start.astimezone(STOCKHOLM).date()

    @property
    def place(self) -> tuple[Interval, RoomId | None]:
        """What a move changes: a room that got another name is where it was."""
        return self.span, self.room_id

    @property
    def words(self) -> tuple[str, tuple[PartRole, ...]]:
        """What else is theirs of it. The session around a talk may be called something else without them."""
        return self.title, self.roles


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    old: Slot
    new: Slot


@dataclass(frozen=True, kw_only=True, slots=True)
class SlotChanges:
    """What changed for one person. `renamed` has another title or role, and is where and when it was."""

    added: tuple[Slot, ...] = ()
    moved: tuple[Moved, ...] = ()
    renamed: tuple[Moved, ...] = ()
    cancelled: tuple[Slot, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.moved or self.renamed or self.cancelled)


Slots = Mapping[str, Slot]


def slots_by_person(programme: Programme | None) -> dict[PersonId, Slots]:
    """Return the slots of everybody in the programme, by person and key, in the order of time."""
    found: dict[PersonId, dict[str, Slot]] = {}
    for listed in people_listed(programme) if programme else ():
        own = found.setdefault(listed.part.person_id, {})
        for appearance in listed.appearances:
            slot = _slot(appearance, own)
            if slot is not None:
                own[slot.key] = slot
    return dict(found)


def _slot(appearance: Appearance, known: Slots) -> Slot | None:
    session, talk = appearance.session, appearance.talk
    span = talk.span if talk else session.span
    if span is None:
        return None
    key = f"talk-{talk.id}" if talk else f"session-{session.id}"
    before = known[key].roles if key in known else ()
    # Twice in one role is once: two records of one person may have become one since the version was frozen.
    roles = before if appearance.role in before else (*before, appearance.role)
    return Slot(
        key=key,
        roles=roles,
        title=talk.title if talk else session.title,
        session=session.title,
        span=span,
        room_id=session.room.id if session.room else None,
        room=session.room.name if session.room else "",
        session_id=session.id,
    )


def changes_between(before: Slots, after: Slots) -> SlotChanges:
    """Return what is new, moved, renamed and cancelled, in the order of time."""
    both = [Moved(old=before[key], new=slot) for key, slot in after.items() if key in before]
    return SlotChanges(
        added=tuple(slot for key, slot in after.items() if key not in before),
        moved=tuple(one for one in both if one.old.place != one.new.place),
        renamed=tuple(
            one for one in both if one.old.place == one.new.place and one.old.words != one.new.words
        ),
        cancelled=tuple(slot for key, slot in before.items() if key not in after),
    )
