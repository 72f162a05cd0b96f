"""The SMTP dialogue. One connection a mail, every answer read, never longer than the lease."""

import smtplib
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from socket import SHUT_RDWR
from types import TracebackType
from typing import Any

import flask_mail
from flask import Flask, current_app

from conference.config import Settings
from conference.mail.composing import Message, wire_address
from conference.mail.errors import NotDeliveredError
from conference.mail.rules import is_final, name_and_address, one_line
from conference.web.settings import current_settings

OK = 250
OK_FORWARDED = 251
QUIT_S = 2.0


def init_delivery(app: Flask) -> None:
    """Give Flask-Mail its state. What it would read from app.config is ours: only the test switch is turned off."""
    app.config["MAIL_SUPPRESS_SEND"] = False
    flask_mail.Mail(app)


def deliver_message(message: Message, *, within_s: float) -> str:
    """Return the server's words once it has taken the mail; raise NotDeliveredError otherwise.

    Ends within `within_s` seconds whatever the server does: a dialogue must not outlive the lease, or a second
    worker would send the same mail.
    """
    try:
        with OfficeConnection(current_app.extensions["mail"], current_settings(), within_s) as connection:
            connection.send(message)
            return connection.answer
    except smtplib.SMTPResponseException as error:
        # Before the mail itself was offered (banner, EHLO, STARTTLS, sign-in) a refusal speaks of us, not of this mail.
        raise NotDeliveredError(_words(error.smtp_code, error.smtp_error), is_final=False) from error
    except (OSError, smtplib.SMTPException) as error:
        raise NotDeliveredError(one_line(f"{type(error).__name__}: {error}"), is_final=False) from error


Watch = Callable[[smtplib.SMTP], AbstractContextManager[None]]


class _Host(smtplib.SMTP):
    """smtplib's client, which reads the greeting while it is being made: that too must end in time."""

    def __init__(self, *args: Any, watch: Watch, **options: Any) -> None:
        self._watch = watch
        super().__init__(*args, **options)

    def connect(
        self, host: str = "localhost", port: int = 0, source_address: Any = None
    ) -> tuple[int, bytes]:
        with _closed_on_error(self), self._watch(self):
            return super().connect(host, port, source_address)


class _EncryptedHost(_Host, smtplib.SMTP_SSL):
    """The same with TLS from the first byte; Python ends a handshake as a whole by the socket's timeout."""


class OfficeConnection(flask_mail.Connection):
    """Flask-Mail's connection with a time limit, verified TLS and each answer read, all of which 0.10 lacks."""

    def __init__(self, mail: flask_mail.Mail, settings: Settings, within_s: float) -> None:
        super().__init__(mail)
        self._settings = settings
        self._ends_at = time.monotonic() + within_s
        self.answer = ""

    def configure_host(self) -> smtplib.SMTP | smtplib.SMTP_SSL:
        """Return a greeted, encrypted and signed-in connection, as the settings say."""
        settings = self._settings
        context = ssl.create_default_context(cafile=settings.mail_ca_file or None)
        host = self._connected(context)
        with self._cut_in_time(host), _closed_on_error(host):
            host.ehlo_or_helo_if_needed()
            if settings.mail_tls == "starttls":
                host.starttls(context=context)
                host.ehlo_or_helo_if_needed()
            if settings.mail_username:
                host.login(settings.mail_username, settings.mail_password)
        return host

    def _connected(self, context: ssl.SSLContext) -> smtplib.SMTP | smtplib.SMTP_SSL:
        settings = self._settings
        # Naming ourselves spares a look-up of the machine's full name, which can take seconds.
        name = wire_address(name_and_address(settings.mail_sender)[1]).rpartition("@")[2] or "localhost"
        timeout = max(0.1, min(settings.mail_timeout_s, self._left_s))
        server, port = settings.mail_server, settings.mail_port
        if settings.mail_tls == "tls":
            return _EncryptedHost(
                server, port, name, timeout=timeout, context=context, watch=self._cut_in_time
            )
        return _Host(server, port, name, timeout=timeout, watch=self._cut_in_time)

    @property
    def _left_s(self) -> float:
        return self._ends_at - time.monotonic()

    @contextmanager
    def _cut_in_time(self, host: smtplib.SMTP) -> Iterator[None]:
        # The socket's timeout ends a silence; a server that drips single bytes is ended by this.
        if self._left_s <= 0:
            raise TimeoutError("the time for one mail is over")
        cut = threading.Timer(self._left_s, _shut, [host])
        cut.daemon = True
        cut.start()
        try:
            yield
        finally:
            cut.cancel()

    def send(self, message: flask_mail.Message, envelope_from: str | tuple[str, str] | None = None) -> None:  # noqa: ARG002 -- the signature is Flask-Mail's
        """Offer the mail to its one recipient; raise NotDeliveredError at the first answer that is no yes."""
        assert isinstance(message, Message)
        assert self.host is not None
        if message.has_bad_headers():
            raise flask_mail.BadHeaderError
        content = message.as_bytes()
        with self._cut_in_time(self.host):
            options = _mail_options(self.host, message, len(content))
            self._expect(self.host.mail(message.envelope_from, options))
            self._expect(self.host.rcpt(message.address))
            try:
                self._expect(self.host.data(content))
            except smtplib.SMTPDataError as error:
                self._expect((error.smtp_code, _as_bytes(error.smtp_error)))

    def _expect(self, reply: tuple[int, bytes]) -> None:
        code, words = reply
        self.answer = _words(code, words)
        if code not in {OK, OK_FORWARDED}:
            # smtplib answers -1 for a line that is no reply at all.
            raise NotDeliveredError(self.answer, is_final=is_final(code))

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, tb: TracebackType | None
    ) -> None:
        """Part from the server; what it says or fails to say to QUIT changes nothing about the mail."""
        if self.host is not None:
            with suppress(OSError, smtplib.SMTPException):
                if self.host.sock is not None:
                    self.host.sock.settimeout(max(0.1, min(QUIT_S, self._left_s)))
                self.host.quit()
            self.host.close()


def _mail_options(host: smtplib.SMTP, message: Message, size: int) -> list[str]:
    options = [f"size={size}"] if host.has_extn("size") else []
    if message.needs_utf8:
        if not host.has_extn("smtputf8"):
            raise NotDeliveredError(
                "The mail server knows no SMTPUTF8, which this address needs.", is_final=True
            )
        options += ["SMTPUTF8", "BODY=8BITMIME"]
    return options


def _as_bytes(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode()


def _words(code: int, words: bytes | str) -> str:
    return one_line(f"{code} {_as_bytes(words).decode(errors='replace')}")


def _shut(host: smtplib.SMTP) -> None:
    with suppress(OSError):
        if host.sock is not None:
            host.sock.shutdown(SHUT_RDWR)  # wakes whoever reads from it


@contextmanager
def _closed_on_error(host: smtplib.SMTP) -> Iterator[None]:
    try:
        yield
    except BaseException:
        host.close()
        raise
