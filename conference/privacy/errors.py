from conference.core.errors import N_, DomainError


class StillInProgrammeError(DomainError):
    """A person who stands in the draft or in the published programme was to be erased."""

    sentence = N_(
        "This person stands in the programme: %(titles)s. Take them out and publish, then erase the data."
    )
    status = 409
