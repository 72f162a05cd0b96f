from datetime import date, timedelta

import pytest

from conference.core.ids import PersonId
from conference.speakers.errors import DisclosureContradictsError, DisclosureEmptyError
from conference.speakers.model import Interest, Invitation, Missing, SignDisclosure, Standing, Task
from conference.speakers.tasks import answer_due, check_disclosure, missing, reminder_now

FIRST_DAY = date(2022, 9, 22)


def test_an_answer_is_due_when_the_office_says_else_eight_weeks_before() -> None:
    assert answer_due(None, FIRST_DAY) == date(2022, 7, 28)
    assert answer_due(Invitation(answer_by=date(2022, 7, 1)), FIRST_DAY) == date(2022, 7, 1)


@pytest.mark.parametrize(
    ("standing", "tasks"),
    [
        (Standing.OPEN, [Task.ANSWER, Task.DISCLOSURE, Task.BIOGRAPHY]),
        (Standing.INVITED, [Task.ANSWER, Task.DISCLOSURE, Task.BIOGRAPHY]),
        (Standing.CONFIRMED, [Task.DISCLOSURE, Task.BIOGRAPHY]),
        (Standing.WAITING, [Task.DISCLOSURE, Task.BIOGRAPHY]),
        (Standing.DECLINED, []),
        (Standing.WITHDRAWN, []),
    ],
)
def test_what_is_missing_by_standing(standing: Standing, tasks: list[Task]) -> None:
    found = missing(standing, (), None, first_day=FIRST_DAY, today=date(2022, 1, 1))
    assert [one.task for one in found] == tasks


def test_a_task_is_overdue_from_the_day_after() -> None:
    def one(today: date) -> tuple[Missing, ...]:
        return missing(Standing.CONFIRMED, {Task.BIOGRAPHY}, None, first_day=FIRST_DAY, today=today)

    due = date(2022, 8, 25)
    assert one(due) == (Missing(task=Task.DISCLOSURE, due=due, is_overdue=False),)
    assert one(due + timedelta(days=1)) == (Missing(task=Task.DISCLOSURE, due=due, is_overdue=True),)


@pytest.mark.parametrize(
    ("days_before", "weeks"),
    [(57, None), (56, 8), (29, 8), (28, 4), (15, 4), (14, 2), (1, 2), (0, None), (-3, None)],
)
def test_reminders_begin_8_4_and_2_weeks_before(days_before: int, weeks: int | None) -> None:
    assert reminder_now(FIRST_DAY, FIRST_DAY - timedelta(days=days_before)) == weeks


def signed(*, is_nothing: bool, interests: dict[Interest, str]) -> SignDisclosure:
    return SignDisclosure(person_id=PersonId(1), is_nothing=is_nothing, interests=interests, signed_name="Å")


def test_a_disclosure_says_one_of_the_two() -> None:
    check_disclosure(signed(is_nothing=True, interests={}))
    check_disclosure(signed(is_nothing=False, interests={Interest.OTHER: "Acme"}))
    with pytest.raises(DisclosureEmptyError):
        check_disclosure(signed(is_nothing=False, interests={}))
    with pytest.raises(DisclosureContradictsError):
        check_disclosure(signed(is_nothing=True, interests={Interest.OTHER: "Acme"}))
