from conference.core.errors import N_, DomainError


class FontMissingError(DomainError):
    """A font file of the package font-roboto is not where it was installed, so that nothing can be set."""

    sentence = N_("The font file %(file)s is missing: install the package font-roboto again.")
    status = 503


class NothingPublishedError(DomainError):
    """The public programme was asked for on paper before any version was published."""

    sentence = N_("The programme is not published yet. Its paper version appears here with the first one.")
    status = 404


class UnknownCategoryError(DomainError):
    """The command line named a category that there is not."""

    sentence = N_("There is no category %(name)s. There are: %(known)s.")
    status = 404


class NoCategoryError(DomainError):
    """The command line named a category in a database that has none yet."""

    sentence = N_("There is no category %(name)s: none has been made yet. An organiser makes the first one.")
    status = 404


class CannotWriteError(DomainError):
    """The file for the paper cannot be written where the command line says."""

    sentence = N_("%(file)s cannot be written: %(reason)s.")
    status = 500


class NoTicketError(DomainError):
    """A ticket was asked for by somebody who has no place: waiting or withdrawn."""

    sentence = N_(
        "There is no ticket, because this registration has no place. Its own page says how it stands."
    )
    status = 404
