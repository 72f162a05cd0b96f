from collections.abc import Mapping
from typing import ClassVar

from conference.core.errors import N_, DomainError


class SignInRefusedError(DomainError):
    """The address is unknown, has no password, or the password is wrong: the answer is the same for all three."""

    sentence = N_(
        "The e-mail address and the password do not belong together. "
        "Look at the address and type the password again, or let a link for a new password be mailed to you."
    )
    status: ClassVar[int] = 401


class LinkSpentError(DomainError):
    """The one-time link was used, is over, was replaced by a newer one, or never existed: the answer is the same for all four."""

    sentence = N_(
        "This sign-in link has been used or is over. Sign in with your password, or let a new link be mailed to you on the sign-in page."
    )
    status: ClassVar[int] = 410


class TooManyRequestsError(DomainError):
    """More people asked for a new password within an hour than an office has."""

    sentence = N_(
        "Too many have asked for a new password within the hour. Try again in an hour, or ask an organiser for a sign-in link."
    )
    status: ClassVar[int] = 429
    headers: Mapping[str, str] = {"Retry-After": "3600"}


class PasswordTooShortError(DomainError):
    """A new password has fewer characters than PASSWORD_MIN."""

    sentence = N_("Choose a password of at least %(least)d characters; a sentence is a good one.")


class KnownPasswordError(DomainError):
    """The password is among those that were found in breaches, which are tried first."""

    sentence = N_(
        "Many people have used this password, and it is known from breaches of other sites. Choose another one; a sentence of your own is a good one."
    )


class GuessablePasswordError(DomainError):
    """The password is little more than words that everybody here knows."""

    sentence = N_(
        "This password is little more than “%(word)s”, which is easy to guess here. Choose another one; a sentence of your own is a good one."
    )


class PasswordsDifferError(DomainError):
    """The new password and its repetition are not the same."""

    sentence = N_("The two passwords differ. Type the same one twice.")


class WrongPasswordError(DomainError):
    """The present password, asked for before a change, is not right."""

    sentence = N_("This is not your present password. Type it again.")


class AddressShapeError(DomainError):
    """The text is no e-mail address."""

    sentence = N_("Enter an e-mail address in the form name@hospital.example.")


class LastOrganiserError(DomainError):
    """The only organiser would lose the role or the account."""

    sentence = N_("This is the only organiser. Make somebody else an organiser first.")
    status: ClassVar[int] = 409


class OwnAccountError(DomainError):
    """Somebody would take away their own role or account, and lock themselves out."""

    sentence = N_(
        "This is your own account. Ask another organiser to change its role, to suspend or to remove it."
    )
    status: ClassVar[int] = 409


class SuspendedAccountError(DomainError):
    """A link into an account that is suspended would be made."""

    sentence = N_("This account is suspended. Let it in again first: open it under Accounts.")
    status: ClassVar[int] = 409


class TooManyAttemptsError(DomainError):
    """More was tried within a window of time than a person needs, for one account or from one address."""

    sentence = N_("That was tried too often. Wait %(wait)s and try again.")
    status: ClassVar[int] = 429

    def __init__(self, field: str | None, wait_s: int) -> None:
        minutes = -(-wait_s // 60)
        super().__init__(field, wait="1 minute" if minutes == 1 else f"{minutes} minutes")
        self.headers = {"Retry-After": str(wait_s)}


class WrongCodeError(DomainError):
    """The code is neither the authenticator's present one nor an unused recovery code, or it was used already."""

    sentence = N_(
        "This code does not fit, or was used already. Wait for the next one of the app, or type a recovery code."
    )


class WrongSetupCodeError(DomainError):
    """The first code of an authenticator that is set up does not fit its secret."""

    sentence = N_(
        "This code does not belong to the picture above. Scan it again and type the six digits that the app shows now."
    )


class AgedSetupCodeError(DomainError):
    """The first code of an authenticator waited until its owner had confirmed who it is, and ran out meanwhile."""

    sentence = N_(
        "The code that you typed ran out while you confirmed that it is you. Type the six digits that the app shows now."
    )


class SetupOverError(DomainError):
    """What was shown for setting up an authenticator is another account's, too old, or made up."""

    sentence = N_("This page was open too long. Scan the new picture and type its code.")


class StaleSignInError(DomainError):
    """A script would begin what its browser's owner was proved to be there for longer ago than FRESH."""

    sentence = N_("Confirm first that it is you: load this page again and send it once more.")
    status: ClassVar[int] = 403


class NotConfirmedError(DomainError):
    """The page that asks who somebody is was sent without an answer."""

    sentence = N_("Nothing was given yet by which you can be known. Give it, or go back.")
    status: ClassVar[int] = 403


class LinkNotOpenedError(DomainError):
    """The mailed link that confirms a sign-in was not opened in this browser yet."""

    sentence = N_("The mailed link was not opened in this browser yet. Open it here, then go on.")
    status: ClassVar[int] = 403


class ElsewhereError(DomainError):
    """The mailed link that confirms a sign-in is over, or was opened in another browser than the one that asked."""

    sentence = N_(
        "This link counts once, for 30 minutes, and only in the browser that asked for it. Open it there, or ask for another one on the page that waits."
    )
    status: ClassVar[int] = 410


class RequiredFactorError(DomainError):
    """The last second factor of somebody whose role needs one would be taken away."""

    sentence = N_("Your role needs a second factor. Add another one before you take this one away.")
    status: ClassVar[int] = 409


class NoFactorError(DomainError):
    """Recovery codes were asked for without a second factor that they could stand in for."""

    sentence = N_("Recovery codes stand in for a second factor. Add a passkey or an authenticator app first.")
    status: ClassVar[int] = 409


class StaleFormError(DomainError):
    """A script's form misses its token."""

    sentence = N_("This page was open too long. Load it again.")
    status: ClassVar[int] = 400


class PasskeyRefusedError(DomainError):
    """The browser's answer is no passkey of this site, was not asked for, or was made without a look at the person."""

    sentence = N_("This passkey was not accepted. Try again, or sign in with your password.")
    status: ClassVar[int] = 401


class PasskeyNotAddedError(PasskeyRefusedError):
    """As PasskeyRefusedError, for somebody signed in who would add it."""

    sentence = N_("This passkey was not accepted, and is not added. Press the button and try again.")


class PasskeyCopiedError(DomainError):
    """The passkey's counter went back: somebody else may hold a copy of it (WebAuthn, 6.1.1). `facts` names whose it is."""

    sentence = N_(
        "This passkey may have been copied: its counter went back. Sign in with your password and remove it."
    )
    status: ClassVar[int] = 401


class TooManyPasskeysError(DomainError):
    """An account would get more passkeys than it may have."""

    sentence = N_("An account has at most %(most)d passkeys. Remove one that you no longer use.")
    status: ClassVar[int] = 409


class DeskCodeRefusedError(DomainError):
    """The desk's code is unknown, over or revoked: the answer is the same for all three."""

    sentence = N_("This code is not one of today's. Type it again, or ask an organiser for a new one.")


class TrackLimitError(DomainError):
    """A session or talk of another track than those of the account would be made, changed, moved or deleted."""

    sentence = N_(
        "“%(title)s” is outside your tracks: your account edits only sessions and talks of %(tracks)s. "
        "Ask an organiser, or somebody of its track."
    )
    status: ClassVar[int] = 403


class ByCodeError(DomainError):
    """Somebody who came in by a desk code looks for what only accounts have."""

    sentence = N_("You came in by a desk code, which has no password and no account of its own.")
    status: ClassVar[int] = 403
