"""The page of the person whom a mail tells of, for the office's page of the mail."""

from sqlalchemy.orm import Session

from conference.core.ids import PersonId
from conference.mail.model import AboutPage
from conference.people.queries import find_person


def page_of_mail(person_id: int, _recipient: str) -> AboutPage | None:
    """Return the person's page. A new address there writes no mail by itself, so the mail may be sent to it anew."""
    found = find_person(PersonId(person_id))
    if found is None:
        return None
    return AboutPage(endpoint="people.office_page", values={"person_id": person_id}, label=found.name)


def address_now(person_id: int, session: Session) -> str:
    """Return the person's address, "" for nobody and for who has none."""
    found = find_person(PersonId(person_id), session)
    return found.details.email if found else ""
