"""Codes of an authenticator app, as RFC 6238 says: HMAC-SHA-1, six digits, steps of 30 seconds. Pure."""

import base64
import hashlib
import hmac
import struct
from datetime import datetime
from urllib.parse import quote, urlencode

STEP_S = 30
DIGITS = 6
# A code counts one step before and after its own, for clocks that differ and for who types slowly (RFC 6238, 5.2).
SLACK = 1
# RFC 4226, 4 recommends 160 bits; base 32 of it needs no padding.
SECRET_BYTES = 20


def encoded(secret: bytes) -> str:
    """Return the secret as apps take it: base 32 (RFC 4648)."""
    return base64.b32encode(secret).decode("ascii")


def decoded(text: str) -> bytes:
    return base64.b32decode(text)


def code_at(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """Return the code of a time step (RFC 4226, 5.3)."""
    digest = hmac.new(secret, struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    (number,) = struct.unpack(">I", digest[offset : offset + 4])
    return f"{(number & 0x7FFFFFFF) % 10**digits:0{digits}d}"


def step_of(moment: datetime) -> int:
    return int(moment.timestamp()) // STEP_S


def matching_step(secret: bytes, typed: str, now: datetime, *, after: int | None = None) -> int | None:
    """Return the step that the typed code belongs to, or None.

    `after` is the last step whose code was taken: that one and those before count no more. Spaces are passed over.
    """
    code = "".join(typed.split())
    here, found = step_of(now), None
    for step in range(here - SLACK, here + SLACK + 1):
        fits = hmac.compare_digest(code_at(secret, step).encode(), code.encode())
        if fits and (after is None or step > after):
            found = step
    return found


def setup_address(secret: bytes, account: str, issuer: str) -> str:
    """Return the address that an app reads from the QR code, by the de facto standard of such addresses."""
    label = quote(f"{issuer}:{account}", safe="@:")
    values = {"secret": encoded(secret), "issuer": issuer, "digits": DIGITS, "period": STEP_S}
    return f"otpauth://totp/{label}?{urlencode(values, quote_via=quote)}"
