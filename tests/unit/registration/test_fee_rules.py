import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.registration.fee_model import FeeState
from conference.registration.fee_rules import (
    OWING,
    amount_words,
    due_minor,
    fee_state,
    read_vat,
    vat_is_valid,
)
from conference.registration.model import State

MINOR = st.integers(0, 10_000_000)


@given(st.sampled_from(State), MINOR, st.lists(MINOR, max_size=5))
def test_only_a_confirmed_place_owes(state: State, category: int, extras: list[int]) -> None:
    due = due_minor(state, category, extras)
    assert due == (category + sum(extras) if state in OWING else 0)


@given(MINOR, MINOR)
def test_a_payment_is_enough_too_little_or_too_much(due: int, paid: int) -> None:
    state = fee_state(due, paid)
    assert (state is FeeState.TO_REFUND) == (paid > due)
    assert (state is FeeState.TO_PAY) == (paid < due)
    assert (state is FeeState.PAID) == (0 < paid == due)
    assert (state is FeeState.NOTHING) == (paid == due == 0)


@pytest.mark.parametrize(
    ("typed", "is_valid"),
    [
        ("SE556677889901", True),
        ("de 123.456.789", True),
        ("ATU12345678", True),
        ("123456789", False),
        ("SE", False),
        ("SE5566778899011234", False),
        ("SÉ556677889901", False),
    ],
)
def test_the_form_of_a_vat_number(typed: str, is_valid: bool) -> None:
    assert vat_is_valid(read_vat(typed)) is is_valid


@pytest.mark.parametrize(
    ("minor", "words"), [(12050, "120.50 EUR"), (12000, "120 EUR"), (5, "0.05 EUR"), (-250, "-2.50 EUR")]
)
def test_an_amount_in_words(minor: int, words: str) -> None:
    assert amount_words(minor, "EUR") == words
