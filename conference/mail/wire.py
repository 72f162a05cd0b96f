"""Bytes of a mail as SMTP carries them (RFC 5322, 2045 to 2047): headers, text parts, files, and what joins them.

Written here because Python's `email` builds a tree of objects and walks it several times, which took longer than all
else about a mail together, and because Flask-Mail 0.10 asks the name service for this machine's name at each message.
"""

import re
import secrets
from base64 import b64encode, encodebytes
from binascii import b2a_qp
from collections.abc import Iterable, Sequence
from email.message import Message as EmailHeaders
from email.utils import format_datetime, quote

Header = tuple[str, str]
# With the header's name and the frame of an encoded word the line stays below 76 characters (RFC 2047, 2).
_BYTES_A_WORD = 36
_LONGEST_LINE = 76
_FOLD = "\r\n "
_LINE_END = re.compile(r"\r\n|\r|\n")
_TRAILING = re.compile(rb"[ \t]+(?=\r\n)")

date_header = format_datetime


def headers(pairs: Iterable[Header]) -> bytes:
    """Return the lines of these headers; raises ValueError where one holds a line end that folds nothing.

    A value that ASCII cannot write is an address that SMTPUTF8 carries.
    """
    lines = [f"{unbroken(name)}: {value}\r\n" for name, value in pairs]
    for line in lines:
        if _LINE_END.search(line.removesuffix("\r\n").replace(_FOLD, "")):
            raise ValueError(f"a line end in the header {line.partition(':')[0]}")
    return "".join(lines).encode()


def words(text: str) -> str:
    """Return the text as a header shows it literally: as it is, or as encoded words, folded (RFC 2047).

    Raises ValueError where it holds a line end.
    """
    if text.isascii() and "=?" not in text:
        return unbroken(text)
    return _FOLD.join(f"=?utf-8?b?{b64encode(piece).decode()}?=" for piece in _pieces(unbroken(text)))


def unbroken(text: str) -> str:
    """Return the text, in which not even a fold may stand; raises ValueError where it holds a line end."""
    if "\r" in text or "\n" in text:
        raise ValueError("a line end in a header")
    return text


def _pieces(text: str) -> list[bytes]:
    """Return the text in UTF-8, cut between characters, since each encoded word is read by itself."""
    pieces = [b""]
    for character in text:
        encoded = character.encode()
        if len(pieces[-1]) + len(encoded) > _BYTES_A_WORD:
            pieces.append(b"")
        pieces[-1] += encoded
    return pieces


def mailbox(name: str, address: str) -> str:
    """Return "Name" <address> as a header shows it, the name literally, or the address alone.

    Raises ValueError where one of them holds a line end.
    """
    if not name:
        return unbroken(address)
    shown = words(name)
    # An encoded word holds nothing that needs quotes, and within quotes it would not be read.
    shown = f'"{quote(name)}"' if shown == name else shown
    last = shown.rpartition(_FOLD)[2]
    is_short = len("Reply-To: ") + len(last) + len(address) + len(" <>") <= _LONGEST_LINE
    return f"{shown}{' ' if is_short else _FOLD}<{unbroken(address)}>"


def text_part(subtype: str, text: str) -> bytes:
    """Return a part of words, clean of 8-bit characters and overlong lines on any server, its last line ended."""
    lines = (_LINE_END.sub("\n", text) if "\r" in text else text).replace("\n", "\r\n").encode()
    # The end of the last line tells b2a_qp how it should break the others.
    lines = lines.rstrip() + b"\r\n"
    if b" \r\n" in lines or b"\t\r\n" in lines:
        # A blank at the end of a line would have to be encoded, past the longest line; nobody sees it.
        lines = _TRAILING.sub(b"", lines)
    quoted = b2a_qp(lines)
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    return head.encode() + quoted


def file_part(content_type: str, content: bytes, filename: str = "") -> bytes:
    """Return a file in base64; one without a name is no file to open. Raises ValueError as `headers` does."""
    pairs = [("Content-Type", unbroken(content_type)), ("Content-Transfer-Encoding", "base64")]
    if filename:
        pairs.append(("Content-Disposition", _disposition(unbroken(filename))))
    return headers(pairs) + b"\r\n" + encodebytes(content).replace(b"\n", b"\r\n")


def _disposition(filename: str) -> str:
    one = EmailHeaders()
    told = filename if filename.isascii() else ("utf-8", "", filename)
    one.add_header("Content-Disposition", "attachment", filename=told)
    return str(one["Content-Disposition"])


def joined(subtype: str, parts: Sequence[bytes]) -> bytes:
    """Return one part made of these, its own head included; the boundary is random, so that no part can hold it."""
    boundary = secrets.token_hex(16)
    head = f'Content-Type: multipart/{subtype}; boundary="{boundary}"\r\n'.encode()
    line = f"\r\n--{boundary}".encode()
    return b"".join([head, *(piece for part in parts for piece in (line, b"\r\n", part)), line, b"--\r\n"])
