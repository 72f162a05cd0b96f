from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.core.clock import STOCKHOLM
from conference.people.model import PersonDetails
from conference.registration.errors import CategoryClosedError, CategoryNotOpenError, MoveRefusedError
from conference.registration.model import CategoryDetails, Seats, State
from conference.registration.rules import (
    MAX_CORRECTIONS,
    MOVES,
    admit,
    is_open,
    may_correct,
    newly_overbooked_by,
    offer_deadline,
    overbooked_by,
    places_left,
    places_text,
    require_move,
    require_open,
    same_name,
)

STUDENT = CategoryDetails(name="Student", badge_word="Student")
NOW = datetime.fromisoformat("2022-09-05T08:00+02:00")
FIRST_DAY = date(2022, 9, 22)


def stockholm(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


def test_who_needs_approval_waits_for_it_even_where_a_place_is_free() -> None:
    assert admit(replace(STUDENT, needs_approval=True), seats(10), NOW) is State.PENDING


@pytest.mark.parametrize(
    ("details", "refusal"),
    [
        ({"opens_at": NOW + timedelta(seconds=1)}, CategoryNotOpenError),
        ({"opens_at": NOW}, None),
        ({"closes_at": NOW}, CategoryClosedError),
        ({"closes_at": NOW + timedelta(seconds=1)}, None),
        ({"is_retired": True}, CategoryClosedError),
        ({"seats": 0}, CategoryClosedError),
        ({"seats": 0, "opens_at": NOW + timedelta(days=1)}, CategoryClosedError),
    ],
)
def test_a_category_is_open_from_its_opening_until_before_its_closing(
    details: dict[str, Any], refusal: type[Exception] | None
) -> None:
    category = replace(STUDENT, **details)
    assert is_open(category, NOW) is (refusal is None)
    if refusal is not None:
        with pytest.raises(refusal):
            require_open(category, NOW)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2022-09-05T12:00", "2022-09-07T12:00"),
        ("2022-09-05T19:59", "2022-09-07T19:59"),
        ("2022-09-05T20:00", "2022-09-08T08:00"),
        ("2022-09-05T23:30", "2022-09-08T08:00"),
        ("2022-09-06T03:00", "2022-09-08T08:00"),
        ("2022-09-06T08:00", "2022-09-08T08:00"),
        # The eve's evening is the desk's: the last offers lapse at 18:00, and none is made from noon on.
        ("2022-09-20T09:00", "2022-09-21T18:00"),
        ("2022-09-19T18:30", "2022-09-21T18:00"),
        ("2022-09-21T11:59", "2022-09-21T18:00"),
        ("2022-09-21T12:00", None),
        ("2022-09-23T12:00", None),
    ],
)
def test_until_when_an_offer_can_be_accepted(now: str, until: str | None) -> None:
    assert offer_deadline(stockholm(now), FIRST_DAY) == (stockholm(until) if until else None)


@given(st.datetimes(datetime(2022, 3, 1), datetime(2022, 9, 21, 11, 59)))  # noqa: DTZ001 -- made aware below
def test_no_offer_lapses_at_night_or_at_once(moment: datetime) -> None:
    now = moment.replace(tzinfo=STOCKHOLM)
    until = offer_deadline(now, FIRST_DAY)
    assert until is not None
    assert time(8) <= until.astimezone(STOCKHOLM).time() < time(20)
    assert until - now >= timedelta(hours=6)


def seats(total: int | None, taken: int = 0, waiting: int = 0) -> Seats:
    return Seats(seats=total, taken=taken, waiting=waiting)


@pytest.mark.parametrize(
    ("ledger", "new", "count"),
    [
        (seats(10, taken=8), 5, 3),
        (seats(10, taken=8), 8, 0),
        (seats(None, taken=8), 0, 8),
        (seats(5, taken=8), 6, 0),  # it was worse before
        (seats(5, taken=8), 4, 4),
        (seats(5, taken=8), None, 0),
    ],
)
def test_only_a_new_lack_of_places_is_asked_about(ledger: Seats, new: int | None, count: int) -> None:
    assert newly_overbooked_by(ledger, new) == count


@pytest.mark.parametrize(
    ("ledger", "state"),
    [
        (seats(2, 1), State.CONFIRMED),
        (seats(2, 2), State.WAITING),
        (seats(2, 1, 1), State.WAITING),
        (seats(2, 3), State.WAITING),
        (Seats(seats=2, taken=1, waiting=0, reserved=1), State.WAITING),
        (Seats(seats=2, taken=1, waiting=0, over=7), State.CONFIRMED),
        (seats(None, 5000), State.CONFIRMED),
    ],
)
def test_admit(ledger: Seats, state: State) -> None:
    assert admit(STUDENT, ledger, NOW) is state


@pytest.mark.parametrize("taken", [0, 3])
def test_admit_refuses_a_closed_category_and_names_the_way_out(taken: int) -> None:
    with pytest.raises(CategoryClosedError) as caught:
        admit(replace(STUDENT, seats=0), seats(0, taken), NOW)
    assert str(caught.value) == (
        "Registration as Student is closed. Choose another category, or write to the organisers."
    )
    assert caught.value.field == "category"


@pytest.mark.parametrize(
    ("ledger", "left", "text"),
    [
        (seats(14, 2), 12, "%(left)d places left"),
        (seats(14, 13), 1, "1 place left"),
        (seats(14, 14), 0, "waiting list"),
        (seats(14, 13, 1), 0, "waiting list"),
        (seats(14, 20), 0, "waiting list"),
        (seats(0), 0, "closed"),
        (seats(None), None, ""),
    ],
)
def test_what_the_form_says_of_a_category(ledger: Seats, left: int | None, text: str) -> None:
    assert (places_left(ledger), places_text(ledger)) == (left, text)


@given(st.integers(0, 50), st.integers(0, 60), st.integers(0, 20))
def test_admission_and_the_words_on_the_form_agree(total: int, taken: int, waiting: int) -> None:
    ledger = seats(total, taken, waiting)
    if total == 0:
        assert places_text(ledger) == "closed"
        return
    assert (admit(STUDENT, ledger, NOW) is State.WAITING) == (places_text(ledger) == "waiting list")


def test_overbooked() -> None:
    assert [overbooked_by(ledger) for ledger in (seats(5, 7), seats(5, 5), seats(None, 9), seats(0, 2))] == [2, 0, 0, 2]  # fmt: skip


def test_the_table_of_moves() -> None:
    allowed = {(now, to) for now, targets in MOVES.items() for to in targets}
    assert {(now.value, to.value) for now, to in allowed} == {
        *(("pending", to) for to in ("confirmed", "waiting", "declined", "withdrawn", "cancelled")),
        *(("waiting", to) for to in ("offered", "confirmed", "withdrawn", "cancelled")),
        *(("offered", to) for to in ("confirmed", "withdrawn", "cancelled")),
        *(("confirmed", to) for to in ("attended", "no_show", "withdrawn", "cancelled")),
        *(("attended", to) for to in ("confirmed", "no_show")),
        *(("no_show", to) for to in ("confirmed", "attended")),
        *(("withdrawn", to) for to in ("confirmed", "waiting")),
        *(("cancelled", to) for to in ("confirmed", "waiting")),
        *(("declined", to) for to in ("confirmed", "waiting")),
    }
    for now in State:
        for to in State:
            if (now, to) in allowed:
                require_move(now, to)
            else:
                with pytest.raises(MoveRefusedError):
                    require_move(now, to)


def test_same_name_looks_through_case_and_diacritics() -> None:
    asa = PersonDetails(given_name="Åsa", family_name="Łukasz")
    assert same_name(asa, PersonDetails(given_name="ASA", family_name="lukasz"))
    assert not same_name(asa, PersonDetails(given_name="Åsa", family_name="Lukas"))


def test_the_address_may_be_corrected_for_half_an_hour_and_five_times() -> None:
    sent = datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert may_correct(sent, 0, sent + timedelta(minutes=29, seconds=59))
    assert not may_correct(sent, 0, sent + timedelta(minutes=30))
    assert not may_correct(sent, MAX_CORRECTIONS, sent)
