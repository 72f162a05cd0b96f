"""Lines to other machines that others can read: to the database and to the broker, where the settings ask for no TLS."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from sqlalchemy import make_url

from conference.config import Settings

_LOOPBACK = {"", "localhost", "127.0.0.1", "::1"}
_CHECKED = {"verify-full", "verify-ca"}


def open_lines(settings: Settings) -> Iterator[tuple[str, str, str]]:
    """Yield (what the line is to, how it is in a sentence, what to do) for each that others could read or answer.

    A name without a dot is a container's on the network of one machine, and a path is a socket.
    """
    address = make_url(settings.database_url)
    host = str(address.query.get("host", address.host or ""))
    mode = str(address.query.get("sslmode", "prefer"))
    if address.get_backend_name() == "postgresql" and _is_elsewhere(host) and mode not in _CHECKED:
        yield (
            "database line",
            f"what goes to the database at {host} can be read, or answered by another, on the way (sslmode={mode})",
            "Let the server speak TLS, and add ?sslmode=verify-full&sslrootcert=system to CONFERENCE_DATABASE_URL, or sslrootcert with the file of your own authority.",
        )
    broker = urlsplit(settings.broker_url)
    if broker.scheme in {"redis", "amqp"} and _is_elsewhere(broker.hostname or ""):
        yield (
            "broker line",
            f"what goes to the broker at {broker.hostname} can be read on the way, its password too",
            f"Let the broker speak TLS, and begin CONFERENCE_BROKER_URL with {broker.scheme}s://.",
        )


def _is_elsewhere(host: str) -> bool:
    return not host.startswith("/") and host not in _LOOPBACK and ("." in host or ":" in host)
