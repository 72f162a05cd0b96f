from conference.core.errors import N_, DomainError


class MailNotWaitingError(DomainError):
    """Somebody asked to send a mail again that is sent, or is being sent, or waits in the queue already."""

    sentence = N_("This mail is sent or is in the queue already. Nothing was changed.")
    status = 409


class AddressCorrectedError(DomainError):
    """Somebody asked to send a mail again as it is, and the record that it tells of has another address by now."""

    sentence = N_(
        "The record that this mail tells of has another address now, %(address)s. Send a new mail from the record: this one "
        "would go to the earlier address, %(earlier)s."
    )
    status = 409


class MailNotCancelledError(DomainError):
    """Somebody asked to cancel a mail that is being sent, or has ended already."""

    sentence = N_("This mail is being sent or has ended already. Nothing was changed.")
    status = 409


class MailStillWaitingError(DomainError):
    """Somebody asked to send a mail to another address that is still to be sent to the one it has."""

    sentence = N_("This mail is still to be sent to the address it has. Cancel it first.")
    status = 409


class LinkNotCopiedError(DomainError):
    """Somebody asked to send a mail to another address whose personal link is its first reader's alone."""

    sentence = N_(
        "This mail holds a personal link, which is a key for its reader alone. Correct the address in the record or "
        "account that the mail tells of, and send a new link from there."
    )
    status = 409


class MailEmptiedError(DomainError):
    """Somebody asked to send a mail on whose person has been erased."""

    sentence = N_("What this mail said has been erased. There is nothing to send.")
    status = 409


class AddressElsewhereError(DomainError):
    """Somebody asked to send a mail to another address whose record is where the address is to be corrected."""

    sentence = N_("Correct the address in the record that this mail tells of: that writes a new mail.")
    status = 409


class AttachmentNotMadeError(DomainError):
    """Somebody asked for an attachment that cannot be made now; a mail with it would be held back."""

    sentence = N_("This attachment cannot be made now (%(why)s). A mail with it is held back until it can.")
    status = 409


class NoTokenError(Exception):
    """No access token for the mail server was to be had. The text names the setting, and never holds a token."""


class UnsendableError(Exception):
    """The mail of `conference check --mail` was not sent. The text is a sentence for who looks after the server."""


class NotDeliveredError(Exception):
    """The mail server did not take the mail. `answer` holds its words, or what happened on the way to it.

    `is_final` tells a refusal for good (5xx to this mail) from what may pass (4xx, silence, no connection);
    `is_about_us` says that it came before any mail was offered, and is thereby true of every other mail too;
    `is_in_doubt` that the server had the whole mail and may have taken it.
    """

    def __init__(
        self,
        answer: str,
        *,
        is_final: bool,
        is_about_us: bool = False,
        is_in_doubt: bool = False,
        code: int = 0,
    ) -> None:
        super().__init__(answer)
        self.answer = answer
        self.is_final = is_final
        self.is_about_us = is_about_us
        self.is_in_doubt = is_in_doubt
        self.code = code


class UnknownPlaceholderError(DomainError):
    """A wording holds something in braces that this mail does not know."""

    sentence = N_("Line %(line)s: there is no placeholder %(name)s here. There are: %(known)s.")


class BlockInSubjectError(DomainError):
    """The subject of a wording names what only the text can hold: a table, a button, a sentence."""

    sentence = N_("%(name)s stands in the text only. Take it out of the subject, which can hold: %(known)s.")


class NeededPlaceholderError(DomainError):
    """A wording leaves out what its readers cannot do without, such as the personal link."""

    sentence = N_("Without %(name)s the reader could not go on. Put it back where it is to stand.")


class SubjectLinesError(DomainError):
    """The subject of a wording has more than one line."""

    sentence = N_("The subject is one line. Take the line breaks out.")


class NoSpecimenError(DomainError):
    """A wording is to be seen with an example, and there is none of that number, or none at all that fits."""

    sentence = N_(
        "No example was found for this mail. Give the number of a registration that exists, or wait for the first."
    )
