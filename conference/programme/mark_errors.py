from conference.core.errors import N_, DomainError


class NotInVersionError(DomainError):
    """A session would be marked that is not in the published programme, or not any more."""

    sentence = N_("This session is not in the programme any more. Load the page again to see what is.")
    status = 409


class TooManyMarksError(DomainError):
    """More sessions would be marked than anybody can go to."""

    sentence = N_("At most %(most)s sessions can be marked. Take some out first.")
