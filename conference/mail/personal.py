"""What the outbox holds about one person: mails about their records, and mails to their addresses."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select, update
from sqlalchemy.orm import Session

from conference.core.ids import MailId
from conference.db.base import db
from conference.jobs.model import UNSENT, JobState
from conference.mail.news import digest_of
from conference.mail.rendering import masked
from conference.mail.tables import AttemptRow, BounceRow, OutboxRow, UnsubscribedRow
from conference.mail.wording_model import TEST_KIND

PERSONAL_COLUMNS = {
    "outbox": frozenset(
        {"recipient", "recipient_name", "subject", "text", "html", "link", "attachments", "last_answer"}
    ),
    # A server's words often repeat the address.
    "mail_attempt": frozenset({"answer"}),
    "mail_bounce": frozenset({"diagnostic"}),
    # The digest of an address, which erasing leaves: without it the wish for no more news could not be honoured.
    "mail_unsubscribed": frozenset({"address_digest", "at"}),
}


def _theirs(records: Iterable[tuple[str, int]], addresses: Sequence[str]) -> ColumnElement[bool]:
    about = [
        (OutboxRow.about_type == kind) & (OutboxRow.about_id == record_id) for kind, record_id in records
    ]
    lowered = [address.lower() for address in addresses if address]
    return or_(*about, func.lower(OutboxRow.recipient).in_(lowered))


def held(records: Iterable[tuple[str, int]], addresses: Sequence[str]) -> list[dict[str, Any]]:
    """Return each mail, the oldest first, with its personal link masked."""
    rows = db.session.execute(
        select(OutboxRow, BounceRow)
        .outerjoin(BounceRow, BounceRow.mail_id == OutboxRow.id)
        .where(_theirs(records, addresses))
        .order_by(OutboxRow.id)
    ).all()
    return [
        {
            "to": row.recipient,
            "subject": row.subject,
            "text": masked(row.text, row.link_slot, row.news_slot),
            "written": row.created_at.isoformat(),
            "sent": row.sent_at.isoformat() if row.sent_at else None,
            "state": row.state,
            **({"came back": f"{bounce.status} {bounce.diagnostic}"} if bounce else {}),
        }
        for row, bounce in rows
    ]


def wishes_held(addresses: Sequence[str]) -> list[dict[str, Any]]:
    """Return since when which of the addresses wants no news."""
    digests = {digest_of(address): address for address in addresses if address}
    rows = db.session.execute(
        select(UnsubscribedRow.address_digest, UnsubscribedRow.at)
        .where(UnsubscribedRow.address_digest.in_(digests))
        .order_by(UnsubscribedRow.at)
    )
    return [{"address": digests[digest], "since": at.isoformat()} for digest, at in rows]


def erase(session: Session, records: Iterable[tuple[str, int]], addresses: Sequence[str]) -> None:
    """Empty each of the mails; what was still to be sent is cancelled. That one was sent, and when, stays."""
    _empty(session, _theirs(tuple(records), addresses))


def empty_mails_to_member(session: Session, about: tuple[str, int], address: str) -> None:
    """Empty the mails about a member of staff's account, and the tests that went to the member's address.

    What the address got as an attendee stays: it is about a registration, and ends with that.
    """
    tests = (OutboxRow.kind == TEST_KIND) & (func.lower(OutboxRow.recipient) == address.lower())
    _empty(session, _theirs([about], ()) | tests)


def mails_to_staff_over(session: Session, about_type: str, before: datetime, *, limit: int) -> list[MailId]:
    """Return mails about accounts, and tests, that ended before this time and still say something. One statement."""
    at = func.coalesce(OutboxRow.sent_at, OutboxRow.due_at)
    found = (
        select(OutboxRow.id)
        .where(or_(OutboxRow.about_type == about_type, OutboxRow.kind == TEST_KIND))
        .where(OutboxRow.state.not_in((*UNSENT, JobState.RUNNING)), at < before, OutboxRow.recipient != "")
        .order_by(OutboxRow.id)
        .limit(limit)
    )
    return [MailId(one) for one in session.scalars(found)]


def empty_mails(session: Session, mail_ids: Sequence[MailId]) -> None:
    """Empty these mails as `erase` does."""
    _empty(session, OutboxRow.id.in_(mail_ids))


def _empty(session: Session, theirs: ColumnElement[bool]) -> None:
    mails = select(OutboxRow.id).where(theirs)
    session.execute(
        update(AttemptRow)
        .where(AttemptRow.mail_id.in_(mails))
        .values(answer="")
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(BounceRow)
        .where(BounceRow.mail_id.in_(mails))
        .values(diagnostic="")
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(OutboxRow)
        .where(theirs)
        .values(
            recipient="",
            recipient_name="",
            subject="",
            text="",
            html="",
            link_slot="",
            news_slot="",
            link=None,
            attachments=[],
            last_answer="",
            state=case(
                (OutboxRow.state.in_((*UNSENT, JobState.HELD)), JobState.CANCELLED.value),
                else_=OutboxRow.state,
            ),
        )
        .execution_options(synchronize_session=False)
    )
