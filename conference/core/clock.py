"""The conference's time and the real time, apart.

Rules, states and deadlines use `clock.now()`, which the demonstration and CONFERENCE_NOW may move. Leases,
cookies, tokens, TLS and the dates of mails use `real_now()`.
"""

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)", re.ASCII)


def read_clock(typed: str) -> time | None:
    """Return the time of "9:05", "09:05" or "09.05"; None for anything else."""
    found = _CLOCK.fullmatch(typed)
    return time(int(found.group(1)), int(found.group(2))) if found else None


def real_now() -> datetime:
    """Return the computer's time, aware, in UTC."""
    return datetime.now(UTC)


class ConferenceClock:
    """Real time plus an offset, so that it ticks. One is shared by a process: `clock`."""

    def __init__(self) -> None:
        self._offset = timedelta(0)

    @property
    def offset(self) -> timedelta:
        """Conference time minus real time; zero in production."""
        return self._offset

    def now(self) -> datetime:
        """Return the conference's time, aware, in UTC."""
        return real_now() + self._offset

    def shift(self, offset: timedelta) -> None:
        """Let conference time be real time plus this offset from here on."""
        self._offset = offset

    def begin_at(self, moment: datetime) -> None:
        """Let conference time be `moment` (aware) now, and tick on from there."""
        self._offset = moment - real_now()


clock = ConferenceClock()
