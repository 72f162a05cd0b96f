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


class UndisclosedError(DomainError):
    """A final version lacks a disclosure of somebody without a part in it, as of a member of the programme committee."""

    sentence = N_(
        "Nothing was published. Members of the programme committee who have not signed a disclosure of interests: %(names)s. Mail them the link under Programme committee, or publish a version that is not final."
    )
    status = 409


class NothingToPublishError(DomainError):
    """The draft equals the published version."""

    sentence = N_("Nothing was published: the draft and the published version are the same.")
    status = 409


class VersionNameError(DomainError):
    """The name of a version has more than 60 characters."""

    sentence = N_("A name has at most %(most)s characters. This one has %(count)s: shorten it.")


class ScheduledInTheWayError(DomainError):
    """A version waits for its time, and another one is to be published or scheduled before it."""

    sentence = N_(
        "Nothing was published: a version is set for %(moment)s and would replace this one then. Call it off first, under Versions, or change its time."
    )
    status = 409


class PublishTimeOverError(DomainError):
    """A version is to become public at a time that is over."""

    sentence = N_("%(moment)s is over. Give a later time, or publish now.")


class PublishTimeSkippedError(DomainError):
    """A version is to become public at a time that the clocks skip in spring."""

    sentence = N_("The clocks skip %(moment)s in Stockholm that night. Give another time.")


class PublishTimeTooLateError(DomainError):
    """A version is to become public when the conference is over."""

    sentence = N_("The conference ends on %(last)s. Give a time until the end of that day.")


class NotScheduledError(DomainError):
    """The version that waited for its time is public by now, or somebody else called it off."""

    sentence = N_(
        "No version waits for its time any more: it is public by now, or somebody called it off. Nothing was changed."
    )
    status = 409


class WithdrawnAlreadyError(DomainError):
    """A version is to be withdrawn that is withdrawn."""

    sentence = N_("Version %(number)s is withdrawn already. Nothing was changed.")
    status = 409


class NotThePublicVersionError(DomainError):
    """An older version is to be withdrawn, or a newer one was published since the page was opened."""

    sentence = N_(
        "Version %(number)s is not the one that the public sees: that is version %(newest)s. Nothing was withdrawn. Withdraw version %(newest)s first if version %(number)s must not come back."
    )
    status = 409


class NothingToTellError(DomainError):
    """Everybody whom the public version concerns knows of it, as after a second click."""

    sentence = N_("Everybody was told already, so no mail was written.")
    status = 409


class OtherVersionToTellError(DomainError):
    """People are to be told of a version that is not public any more."""

    sentence = N_("The public version is another one now. Look at who is told of it: no mail was written.")
    status = 409


class NothingPublishedError(DomainError):
    """A page or file of the public programme was asked for before any version was published."""

    sentence = N_("The programme is not published yet. It appears here with its first version.")
    status = 404


class DeletedSessionError(DomainError):
    """A session was to be moved that somebody else has deleted."""

    sentence = N_("Somebody else has deleted this session. Nothing was changed.")
    status = 410


class NoPlaceError(DomainError):
    """A session that is not scheduled was to be swapped or pushed."""

    sentence = N_(
        "“%(title)s” is not scheduled yet, so there is no time to move it from. Put it on a day first."
    )


class NothingToMoveError(DomainError):
    """A gesture would leave every session where it is."""

    sentence = N_("Nothing would change by that. Choose another time, room or day.")


class NotABreakError(DomainError):
    """A session was to be lengthened for all that is no break."""

    sentence = N_("Only a break can be lengthened for all. Resize this session by itself.")


class PinnedInTheWayError(DomainError):
    """A gesture at others would move a session that is pinned."""

    sentence = N_("“%(title)s” is pinned and would have to move too. Take its pin off, or move less.")


class UnseenSessionError(DomainError):
    """A write touches a session of which it does not say what revision it saw."""

    sentence = N_(
        "“%(title)s” would move too, and this page has not seen it yet. Nothing was changed: try again."
    )
    status = 428


class NothingToUndoError(DomainError):
    """There is no own step of the last hundred to take back."""

    sentence = N_("There is nothing of yours to undo.")
    status = 409


class NothingToRedoError(DomainError):
    """No own step was taken back since one's last edit."""

    sentence = N_("There is nothing of yours to redo.")
    status = 409


class GroundLostError(DomainError):
    """Somebody has changed since what a step would take back or do again."""

    sentence = N_("That cannot be taken back: %(who)s has changed “%(title)s” since. Nothing was changed.")
    status = 409


class GroundLostSinceError(DomainError):
    """What a step would take back or do again is not as the step left it, and no other step says who changed it."""

    sentence = N_("That cannot be taken back: “%(title)s” was changed since. Nothing was changed.")
    status = 409


class GoneToUndoError(DomainError):
    """A step that is taken back or done again needs a room, track or person that was deleted since."""

    sentence = N_(
        "That cannot be taken back: a room, track, session or person that “%(title)s” had is deleted. Nothing was changed."
    )
    status = 409


class SentToPrintAlreadyError(DomainError):
    """A version is marked as sent to print that is marked so already."""

    sentence = N_("Version %(number)s was marked as sent to print already, on %(moment)s.")
    status = 409


class NotSentToPrintError(DomainError):
    """The mark that is taken back, or that changes are counted from, is not there: nobody has set it, or it was taken back."""

    sentence = N_("No version of the programme was sent to print yet, so there are no changes since.")
    status = 404
