"""One mail past the outbox, to see how the server takes it: `conference check --mail ADDRESS`."""

import time

from markupsafe import escape

from conference.core.clock import real_now
from conference.core.ids import new_token
from conference.mail.composing import Letter, Message, wire_address
from conference.mail.delivery import Delivery
from conference.mail.errors import NotDeliveredError, UnsendableError
from conference.mail.hosts import Hear
from conference.mail.rules import is_address, name_and_address
from conference.web.settings import current_settings

SUBJECT = "Test of the mail settings"


def try_mail(address: str, hear: Hear) -> str:
    """Send one mail to the address, telling each line of the server's answers; return its last words.

    Raises UnsendableError with one sentence for people.
    """
    settings = current_settings()
    if not is_address(address):
        raise UnsendableError(f"{address!r} is no address: write it as in office@conference.example.")
    for name, value in (("MAIL_SERVER", settings.mail_server), ("MAIL_SENDER", settings.mail_sender)):
        if not value:
            raise UnsendableError(f"No mail can be sent: set CONFERENCE_{name}.")
    ends_at = time.monotonic() + 3 * settings.mail_timeout_s
    try:
        message = Message(_letter(address))
    except UnicodeError as error:
        raise UnsendableError(f"The domain of {address!r} cannot be one.") from error
    try:
        with Delivery(hear=hear) as delivery:
            return delivery.send(message, message.wire(), ends_at=ends_at)
    except NotDeliveredError as error:
        place = f"{settings.mail_server}:{settings.mail_port}"
        what = "cannot be used" if error.is_about_us else "did not take the mail"
        raise UnsendableError(f"The mail server {place} {what}: {error.answer}") from error


def server_trouble(within_s: float) -> str | None:
    """Return why the mail server cannot be used, or None once it let us in. Sends nothing."""
    settings = current_settings()
    if not settings.mail_server:
        return "CONFERENCE_MAIL_SERVER is not set"
    try:
        with Delivery() as delivery:
            delivery.reach(ends_at=time.monotonic() + within_s)
    except NotDeliveredError as error:
        return f"{settings.mail_server}:{settings.mail_port} cannot be used: {error.answer}"
    return None


def _letter(address: str) -> Letter:
    settings = current_settings()
    text = f"This mail shows that the conference office of {settings.base_url or 'this machine'} can send mails.\n"
    domain = wire_address(name_and_address(settings.mail_sender)[1]).rpartition("@")[2]
    return Letter(
        sender=settings.mail_sender,
        reply_to=settings.mail_reply_to,
        envelope_from=settings.mail_envelope_sender,
        recipient=address,
        recipient_name="",
        subject=SUBJECT,
        text=text,
        html=f"<p>{escape(text)}</p>",
        message_id=f"<{new_token()}@{domain}>",
        written_at=real_now(),
    )
