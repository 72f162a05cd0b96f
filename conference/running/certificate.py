"""The certificate that the site's visitors meet, asked of the address that they use."""

import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

_TLS_PORT = 443
# What OpenSSL says of a certificate whose time is over (X509_V_ERR_CERT_HAS_EXPIRED).
_EXPIRED = 10


class CertificateError(Exception):
    """Visitors' browsers would not trust the site. The text says why; `is_expired` where its time is over."""

    def __init__(self, said: str, *, is_expired: bool) -> None:
        super().__init__(said)
        self.is_expired = is_expired


@dataclass(frozen=True, kw_only=True, slots=True)
class Certificate:
    """Until when it is valid, in real time, and who issued it."""

    ends_at: datetime
    issuer: str


def certificate_of(base_url: str, seconds: float) -> Certificate:
    """Return the certificate of an https address, as this machine's authorities (or SSL_CERT_FILE) judge it.

    Waits no longer than `seconds` for each answer. Raises CertificateError, and OSError where nobody answers.
    """
    address = urlsplit(base_url)
    host = address.hostname or ""
    context = ssl.create_default_context()
    try:
        with (
            socket.create_connection((host, address.port or _TLS_PORT), timeout=seconds) as line,
            context.wrap_socket(line, server_hostname=host) as secured,
        ):
            told = secured.getpeercert()
    except ssl.SSLCertVerificationError as error:
        raise CertificateError(error.verify_message, is_expired=error.verify_code == _EXPIRED) from error
    assert told is not None  # of a connection that was verified
    ends_s = ssl.cert_time_to_seconds(str(told["notAfter"]))
    return Certificate(ends_at=datetime.fromtimestamp(ends_s, UTC), issuer=_issuer(told.get("issuer", ())))


def _issuer(names: object) -> str:
    """Return the issuer's organisation, or its common name."""
    found = {key: value for part in names for key, value in part} if isinstance(names, tuple) else {}
    return str(found.get("organizationName") or found.get("commonName") or "an authority without a name")
