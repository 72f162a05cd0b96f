from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Interval:
    """A half-open span of aware time, start <= t < end, so that touching spans do not overlap.

    Raises ValueError where a time is naive or the end is not after the start.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("an interval takes aware times")
        if self.end <= self.start:
            raise ValueError("an interval ends after it starts")

    @property
    def duration_min(self) -> int:
        return int((self.end - self.start) / timedelta(minutes=1))

    def overlaps(self, other: "Interval") -> bool:
        return self.start < other.end and other.start < self.end

    def overlap_min(self, other: "Interval") -> int:
        """Return the common minutes, 0 when they only touch or lie apart."""
        common = min(self.end, other.end) - max(self.start, other.start)
        return max(0, int(common / timedelta(minutes=1)))

    def contains(self, other: "Interval") -> bool:
        return self.start <= other.start and other.end <= self.end
