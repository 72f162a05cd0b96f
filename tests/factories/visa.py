"""A letter of invitation, asked for and approved through the service."""

from datetime import date

from conference.audit.model import BY_LINK, BY_SYSTEM
from conference.core.clock import clock
from conference.core.ids import RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.registration.visa_model import CONSENT, Passport
from conference.registration.visa_service import approve_letter, ask_for_letter

PASSPORT = Passport(name="ASA LIND <b>", nationality="IN", born_on=date(1970, 2, 3), number="X1234567")


def ask_letter(registration_id: RegistrationId) -> None:
    transact(
        lambda session: ask_for_letter(
            session, registration_id, PASSPORT, CONSENT, actor=BY_LINK, now=clock.now()
        )
    )
    db.session.remove()


def make_letter(registration_id: RegistrationId) -> None:
    """Ask for a letter and approve it."""
    ask_letter(registration_id)
    transact(lambda session: approve_letter(session, registration_id, 1, actor=BY_SYSTEM, now=clock.now()))
    db.session.remove()
