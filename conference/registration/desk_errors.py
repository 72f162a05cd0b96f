"""What the desk is refused, each with the way out."""

from conference.core.errors import N_, DomainError


class AlreadyHereError(DomainError):
    """A walk-in has the name of somebody who is registered, and nobody has said that it is somebody else."""

    sentence = N_(
        "Somebody of this name is registered already. Open that registration below, or say that this is somebody else."
    )
    status = 409


class FullAtDeskError(DomainError):
    """A walk-in's category has no free place, or others wait for it, and nobody has chosen what then."""

    sentence = N_(
        "%(category)s has no free place for a newcomer. Choose the waiting list, or a place over the limit with a reason."
    )
    status = 409


class NoAddressError(DomainError):
    """A mail is to be sent again for a registration that the desk made without an address."""

    sentence = N_("This registration has no e-mail address. Add one with Change details first.")
    status = 409


class AddressNeededError(DomainError):
    """The office empties the address of a registration that has one, and whose person holds a link sent to it."""

    sentence = N_("Enter an e-mail address: links to this registration went to the one that it has.")


class NotHereError(DomainError):
    """Somebody without a place was to be marked as here."""

    sentence = N_("Only who has a place can be marked as here. Give this registration a place first.")
    status = 409


class NoBadgeError(DomainError):
    """Another code was asked for a registration that has no place, and so neither badge nor ticket."""

    sentence = N_("Only who has a place has a badge. Give this registration a place first.")
    status = 409
