"""One mail as its recipient sees it, with what became of it, and its attachments made as they would be sent."""

from dataclasses import dataclass, field

from sqlalchemy import select

from conference.core.errors import NotFoundError
from conference.core.ids import MailId
from conference.db.base import db
from conference.jobs.model import JobState
from conference.mail.errors import AttachmentNotMadeError
from conference.mail.model import Attachment, AttachmentOrder, Bounce, MailRecord, OpenedMail
from conference.mail.queries import get_mail
from conference.mail.registry import attachment_makers
from conference.mail.rendering import masked
from conference.mail.reports import is_of_address
from conference.mail.rules import LOST_TOO_OFTEN, one_line
from conference.mail.tables import BounceRow, OutboxRow


@dataclass(frozen=True, kw_only=True, slots=True)
class MadeAttachment:
    """An attachment of a mail: what makes it of which facts, and the file, or why it cannot be made now."""

    order: AttachmentOrder
    file: Attachment | None = field(repr=False)
    why_not: str = ""


def open_mail(mail_id: MailId) -> OpenedMail:
    """Return the mail with all that its page shows; raises NotFoundError. Three statements."""
    record = get_mail(mail_id)
    row = db.session.get_one(OutboxRow, mail_id)
    copies = db.session.scalars(
        select(OutboxRow.id).where(OutboxRow.copy_of == mail_id).order_by(OutboxRow.id)
    )
    return OpenedMail(
        record=record,
        html=masked(_without_link(row.html, row.link_slot), "", row.news_slot),
        language=row.language,
        attachments=tuple(
            AttachmentOrder(kind=order["kind"], facts=order["facts"]) for order in row.attachments
        ),
        owner=row.lease_owner or "",
        lease_until=row.lease_until,
        copy_of=None if row.copy_of is None else MailId(row.copy_of),
        copies=tuple(MailId(one) for one in copies),
        bounce=bounce_of(mail_id),
        link_kind=row.link["kind"] if row.link else "",
    )


def bounce_of(mail_id: MailId) -> Bounce | None:
    """Return what was reported of the mail, or None. One statement."""
    row = db.session.scalar(select(BounceRow).where(BounceRow.mail_id == mail_id))
    if row is None:
        return None
    return Bounce(
        action=row.action,
        status=row.status,
        diagnostic=row.diagnostic,
        is_hard=row.is_hard,
        was_hard=is_of_address(row.status),
        at=row.at,
    )


def _without_link(html: str, slot: str) -> str:
    """Return the HTML part with the personal link masked: as the address of a button it leads nowhere."""
    return masked(html.replace(f'"{slot}"', '"#"') if slot else html, slot)


def make_attachment(mail_id: MailId, place: int) -> Attachment:
    """Return one attachment, counted from 1, as it would be sent now. Raises NotFoundError, AttachmentNotMadeError."""
    mail = open_mail(mail_id)
    if not 1 <= place <= len(mail.attachments):
        raise NotFoundError
    made = _make(mail.record, mail.attachments[place - 1])
    if made.file is None:
        raise AttachmentNotMadeError(why=made.why_not)
    return made.file


def made_attachments(mail: OpenedMail) -> list[MadeAttachment]:
    """Return each attachment as it would be sent now, or why it cannot be made."""
    return [_make(mail.record, order) for order in mail.attachments]


def _make(record: MailRecord, order: AttachmentOrder) -> MadeAttachment:
    """Return the attachment, or in `why_not` what the worker would hold the mail back for.

    What workers did not survive is not tried in a process that serves pages.
    """
    if _cost_workers(record):
        return MadeAttachment(order=order, file=None, why_not=LOST_TOO_OFTEN)
    try:
        return MadeAttachment(order=order, file=attachment_makers.get(order.kind)(order.facts))
    except Exception as error:  # noqa: BLE001 -- whatever a maker raises is what the office is to read
        return MadeAttachment(order=order, file=None, why_not=one_line(f"{type(error).__name__}: {error}"))


def _cost_workers(record: MailRecord) -> bool:
    """Return whether workers ended while they had the mail in hand: a lost lease leaves no answer (jobs.claim)."""
    is_losing = record.state is JobState.RUNNING and record.attempts > 1 and not record.last_answer
    return is_losing or record.last_answer == LOST_TOO_OFTEN
