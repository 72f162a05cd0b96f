"""A speaker's slot as a calendar's request: entered without a question, moved by the next one, taken out by the last.

Each slot is a file of its own, since a request may hold one UID only (RFC 5546, 3.2.2). Its SEQUENCE is the number of
the mail that it comes with, of those to this person, so that it rises with each.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from conference.core.ids import PersonId
from conference.event.calendar import Attendee, CalendarEntry, Method, calendar_file
from conference.event.model import Event
from conference.mail.model import Attachment, AttachmentOrder
from conference.mail.rules import name_and_address
from conference.people.model import Person
from conference.programme.words import ROLE_WORDS
from conference.speakers.slots import Slot
from conference.web.language import gettext
from conference.web.settings import current_settings

KIND = "slot"


def slot_orders(
    slots: Sequence[Slot],
    method: Method,
    *,
    person: Person,
    event: Event,
    sequence: int,
    now: datetime,
    has_accepted: bool,
    entered_as: Mapping[str, PersonId],
) -> list[AttachmentOrder]:
    """Return a calendar file for each slot, in the reader's language. `now` is real time.

    `entered_as` tells of slots that the calendar holds under the id of a record that was merged into this person.
    """
    shared = {
        "method": method.value,
        "sequence": sequence,
        "stamp": now.isoformat(),
        "name": person.details.name,
        "email": person.details.email,
        "has_accepted": has_accepted,
        "event_title": event.title,
    }
    return [
        AttachmentOrder(
            kind=KIND, facts=shared | _slot_facts(slot, entered_as.get(slot.key, person.id), event)
        )
        for slot in slots
    ]


def _slot_facts(slot: Slot, person_id: PersonId, event: Event) -> dict[str, Any]:
    roles = ", ".join(str(ROLE_WORDS[role]) for role in slot.roles)
    around = gettext("Session: %(title)s", title=slot.session) if slot.session != slot.title else ""
    return {
        "uid": f"{slot.key}-person-{person_id}",
        "start": slot.span.start.isoformat(),
        "end": slot.span.end.isoformat(),
        "summary": f"{roles}: {slot.title}",
        "location": ", ".join(part for part in (slot.room, event.venue, event.city) if part),
        "description": "\n".join(part for part in (event.title, around) if part),
    }


def make_slot(facts: Mapping[str, Any]) -> Attachment:
    """Return the calendar file of one slot, to stand beside the mail's text and HTML."""
    settings, method = current_settings(), Method(facts["method"])
    host = urlsplit(settings.base_url).hostname or "conference.invalid"
    entry = CalendarEntry(
        uid=f"{facts['uid']}@{host}",
        sequence=facts["sequence"],
        start=datetime.fromisoformat(facts["start"]),
        end=datetime.fromisoformat(facts["end"]),
        summary=facts["summary"],
        location=facts["location"],
        description=facts["description"],
        # Programs take what moves or cancels an entry from its sender only.
        organiser=name_and_address(settings.mail_reply_to or settings.mail_sender)[1],
        organiser_name=facts["event_title"],
        attendee=Attendee(email=facts["email"], name=facts["name"], has_accepted=facts["has_accepted"]),
    )
    stamp = datetime.fromisoformat(facts["stamp"])
    return Attachment(
        filename="cancelled.ics" if method is Method.CANCEL else "appointment.ics",
        content_type=f"text/calendar; charset=utf-8; method={method}",
        content=calendar_file([entry], stamp=stamp, name=facts["event_title"], method=method),
        is_beside=True,
    )
