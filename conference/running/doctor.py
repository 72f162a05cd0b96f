"""Looks at all that the office needs to run, and says of each what to do."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from conference.accounts.breached import HAS_LIST
from conference.audit.standing import standing
from conference.config import unsafe
from conference.core.clock import real_now
from conference.core.errors import NoRoomError
from conference.core.sealing import keys_in
from conference.db.base import db
from conference.db.migrations import migrations_are_current
from conference.event.queries import missing_facts
from conference.jobs.model import JobState
from conference.jobs.opening import broker_trouble
from conference.mail.trying import server_trouble
from conference.mail.watching import mails_by_state, queue_waits
from conference.printing.fonts import fonts_are_there
from conference.running.backup import kind_of
from conference.running.certificate import CertificateError, certificate_of
from conference.running.doctor_words import counted, entries, mail_states, utc_day, utc_moment
from conference.running.errors import RunningError
from conference.running.lines import open_lines
from conference.running.postgres_copy import programs_for
from conference.running.queries import backup_trouble, backups_standing
from conference.running.restore import unfinished
from conference.web.registry import invariants
from conference.web.settings import current_settings
from conference.web.store import StoreAwayError, is_s3, store_of

# A worker seals each few seconds; more than this is not the last moment's.
_WAITING_LOW, _SEALED_WITHIN = 500, timedelta(hours=1)
GB = 1_000_000_000
LEAST_FREE, LOW_FREE = GB // 5, 2 * GB
_DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_CLOCKS_DIFFER_S = 2.0
_MAIL_ANSWERS_WITHIN_S = 10.0
_SITE_ANSWERS_WITHIN_S = 5.0
# Whoever renews by themselves does so a month before the end (certbot, Caddy); an office needs a working week for it.
_RENEWED_BEFORE = timedelta(days=14)


class Level(StrEnum):
    OK = "ok"
    LOOK = "look"  # works today, and is better mended
    BAD = "bad"  # something does not work, or will not when it is needed


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that was looked at: how it is in a sentence, and what to do, "" where nothing is."""

    name: str
    level: Level
    said: str
    remedy: str = ""


def _ok(name: str, said: str) -> Finding:
    return Finding(name=name, level=Level.OK, said=said)


def _bad(name: str, said: str, remedy: str) -> Finding:
    return Finding(name=name, level=Level.BAD, said=said, remedy=remedy)


def _look(name: str, said: str, remedy: str) -> Finding:
    return Finding(name=name, level=Level.LOOK, said=said, remedy=remedy)


def _settings() -> Iterator[Finding]:
    settings = current_settings()
    findings = unsafe(settings) if settings.mode == "production" else ()
    for finding in findings:
        yield _bad("settings", f"{finding.variable} is not safe", finding.remedy)
    if not findings:
        yield _ok("settings", "nothing is unsafe")
    if not HAS_LIST:
        remedy = "Install the list of such passwords: pip install -e '.[breached]'."
        yield _look("passwords", "staff may choose passwords that are known from breaches", remedy)
    for name, told, remedy in open_lines(settings):
        yield _look(name, told, remedy)
    missing = missing_facts()
    if missing:
        told = " ".join(sentence.removesuffix(" Set it under Event.") for sentence in missing)
        yield _look("event", told, "Fill that in under Event.")


def _database() -> Iterator[Finding]:
    dialect = db.engine.dialect
    db.session.execute(select(1))
    version = ".".join(map(str, dialect.server_version_info or ()))
    yield _ok("database", f"{_DATABASES.get(dialect.name, dialect.name)} {version} answers")
    waiting = migrations_are_current()
    if waiting:
        yield _bad("migrations", waiting, "Make a backup, then run `conference db upgrade`.")
    else:
        yield _ok("migrations", "the database is at this version's newest")
    broken_off = unfinished(current_settings())
    if broken_off:
        yield _bad("restore", broken_off, "Begin the restore again, as it says.")


def _clock() -> Iterator[Finding]:
    ZoneInfo("Europe/Stockholm")
    if db.engine.dialect.name == "postgresql":
        theirs = db.session.execute(select(func.clock_timestamp())).scalar_one()
        apart = abs((real_now() - theirs).total_seconds())
        if apart > _CLOCKS_DIFFER_S:
            yield _bad(
                "clock",
                f"this machine and the database differ by {apart:.0f} s",
                "Let both follow a time server (chrony or systemd-timesyncd).",
            )
            return
    now = f"it is {utc_moment(real_now(), with_seconds=True)}"
    synchronised = _is_synchronised()
    if synchronised is False:
        remedy = (
            "Install and start chrony or systemd-timesyncd: tokens, deadlines and mails go by this clock."
        )
        yield _look("clock", f"{now}, and no time server sets it", remedy)
    else:
        yield _ok("clock", now)


def _is_synchronised() -> bool | None:
    """Return what systemd says of the clock; None where it says nothing."""
    program = shutil.which("timedatectl")
    if program is None:
        return None
    command = [program, "show", "--property=NTPSynchronized", "--value"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=5).stdout.strip()  # noqa: S603 -- systemd's own
    except (OSError, subprocess.SubprocessError):
        return None
    return {"yes": True, "no": False}.get(said)


def _fonts() -> Iterator[Finding]:
    wrong = fonts_are_there()
    if wrong:
        yield _bad(
            "fonts", wrong, "Install the application's requirements again: pip install -r requirements.txt."
        )
    else:
        yield _ok("fonts", "all are there")


def _disk() -> Iterator[Finding]:
    settings = current_settings()
    folders = {"instance folder": settings.instance}
    if settings.backup_folder:
        folders["folder of backups"] = Path(settings.backup_folder)
    for name, folder in folders.items():
        if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
            yield _bad(
                "disk", f"the {name} {folder} cannot be written", f"Make it, owned by this user: {folder}."
            )
            continue
        free = shutil.disk_usage(folder).free
        said = f"{free / GB:.1f} GB are free in the {name}"
        if free < LEAST_FREE:
            yield _bad(
                "disk", said, f"Make room on the disk of {folder} now: registrations end when it is full."
            )
        elif free < LOW_FREE:
            yield _look("disk", said, f"Make room on the disk of {folder}.")
        else:
            yield _ok("disk", said)


def _uploads() -> Iterator[Finding]:
    settings = current_settings()
    place = settings.uploads or str(settings.instance)
    wrong = store_of(settings).trouble()
    if wrong:
        remedy = (
            "Compare the CONFERENCE_UPLOADS settings with the store's: our key must be let read, write, list and delete there."
            if is_s3(settings)
            else f"See that {place} is mounted, and owned by this user."
        )
        yield _bad("uploads", wrong, remedy)
    else:
        yield _ok("uploads", f"files can be written, read and deleted in {place}")


def _keys() -> Iterator[Finding]:
    settings = current_settings()
    old = len(keys_in(settings.old_secret_keys))
    sealed = len(keys_in(settings.encryption_key))
    if sealed > 1:
        remedy = "Run `conference keys rotate`, then take the older keys out of CONFERENCE_ENCRYPTION_KEY."
        yield _look("keys", f"{sealed} encryption keys are set", remedy)
    if settings.mode == "production" and sealed == 0:
        yield _look(
            "keys",
            "no encryption key is set",
            "Set CONFERENCE_ENCRYPTION_KEY before a sensitive question is asked.",
        )
    earlier = f", and {counted(old, 'earlier one')}" if old else ""
    yield _ok("keys", f"the secret key is set{earlier}")


def _proxies() -> Iterator[Finding]:
    settings = current_settings()
    if settings.base_url.startswith("https://") and not settings.trusted_proxies:
        yield _look(
            "proxies",
            "the site is https, and no proxy is trusted",
            "Set CONFERENCE_TRUSTED_PROXIES to the network of the server in front, as in 127.0.0.1/32.",
        )
    else:
        named = ", ".join(map(str, settings.trusted_proxies))
        yield _ok("proxies", f"trusted are {named}" if named else "none is trusted")


def _certificate() -> Iterator[Finding]:
    """What visitors' browsers meet; nothing of a site without TLS, which `_settings` tells."""
    base_url = current_settings().base_url
    if not base_url.startswith("https://"):
        return
    try:
        found = certificate_of(base_url, _SITE_ANSWERS_WITHIN_S)
    except CertificateError as error:
        if error.is_expired:
            yield _bad(
                "certificate", f"that of {base_url} is over", "Renew it now: browsers refuse the site."
            )
            return
        remedy = "Browsers warn of it: get one of a public authority (Caddy and certbot do so by themselves). Where your own authority signed it, and all browsers know that, name its file in SSL_CERT_FILE for this command."
        yield _look("certificate", f"that of {base_url} is not trusted here: {error}", remedy)
        return
    except OSError as error:
        remedy = "See that the server in front runs; where this machine may not ask it, look from outside."
        yield _look("certificate", f"{base_url} does not answer here ({error.strerror or error})", remedy)
        return
    left = found.ends_at - real_now()
    ends = f"ends on {utc_day(found.ends_at)}, in {counted(left.days, 'day')}"
    said = f"that of {base_url}, issued by {found.issuer}, {ends}"
    if left < _RENEWED_BEFORE:
        yield _look("certificate", said, "Renew it, and see why that does not happen by itself.")
    else:
        yield _ok("certificate", said)


def _queue() -> Iterator[Finding]:
    late = queue_waits()
    states = mails_by_state()
    said = f"mails go out in time ({mail_states(states)})"
    if late:
        yield _bad("queue", late, "Start `conference worker`, and look at its log.")
    elif states[JobState.FAILED] or states[JobState.HELD]:
        remedy = "See under Mails those that are refused or held back, and why: each waits for somebody who decides."
        yield _look("queue", said, remedy)
    else:
        yield _ok("queue", said)


def _backups() -> Iterator[Finding]:
    settings, standing = current_settings(), backups_standing()
    wrong = backup_trouble()
    if wrong:
        yield _bad(
            "backups",
            wrong,
            "Mend what it says, and see that a worker runs: it tries again within a quarter of an hour.",
        )
    elif standing.last_at is not None:
        yield _ok("backups", f"{standing.last_file} was made on {utc_moment(standing.last_at)}")
    elif not settings.backup_folder:
        remedy = "Set CONFERENCE_BACKUP_FOLDER for the worker, on another disk or machine."
        yield _look("backups", "no worker makes any", remedy)
    if kind_of(settings.database_url) == "postgresql":
        yield from _programs()


def _programs() -> Iterator[Finding]:
    version = int((db.engine.dialect.server_version_info or (0,))[0])
    try:
        program = programs_for("pg_dump", version)[0]
    except RunningError as error:
        yield _bad("backups", str(error), f"Install postgresql-client-{version}.")
    else:
        yield _ok("backups", f"{program} fits the server")


def _mail() -> Iterator[Finding]:
    wrong = server_trouble(_MAIL_ANSWERS_WITHIN_S)
    if wrong:
        yield _bad(
            "mail",
            wrong,
            "Compare the CONFERENCE_MAIL_ settings with the server's, then `conference check --mail`.",
        )
    else:
        yield _ok("mail", f"{current_settings().mail_server} lets us in")


def _broker() -> Iterator[Finding]:
    wrong = broker_trouble(current_settings())
    if wrong:
        yield _look("broker", wrong.removeprefix("broker: "), "Start it, or correct CONFERENCE_BROKER_URL.")
    elif current_settings().broker_url:
        yield _ok("broker", "it answers")


def _history() -> Iterator[Finding]:
    found = standing()
    is_left = found.waiting > _WAITING_LOW and (
        found.sealed_at is None or real_now() - found.sealed_at > _SEALED_WITHIN
    )
    if found.wrong:
        yield _bad(
            "history",
            f"{counted(found.wrong, 'thing is', 'things are')} not as sealed",
            "Run `conference audit verify`: it says what. Keep a backup first.",
        )
    elif is_left or found.is_check_late:
        said = f"{entries(found.waiting)} not sealed yet" if is_left else "nobody has looked at it for days"
        yield _look("history", said, "See whether a worker runs; or `conference audit seal` and `verify`.")
    else:
        waiting = f", {entries(found.waiting)} not yet" if found.waiting else ""
        yield _ok("history", f"{entries(found.sealed)} sealed{waiting}")


def _data() -> Iterator[Finding]:
    for name, check in invariants.items():
        wrong = check()
        if wrong:
            yield _bad("data", f"{name}: {wrong}", "Make a backup, and tell who looks after this program.")
    yield _ok("data", f"{len(invariants.items())} invariants were counted anew")


_Check = Callable[[], Iterator[Finding]]
# By the name that is told where the check itself meets a database that is away. Those of a page end in milliseconds.
QUICK: tuple[tuple[str, _Check], ...] = (
    ("settings", _settings),
    ("database", _database),
    ("clock", _clock),
    ("disk", _disk),
    ("fonts", _fonts),
    ("keys", _keys),
    ("proxies", _proxies),
    ("queue", _queue),
    ("backups", _backups),
    ("history", _history),
)
SLOW: tuple[tuple[str, _Check], ...] = (
    ("mail", _mail),
    ("uploads", _uploads),
    ("certificate", _certificate),
    ("broker", _broker),
    ("data", _data),
)


def findings(*, quick: bool) -> list[Finding]:
    """Return what was found; `quick` leaves out what asks other servers or reads whole tables."""
    found: list[Finding] = []
    for name, check in QUICK if quick else (*QUICK, *SLOW):
        try:
            found += check()
        except SQLAlchemyError as error:
            db.session.rollback()
            remedy = "Check that the database runs, CONFERENCE_DATABASE_URL, and `conference db upgrade`."
            found.append(_bad(name, f"the database does not answer ({type(error).__name__})", remedy))
        except (StoreAwayError, NoRoomError):
            found.append(
                _bad(name, "the store of files does not answer", "See “uploads” here, and ask again.")
            )
    return found
