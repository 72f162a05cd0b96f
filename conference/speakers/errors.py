from conference.core.errors import N_, DomainError


class NoPartError(DomainError):
    """The person holds a link and has no part in the draft any more, so that there is nothing to confirm."""

    sentence = N_(
        "You have no part in the programme at present, so there is nothing to confirm. Write to the organisers if you expected one."
    )
    status = 409


class ConfirmingClosedError(DomainError):
    """There is no category for speakers, or it is closed with 0 seats: the office has to act first."""

    sentence = N_(
        "Speakers cannot confirm yet. Write to the organisers and keep this link: it works as soon as they have opened it."
    )
    status = 409


class NoAddressError(DomainError):
    """A link is to be mailed to a person without a usable e-mail address."""

    sentence = N_(
        "There is no e-mail address for %(name)s. Show the link and hand it over, or enter an address first."
    )
    status = 409


class AlreadyConfirmedError(DomainError):
    """A person would decline who has confirmed and is registered."""

    sentence = N_(
        "You have confirmed and are registered. To withdraw, open the link in the mail with your ticket."
    )
    status = 409


class DisclosureEmptyError(DomainError):
    """Neither an interest nor "nothing to disclose" was given."""

    sentence = N_("Name at least one organisation, or tick that you have nothing to disclose.")


class DisclosureContradictsError(DomainError):
    """Interests were named together with "nothing to disclose"."""

    sentence = N_(
        "You named organisations and ticked that you have nothing to disclose. Take one of the two away."
    )


class PictureTooLargeError(DomainError):
    """A portrait's file has more than 8 MB."""

    sentence = N_("This file has more than 8 MB. Save the picture smaller, or choose another one.")
    status = 413


class PictureKindError(DomainError):
    """A portrait's file is, by its content, no JPEG, PNG or WebP picture, whatever its name."""

    sentence = N_("This file is not a JPEG, PNG or WebP picture. Choose a photograph in one of these.")


class PicturePixelsError(DomainError):
    """A portrait has more than 40 million pixels, as a zip bomb has too."""

    sentence = N_("This picture has more than 40 megapixels. Save it smaller, or choose another one.")


class PictureBrokenError(DomainError):
    """A portrait's file ends too early or is damaged."""

    sentence = N_("This picture is damaged or was cut off on the way. Send it again, or choose another one.")
