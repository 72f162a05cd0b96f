"""What the office is refused when it invites, each with the way out."""

from conference.core.errors import N_, DomainError


class NoSeatToHoldError(DomainError):
    """An invitation was to hold a place, and none is free."""

    sentence = N_(
        "No place is free in %(category)s that could be held. Raise its places, or invite without holding one."
    )
    status = 409


class InvitedAlreadyError(DomainError):
    """The address has an open invitation."""

    sentence = N_("This address has an open invitation already. Change that one, or revoke it first.")
    status = 409


class InviteeRegisteredError(DomainError):
    """The address has a live registration."""

    sentence = N_(
        "This address is registered already. Move the registration to another category instead, or cancel it first."
    )
    status = 409


class DeadlineOverError(DomainError):
    """The deadline given is over, or is now."""

    sentence = N_("This deadline is over already. Enter a later one.")


class InvitationSettledError(DomainError):
    """The invitation was used or revoked, so that it cannot be changed, revoked or mailed."""

    sentence = N_("This invitation was used or revoked. It stays as it is.")
    status = 409


class InvitationWithoutAddressError(DomainError):
    """An invitation without an address was to be mailed."""

    sentence = N_(
        "This invitation has no address. Copy its link and send that yourself, or enter an address."
    )


class InvitationCategoryError(DomainError):
    """The category was deleted or retired since the form was opened."""

    sentence = N_("This category is retired or deleted. Choose another one.")


class CodeCategoryError(DomainError):
    """A code was made for a category that does not ask for one."""

    sentence = N_(
        "Choose a category that only those with a code may use: codes of other categories would open nothing."
    )


class CodeTakenError(DomainError):
    """Two codes may not be spelled alike, whatever their case."""

    sentence = N_("Another code is spelled like this. Choose other words.")
    status = 409


class CodeUsesError(DomainError):
    """The code was used more often than the new number allows."""

    sentence = N_("The code was used %(uses)s times already. Enter at least that many.")
    status = 409


class CategoryPromisedError(DomainError):
    """A category with invitations or codes cannot be deleted."""

    sentence = N_(
        "%(category)s has invitations or codes, so it stays. Retire it instead: then it is offered to nobody."
    )
    status = 409
