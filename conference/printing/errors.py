from conference.core.errors import N_, DomainError


class FontMissingError(DomainError):
    """A font file of the package font-roboto is not where it was installed, so that nothing can be set."""

    sentence = N_("The font file %(file)s is missing: install the package font-roboto again.")
    status = 503


class NothingPublishedError(DomainError):
    """The public programme was asked for on paper before any version was published."""

    sentence = N_("The programme is not published yet. Its paper version appears here with the first one.")
    status = 404
