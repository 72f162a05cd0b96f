from conference.core.errors import N_, DomainError


class MailNotWaitingError(DomainError):
    """Somebody asked to send a mail again that is sent, or is being sent, or waits in the queue already."""

    sentence = N_("This mail is sent or is in the queue already. Nothing was changed.")
    status = 409


class NotDeliveredError(Exception):
    """The mail server did not take the mail. `answer` holds its words, or what happened on the way to it.

    `is_final` tells a refusal for good (5xx to this mail) from what may pass (4xx, silence, no connection).
    """

    def __init__(self, answer: str, *, is_final: bool) -> None:
        super().__init__(answer)
        self.answer = answer
        self.is_final = is_final


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
