from conference.core.errors import N_, DomainError


class LeaseLostError(Exception):
    """Another worker has taken up the job meanwhile: this one must end, and writes nothing more."""


class JobNotDoneError(DomainError):
    """What a job makes was asked for before it is made, or after it was removed."""

    sentence = N_(
        "This file is not there: it is still being made, or was removed after a day. Ask for it again."
    )
    status = 404
