"""Mails that came back: which mail a report is about, what it changes, and which addresses are marked by it.

Anybody can send a report, so it counts only with the Message-ID that we gave the mail, whose 128 bits nobody guesses,
and for the address that the mail went to. The mark of an address is derived from its mails that came back: it is gone
as soon as the record has another address, and with the mails when a person is erased.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from conference.audit.model import BY_SYSTEM
from conference.audit.service import record
from conference.core.ids import MailId
from conference.core.text import address_key
from conference.db.base import db
from conference.mail.composing import wire_address
from conference.mail.reports import Report, Reported
from conference.mail.tables import BounceRow, OutboxRow


class Fate(StrEnum):
    """What a report changed."""

    MARKED = "marked"  # the mail came back for good, and its address is marked
    NOTED = "noted"  # it is late, or was given up for a reason that may pass
    KNOWN = "known"  # reported before: nothing was changed
    ARRIVED = "arrived"  # the report is a receipt: nothing was changed
    OTHER_RECIPIENT = "other recipient"  # the mail went to none of those addresses: nothing was changed
    UNKNOWN = "unknown"  # no mail of ours has this Message-ID: nothing was changed
    NOT_READ = "not read"  # no report, or one that cannot be read


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    fate: Fate
    mail_id: MailId | None = None
    status: str = ""


def note(session: Session, report: Report, *, now: datetime) -> Outcome:
    """Note in this transaction what the report says of one of our mails, and return what that changed.

    `now` is real time. A forged report or one that was seen before changes nothing.
    """
    row = session.execute(
        select(OutboxRow.id, OutboxRow.recipient).where(OutboxRow.message_id == report.message_id)
    ).first()
    if row is None:
        return Outcome(fate=Fate.UNKNOWN)
    mail_id = MailId(row.id)
    ours = _spellings(row.recipient)
    about = [one for one in report.recipients if one.addresses & ours]
    if not about:
        return Outcome(fate=Fate.OTHER_RECIPIENT, mail_id=mail_id)
    worst = max(about, key=lambda one: one.weight)
    if worst.action not in {"failed", "delayed"}:
        return Outcome(fate=Fate.ARRIVED, mail_id=mail_id, status=worst.status)
    fate = _keep(session, mail_id, worst, now)
    return Outcome(fate=fate, mail_id=mail_id, status=worst.status)


def _spellings(recipient: str) -> set[str]:
    """Return the address as it stands in the outbox and as it went over the wire; none for an erased mail."""
    try:
        wire = wire_address(recipient)
    except ValueError:
        wire = recipient
    return {one.lower() for one in (recipient, wire) if "@" in one}


def _keep(session: Session, mail_id: MailId, said: Reported, now: datetime) -> Fate:
    row = session.scalar(select(BounceRow).where(BounceRow.mail_id == mail_id))
    if row is not None and _weight(row) >= said.weight:
        return Fate.KNOWN
    if row is None:
        row = BounceRow(mail_id=mail_id)
        session.add(row)
    row.action, row.status, row.diagnostic = said.action, said.status, said.diagnostic
    row.is_hard, row.at = said.is_hard, now
    session.flush()
    if said.is_hard:
        record(session, actor=BY_SYSTEM, action="came back", about=("mail", mail_id))
    return Fate.MARKED if said.is_hard else Fate.NOTED


def _weight(row: BounceRow) -> int:
    """Return the weight of what is kept, which stays though the office took the mark off the address."""
    return Reported(addresses=frozenset(), action=row.action, status=row.status, diagnostic="").weight


def marked_addresses(session: Session | None = None) -> frozenset[str]:
    """Return the address key of each address that mails came back from for good. One statement.

    There are as many as mistyped addresses, which is few: who asks compares, whatever the database takes for the
    same letter.
    """
    found = (session or db.session).scalars(
        select(OutboxRow.recipient)
        .join(BounceRow, BounceRow.mail_id == OutboxRow.id)
        .where(BounceRow.is_hard)
    )
    return frozenset(address_key(recipient) for recipient in found if recipient)
