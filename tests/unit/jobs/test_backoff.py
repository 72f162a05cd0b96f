from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.jobs.rules import LAST_ATTEMPT, delay_after, next_delay


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 32), (7, 60), (8, 60), (70, 60)]
)
def test_delay_doubles_up_to_an_hour(attempts: int, minutes: int) -> None:
    assert delay_after(attempts) == timedelta(minutes=minutes)


def test_tries_go_on_for_72_hours_and_then_end() -> None:
    waited = sum((delay_after(n) for n in range(1, LAST_ATTEMPT + 1)), timedelta())
    assert timedelta(hours=72) <= waited < timedelta(hours=73)
    assert next_delay(LAST_ATTEMPT, 0.5) == timedelta(hours=1)
    assert next_delay(LAST_ATTEMPT + 1, 0.5) is None


@given(st.integers(1, LAST_ATTEMPT), st.floats(0, 1, exclude_max=True))
def test_jitter_stays_within_a_fifth(attempts: int, chance: float) -> None:
    delay = next_delay(attempts, chance)
    assert delay is not None
    assert 0.8 <= delay / delay_after(attempts) <= 1.2
