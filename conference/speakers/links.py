"""The personal link of a speaker or of a member of the programme committee.

It is a capability for what one person answers: never stored, dead once its version is raised.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from conference.core.errors import NotFoundError
from conference.core.ids import PersonId
from conference.core.links import read, sign
from conference.mail.links import page_address
from conference.mail.model import LinkOrder
from conference.people.model import Person
from conference.people.queries import find_person
from conference.speakers.committee_queries import only_member, page_language
from conference.web.language import speak
from conference.web.settings import current_settings

PURPOSE = "speaker"


def link_of(person_id: int, link_version: int) -> str:
    """Return the token for /speaker/<token>."""
    return sign(current_settings().secret_key, PURPOSE, person_id, link_version)


def person_by_link(token: str, session: Session | None = None) -> Person:
    """Return the person whom the token is for; raises NotFoundError for a false or an outdated one alike.

    The page speaks the language that the person is written to in, unless the reader chose another.
    """
    person_id, version = read(current_settings().secret_keys, PURPOSE, token)
    person = find_person(PersonId(person_id), session)
    if person is None or person.link_version != version:
        raise NotFoundError
    wanted = page_language(person.id, session)
    if wanted:
        speak(wanted)
    return person


def speaker_by_link(token: str) -> Person:
    """Return the person as `person_by_link` does, where pages of speakers are for them too.

    Raises NotFoundError for who only is a member of the programme committee: all that is asked of them is a disclosure.
    """
    person = person_by_link(token)
    if only_member(person.id):
        raise NotFoundError
    return person


def link_order(person: Person) -> LinkOrder:
    """Return what the outbox keeps: the version of now, so that a mail on its way dies with its link."""
    return LinkOrder(kind=PURPOSE, ref={"person_id": person.id, "version": person.link_version})


def address_of(person: Person) -> str:
    """Return the full address of the person's page."""
    return page_address("speakers.own_page", token=link_of(person.id, person.link_version))


def mailed_link(ref: Mapping[str, Any]) -> str:
    """Return the full address for a mail; `ref` is that of `link_order`."""
    return page_address("speakers.own_page", token=link_of(ref["person_id"], ref["version"]))
