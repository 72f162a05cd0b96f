"""Texts that are encrypted at rest. The only importer of cryptography."""

import base64
import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

MIN_KEY_LENGTH = 32


def keys_in(setting: str) -> tuple[str, ...]:
    """Return the keys of a setting that holds them with commas between; the first one encrypts."""
    return tuple(key for part in setting.split(",") if (key := part.strip()))


@lru_cache(maxsize=8)
def _box(setting: str) -> MultiFernet:
    # Fernet takes 32 bytes; a long random text of any alphabet becomes them.
    digests = (hashlib.sha256(key.encode()).digest() for key in keys_in(setting))
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def seal(setting: str, text: str) -> str:
    """Return the text encrypted with the first key (AES-128-CBC and HMAC, as Fernet specifies)."""
    return _box(setting).encrypt(text.encode()).decode("ascii")


def unseal(setting: str, sealed: str) -> str | None:
    """Return what was sealed with any of the keys, None where none of them opens it."""
    if not keys_in(setting):
        return None
    try:
        return _box(setting).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def fingerprint(key: str) -> str:
    """Return 16 hexadecimal digits by which a key is known again, and from which a random key cannot be made."""
    return hmac.new(key.encode(), b"conference-fingerprint", hashlib.sha256).hexdigest()[:16]


def is_newest(setting: str, sealed: str) -> bool:
    """Return whether the text was sealed with the first key."""
    return unseal(keys_in(setting)[0], sealed) is not None
