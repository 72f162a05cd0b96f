from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.core.interval import Interval

NINE = datetime(2022, 9, 22, 9, tzinfo=UTC)


def span(start_min: int, length_min: int) -> Interval:
    start = NINE + timedelta(minutes=start_min)
    return Interval(start=start, end=start + timedelta(minutes=length_min))


spans = st.builds(span, st.integers(0, 600), st.integers(1, 120))


@given(spans, spans)
def test_overlap_is_symmetric_and_has_minutes(one: Interval, other: Interval) -> None:
    assert one.overlaps(other) == other.overlaps(one) == (one.overlap_min(other) > 0)
    assert one.overlap_min(other) == other.overlap_min(one)


def test_touching_spans_do_not_overlap() -> None:
    assert not span(0, 30).overlaps(span(30, 30))


def test_overlap_min() -> None:
    assert span(0, 45).overlap_min(span(30, 30)) == 15


def test_contains() -> None:
    assert span(0, 60).contains(span(30, 30))
    assert not span(0, 60).contains(span(30, 31))


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        Interval(start=NINE.replace(tzinfo=None), end=NINE.replace(tzinfo=None))


def test_an_end_before_the_start_is_refused() -> None:
    with pytest.raises(ValueError, match="ends after"):
        Interval(start=NINE, end=NINE)
