from typing import ClassVar

from conference.core.errors import N_, DomainError


class NameTakenError(DomainError):
    """Another track or room has this name already."""

    sentence = N_("There is one of this name already. Choose another name.")


class EndsBeforeItBeginsError(DomainError):
    """The last day of the conference lies before the first."""

    sentence = N_("The last day is before the first. Correct one of them.")


class TooManyDaysError(DomainError):
    """The conference would last longer than a programme can show: a slip of the year, most likely."""

    sentence = N_("That would be %(days)d days; at most %(most)d fit. Correct one of the two days.")


class SessionsOutsideError(DomainError):
    """Scheduled sessions would lie outside the new days, and nobody has said that this is meant."""

    sentence = N_(
        "These sessions are scheduled outside the new days: %(titles)s. "
        "Tick the box below to change the days all the same; the sessions then wait to be moved."
    )
    status: ClassVar[int] = 409


class StillUsedError(DomainError):
    """A track or room that a session uses would be deleted."""

    sentence = N_("This is still used by: %(titles)s. Change that first; then it can be deleted.")
    status: ClassVar[int] = 409
