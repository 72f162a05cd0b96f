"""Which mails a member of staff may open. One that holds a way into an account is for organisers alone."""

from flask import request
from sqlalchemy import select

from conference.core.errors import NotFoundError
from conference.core.ids import MailId
from conference.db.base import db
from conference.mail.registry import mail_readers
from conference.mail.tables import OutboxRow
from conference.web.access import Role, get_principal


def hidden_from(role: Role) -> frozenset[str]:
    """Return the types of records whose mails this role neither finds nor opens."""
    return frozenset(kind for kind, roles in mail_readers.items() if role not in roles)


def hide_mail() -> None:
    """Refuse whatever the address asks of a mail that is hidden from who asks, as if there were none.

    It runs before each view of the blueprint, so that a view that is added later is guarded too. Raises NotFoundError.
    """
    mail_id = (request.view_args or {}).get("mail_id")
    if mail_id is None or not (hidden := hidden_from(get_principal().role)):
        return
    found = select(OutboxRow.id).where(OutboxRow.id == MailId(mail_id), OutboxRow.about_type.in_(hidden))
    if db.session.scalar(found) is not None:
        raise NotFoundError
