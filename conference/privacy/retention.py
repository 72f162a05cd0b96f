"""The end of keeping, which comes by itself from the worker, and can be looked at before."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from conference.accounts.forgetting import (
    count_desk_names,
    forget_desk_names,
    forget_sessions_over,
    has_sessions_over,
)
from conference.audit.model import BY_SYSTEM
from conference.core.clock import clock, real_now
from conference.core.ids import MailId, PersonId
from conference.db.base import db
from conference.db.work import transact
from conference.event.queries import get_event
from conference.mail.personal import empty_mails, mails_to_staff_over
from conference.people.personal import unerased
from conference.privacy.model import KINDS, Kind
from conference.privacy.rules import ends_at, is_due
from conference.privacy.service import end_keeping
from conference.programme.personal import shown_people
from conference.registration.invitation_personal import count_unregistered
from conference.registration.invitation_personal import end_keeping as end_invitations
from conference.registration.invitation_personal import unerased as unerased_invitations
from conference.speakers.committee_queries import committee_ids

AT_ONCE = 50
REST_S = 3600
# Own choice. A link to a member of staff lives for three days at most; what its mail still tells after a month is an address.
STAFF_MAILS_KEPT = timedelta(days=30)
_ALL = 10_000_000
(_REGISTRATION,) = (kind for kind in KINDS if kind.name == "registration")
(_DESK,) = (kind for kind in KINDS if kind.name == "desk")


@dataclass(frozen=True, kw_only=True, slots=True)
class Ending:
    """A kind of data, from when on it goes, and of how many people it is held now."""

    kind: Kind
    at: datetime | None
    people: int


def _named(session: Session) -> set[PersonId]:
    """Return whose names stand in the programme: those in sessions, and the programme committee."""
    return shown_people(session) | committee_ids(session)


def endings() -> list[Ending]:
    """Return what will go when, of how many people."""
    last_day = get_event().last_day
    shown = _named(db.session())
    registered = len(unerased(shown, limit=_ALL)) + count_unregistered(db.session())
    helpers = count_desk_names(db.session())
    counts = {"registration": registered, "desk": helpers, "programme": len(shown)}
    return [Ending(kind=kind, at=ends_at(kind, last_day), people=counts[kind.name]) for kind in KINDS]


def end_due(now: datetime, *, limit: int = AT_ONCE) -> int:
    """Erase up to `limit` people whose time is over, each in a transaction of its own, and return how many.

    As many invitations of people who never registered go with them, and count.
    """
    if not is_due(_REGISTRATION, get_event().last_day, now):
        return 0
    shown = _named(db.session())
    due = unerased(shown, limit=limit)
    db.session.rollback()
    for person_id in due:
        _end(person_id, shown, now)
    return len(due) + transact(lambda session: end_invitations(session, limit=limit))


def staff_mails_due(session: Session, *, limit: int = AT_ONCE) -> list[MailId]:
    """Return mails to staff that ended so long ago that they are of no use: a link in one lives for days at most."""
    return mails_to_staff_over(session, "staff", real_now() - STAFF_MAILS_KEPT, limit=limit)


def end_staff_mails() -> int:
    """Empty up to AT_ONCE such mails, and return how many. Mails are dated in real time, so the event's days are no matter."""

    def work(session: Session) -> int:
        due = staff_mails_due(session)
        empty_mails(session, due)
        return len(due)

    return transact(work)


def end_staff(now: datetime) -> int:
    """Forget the names of the desk's helpers once their time is over, and sessions long over; return how many.

    `now` is the conference's; sessions are dated in real time.
    """

    def work(session: Session) -> int:
        count = forget_sessions_over(session, real_now())
        return count + (forget_desk_names(session) if is_due(_DESK, get_event(session).last_day, now) else 0)

    return transact(work)


def _end(person_id: PersonId, shown: set[PersonId], now: datetime) -> None:
    transact(lambda session: end_keeping(session, person_id, shown, actor=BY_SYSTEM, now=now))


class RetentionSource:
    """The end of keeping as a worker sees it. Needs no lease: erasing twice is erasing once.

    A look reads the whole programme, so one that found nobody is not repeated for an hour; the worker asks each second.
    """

    def __init__(self) -> None:
        self._rests_until = 0.0
        self._mails_rest_until = 0.0
        self._staff_rest_until = 0.0

    def claim(self, owner: str) -> list[int]:  # noqa: ARG002 -- the signature is JobSource's
        return self._mails() or self._staff() or self._people()

    def _staff(self) -> list[int]:
        """Return that something of staff is to be forgotten, if there is anything."""
        if time.monotonic() < self._staff_rest_until:
            return []
        is_over = is_due(_DESK, get_event().last_day, clock.now())
        if has_sessions_over(db.session(), real_now()) or (is_over and count_desk_names(db.session())):
            return [1]
        self._staff_rest_until = time.monotonic() + REST_S
        return []

    def _mails(self) -> list[int]:
        """Return a mail to staff that is to be emptied, if there is one: these end whenever the event is."""
        if time.monotonic() < self._mails_rest_until:
            return []
        found = [int(one) for one in staff_mails_due(db.session(), limit=1)]
        if not found:
            self._mails_rest_until = time.monotonic() + REST_S
        return found

    def _people(self) -> list[int]:
        now = clock.now()
        if time.monotonic() < self._rests_until or not is_due(_REGISTRATION, get_event().last_day, now):
            return []
        session = db.session()
        found = [int(one) for one in unerased(_named(session), limit=1)]
        found = found or [int(one) for one in unerased_invitations(session, limit=1)]
        if not found:
            self._rests_until = time.monotonic() + REST_S
        return found

    def run(self, job_id: int, owner: str) -> None:  # noqa: ARG002 -- the signature is JobSource's
        end_staff_mails()
        end_staff(clock.now())
        end_due(clock.now())


retention = RetentionSource()
