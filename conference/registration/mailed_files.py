"""Whether what a mail told of a registration still stands, for the files that it links."""

from conference.core.ids import RegistrationId
from conference.registration.queries import find_registration


def stands(registration_id: int) -> bool:
    """Return whether the registration is there and has not ended."""
    registration = find_registration(RegistrationId(registration_id))
    return registration is not None and registration.is_live
