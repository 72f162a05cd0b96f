"""The SMTP dialogue: mails over one connection, every answer read, never longer than their lease."""

import smtplib
import ssl
import threading
from base64 import b64encode
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import flask_mail
from flask import Flask, current_app

from conference.config import Settings
from conference.mail.composing import Message, wire_address
from conference.mail.errors import NotDeliveredError, NoTokenError
from conference.mail.hosts import EncryptedHost, Hear, Host, Watch, closed_on_error
from conference.mail.oauth import access_token, forget_token, sasl_words, uses_oauth
from conference.mail.pausing import init_pausing
from conference.mail.rules import IN_DOUBT, is_final, is_no, is_yes, name_and_address, one_line
from conference.web.settings import current_settings

OK = 250
GO_ON_SIGNING_IN = 334
GO_ON = 354
TOO_LARGE = 552
CLOSING = 421
QUIT_S = 2.0
# A piece of a mail's content must pass within one silence of the server, so that a large file on a thin line can.
PIECE = 64 * 1024
NO_SMTPUTF8 = "The mail server knows no SMTPUTF8, which this address needs."
OURS_NEED_SMTPUTF8 = (
    "The mail server knows no SMTPUTF8, which our own address needs: write CONFERENCE_MAIL_SENDER,"
    " CONFERENCE_MAIL_REPLY_TO and CONFERENCE_MAIL_ENVELOPE_SENDER in ASCII."
)


def init_delivery(app: Flask) -> None:
    """Give Flask-Mail its state, and mails their pause. What it would read from app.config is ours: only the test switch is turned off."""
    app.config["MAIL_SUPPRESS_SEND"] = False
    flask_mail.Mail(app)
    init_pausing(app)


def _nothing() -> None:
    """Do nothing while the server thinks."""


class Delivery:
    """Mails over one connection, which is made for the first, and anew when it has ended or carried its number.

    `hear` is told each line that the server answers.

    A context manager, at whose end the server is parted from. Once `stop` is set a dialogue has STOP_S to end.
    """

    def __init__(self, stop: threading.Event | None = None, hear: Hear | None = None) -> None:
        self._stop = stop or threading.Event()
        self._hear = hear
        self._line: OfficeConnection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._part()

    def reach(self, *, ends_at: float) -> None:
        """Connect and sign in, and send nothing; `ends_at` is of time.monotonic(). Raises NotDeliveredError."""
        self._ready(ends_at, _nothing)

    def send(
        self,
        message: Message,
        content: bytes,
        *,
        ends_at: float,
        before: Callable[[], None] = _nothing,
        meanwhile: Callable[[], None] = _nothing,
    ) -> str:
        """Return the server's words once it has taken the mail, whose bytes are `content`; or raise NotDeliveredError.

        `before` is done once the server was asked for this mail and thinks, or a connection must be made, and always
        before any of the mail is sent. It may be done twice, and what it raises ends the dialogue.
        `meanwhile` is done while the server takes the mail, and must raise nothing.

        Over at `ends_at` (of time.monotonic) whatever the server does: a dialogue must not outlive the lease, or a
        second worker would send the same mail.
        """
        while True:
            line = self._ready(ends_at, before)
            try:
                return line.offer(message, content, before, meanwhile)
            except _LineEndedError:
                # Servers close a used connection as they like; nothing of this mail was said on it.
                self._drop()
            except NotDeliveredError as error:
                self._clear(line, error)
                raise
            except (OSError, smtplib.SMTPException) as error:
                said_all = line.has_said_all
                self._drop()
                words = IN_DOUBT + _told(error) if said_all else _told(error)
                raise NotDeliveredError(words, is_final=False, is_in_doubt=said_all) from error
            except Exception:
                self._drop()  # it is unknown how far the dialogue came
                raise

    def _ready(self, ends_at: float, before: Callable[[], None]) -> "OfficeConnection":
        settings = current_settings()
        if self._line is not None and self._line.offered >= settings.mail_per_connection:
            before()
            self._part()
        if self._line is None:
            before()
            self._line = _connected(settings, Watch(ends_at, self._stop), self._hear)
        self._line.watch.ends_at = ends_at
        return self._line

    def _clear(self, line: "OfficeConnection", error: NotDeliveredError) -> None:
        """Let the connection be as new after a mail that was not taken; one that was taken leaves nothing (RFC 5321, 4.1.1.4)."""
        if error.code == CLOSING or not line.is_reset():
            self._drop()

    def _drop(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line = None

    def _part(self) -> None:
        if self._line is not None:
            self._line.__exit__(None, None, None)
        self._line = None


def _connected(settings: Settings, watch: Watch, hear: Hear | None) -> "OfficeConnection":
    """Return a connection that is ready for mails.

    Raises NotDeliveredError. Before a mail was offered (banner, EHLO, STARTTLS, sign-in) a refusal speaks of us, not
    of the mail, and is therefore never final.
    """
    line = OfficeConnection(current_app.extensions["mail"], settings, watch, hear)
    try:
        return line.__enter__()
    except smtplib.SMTPResponseException as error:
        words = _words(error.smtp_code, error.smtp_error)
        raise NotDeliveredError(words, is_final=False, is_about_us=True) from error
    except NoTokenError as error:
        raise NotDeliveredError(str(error), is_final=False, is_about_us=True) from error
    except (OSError, smtplib.SMTPException) as error:
        raise NotDeliveredError(_told(error), is_final=False, is_about_us=True) from error
    except Exception as error:
        # A setting that no dialogue can carry is true of every mail. Only the type: the words may hold the password.
        words = f"The connection could not be made ({type(error).__name__}): look at the settings of the mail server."
        raise NotDeliveredError(words, is_final=False, is_about_us=True) from error


class _LineEndedError(Exception):
    """A connection that has carried mails was closed before this one was begun."""


class OfficeConnection(flask_mail.Connection):
    """Flask-Mail's connection with a time limit, verified TLS and each answer read, all of which 0.10 lacks.

    `offered` counts its mails.
    """

    def __init__(
        self, mail: flask_mail.Mail, settings: Settings, watch: Watch, hear: Hear | None = None
    ) -> None:
        super().__init__(mail)
        self._hear = hear
        self._settings = settings
        self.watch = watch
        self.offered = 0
        # Whether the mail in hand was sent to its last byte: without an answer it is in doubt from then on.
        self.has_said_all = False

    def configure_host(self) -> smtplib.SMTP | smtplib.SMTP_SSL:
        """Return a greeted, encrypted and signed-in connection, as the settings say."""
        settings = self._settings
        token = access_token(settings) if uses_oauth(settings) else ""
        # Reading the system's authorities takes longer than a mail: only where they are needed.
        context = (
            None
            if settings.mail_tls == "none"
            else ssl.create_default_context(cafile=settings.mail_ca_file or None)
        )
        host = self._connected(context)
        with closed_on_error(host):
            host.ehlo_or_helo_if_needed()
            if settings.mail_tls == "starttls":
                host.starttls(context=context)
                host.ehlo_or_helo_if_needed()
            if token:
                self._sign_in_with(host, token)
            elif settings.mail_username:
                _sign_in(host, settings.mail_username, settings.mail_password)
        return host

    def _sign_in_with(self, host: smtplib.SMTP, token: str) -> None:
        words = sasl_words(self._settings.mail_username, token)
        try:
            # To the challenge that tells of a refusal the answer is empty, and then comes the refusal.
            host.auth("XOAUTH2", lambda challenge=None: words if challenge is None else "")
        except smtplib.SMTPAuthenticationError:
            forget_token(self._settings)
            raise

    def _connected(self, context: ssl.SSLContext | None) -> smtplib.SMTP | smtplib.SMTP_SSL:
        settings = self._settings
        # Naming ourselves spares a look-up of the machine's full name, which can take seconds.
        name = wire_address(name_and_address(settings.mail_sender)[1]).rpartition("@")[2] or "localhost"
        timeout = max(0.1, min(settings.mail_timeout_s, self.watch.left_s))
        server, port = settings.mail_server, settings.mail_port
        ours: dict[str, Any] = {"watch": self.watch, "hear": self._hear}
        if settings.mail_tls == "tls":
            return EncryptedHost(server, port, name, timeout=timeout, context=context, **ours)
        return Host(server, port, name, timeout=timeout, **ours)

    def offer(
        self, message: Message, content: bytes, before: Callable[[], None], meanwhile: Callable[[], None]
    ) -> str:
        """Return the server's words once it has taken the mail.

        Raises NotDeliveredError at the first answer that is no yes, _LineEndedError if a used connection had ended,
        and what smtplib and sockets raise.
        """
        host = self.host
        assert host is not None
        self.has_said_all = False
        if message.needs_utf8 and not host.has_extn("smtputf8"):
            before()
            raise _no_smtputf8(message)
        _expect_sender(*self._asked(host, message, len(content), before))
        _expect(*host.docmd("rcpt", f"TO:<{message.address}>"))
        # Whatever took its time until now: from here on the mail may be taken, and by then it must still be ours.
        self.watch.check()
        code, words = host.docmd("data")
        if code != GO_ON:
            raise NotDeliveredError(_words(code, words), is_final=is_final(code), code=code)
        # A line of one dot would end the mail (RFC 5321, 4.5.2); the first line is a header.
        stuffed = content.replace(b"\r\n.", b"\r\n..") + b".\r\n"
        for start in range(0, len(stuffed), PIECE):
            host.send(stuffed[start : start + PIECE])
        self.has_said_all = True
        meanwhile()
        return _expect_taken(*host.getreply())

    def _asked(
        self, host: smtplib.SMTP, message: Message, size: int, before: Callable[[], None]
    ) -> tuple[int, bytes]:
        """Return the server's reply to MAIL; raises _LineEndedError if a used connection had ended."""
        options = _mail_options(host, message, size)
        is_used, self.offered = self.offered > 0, self.offered + 1
        if host.sock is not None:
            # As it was made for the first mail, the connection may have got little of its lease.
            host.sock.settimeout(self.watch.left_of(self._settings.mail_timeout_s))
        try:
            _ask(host, message, options)
            before()
            code, words = host.getreply()
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            if is_used and self.watch.left_s > 0:
                raise _LineEndedError from error
            raise
        if is_used and code == CLOSING:
            raise _LineEndedError
        return code, words

    def is_reset(self) -> bool:
        """Return whether the server forgot the mail that it did not take, and goes on."""
        assert self.host is not None
        try:
            return self.host.rset()[0] == OK
        except (OSError, smtplib.SMTPException):
            return False

    def close(self) -> None:
        if self.host is not None:
            self.host.close()

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, tb: TracebackType | None
    ) -> None:
        """Part from the server; what it says or fails to say to QUIT changes nothing about the mails."""
        if self.host is not None:
            with suppress(OSError, smtplib.SMTPException):
                if self.host.sock is not None:
                    self.host.sock.settimeout(max(0.1, min(QUIT_S, self.watch.left_s)))
                self.host.quit()
            self.host.close()


def _expect(code: int, words: bytes | str) -> str:
    answer = _words(code, words)
    if not is_yes(code):
        # smtplib answers -1 for a line that is no reply at all.
        raise NotDeliveredError(answer, is_final=is_final(code), code=code)
    return answer


def _expect_sender(code: int, words: bytes | str) -> None:
    """Raise NotDeliveredError where the server takes no mail from us: that is no word about whom this one is to.

    Only the mail's size is its own (552, and 5.3.4 by RFC 3463).
    """
    answer = _words(code, words)
    if not is_yes(code):
        is_of_size = code == TOO_LARGE or " 5.3.4" in answer
        raise NotDeliveredError(
            answer, is_final=is_final(code) and is_of_size, is_about_us=not is_of_size, code=code
        )


def _expect_taken(code: int, words: bytes | str) -> str:
    """Return the words of a yes; what is neither yes nor no leaves the mail in doubt, since all of it was sent."""
    if not is_yes(code) and not is_no(code):
        raise NotDeliveredError(IN_DOUBT + _words(code, words), is_final=False, is_in_doubt=True, code=code)
    return _expect(code, words)


def _no_smtputf8(message: Message) -> NotDeliveredError:
    """Return the refusal of an address that ASCII cannot write: the reader's, or one of ours in every mail."""
    if message.address.isascii():
        return NotDeliveredError(OURS_NEED_SMTPUTF8, is_final=False, is_about_us=True)
    return NotDeliveredError(NO_SMTPUTF8, is_final=True)


def _sign_in(host: smtplib.SMTP, username: str, password: str) -> None:
    """Sign in; smtplib's own way knows only ASCII, where RFC 4616 has UTF-8."""
    if (username + password).isascii():
        host.login(username, password)
        return
    ways = host.esmtp_features.get("auth", "").upper().split()
    if "PLAIN" in ways:
        reply = host.docmd("AUTH", "PLAIN " + _base64(f"\0{username}\0{password}"))
    else:
        reply = host.docmd("AUTH", "LOGIN " + _base64(username))
        if reply[0] == GO_ON_SIGNING_IN:
            reply = host.docmd(_base64(password))
    if not is_yes(reply[0]):
        raise smtplib.SMTPAuthenticationError(*reply)


def _base64(words: str) -> str:
    return b64encode(words.encode()).decode()


def _ask(host: smtplib.SMTP, message: Message, options: Sequence[str]) -> None:
    """Ask for a mail without waiting for the answer, as smtplib's own `mail` would."""
    if message.needs_utf8:
        host.command_encoding = "utf-8"
    host.putcmd("mail", " ".join([f"FROM:<{message.envelope_from}>", *options]))


def _mail_options(host: smtplib.SMTP, message: Message, size: int) -> list[str]:
    options = [f"size={size}"] if host.has_extn("size") else []
    if message.needs_utf8:
        options += ["SMTPUTF8", "BODY=8BITMIME"]
    return options


def _as_bytes(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode()


def _words(code: int, words: bytes | str) -> str:
    return one_line(f"{code} {_as_bytes(words).decode(errors='replace')}")


def _told(error: Exception) -> str:
    return one_line(f"{type(error).__name__}: {error}")
