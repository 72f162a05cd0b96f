from dataclasses import replace
from datetime import date, datetime

import pytest

from conference.core.clock import STOCKHOLM
from conference.core.ids import CategoryId
from conference.registration.desk_rules import is_on_event, is_open_at_desk, state_at_desk
from conference.registration.model import Access, Category, CategoryDetails, Seats, State

FIRST, LAST = date(2022, 9, 22), date(2022, 9, 23)
OPEN = CategoryDetails(name="Student", badge_word="Student")


def stockholm(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


OVER = replace(OPEN, closes_at=stockholm("2022-09-10T00:00"))
LATER = replace(OPEN, opens_at=stockholm("2022-09-30T00:00"))


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("2022-09-21T23:59", False),
        ("2022-09-22T00:00", True),
        ("2022-09-23T23:59", True),
        ("2022-09-24T00:00", False),
    ],
)
def test_the_days_of_the_event_are_those_of_stockholm(time: str, expected: bool) -> None:
    assert is_on_event(stockholm(time), FIRST, LAST) is expected


@pytest.mark.parametrize(
    ("details", "before", "during"),
    [
        (OPEN, True, True),
        (OVER, False, True),
        (LATER, False, True),
        (replace(OPEN, access=Access.INVITED), True, True),
        (replace(OPEN, access=Access.CODE), True, True),
        (replace(OPEN, seats=0), False, False),
        (replace(OPEN, is_retired=True), False, False),
    ],
)
def test_a_closed_category_is_open_to_the_desk_on_the_days_of_the_event(
    details: CategoryDetails, before: bool, during: bool
) -> None:
    times = (stockholm("2022-09-15T09:00"), stockholm("2022-09-22T09:00"))
    assert [is_open_at_desk(details, now, FIRST, LAST) for now in times] == [before, during]


@pytest.mark.parametrize(
    ("needs_approval", "may_approve", "taken", "expected"),
    [
        (False, False, 0, State.CONFIRMED),
        (False, True, 1, State.WAITING),
        (True, False, 0, State.PENDING),
        (True, True, 0, State.CONFIRMED),
        (True, True, 1, State.WAITING),
    ],
)
def test_who_may_approve_does_so_by_registering(
    needs_approval: bool, may_approve: bool, taken: int, expected: State
) -> None:
    category = Category(
        id=CategoryId(1),
        details=replace(OPEN, needs_approval=needs_approval),
        ledger=Seats(seats=1, taken=taken, waiting=0),
        revision=1,
    )
    assert state_at_desk(category, may_approve=may_approve) is expected
