from conference.core.errors import N_, DomainError


class FileOverError(DomainError):
    """Somebody followed the link to a file of a mail after its time."""

    sentence = N_("This link has ended. Write to the conference office if you still need the file.")
    status = 410


class FileWithdrawnError(DomainError):
    """Somebody followed the link to a file of a mail that tells of what was withdrawn or erased since."""

    sentence = N_("This file is withdrawn. What the mail told of does not stand any more.")
    status = 410


class FileNotReadyError(DomainError):
    """Somebody followed the link to a file of a mail that cannot be made now."""

    sentence = N_(
        "This file cannot be made now. Follow the link again later, or write to the conference office."
    )
    status = 503
