"""What tests do with registrations through their services, and what they then read: each sees what was written."""

from sqlalchemy import select

from conference.audit.model import BY_LINK
from conference.core.clock import clock
from conference.core.ids import CategoryId, RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.mail.model import MailRecord
from conference.mail.queries import mails_about
from conference.mail.tables import OutboxRow
from conference.registration import service
from conference.registration.category_queries import get_category
from conference.registration.model import (
    RegisterAttendee,
    Registration,
    Seats,
    State,
)
from conference.registration.queries import get_registration


def register(form: RegisterAttendee) -> str:
    key = transact(lambda session: service.register(session, form, now=clock.now()))
    db.session.rollback()
    return key


def registration(registration_id: RegistrationId) -> Registration:
    db.session.rollback()
    return get_registration(registration_id)


def ledger(category_id: CategoryId) -> Seats:
    db.session.rollback()
    return get_category(category_id).ledger


def withdraw(registration_id: RegistrationId, state: State = State.WITHDRAWN, reason: str = "") -> None:
    transact(
        lambda session: service.withdraw(
            session, registration_id, actor=BY_LINK, now=clock.now(), state=state, reason=reason
        )
    )
    db.session.rollback()


def mails(registration_id: RegistrationId) -> list[MailRecord]:
    """Mails about a registration, oldest first."""
    db.session.rollback()
    return mails_about("registration", registration_id)[::-1]


def kinds(registration_id: RegistrationId) -> list[str]:
    return [mail.kind for mail in mails(registration_id)]


def mail_rows(registration_id: RegistrationId) -> list[OutboxRow]:
    """The same mails as they are kept, with their attachments' facts."""
    db.session.rollback()
    about = (OutboxRow.about_type == "registration", OutboxRow.about_id == registration_id)
    return list(db.session.scalars(select(OutboxRow).where(*about).order_by(OutboxRow.id)))
