"""Which cells of a figure are hidden, so that nothing small can be read from it or reckoned from the others.

Two figures of the same registrations give each other's totals. So what is hidden together is never one cell alone,
and its sum leaves open for each hidden cell whether it is small.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

FEWEST = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """One row of a figure. `count` None is hidden from this reader."""

    label: str
    count: int | None


def suppressed(bars: Sequence[Bar]) -> list[Bar]:
    """Return the bars with small counts hidden, and with as many of the next smallest as keep those from being reckoned.

    With n hidden of the sum s, each may be anything from 1 to s - n + 1: more are hidden until that reaches 5. Where
    all are hidden, nothing more can be. No one is in a cell of 0, so it tells of nobody and stays.
    """
    counts = sorted(bar.count for bar in bars if bar.count)
    hidden = sum(1 for count in counts if count < FEWEST)
    while 0 < hidden < len(counts) and not _is_open(counts[:hidden]):
        hidden += 1
    if not hidden:
        return list(bars)
    # Which of several equal cells is hidden must not depend on their order: all of them are.
    most = counts[hidden - 1]
    return [replace(bar, count=None) if bar.count and bar.count <= most else bar for bar in bars]


def by_label(bars: Sequence[Bar]) -> list[Bar]:
    """Return bars that stand by size with the hidden ones last and by name: their order would tell of their size."""
    shown = [bar for bar in bars if bar.count is not None]
    return shown + sorted((bar for bar in bars if bar.count is None), key=lambda bar: bar.label)


def _is_open(hidden: Sequence[int]) -> bool:
    return len(hidden) > 1 and sum(hidden) - len(hidden) + 1 >= FEWEST
