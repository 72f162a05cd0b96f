from conference.core.errors import N_, DomainError


class StillOnCommitteeError(DomainError):
    """A member of the programme committee was to be erased."""

    sentence = N_(
        "This person is a member of the programme committee, whom the booklet names. Take them off the committee first, then erase the data."
    )
    status = 409


class StillInProgrammeError(DomainError):
    """A person who stands in the draft or in the published programme was to be erased."""

    sentence = N_(
        "This person stands in the programme: %(titles)s. Take them out and publish, then erase the data."
    )
    status = 409
