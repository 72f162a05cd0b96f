"""What an address has had before: registrations that ended, whose tickets are void."""

from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table, bindparam, select, union_all
from sqlalchemy.orm import Session

from conference.core.text import address_key
from conference.registration.conditions import HAS_ENDED, IS_LIVE
from conference.registration.model import Registration
from conference.registration.queries import registration_of_row
from conference.registration.tables import RegistrationRow

_REGISTRATION = cast("Table", RegistrationRow.__table__)
_HAS_ADDRESS = _REGISTRATION.c.email_key == bindparam("address")
# Made once, and one statement, because each filled form asks it: two halves, each found by an index of its own.
_KNOWN = union_all(
    select(_REGISTRATION).where(_HAS_ADDRESS, IS_LIVE), select(_REGISTRATION).where(_HAS_ADDRESS, HAS_ENDED)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """`ended_number` is that of the newest registration that ended, "" without any."""

    live: Registration | None
    ended_number: str


def ended_before(registration: Registration, session: Session) -> str:
    """Return the number of the newest one that ended with the registration's address, "" where it shares another's."""
    key = session.scalar(select(RegistrationRow.email_key).where(RegistrationRow.id == registration.id))
    own = key == address_key(registration.email)
    return known_by_address(registration.email, session).ended_number if own else ""


def known_by_address(email: str, session: Session) -> Known:
    """Return what is registered, and what was, with this address. One statement."""
    rows = session.connection().execute(_KNOWN, {"address": address_key(email)}).all()
    found = [registration_of_row(row) for row in rows]
    ended = [one for one in found if not one.is_live]
    return Known(
        live=next((one for one in found if one.is_live), None),
        ended_number=max(ended, key=lambda one: one.id).number if ended else "",
    )
