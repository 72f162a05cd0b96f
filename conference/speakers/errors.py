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


class SlidesTooLargeError(DomainError):
    """A file of slides has more than 200 MB, or more than it was said to have."""

    sentence = N_(
        "This file has more than 200 MB. Save it smaller, for example with smaller pictures and films, or send a PDF."
    )
    status = 413


class SlidesKindError(DomainError):
    """A file is, by its content, neither a PDF nor a PPTX, or none was chosen."""

    sentence = N_("This is not a PDF or a PPTX file. Choose your slides in one of these.")


class SlidesBrokenError(DomainError):
    """A file of slides ends too early or is damaged."""

    sentence = N_(
        "This file is damaged or was cut off. Save it anew, open it once to see, and send it again."
    )


class SlidesMacroError(DomainError):
    """A PPTX holds macros."""

    sentence = N_("This file holds macros. Save it as PPTX without macros, or as PDF, and send it again.")


class SlidesUnpackedError(DomainError):
    """A PPTX would be far larger when unpacked than any slides are, as a zip bomb is."""

    sentence = N_(
        "This file unpacks to more than slides need. Save it anew as PPTX or as PDF, and send it again."
    )


class UploadGapError(DomainError):
    """A piece of an upload does not begin where the pieces before it end. `have` is how many bytes there are."""

    sentence = N_(
        "A piece of the file is missing. Choose the same file again: sending goes on where it stopped."
    )
    status = 409


class PieceTooLargeError(DomainError):
    """One piece of an upload has more bytes than the pieces that the server asks for."""

    sentence = N_(
        "This piece of the file is larger than asked for. Load the page again and choose the file again."
    )
    status = 413


class TooManyPiecesError(DomainError):
    """An upload came in far more pieces than a file has, as from a line that broke again and again."""

    sentence = N_(
        "This file came in too many pieces, as over a line that breaks often. Choose it again: it is sent anew."
    )
    status = 413


class StorageFullError(DomainError):
    """The disk of the server has no room for the file."""

    sentence = N_(
        "The conference office has no room for this file at present. What you sent so far is kept: try again in some hours, or write to the organisers."
    )
    status = 503
