from typing import ClassVar

from conference.core.errors import N_, DomainError, NotFoundError


class SignInRefusedError(DomainError):
    """The address is unknown, has no password, or the password is wrong: the answer is the same for all three."""

    sentence = N_(
        "The e-mail address and the password do not belong together. "
        "Type both again, or let a link for a new password be mailed to you."
    )
    status: ClassVar[int] = 401


class LinkSpentError(NotFoundError):
    """The one-time link was used, is over, was replaced by a newer one, or never existed."""

    sentence = N_(
        "This sign-in link has been used or is over. Sign in with your password, or ask an organiser for a new link."
    )


class TooManyRequestsError(DomainError):
    """More people asked for a new password within an hour than an office has."""

    sentence = N_(
        "Too many have asked for a new password within the hour. Try again in an hour, or ask an organiser for a sign-in link."
    )
    status: ClassVar[int] = 429


class PasswordTooShortError(DomainError):
    """A new password has fewer characters than PASSWORD_MIN."""

    sentence = N_("Choose a password of at least %(least)d characters; a sentence is a good one.")


class PasswordsDifferError(DomainError):
    """The new password and its repetition are not the same."""

    sentence = N_("The two passwords differ. Type the same one twice.")


class WrongPasswordError(DomainError):
    """The present password, asked for before a change, is not right."""

    sentence = N_("This is not your present password. Type it again.")


class AddressShapeError(DomainError):
    """The text is no e-mail address."""

    sentence = N_("Enter an e-mail address as in name@example.org.")


class LastOrganiserError(DomainError):
    """The only organiser would lose the role or the account."""

    sentence = N_("This is the only organiser. Make somebody else an organiser first.")
    status: ClassVar[int] = 409


class OwnAccountError(DomainError):
    """Somebody would take away their own role or account, and lock themselves out."""

    sentence = N_("This is your own account. Ask another organiser to change its role or to remove it.")
    status: ClassVar[int] = 409
