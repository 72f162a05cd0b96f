from conference.core.errors import N_, DomainError


class MailNotWaitingError(DomainError):
    """Somebody asked to send a mail again that is sent, or is being sent, or waits in the queue already."""

    sentence = N_("This mail is sent or is in the queue already. Nothing was changed.")
    status = 409


class NoTokenError(Exception):
    """No access token for the mail server was to be had. The text names the setting, and never holds a token."""


class UnsendableError(Exception):
    """The mail of `conference check --mail` was not sent. The text is a sentence for who looks after the server."""


class NotDeliveredError(Exception):
    """The mail server did not take the mail. `answer` holds its words, or what happened on the way to it.

    `is_final` tells a refusal for good (5xx to this mail) from what may pass (4xx, silence, no connection);
    `is_about_us` says that it came before any mail was offered, and is thereby true of every other mail too.
    """

    def __init__(self, answer: str, *, is_final: bool, is_about_us: bool = False, code: int = 0) -> None:
        super().__init__(answer)
        self.answer = answer
        self.is_final = is_final
        self.is_about_us = is_about_us
        self.code = code
