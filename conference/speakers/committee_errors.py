"""Refusals of the office's pages of the programme committee."""

from conference.core.errors import N_, DomainError


class AlreadyMemberError(DomainError):
    """A member of the programme committee would be added a second time."""

    sentence = N_("%(name)s is on the programme committee already. Open the list to change the duty.")
    status = 409


class ChosenPersonGoneError(DomainError):
    """The person who was to be a member has no record any more."""

    sentence = N_("This person’s record does not exist any more. Choose somebody else from the list.")
    status = 409


class KnownAddressError(DomainError):
    """A new person was typed with the e-mail address of somebody who has a record already."""

    sentence = N_(
        "This address belongs to %(person)s, who has a record already. Choose that record under “Person”, and leave the fields of somebody new empty."
    )
    status = 409
