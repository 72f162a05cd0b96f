"""What registration refuses, each with the way out."""

from conference.core.errors import N_, DomainError


class CategoryClosedError(DomainError):
    """The category has 0 seats, is retired, or its time is over: it takes nobody, not even on its waiting list."""

    sentence = N_(
        "Registration as %(category)s is closed. Choose another category, or write to the organisers."
    )


class CategoryNotOpenError(DomainError):
    """The category's time has not come yet."""

    sentence = N_(
        "Registration as %(category)s has not opened yet. Choose another category, or come back when it opens."
    )


class OfferOverError(DomainError):
    """An offered place was accepted after its deadline, twice, or where none is offered."""

    sentence = N_(
        "This place is no longer offered to you. It went to the next on the waiting list, or was accepted already."
    )
    status = 409


class NoFreePlaceError(DomainError):
    """Staff promote somebody, and no seat is free."""

    sentence = N_(
        "No place is free in %(category)s. Raise its places, or admit the person over the limit and say why."
    )
    status = 409


class ReasonMissingError(DomainError):
    """Staff act out of the order of the list, or over the limit, without a reason for the history."""

    sentence = N_("Say why, for the history.")


class CategoryGoneError(DomainError):
    """The category was deleted, or is not offered to the public, since the form was opened."""

    sentence = N_("This category is no longer offered. Choose one of those shown.")


class CategoryInUseError(DomainError):
    """A category with registrations, of whatever state, cannot be deleted."""

    sentence = N_(
        "%(category)s has %(count)s registrations, so it stays. Retire it instead: then it is offered to nobody."
    )
    status = 409


class CategoryNameTakenError(DomainError):
    """Two categories may not have one name."""

    sentence = N_("Another category is called %(name)s. Choose another name.")
    status = 409


class NoSpeakersCategoryError(DomainError):
    """A speaker confirms, and no category is marked as the speakers' one."""

    sentence = N_("There is no category for speakers yet. An organiser makes one under Categories.")
    status = 409


class AddressTakenError(DomainError):
    """Staff or a speaker gave an address that a live registration of somebody else holds.

    Never raised on the public form, whose answer must not tell a stranger which addresses are known.
    """

    sentence = N_(
        "Another registration has this address. Each person registers with an address of their own."
    )
    status = 409


class ExtraFullError(DomainError):
    """An extra was wanted with a place, and became full while the form was open."""

    sentence = N_(
        "%(extra)s is full now. Leave it ticked and send the form again to join its waiting list, or untick it."
    )
    status = 409


class ExtraClosedError(DomainError):
    """The extra has 0 places: it takes nobody, not even on its waiting list."""

    sentence = N_("%(extra)s is closed. Untick it, and send the form again.")


class ExtraGoneError(DomainError):
    """The extra was retired or deleted since the form was opened."""

    sentence = N_("An extra that you chose is no longer offered. Send the form again to go on without it.")


class ExtraNotOfferedError(DomainError):
    """The extra was chosen with a category that it does not go with."""

    sentence = N_("%(extra)s is not offered to %(category)s. Untick it, or choose another category.")


class ExtraInUseError(DomainError):
    """An extra that somebody chose, even if they withdrew since, cannot be deleted."""

    sentence = N_(
        "%(count)s people chose %(extra)s, so it stays. Retire it instead: then it is offered to nobody."
    )
    status = 409


class ExtraNameTakenError(DomainError):
    """Two extras may not have one name."""

    sentence = N_("Another extra is called %(name)s. Choose another name.")
    status = 409


class QuestionAnsweredError(DomainError):
    """A question with answers was to become another kind, to lose options, or to become sensitive or stop being so."""

    sentence = N_(
        "This question has answers, so its kind, the keys of its options and whether it is sensitive stay. "
        "Make a new question for the change, and retire this one."
    )
    status = 409


class QuestionsChangedError(Exception):
    """A form was read by questions that are no longer the present ones. It never reaches a person: it is read again."""


class NoEncryptionKeyError(DomainError):
    """A sensitive question is saved, and there is no key to encrypt its answers with."""

    sentence = N_(
        "Set CONFERENCE_ENCRYPTION_KEY before a question is sensitive: its answers are encrypted with it."
    )
    status = 409


class WrongConditionError(DomainError):
    """A question was to depend on itself, or on one that depends on it."""

    sentence = N_("Two questions cannot wait for each other. Choose another question, or none.")


class MoveRefusedError(DomainError):
    """The registration's state does not allow this, as when what is withdrawn is withdrawn once more."""

    sentence = N_("The state of this registration does not allow that any more. Load the page again.")
    status = 409


class CorrectionOverError(DomainError):
    """The address was to be corrected later than 30 minutes after the form, from another browser, or once too often."""

    sentence = N_(
        "The address can be corrected for 30 minutes in the browser that sent the form. Fill the form again with the right address."
    )
    status = 410


class UnknownCategoryNameError(DomainError):
    """A command or a file names a category that there is not."""

    sentence = N_("No category is called %(name)s. There are: %(known)s.")


class BothRegisteredError(DomainError):
    """Two records of people are to become one, and each has a registration that counts."""

    sentence = N_(
        "Both are registered, with the numbers %(one)s and %(other)s. Cancel one of the two registrations first."
    )
    status = 409


class ChangedBeforeEndError(DomainError):
    """The office ends a registration that became another person's, or moved to another state, since it was looked at."""

    sentence = N_(
        "Somebody else changed this registration after you opened the page. Look at whose it is and where it stands now: nothing was ended."
    )
    status = 409
