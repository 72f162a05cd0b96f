"""What the office does with one mail beside sending it again: cancel it, send it elsewhere, trust its address."""

from typing import cast

from sqlalchemy import CursorResult, Table, insert, select, update
from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.service import record
from conference.core.errors import NotFoundError
from conference.core.ids import MailId
from conference.jobs.announcing import announce
from conference.jobs.model import CLAIMABLE, JobState
from conference.mail.errors import (
    AddressElsewhereError,
    LinkNotCopiedError,
    MailEmptiedError,
    MailNotCancelledError,
    MailStillWaitingError,
)
from conference.mail.queries import find_mail
from conference.mail.registry import about_pages, copied_links
from conference.mail.rendering import Rendered
from conference.mail.service import as_new, message_id
from conference.mail.tables import BounceRow, OutboxRow
from conference.web.access import Role

# Held waits for a person, and so can be called off by one.
WAITING = (*CLAIMABLE, JobState.HELD, JobState.PAUSED)
_OUTBOX = cast("Table", OutboxRow.__table__)


def cancel(session: Session, mail_id: MailId, *, actor: Actor) -> None:
    """Let a waiting mail never be sent. Raises NotFoundError, MailNotCancelledError."""
    result = session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == mail_id, OutboxRow.state.in_(WAITING))
        .values(state=JobState.CANCELLED)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    if result.rowcount != 1:
        raise MailNotCancelledError if find_mail(mail_id, session) else NotFoundError
    record(session, actor=actor, action="cancelled", about=("mail", mail_id))


def has_other_remedy(about: tuple[str, int], recipient: str) -> bool:
    """Return whether the record that a mail tells of has this address, and is where it is to be corrected."""
    makers = dict(about_pages.items())
    page = makers[about[0]](about[1], recipient) if about[0] in makers else None
    return page is not None and bool(page.correct)


def is_key(link_kind: str, role: Role) -> bool:
    """Return whether this role may send a mail with this kind of personal link, "" for none, to its reader alone."""
    return bool(link_kind) and role not in dict(copied_links.items()).get(link_kind, ())


def send_to(session: Session, mail_id: MailId, address: str, *, actor: Actor, role: Role) -> MailId:
    """Write the mail anew to this address and return the new one's id; the old one stays as it was.

    `role` is the actor's. Asked twice for one address it is written once. Raises NotFoundError, MailStillWaitingError, MailEmptiedError,
    AddressElsewhereError, LinkNotCopiedError.
    """
    row = session.get(OutboxRow, mail_id)
    if row is None:
        raise NotFoundError
    if row.state in {*CLAIMABLE, JobState.RUNNING, JobState.PAUSED}:
        raise MailStillWaitingError
    if not row.text:
        raise MailEmptiedError
    if has_other_remedy((row.about_type, row.about_id), row.recipient):
        raise AddressElsewhereError
    if row.link and is_key(row.link["kind"], role):
        raise LinkNotCopiedError
    # The old number is random, and so the new one cannot be guessed either.
    once = f"{row.message_id} to {address}"
    known = session.scalar(select(OutboxRow.id).where(OutboxRow.message_id == message_id(once)))
    return MailId(known) if known is not None else _written(session, row, address, once, actor)


def _written(session: Session, row: OutboxRow, address: str, once: str, actor: Actor) -> MailId:
    words = Rendered(
        subject=row.subject, text=row.text, html=row.html, slot=row.link_slot, news_slot=row.news_slot
    )
    values = as_new(words, once) | {
        "kind": row.kind,
        "recipient": address,
        "recipient_name": row.recipient_name,
        "link": row.link,
        "attachments": row.attachments,
        "about_type": row.about_type,
        "about_id": row.about_id,
        "language": row.language,
        "copy_of": row.id,
    }
    key = session.connection().execute(insert(_OUTBOX), values).inserted_primary_key
    assert key is not None
    record(session, actor=actor, action="sent to another address", about=("mail", row.id))
    record(session, actor=actor, action="repeats another mail", about=("mail", key[0]))
    announce(session, "mail", key[0])
    return MailId(key[0])


def trust_address(session: Session, mail_id: MailId, *, actor: Actor) -> None:
    """Take the mark off the address that this mail came back from, as when its mailbox was only full.

    A replay of the report does not mark it again. Raises NotFoundError for a mail that did not come back for good.
    """
    result = session.execute(
        update(BounceRow)
        .where(BounceRow.mail_id == mail_id, BounceRow.is_hard)
        .values(is_hard=False)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    if result.rowcount != 1:
        raise NotFoundError
    record(session, actor=actor, action="address trusted", about=("mail", mail_id))
