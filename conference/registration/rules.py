"""Who is admitted and what may become of a registration. Pure: the ledger carries these out in the database."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from conference.core.clock import STOCKHOLM
from conference.core.errors import N_
from conference.core.text import folded
from conference.people.model import PersonDetails
from conference.registration.errors import (
    CategoryClosedError,
    CategoryNotOpenError,
    MoveRefusedError,
    OfferOverError,
)
from conference.registration.model import CategoryDetails, Registration, Seats, State

# Own choices: how long the sender may correct the address, how often, and how rarely a known address is written to.
CORRECTION_TIME = timedelta(minutes=30)
MAX_CORRECTIONS = 5
REMINDER_PAUSE = timedelta(minutes=10)

# How long an offered place waits for its answer, and when nobody is to be woken by a lapse (issue text; own choice: an
# offer of the last morning lapses at 18:00, so that the evening's list is the desk's).
OFFER_TIME = timedelta(hours=48)
NIGHT_BEGINS, NIGHT_ENDS = time(20), time(8)
LAST_OFFER, LAST_LAPSE = time(12), time(18)

_ENDS = frozenset({State.WITHDRAWN, State.CANCELLED})
# What the office may bring back, through the ledger as a newcomer.
_BACK = frozenset({State.CONFIRMED, State.WAITING})
# The one table of allowed moves. A new registration begins where `admit` says. Drawn in the README.
MOVES: dict[State, frozenset[State]] = {
    State.PENDING: frozenset({State.CONFIRMED, State.WAITING, State.DECLINED}) | _ENDS,
    State.WAITING: frozenset({State.OFFERED, State.CONFIRMED}) | _ENDS,
    State.OFFERED: frozenset({State.CONFIRMED}) | _ENDS,
    State.CONFIRMED: frozenset({State.ATTENDED, State.NO_SHOW}) | _ENDS,
    State.ATTENDED: frozenset({State.CONFIRMED, State.NO_SHOW}),
    State.NO_SHOW: frozenset({State.CONFIRMED, State.ATTENDED}),
    State.WITHDRAWN: _BACK,
    State.CANCELLED: _BACK,
    State.DECLINED: _BACK,
}


def require_open(details: CategoryDetails, now: datetime) -> None:
    """Raise CategoryClosedError for a category that takes nobody now: without seats, retired, or out of its time."""
    starts, ends = details.opens_at, details.closes_at
    if details.seats == 0 or details.is_retired or (ends is not None and now >= ends):
        raise CategoryClosedError("category", category=details.name)
    if starts is not None and now < starts:
        raise CategoryNotOpenError("category", category=details.name)


def is_open(details: CategoryDetails, now: datetime) -> bool:
    """Return whether somebody could register in the category now, be it for its waiting list."""
    try:
        require_open(details, now)
    except (CategoryClosedError, CategoryNotOpenError):
        return False
    return True


def admit(details: CategoryDetails, ledger: Seats, now: datetime) -> State:
    """Return where a new registration would stand now; raises as `require_open` does.

    One that needs approval waits for it without a seat. Whoever waits goes first: a seat that is free while others
    wait is not given to a newcomer.
    """
    require_open(details, now)
    if details.needs_approval:
        return State.PENDING
    return State.CONFIRMED if has_place(ledger) else State.WAITING


def offer_deadline(now: datetime, first_day: date) -> datetime | None:
    """Return until when a place that is free now can be accepted, aware, or None when offers have ended.

    48 hours, but never between 20:00 and 08:00 in Stockholm, and at most until 18:00 on the eve of `first_day`; from
    noon of the eve on there is no offer any more, and the desk calls in the order of the list.
    """
    eve = first_day - timedelta(days=1)
    if now >= datetime.combine(eve, LAST_OFFER, STOCKHOLM):
        return None
    ends = (now + OFFER_TIME).astimezone(STOCKHOLM)
    if ends.time() >= NIGHT_BEGINS:
        ends = datetime.combine(ends.date() + timedelta(days=1), NIGHT_ENDS, STOCKHOLM)
    elif ends.time() < NIGHT_ENDS:
        ends = datetime.combine(ends.date(), NIGHT_ENDS, STOCKHOLM)
    return min(ends, datetime.combine(eve, LAST_LAPSE, STOCKHOLM))


def require_offer(registration: Registration, now: datetime) -> None:
    """Raise OfferOverError unless a place is offered now. At its very deadline an offer has lapsed."""
    until = registration.offered_until
    if registration.state is not State.OFFERED or until is None or now >= until:
        raise OfferOverError


def _is_free(ledger: Seats) -> bool:
    return ledger.seats is None or ledger.taken + ledger.reserved < ledger.seats


def has_place(ledger: Seats) -> bool:
    """Return whether a newcomer gets a seat now."""
    return ledger.waiting == 0 and _is_free(ledger)


def places_left(ledger: Seats) -> int | None:
    """Return how many a newcomer may still take, 0 when they would wait or it is closed, None without limit."""
    if ledger.seats is None:
        return None
    return max(0, ledger.seats - ledger.taken - ledger.reserved) if ledger.waiting == 0 else 0


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
    """Return how many more are confirmed or held than there are seats, as after the seats were lowered; else 0."""
    return 0 if ledger.seats is None else max(0, ledger.taken + ledger.reserved - ledger.seats)


def newly_overbooked_by(ledger: Seats, seats: int | None) -> int:
    """Return how many more are confirmed or held than the new seats, 0 where that makes it no worse than it is."""
    after = overbooked_by(replace(ledger, seats=seats))
    return after if after > overbooked_by(ledger) else 0


def require_move(now_in: State, to: State) -> None:
    """Raise MoveRefusedError unless the table of moves allows it."""
    if to not in MOVES[now_in]:
        raise MoveRefusedError(state=now_in.value)


def require_live(registration: Registration) -> None:
    """Raise MoveRefusedError for a registration that has ended."""
    if not registration.is_live:
        raise MoveRefusedError(state=registration.state.value)


def same_name(one: PersonDetails, other: PersonDetails) -> bool:
    """Return whether both are the same name apart from case, diacritics and spaces."""
    return folded(one.name) == folded(other.name)


def may_correct(sent_at: datetime, corrections: int, now: datetime) -> bool:
    """Return whether the sender of a form may still correct its address. Both times are real times."""
    return now < sent_at + CORRECTION_TIME and corrections < MAX_CORRECTIONS


def seen_mark(registration: Registration) -> str:
    """Return a mark of whose registration it is and where it stands: who ends it says with it what they saw."""
    return f"{registration.person_id}.{registration.state.value}"
