"""Who is admitted and what may become of a registration. Pure: the ledger carries these out in the database."""

from dataclasses import replace
from datetime import datetime, timedelta

from conference.core.errors import N_
from conference.core.text import folded
from conference.people.model import PersonDetails
from conference.registration.errors import CategoryClosedError, MoveRefusedError
from conference.registration.model import CategoryDetails, Registration, Seats, State

# Own choices: how long the sender may correct the address, how often, and how rarely a known address is written to.
CORRECTION_TIME = timedelta(minutes=30)
MAX_CORRECTIONS = 5
REMINDER_PAUSE = timedelta(minutes=10)

# The one table of allowed moves. A new registration begins where `admit` says.
MOVES: dict[State, frozenset[State]] = {
    State.CONFIRMED: frozenset({State.WITHDRAWN, State.CANCELLED}),
    State.WAITING: frozenset({State.CONFIRMED, State.WITHDRAWN, State.CANCELLED}),
    State.WITHDRAWN: frozenset(),
    State.CANCELLED: frozenset(),
}


def admit(details: CategoryDetails, ledger: Seats) -> State:
    """Return where a new registration would stand now; raises CategoryClosedError for 0 seats.

    Whoever waits goes first: a seat that is free while others wait is not given to a newcomer.
    """
    if ledger.seats == 0:
        raise CategoryClosedError("category", category=details.name)
    return State.CONFIRMED if has_place(ledger) else State.WAITING


def has_place(ledger: Seats) -> bool:
    return ledger.seats is None or (ledger.taken < ledger.seats and ledger.waiting == 0)


def may_promote(ledger: Seats) -> bool:
    """Return whether the longest waiting gets a seat now."""
    return ledger.waiting > 0 and (ledger.seats is None or ledger.taken < ledger.seats)


def places_left(ledger: Seats) -> int | None:
    """Return how many a newcomer may still take, 0 when they would wait or it is closed, None without limit."""
    if ledger.seats is None:
        return None
    return max(0, ledger.seats - ledger.taken) if ledger.waiting == 0 else 0


def places_text(ledger: Seats) -> str:
    """Return what the form says beside the category: a sentence with a place for %(left)d, "" without limit."""
    if ledger.seats == 0:
        return N_("closed")
    left = places_left(ledger)
    if left is None:
        return ""
    if left == 0:
        return N_("waiting list")
    return N_("1 place left") if left == 1 else N_("%(left)d places left")


def overbooked_by(ledger: Seats) -> int:
    """Return how many more are confirmed than there are seats, as after the seats were lowered; else 0."""
    return 0 if ledger.seats is None else max(0, ledger.taken - ledger.seats)


def newly_overbooked_by(ledger: Seats, seats: int | None) -> int:
    """Return how many more are confirmed than the new seats, 0 where that makes it no worse than it is."""
    after = overbooked_by(replace(ledger, seats=seats))
    return after if after > overbooked_by(ledger) else 0


def require_move(now_in: State, to: State) -> None:
    """Raise MoveRefusedError unless the table of moves allows it."""
    if to not in MOVES[now_in]:
        raise MoveRefusedError(state=now_in.value)


def require_live(registration: Registration) -> None:
    """Raise MoveRefusedError for a registration that is withdrawn or cancelled."""
    if not registration.is_live:
        raise MoveRefusedError(state=registration.state.value)


def same_name(one: PersonDetails, other: PersonDetails) -> bool:
    """Return whether both are the same name apart from case, diacritics and spaces."""
    return folded(one.name) == folded(other.name)


def may_correct(sent_at: datetime, corrections: int, now: datetime) -> bool:
    """Return whether the sender of a form may still correct its address. Both times are real times."""
    return now < sent_at + CORRECTION_TIME and corrections < MAX_CORRECTIONS
