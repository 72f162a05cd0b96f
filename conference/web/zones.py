"""In which zone a page tells its times: Stockholm's, unless the reader chose another for this very page."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from flask import g

from conference.core.clock import STOCKHOLM

# What a page offers; the address takes any name of the IANA database.
OFFERED = (
    "UTC",
    "Europe/London",
    "Europe/Athens",
    "Europe/Helsinki",
    "Europe/Istanbul",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Africa/Johannesburg",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Pacific/Auckland",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ZoneTold:
    """How a page names its times. `here` and `there` are one moment in Stockholm and in the zone, as in "09:00"."""

    name: str
    abbreviation: str
    stockholm: str
    is_other: bool
    here: str
    there: str


@lru_cache
def _names() -> frozenset[str]:
    # "localtime" and the folders of other counts of seconds are the machine's own business.
    return frozenset(
        name for name in available_timezones() if not name.startswith(("posix", "right", "local"))
    )


def find_zone(name: str) -> ZoneInfo | None:
    """Return the zone of an IANA name, as in "America/New_York"; None where there is none."""
    if name not in _names():
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def tell_in(zone: ZoneInfo) -> None:
    """Let the times of this request's page be told in the zone."""
    g.zone = zone


def shown_zone() -> ZoneInfo:
    """Return the zone of the page, Stockholm's where no other was chosen or there is no page."""
    if not g:
        return STOCKHOLM
    zone: ZoneInfo = g.get("zone", STOCKHOLM)
    return zone


def zone_told(moment: datetime) -> ZoneTold:
    """Return how the page names its times at the moment, since what a zone is called changes with the summer."""
    zone = shown_zone()
    here, there = moment.astimezone(STOCKHOLM), moment.astimezone(zone)
    return ZoneTold(
        name=zone.key.replace("_", " "),
        abbreviation=there.tzname() or zone.key,
        stockholm=here.tzname() or "CET",
        is_other=zone.key != STOCKHOLM.key,
        here=f"{here:%H:%M}",
        there=f"{there:%H:%M}",
    )
