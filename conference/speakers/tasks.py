"""What is asked of a speaker by when, and when they are reminded. Pure; all days are those of Stockholm."""

from collections.abc import Collection
from datetime import date, timedelta

from conference.speakers.errors import DisclosureContradictsError, DisclosureEmptyError
from conference.speakers.model import Invitation, Missing, SignDisclosure, Standing, Task

# Weeks before the first day; the issue names 8, 4 and 2. Own choice: an answer is due at the first of these, the rest
# at the second.
REMINDER_WEEKS = (8, 4, 2)
_ANSWER_DUE = timedelta(weeks=8)
_REST_DUE = timedelta(weeks=4)
NOT_CONFIRMED = (Standing.OPEN, Standing.INVITED)
OUT = (Standing.DECLINED, Standing.WITHDRAWN)


def answer_due(invitation: Invitation | None, first_day: date) -> date:
    """Return the last day to answer: the office's for this person, else the event's default."""
    own = invitation.answer_by if invitation else None
    return own or first_day - _ANSWER_DUE


def missing(
    standing: Standing,
    done: Collection[Task],
    invitation: Invitation | None,
    *,
    first_day: date,
    today: date,
) -> tuple[Missing, ...]:
    """Return what a speaker still has to do; nothing is asked of who declined or withdrew."""
    if standing in OUT:
        return ()
    due = {
        Task.ANSWER: answer_due(invitation, first_day),
        Task.DISCLOSURE: first_day - _REST_DUE,
        Task.BIOGRAPHY: first_day - _REST_DUE,
    }
    # Who was registered by the office is asked the rest, and has no answer to give.
    is_done = {*done} | ({Task.ANSWER} if standing not in NOT_CONFIRMED else set())
    return tuple(
        Missing(task=task, due=day, is_overdue=day < today)
        for task, day in due.items()
        if task not in is_done
    )


def member_due(first_day: date) -> date:
    """Return the last day for a disclosure of a member of the programme committee: the speakers'."""
    return first_day - _REST_DUE


def missing_of_member(*, has_disclosed: bool, first_day: date, today: date) -> tuple[Missing, ...]:
    """Return what a member of the programme committee still has to do: nothing but a disclosure is asked of them."""
    due = member_due(first_day)
    return () if has_disclosed else (Missing(task=Task.DISCLOSURE, due=due, is_overdue=due < today),)


def with_member_s(own: tuple[Missing, ...], of_member: tuple[Missing, ...]) -> tuple[Missing, ...]:
    """Return what is missing of who is both a speaker and a member: each task once."""
    asked = {one.task for one in own}
    return (*own, *(one for one in of_member if one.task not in asked))


def reminder_now(first_day: date, today: date) -> int | None:
    """Return which reminder it is time for, by weeks before the first day: the latest one begun, None outside.

    A worker that stood still sends the one of now, never those it missed.
    """
    if today >= first_day:
        return None
    begun = [weeks for weeks in REMINDER_WEEKS if today >= first_day - timedelta(weeks=weeks)]
    return min(begun, default=None)


def check_disclosure(command: SignDisclosure) -> None:
    """Raise DisclosureEmptyError or DisclosureContradictsError where it says neither or both."""
    if command.is_nothing and command.interests:
        raise DisclosureContradictsError("is_nothing")
    if not command.is_nothing and not command.interests:
        raise DisclosureEmptyError("is_nothing")
