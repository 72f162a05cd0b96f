"""Personal links: a capability for one record, made by HMAC from the secret key and never stored (trust.md 21).

The token names a record and the version of its links. Raising the version stored with the record lets every
token given so far die; whoever reads a token compares its version with the stored one.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence

from conference.core.errors import NotFoundError

# 160 of SHA-256's 256 bits: out of reach for guessing, and the address still fits on a line of a mail.
_MAC_BYTES = 20
# Canonical numbers only, so that one capability has exactly one spelling; nine digits fit each database's integer.
_FORM = re.compile(r"([1-9][0-9]{0,8})-([1-9][0-9]{0,8})-[A-Za-z0-9_-]{27}", re.ASCII)


def sign(secret: str, purpose: str, record_id: int, version: int) -> str:
    """Return the token, as in "17-1-Zm9v…": URL-safe. A token of one purpose is worth nothing for another."""
    message = f"conference-link\0{purpose}\0{record_id}\0{version}".encode()
    mac = hmac.new(secret.encode(), message, hashlib.sha256).digest()[:_MAC_BYTES]
    return f"{record_id}-{version}-{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def one_time(secret: str, purpose: str, nonce: str) -> str:
    """Return a token made of the secret key and a nonce, the same each time: 43 URL-safe characters.

    What is stored is the nonce, from which nobody without the key can make the token; so a mail that is sent twice,
    because an answer was lost, holds the same link twice.
    """
    mac = hmac.new(secret.encode(), f"conference-once\0{purpose}\0{nonce}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def _each(secrets: str | Sequence[str]) -> Sequence[str]:
    return (secrets,) if isinstance(secrets, str) else secrets


def read(secrets: str | Sequence[str], purpose: str, token: str) -> tuple[int, int]:
    """Return (record id, link version) of a token that `sign` made; raises NotFoundError for any other text.

    Several keys are the present one and earlier ones, each of which counts.
    """
    form = _FORM.fullmatch(token)
    if form is None:
        raise NotFoundError
    record_id, version = int(form[1]), int(form[2])
    if not any(hmac.compare_digest(sign(one, purpose, record_id, version), token) for one in _each(secrets)):
        raise NotFoundError
    return record_id, version


def sign_word(secret: str, purpose: str, word: str) -> str:
    """Return a token of a word that needs no record, as of an address's digest: URL-safe, for as long as the key lasts."""
    mac = hmac.new(secret.encode(), f"conference-word\0{purpose}\0{word}".encode(), hashlib.sha256).digest()
    return f"{word}.{base64.urlsafe_b64encode(mac[:_MAC_BYTES]).decode().rstrip('=')}"


def read_word(secrets: str | Sequence[str], purpose: str, token: str) -> str:
    """Return the word of a token that `sign_word` made; raises NotFoundError for any other text."""
    word = token.rpartition(".")[0]
    if not token.isascii():
        raise NotFoundError
    if not any(hmac.compare_digest(sign_word(one, purpose, word), token) for one in _each(secrets)):
        raise NotFoundError
    return word
