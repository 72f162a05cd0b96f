"""The event in a year from now, for an office whose worker runs by the real clock."""

from datetime import timedelta

from sqlalchemy.orm import Session

from conference.core.clock import real_now
from conference.db.work import transact
from conference.event.tables import EventRow


def put_event_off() -> None:
    """Let the event be next year: of one that is over for long the worker would erase the registrations, rightly."""
    day = (real_now() + timedelta(days=365)).date()

    def put(session: Session) -> None:
        event = session.get_one(EventRow, 1)
        event.first_day = event.last_day = day

    transact(put)
