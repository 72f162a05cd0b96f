"""What a reader who knows the total and every other cell can reckon of a hidden one."""

import random
from collections.abc import Sequence

import pytest

from conference.registration.suppression import FEWEST, Bar, by_label, suppressed

FIGURES = [
    [randomly.choice((0, 1, 1, 2, 3, 4, 5, 6, 9, 40)) for _ in range(randomly.randint(1, 8))]
    for randomly in (random.Random(seed) for seed in range(500))
]


def hidden_of(counts: Sequence[int]) -> list[int | None]:
    return [bar.count for bar in suppressed([Bar(label=str(n), count=one) for n, one in enumerate(counts)])]


def most_possible(counts: Sequence[int], told: Sequence[int | None]) -> int:
    """Return the largest count that any one hidden cell may have, the total being known and nobody's cell hidden."""
    rest = sum(counts) - sum(one or 0 for one in told)
    return rest - (list(told).count(None) - 1)


@pytest.mark.parametrize("counts", FIGURES, ids=str)
def test_no_hidden_cell_can_be_reckoned(counts: list[int]) -> None:
    told = hidden_of(counts)
    assert all(seen is None for seen, count in zip(told, counts, strict=True) if 0 < count < FEWEST)
    assert all(seen in {None, count} for seen, count in zip(told, counts, strict=True))
    if None in told and any(told):
        # Each may be small or not: 1 is possible of every one, and so is 5.
        assert told.count(None) > 1
        assert most_possible(counts, told) >= FEWEST


@pytest.mark.parametrize("counts", FIGURES, ids=str)
def test_nothing_larger_is_hidden_than_what_is_shown(counts: list[int]) -> None:
    told = hidden_of(counts)
    gone = [count for count, seen in zip(counts, told, strict=True) if seen is None]
    assert max(gone, default=0) < min((seen for seen in told if seen), default=max(counts) + 1)


def test_without_the_second_cell_the_total_gives_the_first_away() -> None:
    """The control: what the property finds where only the small cell is hidden."""
    counts, alone = [40, 9, 3], [40, 9, None]
    assert most_possible(counts, alone) == 3
    assert hidden_of(counts) == [40, None, None]


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ([], []),
        ([5, 6], [5, 6]),
        ([0, 5], [0, 5]),
        ([3], [None]),
        ([0, 3, 40], [0, None, None]),
        # Two that are 1 each are known by their sum: a third is hidden.
        ([1, 1, 7, 40], [None, None, None, 40]),
        ([3, 4, 7], [None, None, 7]),
        # Of two that are alike, none is picked by its place.
        ([2, 8, 8, 9], [None, None, None, 9]),
    ],
)
def test_what_is_hidden(counts: list[int], told: list[int | None]) -> None:
    assert hidden_of(counts) == told


def test_hidden_ones_stand_by_name() -> None:
    bars = [Bar(label=label, count=count) for label, count in (("c", 9), ("b", None), ("a", None))]
    assert [bar.label for bar in by_label(bars)] == ["c", "a", "b"]
