"""Where the bars of a chart stand and how long they are, in the hundredths that its SVG is drawn in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from conference.registration.suppression import Bar

# Fewer days than these do not fill the breadth: one day would be one block.
_FEWEST_DAYS = 14


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One day: how many days after the first, and its height; None is hidden from this reader."""

    place: int
    height: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeline:
    """Columns on a true axis of days: a day without a registration is a gap. `most` is None where all are hidden."""

    first: str
    last: str
    days: int
    most: int | None
    columns: tuple[Column, ...]

    @property
    def breadth(self) -> int:
        return max(self.days, _FEWEST_DAYS)

    @property
    def is_hiding(self) -> bool:
        return any(column.height is None for column in self.columns)


def lengths(bars: Sequence[Bar]) -> list[float]:
    """Return the length of each bar in hundredths of the longest; a hidden one has none."""
    most = max((bar.count or 0 for bar in bars), default=0) or 1
    return [round(100 * (bar.count or 0) / most, 1) for bar in bars]


def timeline(bars: Sequence[Bar]) -> Timeline | None:
    """Return the columns of bars whose labels are days (ISO 8601) in order, None without bars."""
    if not bars:
        return None
    first, last = (date.fromisoformat(bar.label) for bar in (bars[0], bars[-1]))
    columns = tuple(
        Column(
            place=(date.fromisoformat(bar.label) - first).days, height=None if bar.count is None else height
        )
        for bar, height in zip(bars, lengths(bars), strict=True)
    )
    return Timeline(
        first=first.isoformat(),
        last=last.isoformat(),
        days=(last - first).days + 1,
        most=max((bar.count for bar in bars if bar.count is not None), default=None),
        columns=columns,
    )
