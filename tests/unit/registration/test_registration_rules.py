from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.people.model import PersonDetails
from conference.registration.errors import CategoryClosedError, MoveRefusedError
from conference.registration.model import CategoryDetails, Seats, State
from conference.registration.rules import (
    MAX_CORRECTIONS,
    MOVES,
    admit,
    may_correct,
    newly_overbooked_by,
    overbooked_by,
    places_left,
    places_text,
    require_move,
    same_name,
)

STUDENT = CategoryDetails(name="Student", badge_word="Student")


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
        (seats(None, 5000), State.CONFIRMED),
    ],
)
def test_admit(ledger: Seats, state: State) -> None:
    assert admit(STUDENT, ledger) is state


@pytest.mark.parametrize("taken", [0, 3])
def test_admit_refuses_a_closed_category_and_names_the_way_out(taken: int) -> None:
    with pytest.raises(CategoryClosedError) as caught:
        admit(STUDENT, seats(0, taken))
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
    assert (admit(STUDENT, ledger) is State.WAITING) == (places_text(ledger) == "waiting list")


def test_overbooked() -> None:
    assert [overbooked_by(ledger) for ledger in (seats(5, 7), seats(5, 5), seats(None, 9), seats(0, 2))] == [2, 0, 0, 2]  # fmt: skip


def test_the_table_of_moves() -> None:
    allowed = {(now, to) for now, targets in MOVES.items() for to in targets}
    assert allowed == {
        (State.CONFIRMED, State.WITHDRAWN),
        (State.CONFIRMED, State.CANCELLED),
        (State.WAITING, State.CONFIRMED),
        (State.WAITING, State.WITHDRAWN),
        (State.WAITING, State.CANCELLED),
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
