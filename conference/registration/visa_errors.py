from conference.core.errors import N_, DomainError


class NoPlaceForLetterError(DomainError):
    """A letter of invitation was asked for, or approved, for a registration without a place."""

    sentence = N_(
        "A letter of invitation is only for who has a place. Ask again once your place is confirmed."
    )
    status = 409


class NoKeyForPassportsError(DomainError):
    """The server has no key to encrypt a passport's details with, so that none can be kept."""

    sentence = N_("Letters of invitation cannot be asked for here yet. Write to the organisers instead.")
    status = 503


class NoLetterError(DomainError):
    """A letter of invitation was opened that is not approved, or of who has no place any more."""

    sentence = N_(
        "There is no letter of invitation. The registration's own page says how the wish for it stands."
    )
    status = 404


class VisaDecidedError(DomainError):
    """A wish for a letter that was answered already was changed or answered again."""

    sentence = N_("This was answered already. Write to the organisers if something in it is wrong.")
    status = 409


class PassportGoneError(DomainError):
    """A letter was to be made after the passport's details were deleted."""

    sentence = N_("The details of the passport were deleted after the event, so there is no letter any more.")
    status = 404
