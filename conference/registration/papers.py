"""The calendar file of a registration, for mails and for the personal page: made of the same facts."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

from conference.core.clock import STOCKHOLM
from conference.event.calendar import CalendarEntry, Method, calendar_file
from conference.mail.model import Attachment
from conference.mail.rules import name_and_address
from conference.web.language import gettext, in_language
from conference.web.settings import current_settings


def make_calendar(facts: Mapping[str, Any]) -> Attachment:
    """Return the file: one entry for each day of the conference, to be entered or, after the end, taken out."""
    # Facts that were frozen before there were languages do not name one.
    with in_language(facts.get("language", "")):
        entries = [_entry(facts, date.fromisoformat(day)) for day in facts["days"]]
    # Facts that were frozen before there were cancellations do not name it.
    method = Method.CANCEL if facts.get("is_cancelled") else Method.PUBLISH
    stamp = datetime.fromisoformat(facts["stamp"])
    return Attachment(
        filename="conference-cancelled.ics" if method is Method.CANCEL else "conference.ics",
        content_type=f"text/calendar; charset=utf-8; method={method}",
        content=calendar_file(entries, stamp=stamp, name=facts["event_title"], method=method),
    )


def _organiser() -> str:
    """Return the address that answers to our mails reach: programs take a cancellation from its sender only."""
    settings = current_settings()
    return name_and_address(settings.mail_reply_to or settings.mail_sender)[1]


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
        organiser=_organiser(),
        summary=facts["event_title"],
        location=", ".join(part for part in (facts["venue"], facts["city"]) if part),
        description=gettext(
            "Registration %(number)s for %(name)s. Bring your ticket.",
            number=facts["number"],
            name=facts["full_name"],
        ),
    )
