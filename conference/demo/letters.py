"""Reads the mails that the mailbox keeps."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.header import decode_header
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from conference.core.errors import NotFoundError
from conference.mail.model import Attachment

_NAME = re.compile(r"[0-9-]+")
_FOLDS = re.compile(r"\r?\n(?=[ \t])")


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """A kept mail, read. `name` is its file's name without .eml, and its address."""

    name: str
    to: str
    sender: str
    subject: str
    date: datetime | None
    message_id: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    attachments: tuple[Attachment, ...]


def letters(folder: Path) -> list[Letter]:
    """Return all kept mails, newest first."""
    return [_read(path) for path in sorted(folder.glob("*.eml"), reverse=True)]


def get_letter(folder: Path, name: str) -> Letter:
    """Return one kept mail; raises NotFoundError, for a name that is no mail's too."""
    path = folder / f"{name}.eml"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NotFoundError
    return _read(path)


def _read(path: Path) -> Letter:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    date = message["Date"]
    return Letter(
        name=path.stem,
        to=_shown(message, "To"),
        sender=_shown(message, "From"),
        subject=str(message["Subject"] or ""),
        date=parsedate_to_datetime(str(date)) if date else None,
        message_id=str(message["Message-ID"] or "").strip(),
        text=_part(message, "plain"),
        html=_part(message, "html"),
        attachments=tuple(_attachment(part) for part in message.iter_attachments()),
    )


def _shown(message: EmailMessage, name: str) -> str:
    """Return a header of addresses as mail programs show it.

    Python 3.11's own parser puts a space where the encoded words of a long name meet (RFC 2047, 6.2, has none).
    """
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
    plain = raw.encode("ascii", "surrogateescape").decode("utf-8", "replace") if not raw.isascii() else raw
    # Unfolded first: the blank of a fold before an address is one that is seen.
    parts = decode_header(
        _FOLDS.sub("", plain)
    )  # bytes, of which those outside encoded words are raw-unicode-escape
    return "".join(
        part if isinstance(part, str) else part.decode(charset or "raw-unicode-escape", "replace")
        for part, charset in parts
    )


def _part(message: EmailMessage, subtype: str) -> str:
    part = message.get_body(preferencelist=(subtype,))
    return str(part.get_content()) if part is not None else ""


def _attachment(part: EmailMessage) -> Attachment:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return Attachment(
        filename=part.get_filename() or "attachment",
        content_type=part.get_content_type(),
        content=content,
    )
