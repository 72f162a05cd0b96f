from collections.abc import Sequence
from typing import Any

from conference.core.errors import N_, DomainError


class DurationError(DomainError):
    """A session or talk would last less than a minute or more than a day."""

    sentence = N_("A duration is 1 to 1440 minutes. Enter how many minutes it lasts.")


class OutsideEventError(DomainError):
    """A session would begin before the event or end after it."""

    sentence = N_(
        "That is outside the conference (%(first)s to %(last)s). Choose one of its days, and a time that ends before midnight of the last one."
    )


class GoneChoiceError(DomainError):
    """The chosen room, track or person was deleted after the form was opened."""

    sentence = N_("What you chose here does not exist any more. Choose again.")


class SamePartError(DomainError):
    """One person is named twice in the same role."""

    sentence = N_("One person has the same role twice. Take one of the two out.")


class PinnedError(DomainError):
    """A pinned session would stand in another room or at another time."""

    sentence = N_("This session is pinned to its room and time. Take the pin off first, under Edit.")


class InsideItselfError(DomainError):
    """A session would stand inside itself, or inside a session that stands inside it."""

    sentence = N_("A session cannot stand inside itself. Choose another session, or none.")


class MoveBlockedError(DomainError):
    """An edit would make conflicts that staff let block a move. `conflicts` holds them."""

    sentence = N_(
        "Nothing was changed. Conflicts that would come of it and may not: %(count)s. They are listed below."
    )
    status = 409

    def __init__(self, conflicts: Sequence[Any]) -> None:  # their types stand above this module
        super().__init__(count=len(conflicts))
        self.conflicts = tuple(conflicts)


class SeverityError(DomainError):
    """A kind of conflict that no other room or time could cure would block a move."""

    sentence = N_("“%(kind)s” cannot block a move, because no other place cures it. Let it block publishing.")


class RoleInTalkError(DomainError):
    """A talk names a role that only a session has, such as chair."""

    sentence = N_("A talk has speakers and presenting authors. Name a %(role)s in the session itself.")


class GoneError(DomainError):
    """The session or talk was deleted by somebody else after this form was opened."""

    sentence = N_(
        "Somebody else deleted this while you were writing. What you typed is still here: saving it makes a new one."
    )
    status = 409


class SessionGoneError(DomainError):
    """The session that a talk is meant for was deleted by somebody else."""

    sentence = N_(
        "Somebody else deleted the session of this talk. What you typed is still here: copy it, and add it to another session."
    )
    status = 409


class ChangedBeforeDeletionError(DomainError):
    """The session, or one of its talks, was changed after the page that asks about deleting was opened."""

    sentence = N_(
        "Somebody else changed this after you opened the page. Look at it again: nothing was deleted."
    )
    status = 409


class StaleDraftError(DomainError):
    """The draft was changed after the person who publishes last saw the list of differences."""

    sentence = N_(
        "The draft was changed after you opened this page. Look at the list again: nothing was published."
    )
    status = 409


class BlockedError(DomainError):
    """The draft has conflicts that staff do not let become public."""

    sentence = N_("Nothing was published. Conflicts to be solved first: %(count)s. They are listed below.")
    status = 409


class NothingToPublishError(DomainError):
    """The draft equals the published version."""

    sentence = N_("Nothing was published: the draft and the published version are the same.")
    status = 409


class NothingPublishedError(DomainError):
    """A page or file of the public programme was asked for before any version was published."""

    sentence = N_("The programme is not published yet. It appears here with its first version.")
    status = 404
