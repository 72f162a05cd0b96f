"""What this room needs of the rooms above it; `rooms.py` fills these."""

from collections.abc import Callable, Collection, Mapping

from sqlalchemy.orm import Session

from conference.core.ids import PersonId, RegistrationId
from conference.web.registry import Registry

# Each draws a JPEG or PNG anew, without what it said beside its pixels, or raises a DomainError that says what is wrong.
picture_cleaners: Registry[Callable[[bytes], bytes]] = Registry("cleaner of pictures")
# What the office's list says of the badge of each of these registrations that has one, as "Printed 20 September".
badge_standings: Registry[Callable[[Collection[RegistrationId]], Mapping[RegistrationId, str]]] = Registry(
    "standing of badges"
)
# Called in the transaction in which a registration ended at its person's wish or by the office, after their mail.
registration_ended: Registry[Callable[[Session, PersonId], object]] = Registry(
    "listener to ended registrations"
)
# Called in the transaction in which a place goes to another person: what was the one before's own is to be forgotten.
place_passed_on: Registry[Callable[[Session, RegistrationId], object]] = Registry(
    "listener to places passed on"
)
