"""What the desk may do that the public form may not. Pure.

The desk registers into a category of any access: who stands there has been asked for an invitation or a code by a
person. On the days of the event it registers into a category whose time is over, or has not come, too, because the
people are there. A category without seats, or one that is retired, takes nobody from the desk either.
"""

from datetime import date, datetime

from conference.core.clock import STOCKHOLM
from conference.registration.errors import CategoryClosedError, CategoryNotOpenError
from conference.registration.model import Category, CategoryDetails, Registration, State
from conference.registration.rules import has_place, require_open


def is_on_event(now: datetime, first_day: date, last_day: date) -> bool:
    """Return whether it is a day of the event in Stockholm, both included."""
    return first_day <= now.astimezone(STOCKHOLM).date() <= last_day


def require_open_at_desk(details: CategoryDetails, now: datetime, first_day: date, last_day: date) -> None:
    """Raise as `require_open` does, on the days of the event only for one without seats or retired."""
    if details.seats == 0 or details.is_retired:
        raise CategoryClosedError("category", category=details.name)
    if not is_on_event(now, first_day, last_day):
        require_open(details, now)


def is_open_at_desk(details: CategoryDetails, now: datetime, first_day: date, last_day: date) -> bool:
    """Return whether the desk could register somebody in the category now."""
    try:
        require_open_at_desk(details, now, first_day, last_day)
    except (CategoryClosedError, CategoryNotOpenError):
        return False
    return True


def state_at_desk(category: Category, *, may_approve: bool) -> State:
    """Return where a walk-in would stand: who may approve does so by registering, others leave it to who may."""
    if category.details.needs_approval and not may_approve:
        return State.PENDING
    return State.CONFIRMED if has_place(category.ledger) else State.WAITING


def can_be_asked(registration: Registration) -> bool:
    """Return whether an offered place can be answered: who gave no address hears of none."""
    return bool(registration.email)
