from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

FORMAT = 1
MANIFEST = "manifest.json"
ERASURES = "erasures.jsonl"
FILES = "files/"
# What the database is called in the archive, by the kind of the database.
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
LEFT_OUT = (
    "The keys are not in this archive: keep CONFERENCE_SECRET_KEY and CONFERENCE_ENCRYPTION_KEY "
    "(with CONFERENCE_OLD_SECRET_KEYS) in another safe place. Without them personal links and sensitive answers are lost."
)

# What whoever holds an archive is told about the ways into the office that it brings back.
ON_RESTORE = (
    "A restore ends every sign-in, one-time link, desk code and API token of this archive: people sign in again with the "
    "password and second factor that they had, and programs get new tokens."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """One file of an archive: its SHA-256 in hexadecimal digits, and its length."""

    sha256: str
    size_bytes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """What an archive says of itself, as its last member: so one that was cut short has none.

    `taken_at` is the state that it holds, in real time; `counts` are the rows by table; `server` is the database's
    version; `keys` are fingerprints, by which the right keys are known and from which none can be made.
    """

    application: str
    migration: str
    taken_at: datetime
    database: str
    server: str
    counts: Mapping[str, int]
    members: Mapping[str, Member]
    keys: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """What was read of the database at one moment, beside its copy."""

    taken_at: datetime
    migration: str
    server: str
    counts: Mapping[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """An archive that was read whole, and whose every checksum is right."""

    manifest: Manifest
    size_bytes: int
