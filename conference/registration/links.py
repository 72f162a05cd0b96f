"""The personal link of a registration: a capability for it alone, never stored, dead once its version is raised."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from conference.core.errors import NotFoundError
from conference.core.ids import RegistrationId
from conference.core.links import read, sign
from conference.mail.links import page_address
from conference.mail.model import LinkOrder
from conference.registration.model import Registration
from conference.registration.queries import find_registration
from conference.web.language import speak
from conference.web.settings import current_settings

PURPOSE = "registration"


def link_of(registration_id: int, link_version: int) -> str:
    """Return the token for /r/<token>."""
    return sign(current_settings().secret_key, PURPOSE, registration_id, link_version)


def registration_by_link(token: str, session: Session | None = None) -> Registration:
    """Return the registration that the token opens; raises NotFoundError for a false or an outdated one alike."""
    record_id, version = read(current_settings().secret_keys, PURPOSE, token)
    registration = find_registration(RegistrationId(record_id), session)
    if registration is None or registration.link_version != version:
        raise NotFoundError
    speak(registration.language)
    return registration


def registration_of(token: str) -> RegistrationId:
    return registration_by_link(token).id


def link_order(registration: Registration) -> LinkOrder:
    """Return what the outbox keeps: the version of now, so that a mail on its way dies with its link."""
    return LinkOrder(kind=PURPOSE, ref={"id": registration.id, "version": registration.link_version})


def mailed_link(ref: Mapping[str, Any]) -> str:
    """Return the full address for a mail; `ref` is that of `link_order`."""
    return page_address("registration.own_page", token=link_of(ref["id"], ref["version"]))
