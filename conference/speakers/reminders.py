"""Reminders at 8, 4 and 2 weeks before the event, by the worker: each once a person, never to who has nothing missing."""

from sqlalchemy.orm import Session

from conference.audit.model import BY_SYSTEM
from conference.audit.service import record
from conference.core.clock import clock
from conference.core.ids import PersonId
from conference.db.base import db
from conference.db.work import transact
from conference.event.queries import get_event
from conference.people import service as people
from conference.speakers import letters
from conference.speakers.committee_queries import members
from conference.speakers.model import Member, Speaker
from conference.speakers.queries import reminded, speakers
from conference.speakers.rules import has_address
from conference.speakers.tables import ReminderRow
from conference.speakers.tasks import reminder_now

_AT_ONCE = 20


def to_remind(weeks: int, session: Session | None = None) -> list[Speaker | Member]:
    """Return who was mailed the link, still has something to do, and was not reminded so many weeks before yet.

    Who is both a speaker and a member of the programme committee is asked as a speaker, whom more is asked of.
    """
    had = reminded(weeks, session)
    found: dict[PersonId, Speaker | Member] = {}
    asked: list[Speaker | Member] = [*speakers(session), *members(session)]
    for one in asked:
        # Whom the office has not written to yet is mailed the link first.
        if one.missing and one.mailed_at is not None and has_address(one.person.details):
            found.setdefault(one.person.id, one)
    return [one for person_id, one in found.items() if person_id not in had]


def remind(session: Session, person_id: PersonId, weeks: int) -> bool:
    """Write one reminder into the outbox; False where there is nothing to remind of, or it was written before."""
    people.hold(session, [person_id])
    due = next((one for one in to_remind(weeks, session) if one.person.id == person_id), None)
    if due is None:
        return False
    session.add(ReminderRow(person_id=person_id, weeks=weeks, written_at=clock.now()))
    letters.send_reminder(session, due.person, due.missing, due.language)
    record(session, actor=BY_SYSTEM, action="reminded", about=("person", person_id))
    return True


class RemindersDue:
    """Who is to be reminded, as a worker sees it. Needs no lease: each is looked at again under the person's lock."""

    def __init__(self) -> None:
        self._asked: tuple[object, ...] | None = None

    def claim(self, owner: str) -> list[int]:  # noqa: ARG002 -- the signature is JobSource's
        """Return some of them; looks at the programme at most once a minute of conference time."""
        minute = clock.now().replace(second=0, microsecond=0)
        if self._asked == (minute,):
            return []
        weeks = reminder_now(get_event(db.session()).first_day, letters.today())
        found = [] if weeks is None else [one.person.id for one in to_remind(weeks)]
        # With more than fit at once, the next look comes without waiting.
        self._asked = None if len(found) > _AT_ONCE else (minute,)
        return list(found[:_AT_ONCE])

    def run(self, job_id: int, owner: str) -> None:  # noqa: ARG002 -- the signature is JobSource's
        weeks = reminder_now(get_event(db.session()).first_day, letters.today())
        if weeks is not None:
            transact(lambda session: remind(session, PersonId(job_id), weeks))


reminders = RemindersDue()
