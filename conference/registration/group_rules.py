"""What holds for groups and for passing on. Pure."""

from collections.abc import Iterable
from datetime import date, datetime, time

from conference.core.clock import STOCKHOLM
from conference.core.text import address_key, folded
from conference.registration.group_errors import (
    EmptyGroupError,
    GroupFullError,
    GroupTooBigError,
    NamedTwiceError,
    NotToPassOnError,
    PassOnOverError,
    SpeakersPlaceError,
)
from conference.registration.group_model import GROUP_SIZE, Member, NamedPerson, RegisterGroup
from conference.registration.model import Category, Registration, State
from conference.registration.rules import places_left


def is_shared(person: NamedPerson, coordinator_email: str) -> bool:
    """Return whether the person's mails go to the coordinator."""
    return not person.email or address_key(person.email) == address_key(coordinator_email)


def in_turn(command: RegisterGroup) -> list[NamedPerson]:
    """Return the people in the order in which places are given.

    Those with the coordinator's address come first: where they stand, which the coordinator sees, then cannot depend
    on whether somebody else's address is known.
    """
    email = command.coordinator.email
    return sorted(command.people, key=lambda one: (not is_shared(one, email), one.row))


def require_different(command: RegisterGroup) -> None:
    """Raise NamedTwiceError at the row that repeats another, EmptyGroupError for nobody, GroupFullError beyond 20."""
    if not command.people and not command.takes_part:
        raise EmptyGroupError("people-0-given_name")
    if len(command.people) + int(command.takes_part) > GROUP_SIZE:
        raise GroupFullError(size=GROUP_SIZE)
    coordinator = command.coordinator
    seen = {("", folded(coordinator.name))} if command.takes_part else set()
    for one in command.people:
        shared = is_shared(one, coordinator.email)
        key = ("", folded(one.name)) if shared else (address_key(one.email), "")
        if key in seen:
            raise NamedTwiceError(f"people-{one.row}-{'given_name' if shared else 'email'}")
        seen.add(key)


def require_new(person: NamedPerson, members: Iterable[Member], coordinator_email: str) -> None:
    """Raise NamedTwiceError for somebody whom the group has already. Members that are seen to have ended do not count."""
    shared = is_shared(person, coordinator_email)
    address = address_key(coordinator_email if shared else person.email)
    for one in members:
        is_same = address_key(one.email) == address and (
            not shared or folded(one.name) == folded(person.name)
        )
        if one.counts and is_same:
            raise NamedTwiceError("given_name" if shared else "email")


def require_places(category: Category, count: int, accepts_left: int | None) -> None:
    """Raise GroupTooBigError unless everybody gets a seat, or the sender knows how many do not.

    `count` is that of the people named, known addresses included, so that the answer tells nothing of them.
    """
    left = places_left(category.ledger)
    if category.details.needs_approval or left is None or count <= left:
        return
    if accepts_left is None or left < accepts_left:
        raise GroupTooBigError(left=left, count=count)


def pass_on_ends(first_day: date) -> datetime:
    """Return until when places are passed on: midnight before the first day, Stockholm time.

    Own choice: badges are printed and the desk's lists are drawn on the eve, so on the day itself a change of name
    is the desk's matter.
    """
    return datetime.combine(first_day, time(), STOCKHOLM)


def require_passable(
    registration: Registration, *, is_for_speakers: bool, first_day: date, now: datetime
) -> None:
    """Raise NotToPassOnError, SpeakersPlaceError or PassOnOverError for a place that stays where it is."""
    if registration.state is not State.CONFIRMED:
        raise NotToPassOnError
    if is_for_speakers:
        raise SpeakersPlaceError
    if now >= pass_on_ends(first_day):
        raise PassOnOverError
