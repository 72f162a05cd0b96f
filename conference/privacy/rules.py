"""When data goes. Pure."""

from datetime import date, datetime, time, timedelta

from conference.core.clock import STOCKHOLM
from conference.privacy.model import Kind


def ends_at(kind: Kind, last_day: date) -> datetime | None:
    """Return from when on the kind is no longer kept: `kept` after the end of the last day; None for what stays."""
    if kind.kept is None:
        return None
    return datetime.combine(last_day + timedelta(days=1), time(), STOCKHOLM) + kind.kept


def is_due(kind: Kind, last_day: date, now: datetime) -> bool:
    """Return whether what is held of the kind must go now."""
    until = ends_at(kind, last_day)
    return until is not None and now >= until
