"""From an outbox row to the bytes on the wire, with headers that nobody can break out of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

import idna

from conference.mail.model import Attachment
from conference.mail.rules import name_and_address
from conference.mail.wire import date_header, file_part, headers, joined, mailbox, text_part, unbroken, words


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
    """Return the address with its domain in ASCII by IDNA 2008; Python's own 2003 sends straße.de elsewhere.

    Raises ValueError for a domain that cannot be one.
    """
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain}" if domain.isascii() else f"{local}@{idna.encode(domain, uts46=True).decode()}"


class Message:
    """A mail to exactly one address; raises ValueError for an address whose domain cannot be one."""

    def __init__(self, letter: Letter) -> None:
        self._letter = letter
        self.address = wire_address(letter.recipient)
        self.envelope_from = _address_of(letter.envelope_from or letter.sender)

    @property
    def needs_utf8(self) -> bool:
        """Whether the server must know SMTPUTF8 (RFC 6531): ASCII cannot write an address of envelope or headers."""
        headers_own = map(_address_of, filter(None, (self._letter.sender, self._letter.reply_to)))
        return not all(map(str.isascii, (self.address, self.envelope_from, *headers_own)))

    def wire(self) -> bytes:
        """Return the mail's bytes as SMTP carries them, the last line ended.

        Raises ValueError where a header holds a line end, file names and types among them.
        """
        letter = self._letter
        head = [
            ("MIME-Version", "1.0"),
            ("Subject", words(letter.subject)),
            ("From", _mailbox(letter.sender)),
            ("To", mailbox(letter.recipient_name, self.address)),
            ("Date", date_header(letter.written_at)),
            ("Message-ID", unbroken(letter.message_id)),
            *([("Reply-To", _mailbox(letter.reply_to))] if letter.reply_to else []),
            ("Auto-Submitted", "auto-generated"),
            *_list_headers(letter.unsubscribe),
        ]
        return headers(head) + self._body()

    def _body(self) -> bytes:
        letter = self._letter
        beside = next((file for file in letter.attachments if file.is_beside), None)
        parts = [text_part("plain", letter.text), text_part("html", letter.html)]
        if beside is not None:
            # Last, as the part that says most to a program that reads calendars (RFC 2046, 5.1.4).
            parts.append(file_part(beside.content_type, beside.content))
        files = [
            file_part(file.content_type, file.content, file.filename)
            for file in letter.attachments
            if file is not beside
        ]
        said = joined("alternative", parts)
        return joined("mixed", [said, *files]) if files else said


def _list_headers(unsubscribe: str) -> list[tuple[str, str]]:
    """Return what lets a mail program show a button to unsubscribe, which posts at one click (RFC 2369, RFC 8058)."""
    if not unsubscribe:
        return []
    return [
        ("List-Unsubscribe", f"<{unbroken(unsubscribe)}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    ]


@lru_cache(maxsize=16)
def _address_of(written: str) -> str:
    return wire_address(name_and_address(written)[1])


@lru_cache(maxsize=16)
def _mailbox(written: str) -> str:
    """Return "Name" <address>, or the address alone, with its domain in ASCII. The settings' two or three, again and again."""
    name, address = name_and_address(written)
    return mailbox(name, wire_address(address))
