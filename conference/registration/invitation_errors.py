"""Why an invitation or a code does not open a category, in words for the person who holds it."""

from conference.core.errors import N_, DomainError


class InvitationOverError(DomainError):
    """An invitation was sent that opens nothing any more. Its kinds say what happened; its page says whom to ask."""

    sentence = N_("This invitation can no longer be used.")
    status = 410


class InvitationUsedError(InvitationOverError):
    """The invitation has registered somebody already."""

    sentence = N_(
        "This invitation has been used: it registers one person. If that was you, the answer is in your mail, with your personal link."
    )
    status = 409


class InvitationLapsedError(InvitationOverError):
    """The invitation's deadline has come."""

    sentence = N_("The deadline of this invitation is over, so it no longer registers anybody.")


class InvitationRevokedError(InvitationOverError):
    """The office took the invitation back."""

    sentence = N_("The organisers took this invitation back.")


class InvitationReplacedError(InvitationOverError):
    """The link is of an earlier version: the invitation went to another address since."""

    sentence = N_("This link was replaced by a newer one. Use the link in the newest mail.")


class InvitationClosedError(InvitationOverError):
    """The invitation's category takes nobody any more."""

    sentence = N_("The category that this invitation is for takes nobody any more.")


class EmailFixedError(DomainError):
    """An invitation to one address was to be used with another."""

    sentence = N_(
        "The invitation is for %(email)s alone. Write to the organisers if you need it for another address."
    )


class CodeMissingError(DomainError):
    """A category that needs a code was chosen without one."""

    sentence = N_("%(category)s needs a code. Enter it, or choose another category.")


class CodeUnknownError(DomainError):
    """No code is spelled like this. Upper and lower case are alike."""

    sentence = N_(
        "This code is not known. Check its spelling against the message you have it from, or leave it empty and choose another category."
    )


class CodeOtherCategoryError(DomainError):
    """The code is right, and the category chosen with it is not the code's."""

    sentence = N_("This code is for %(category)s. Choose that, or leave the code empty.")


class CodeNotOpenError(DomainError):
    """The code's time has not come yet."""

    sentence = N_("This code cannot be used yet. Come back when it opens, or choose another category.")


class CodeOverError(DomainError):
    """The code was retired, or its time is over."""

    sentence = N_("This code is no longer valid. Ask who gave it to you, or choose another category.")


class CodeUsedUpError(DomainError):
    """The code was used as often as it may be, perhaps while the form was open."""

    sentence = N_(
        "This code has been used as often as it may be. Ask who gave it to you for another, or choose another category."
    )
    status = 409


class CodePauseError(DomainError):
    """Many wrong codes came in the last hour, so none is looked at for a while."""

    sentence = N_(
        "Too many wrong codes were sent to this page in the last hour, so codes are not read for a while. Try again in an hour, or choose another category."
    )
    status = 429
