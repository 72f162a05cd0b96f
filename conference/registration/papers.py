"""The calendar file of a registration, for mails and for the personal page: made of the same facts."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

from conference.core.clock import STOCKHOLM
from conference.event.calendar import CalendarEntry, calendar_file
from conference.mail.model import Attachment
from conference.web.language import gettext
from conference.web.settings import current_settings


def make_calendar(facts: Mapping[str, Any]) -> Attachment:
    """Return the file: one entry for each day of the conference."""
    entries = [_entry(facts, date.fromisoformat(day)) for day in facts["days"]]
    content = calendar_file(entries, stamp=datetime.fromisoformat(facts["stamp"]), name=facts["event_title"])
    return Attachment(
        filename="conference.ics",
        content_type="text/calendar; charset=utf-8; method=PUBLISH",
        content=content,
    )


def _entry(facts: Mapping[str, Any], day: date) -> CalendarEntry:
    """Return a whole day: the hours are in the programme, and change."""
    host = urlsplit(current_settings().base_url).hostname or "conference.invalid"
    start = datetime.combine(day, time(), STOCKHOLM)
    return CalendarEntry(
        uid=f"registration-{facts['number']}-{day.isoformat()}@{host}",
        sequence=facts["sequence"],
        start=start,
        end=datetime.combine(day + timedelta(days=1), time(), STOCKHOLM),
        is_all_day=True,
        summary=facts["event_title"],
        location=", ".join(part for part in (facts["venue"], facts["city"]) if part),
        description=gettext(
            "Registration %(number)s for %(name)s. Bring your ticket.",
            number=facts["number"],
            name=facts["full_name"],
        ),
    )
