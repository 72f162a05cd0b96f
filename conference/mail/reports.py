"""Reading delivery status notifications (RFC 3464, and RFC 6533 for addresses beyond ASCII). Pure: from the bytes of a mail to what it reports."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message

from conference.mail.rules import one_line

# Servers return the headers, or the mail with its attachments; ours are far below. Own choice.
MOST_BYTES = 2_000_000
DIAGNOSTIC_LENGTH = 1000
_ACTIONS = {"failed", "delayed", "delivered", "relayed", "expanded"}
# RFC 3463: class, subject and detail; servers put comments behind it.
_STATUS = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})(?!\d)", re.ASCII)
# RFC 3463, section 3.2: these two of the subject "addressing" speak of the sender's address. Section 3.3: a mailbox
# that is disabled.
_OF_SENDER = {"5.1.7", "5.1.8"}
_DISABLED = "5.2.1"
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,198}>")
# RFC 6533, section 4: the same fields in UTF-8. The parser takes its blocks apart only under the older name.
_GLOBAL = re.compile(rb"(?i)\bmessage/global-delivery-status\b")
# RFC 6533, section 3: how an address stands where a field must be ASCII.
_EMBEDDED = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
_RETURNED = {"text/rfc822-headers", "message/rfc822", "message/global", "message/global-headers"}


class NotAReportError(Exception):
    """The file is no delivery status notification, or one that cannot be read; its text says which."""


def is_of_address(status: str) -> bool:
    """Return whether the status says for good that the address takes no mail (RFC 3463, sections 3.2 and 3.3).

    Of the permanent class that are the subject "addressing" and a disabled mailbox. Whatever else a server refuses for,
    a full mailbox, its own faults, the way there, the contents or its policy, as with one wrong SPF record of ours, is
    true of every address of that hospital, and none of them is wrong.
    """
    return (status.startswith("5.1.") and status not in _OF_SENDER) or status == _DISABLED


@dataclass(frozen=True, kw_only=True, slots=True)
class Reported:
    """What became of the mail for one recipient, by each address that the report gives them, in lower case."""

    addresses: frozenset[str] = field(repr=False)
    action: str
    status: str
    diagnostic: str = field(repr=False)

    @property
    def is_hard(self) -> bool:
        """Whether the address takes no mail: given up, for a reason that `is_of_address`."""
        return self.action == "failed" and is_of_address(self.status)

    @property
    def weight(self) -> int:
        """How much it says: a later report of more weight replaces an earlier one of the same mail."""
        return 2 if self.is_hard else 1 if self.action == "failed" else 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """A notification: the Message-ID of the mail that it returns, and what became of it for each recipient."""

    message_id: str
    recipients: tuple[Reported, ...]


def read_report(content: bytes) -> Report:
    """Return what the notification says; raises NotAReportError for anything else, of any size and shape."""
    if len(content) > MOST_BYTES:
        raise NotAReportError(f"it is larger than {MOST_BYTES // 1_000_000} MB")
    try:
        return _report(message_from_bytes(_GLOBAL.sub(b"message/delivery-status", content)))
    except NotAReportError:
        raise
    except Exception as error:
        # Strangers write these: a parser has more ways to fail on nonsense than its documentation names.
        raise NotAReportError(f"it cannot be read ({type(error).__name__})") from error


def _report(message: Message) -> Report:
    parts = _parts_of_report(message)
    status = next((part for part in parts if part.get_content_type() == "message/delivery-status"), None)
    if status is None:
        raise NotAReportError("it is no delivery status notification")
    message_id = next((found for part in parts if (found := _message_id_in(part))), "")
    if not message_id:
        raise NotAReportError("it returns no headers with a Message-ID")
    recipients = tuple(_recipients(status))
    if not recipients:
        raise NotAReportError("it names no recipient with an action and a status")
    return Report(message_id=message_id, recipients=recipients)


def _parts_of_report(message: Message) -> list[Message]:
    """Return the parts of the first multipart/report, the message itself or one that was sent on as an attachment."""
    for part in message.walk():
        if part.get_content_type() == "multipart/report" and part.is_multipart():
            kind = str(part.get_param("report-type", "delivery-status")).lower()
            if kind == "delivery-status":
                return list(part.get_payload())
    return []


def _message_id_in(part: Message) -> str:
    kind = part.get_content_type()
    if kind not in _RETURNED:
        return ""
    payload = part.get_payload()
    returned = payload[0] if isinstance(payload, list) and payload else None
    if not isinstance(returned, Message):
        raw = part.get_payload(decode=True)
        returned = message_from_bytes(raw if isinstance(raw, bytes) else b"")
    found = _MESSAGE_ID.search(_words(returned, "Message-ID"))
    return found.group() if found else ""


def _recipients(status: Message) -> Iterator[Reported]:
    """Yield each block that names a recipient; the first block is about the mail as a whole."""
    blocks = status.get_payload()
    for block in blocks if isinstance(blocks, list) else []:
        if not isinstance(block, Message):
            continue
        action = _words(block, "Action").lower().split(" ")[0]
        code = _STATUS.match(_words(block, "Status"))
        names = (_after_type(block, "Final-Recipient"), _after_type(block, "Original-Recipient"))
        addresses = frozenset(name.strip("<>").lower() for name in names if "@" in name)
        if addresses and action in _ACTIONS and code:
            yield Reported(
                addresses=addresses,
                action=action,
                status=code[1],
                diagnostic=_after_type(block, "Diagnostic-Code")[:DIAGNOSTIC_LENGTH],
            )


def _words(block: Message, name: str) -> str:
    """Return the header as one line of characters that each database takes."""
    # The parser keeps bytes beyond ASCII as surrogates in the raw text, and hides them in any other.
    raw = next((str(text) for key, text in block.raw_items() if key.lower() == name.lower()), "")
    return one_line(raw.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def _after_type(block: Message, name: str) -> str:
    """Return a field's value without its type, as in "rfc822; asa@clinic.example" (RFC 3464, section 2.1.2)."""
    kind, semicolon, value = _words(block, name).partition(";")
    if not semicolon:
        return kind.strip()
    if kind.strip().lower() == "utf-8":
        value = _EMBEDDED.sub(_embedded, value)
    return value.strip()


def _embedded(match: re.Match[str]) -> str:
    number = int(match[1], 16)
    # No sign stands for a surrogate or beyond Unicode's end: then it is left as it was written.
    return chr(number) if number < 0xD800 or 0xE000 <= number <= 0x10FFFF else match[0]  # noqa: PLR2004 -- Unicode's numbers
