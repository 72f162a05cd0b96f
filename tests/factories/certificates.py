"""Certificates of an authority of our own, and a server in front that shows one."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAME = "localhost"


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def write_certificate(folder: Path, authority: str, ends_at: datetime) -> tuple[Path, Path]:
    """Return a file of the authority's certificate, and one with key and certificate of localhost, valid for 90 days."""
    own, site = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    begins_at = ends_at - timedelta(days=90)

    def made(subject: str, key: ec.EllipticCurvePrivateKey, *, is_authority: bool) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(_name(subject))
            .issuer_name(_name(authority))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins_at - timedelta(days=1))
            .not_valid_after(ends_at + timedelta(days=365) if is_authority else ends_at)
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(subject)]), critical=False)
        )
        return builder.sign(own, hashes.SHA256())

    trusted, shown = folder / "authority.pem", folder / "site.pem"
    pem = serialization.Encoding.PEM
    trusted.write_bytes(made(authority, own, is_authority=True).public_bytes(pem))
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    shown.write_bytes(
        site.private_bytes(pem, *plain) + made(NAME, site, is_authority=False).public_bytes(pem)
    )
    return trusted, shown


@contextmanager
def shown_by_a_server(certificate: Path) -> Iterator[int]:
    """Yield the port of a server that shows this certificate to whoever comes, and says no more."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    line = listener.accept()[0]
                except OSError:
                    return  # closed: the test is over
                with suppress(OSError), context.wrap_socket(line, server_side=True):
                    pass

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield int(listener.getsockname()[1])
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
