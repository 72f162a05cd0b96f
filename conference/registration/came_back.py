"""Registrations whose address mails came back from: the office and the desk ask for another one."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from conference.accounts.registry import HomeCount
from conference.core.ids import RegistrationId
from conference.core.text import address_key
from conference.db.base import db
from conference.mail.bounces import marked_addresses
from conference.mail.model import AboutPage
from conference.registration.conditions import IS_LIVE
from conference.registration.model import LIVE, Registration, State
from conference.registration.queries import find_registration
from conference.registration.tables import RegistrationRow
from conference.web.language import lazy_gettext as _l


def came_back(registration: Registration) -> bool:
    """Return whether mails to its address came back for good. One statement; a corrected address is not marked."""
    return bool(registration.email) and address_key(registration.email) in marked_addresses()


def count_came_back() -> int:
    """Return how many live registrations have such an address. Two statements, one where no mail came back."""
    marked = marked_addresses()
    if not marked:
        return 0
    wanted = select(func.count()).where(RegistrationRow.email_key.in_(marked), IS_LIVE)
    return db.session.scalar(wanted) or 0


CAME_BACK = HomeCount(
    label=_l("registrations whose mails came back"),
    endpoint="registration.office_list",
    count=count_came_back,
    query={"came_back": "1", "state": [state.value for state in State if state in LIVE]},
)


def address_now(registration_id: int, session: Session) -> str:
    """Return the registration's address, "" where there is none."""
    found = find_registration(RegistrationId(registration_id), session)
    return found.email if found else ""


def page_of_mail(registration_id: int, recipient: str) -> AboutPage | None:
    """Return the page of the registration that a mail tells of, for the office's page of the mail.

    Its address is to be corrected there as long as it is the one that the mail went to and somebody uses it: that
    lets the links mailed to the wrong address die, which a mail to another address would not.
    """
    found = find_registration(RegistrationId(registration_id))
    if found is None:
        return None
    is_its_address = bool(recipient) and address_key(recipient) == address_key(found.email)
    return AboutPage(
        endpoint="registration.office_page",
        values={"registration_id": registration_id},
        label=found.number,
        correct="registration.office_change" if found.is_live and is_its_address else "",
    )
