"""A badge or ticket that was lost or stolen: another code, and a ticket with it."""

from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.service import record
from conference.core.ids import RegistrationId, new_code
from conference.db.revisions import revise
from conference.registration import letters
from conference.registration.desk_errors import NoBadgeError
from conference.registration.entry import BADGE_CODE_LENGTH
from conference.registration.leaving import held
from conference.registration.model import BADGED
from conference.registration.queries import get_registration
from conference.registration.tables import RegistrationRow
from conference.registration.writing import keep_replaced
from conference.web.language import gettext, in_language


def replace_code(
    session: Session, registration_id: RegistrationId, expected_revision: int | None, *, actor: Actor
) -> None:
    """Give the registration another code, so that badge and tickets with the earlier one are dead, and mail a ticket.

    Raises NotFoundError, RevisionMissingError, StaleRevisionError where it was changed since it was seen (a second
    press of the button too), and NoBadgeError for who has no place.
    """
    registration = held(session, registration_id)
    if registration.state not in BADGED:
        raise NoBadgeError
    keep_replaced(session, registration_id)
    revise(
        session,
        RegistrationRow,
        registration_id,
        expected_revision,
        {"badge_code": new_code(BADGE_CODE_LENGTH)},
    )
    record(session, actor=actor, action="code replaced", about=("registration", registration_id))
    with in_language(registration.language):
        row = (gettext("Code"), gettext("a new one; the earlier badge and ticket open no door any more"))
    letters.send(
        session,
        "changed",
        get_registration(registration_id, session),
        changes=letters.Changes(rows=[row]),
    )
