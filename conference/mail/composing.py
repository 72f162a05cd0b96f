"""From an outbox row to the bytes on the wire. Flask-Mail composes; what it leaves open is closed here."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.charset import QP, Charset
from email.encoders import encode_base64
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.text import MIMEText
from email.utils import formataddr, quote

import flask_mail
import idna

from conference.mail.model import Attachment
from conference.mail.rules import name_and_address

# Without long base64 lines of plain words, and clean of 8-bit characters and overlong lines on any server.
_QUOTED = Charset("utf-8")
_QUOTED.body_encoding = QP


class _AsWritten(policy.Compat32):
    """Writes headers as they are, since ours are folded when they are made.

    Python's refolding would decode a name and forget to quote it again, and its newer policies parse each header
    anew at each look, which takes as long as sending the mail does.
    """

    def fold(self, name: str, value: str) -> str:
        return f"{name}: {self.linesep.join(value.splitlines())}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        # A header that ASCII cannot write is one with such an address, which SMTPUTF8 carries.
        return self.fold(name, value).encode("utf-8")


_WIRE = _AsWritten(linesep="\r\n")


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """All that one mail is made of, links and attachments included."""

    sender: str
    reply_to: str
    recipient: str
    recipient_name: str
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    message_id: str
    written_at: datetime
    # To whom a server reports that it could not deliver; empty for the sender.
    envelope_from: str = ""
    attachments: Sequence[Attachment] = ()
    # The address at which the reader unsubscribes, for a mail that is not about their own registration.
    unsubscribe: str = field(default="", repr=False)


def wire_address(address: str) -> str:
    """Return the address with its domain in ASCII by IDNA 2008; Flask-Mail's own 2003 sends straße.de elsewhere.

    Raises ValueError for a domain that cannot be one.
    """
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain}" if domain.isascii() else f"{local}@{idna.encode(domain, uts46=True).decode()}"


class Message(flask_mail.Message):
    """Flask-Mail's message to exactly one address, whose headers cannot be broken out of.

    Flask-Mail 0.10 checks neither extra headers nor names in them for line ends, leaves an encoded word that
    somebody typed to be decoded, and fails on an address whose local part is not ASCII.
    """

    def __init__(self, letter: Letter) -> None:
        self.beside = next((file for file in letter.attachments if file.is_beside), None)
        super().__init__(
            subject=letter.subject,
            sender=_mailbox(letter.sender),
            reply_to=_mailbox(letter.reply_to) if letter.reply_to else None,
            body=letter.text,
            html=letter.html,
            date=letter.written_at.timestamp(),
            extra_headers={"Auto-Submitted": "auto-generated"} | _list_headers(letter.unsubscribe),
            attachments=[
                flask_mail.Attachment(file.filename, file.content_type, file.content)
                for file in letter.attachments
                if file is not self.beside
            ],
        )
        self.msgId = letter.message_id
        self.address = wire_address(letter.recipient)
        self.name = letter.recipient_name
        self.envelope_from = wire_address(name_and_address(letter.envelope_from or letter.sender)[1])

    @property
    def send_to(self) -> set[str | tuple[str, str]]:
        return {self.address}

    @property
    def needs_utf8(self) -> bool:
        """Whether the server must know SMTPUTF8 (RFC 6531), for an address that ASCII cannot write."""
        return not (self.address.isascii() and self.envelope_from.isascii())

    def wire(self) -> bytes:
        """Return the mail's bytes as SMTP carries them, the last line ended.

        Raises BadHeaderError where a header holds a line end.
        """
        if self.has_bad_headers():
            raise flask_mail.BadHeaderError
        content: bytes = self.as_bytes()
        return content if content.endswith(b"\r\n") else content + b"\r\n"

    def has_bad_headers(self) -> bool:
        """Return whether any header holds a line end, the extra ones and the file names too."""
        values = [
            self.subject,
            self.name,
            self.address,
            str(self.sender),
            str(self.reply_to or ""),
            self.msgId,
        ]
        values += [part for pair in (self.extra_headers or {}).items() for part in pair]
        values += [text for file in self.attachments for text in (file.filename or "", file.content_type)]
        values += [self.beside.content_type] if self.beside else []
        return any("\r" in value or "\n" in value for value in values)

    def _mimetext(self, text: str | None, subtype: str = "plain") -> MIMEText:
        part = MIMEText("", subtype, "us-ascii")
        del part["Content-Transfer-Encoding"]
        part.set_payload(text or "", _QUOTED)
        return part

    def _message(self) -> MIMEBase:
        message = super()._message()
        if self.beside is not None:
            # Last, as the part that says most to a program that reads calendars (RFC 2046, 5.1.4).
            alternative = next(part for part in message.walk() if part.get_content_subtype() == "alternative")
            alternative.attach(_part_of(self.beside))
        message.policy = policy.compat32  # the one that takes headers which are folded already
        message.replace_header("Subject", _encoded(self.subject, "Subject"))
        name = _encoded(self.name, "To")
        # An ASCII name is quoted by formataddr; an encoded word holds nothing that needs quotes.
        mailbox = formataddr((name, "@")).removesuffix("<@>") if name else ""
        message.replace_header("To", f"{mailbox}<{self.address}>" if mailbox else self.address)
        _separate(message)
        message.policy = _WIRE
        return message


def _list_headers(unsubscribe: str) -> dict[str, str]:
    """Return what lets a mail program show a button to unsubscribe, which posts at one click (RFC 2369, RFC 8058)."""
    if not unsubscribe:
        return {}
    return {
        "List-Unsubscribe": f"<{unsubscribe}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _part_of(file: Attachment) -> MIMEBase:
    part = MIMEBase(*file.content_type.split("/", 1))
    part.set_payload(file.content)
    encode_base64(part)
    return part


def _separate(message: MIMEBase) -> None:
    """Give each multipart its boundary: Python would look for one in the whole text, by a pattern made for it."""
    for part in message.walk():
        if part.is_multipart():
            subtype = part.get_content_subtype()
            part.replace_header("Content-Type", f'multipart/{subtype}; boundary="{secrets.token_hex(16)}"')


def _mailbox(written: str) -> str:
    """Return "Name" <address>, or the address alone, with its domain in ASCII; Flask-Mail encodes the name."""
    name, address = name_and_address(written)
    return f'"{quote(name)}" <{wire_address(address)}>' if name else wire_address(address)


def _encoded(text: str, header: str) -> str:
    """Return the text as a header shows it literally: as it is, or as encoded words, folded (RFC 2047)."""
    if text.isascii() and "=?" not in text:
        return text
    return Header(text, "utf-8", header_name=header).encode()
