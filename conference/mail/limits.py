"""How many mails may go now, by what all workers together have sent in the last minute and have in hand."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, text
from sqlalchemy.orm import Session

from conference.jobs.claim import put_back
from conference.jobs.lease import RUNNING
from conference.jobs.model import JobState
from conference.mail.tables import AttemptRow, OutboxRow
from conference.web.settings import current_settings

WINDOW = timedelta(minutes=1)
# Any number that no other advisory lock of the application has.
_LOCK = 4_217_001
# In what a try ends after which a server may have been spoken to.
TRIED = (JobState.DONE, JobState.RETRYING, JobState.FAILED, JobState.HELD)


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """`left` mails may be claimed now; to a domain of `by_domain` only so many of them."""

    left: int
    per_domain: int
    by_domain: Counter[str]

    @property
    def besides(self) -> ColumnElement[bool] | None:
        """The condition that leaves out whose domain had all it may have."""
        full = [domain for domain, sent in self.by_domain.items() if sent >= self.per_domain]
        if not full:
            return None
        return ~or_(*(OutboxRow.recipient.iendswith(f"@{domain}", autoescape=True) for domain in full))

    def within(self, session: Session, claimed: list[int], owner: str) -> list[int]:
        """Return the claimed ids that keep to each domain's limit; the others are put back."""
        if not self.per_domain or not claimed:
            return claimed
        found = session.execute(select(OutboxRow.id, OutboxRow.recipient).where(OutboxRow.id.in_(claimed)))
        recipients = {row[0]: row[1] for row in found}
        sent, kept = Counter(self.by_domain), []
        for mail_id in claimed:
            domain = domain_of(recipients[mail_id])
            if sent[domain] < self.per_domain:
                sent[domain] += 1
                kept.append(mail_id)
        put_back(session, OutboxRow, sorted(set(claimed) - set(kept)), owner=owner)
        return kept


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()


def limits_now(session: Session, now: datetime, *, most: int) -> Limits:
    """Return what this transaction may claim, `most` at most.

    What is in hand counts as sent, so no minute sees more than the limit, however many workers there are: on
    PostgreSQL one after the other counts and claims, SQLite has one writer at a time. Costs nothing without a limit.
    """
    settings = current_settings()
    if not (settings.mail_per_minute or settings.mail_per_domain):
        return Limits(left=most, per_domain=0, by_domain=Counter())
    _one_after_the_other(session)
    left = most
    if settings.mail_per_minute:
        left = min(most, settings.mail_per_minute - _count(session, now))
    by_domain = _by_domain(session, now) if settings.mail_per_domain else Counter()
    return Limits(left=left, per_domain=settings.mail_per_domain, by_domain=by_domain)


def _one_after_the_other(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(literal(_LOCK))))


def _in_hand(now: datetime) -> ColumnElement[bool]:
    return and_(text(RUNNING), OutboxRow.lease_until > now)


def _tried(now: datetime) -> ColumnElement[bool]:
    # The states are named for the index, which begins with them.
    return and_(AttemptRow.state.in_(TRIED), AttemptRow.ended_at > now - WINDOW)


def _count(session: Session, now: datetime) -> int:
    # One statement sees one state: a mail that is settled meanwhile is neither missed nor counted twice.
    tried = select(func.count()).where(_tried(now)).scalar_subquery()
    in_hand = select(func.count()).where(_in_hand(now)).scalar_subquery()
    return int(session.execute(select(tried + in_hand)).scalar_one())


def _by_domain(session: Session, now: datetime) -> Counter[str]:
    tried = (
        select(OutboxRow.recipient).join(AttemptRow, AttemptRow.mail_id == OutboxRow.id).where(_tried(now))
    )
    both = tried.union_all(select(OutboxRow.recipient).where(_in_hand(now)))
    recipients: Sequence[str] = session.execute(both).scalars().all()
    return Counter(domain_of(address) for address in recipients)
