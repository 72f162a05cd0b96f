"""Texts that are encrypted at rest. The only importer of cryptography."""

import base64
import hashlib
import hmac
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MIN_KEY_LENGTH = 32
# What a text of the present form begins with; one of the earlier form begins with "gAAAA", as Fernet's do.
_FORM = "2."
_USE = b"conference-sealing-2"
# NIST SP 800-38D, 8.2: 96 random bits are enough for 2^32 texts under one key; the tag has 128.
_NONCE_BYTES, _TAG_BYTES = 12, 16


def keys_in(setting: str) -> tuple[str, ...]:
    """Return the keys of a setting that holds them with commas between; the first one encrypts."""
    return tuple(key for part in setting.split(",") if (key := part.strip()))


@lru_cache(maxsize=8)
def _ciphers(setting: str) -> tuple[AESGCM, ...]:
    # A long random text of any alphabet becomes 32 bytes; for this use alone (NIST SP 800-108, RFC 5869).
    return tuple(AESGCM(HKDF(SHA256(), 32, None, _USE).derive(key.encode())) for key in keys_in(setting))


@lru_cache(maxsize=8)
def _box(setting: str) -> MultiFernet:
    """Return what opens texts of the earlier form, which `conference keys rotate` seals anew."""
    digests = (hashlib.sha256(key.encode()).digest() for key in keys_in(setting))
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def seal(setting: str, text: str) -> str:
    """Return the text encrypted with the first key (AES-256-GCM under a nonce of its own), as URL-safe ASCII."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    whole = nonce + _ciphers(setting)[0].encrypt(nonce, text.encode(), None)
    return _FORM + base64.urlsafe_b64encode(whole).decode("ascii")


def unseal(setting: str, sealed: str) -> str | None:
    """Return what was sealed with any of the keys, None where none of them opens it."""
    if not keys_in(setting):
        return None
    if not sealed.startswith(_FORM):
        return _of_earlier_form(setting, sealed)
    try:
        whole = base64.b64decode(sealed.removeprefix(_FORM), altchars=b"-_", validate=True)
    except ValueError:
        return None
    nonce, rest = whole[:_NONCE_BYTES], whole[_NONCE_BYTES:]
    if len(rest) < _TAG_BYTES:
        return None
    for cipher in _ciphers(setting):
        try:
            return cipher.decrypt(nonce, rest, None).decode()
        except InvalidTag:
            continue
    return None


def _of_earlier_form(setting: str, sealed: str) -> str | None:
    try:
        return _box(setting).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def fingerprint(key: str) -> str:
    """Return 16 hexadecimal digits by which a key is known again, and from which a random key cannot be made."""
    return hmac.new(key.encode(), b"conference-fingerprint", hashlib.sha256).hexdigest()[:16]


def is_newest(setting: str, sealed: str) -> bool:
    """Return whether the text was sealed with the first key, in the present form."""
    return sealed.startswith(_FORM) and unseal(keys_in(setting)[0], sealed) is not None
