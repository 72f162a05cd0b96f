"""Settings, read once from CONFERENCE_* variables into one frozen object. Stands on nothing."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from conference.setting_values import ROLES, ByRole, broker, by_role, folder, mailbox, uploads

Mode = Literal["production", "demo", "test"]
MIN_SECRET_LENGTH = 32


class SettingsError(Exception):
    """A setting that cannot be read, or that production must not start with. Its text says what to set."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Spec:
    """One setting: its variable's name without CONFERENCE_, how it is read, and what the README says of it."""

    name: str
    default: str
    read: Callable[[str], Any]
    about: str
    secret: bool = False
    # The default of demonstrations and tests, where it is another.
    relaxed: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Something unsafe: which setting, and a sentence that says what to set."""

    variable: str
    remedy: str


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = int(text)
        if not low <= number <= high:
            raise ValueError(f"must lie between {low} and {high}")
        return number

    return read


def _one_of(*allowed: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in allowed:
            raise ValueError(f"must be one of {', '.join(allowed)}")
        return text

    return read


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("must carry its offset, as in 2022-09-05T08:00+02:00")
    return moment


def _address(text: str) -> str:
    if text.rstrip("/") != text:
        raise ValueError("must not end in a slash")
    if text and urlsplit(text).scheme not in {"http", "https"}:
        raise ValueError("must begin with https:// (or http:// on this machine)")
    return text


def _keys(text: str) -> str:
    if any(len(key.strip()) < MIN_SECRET_LENGTH for key in text.split(",") if text):
        raise ValueError("each key must have at least 32 characters")
    return text


def _token(text: str) -> str:
    if text and len(text) < MIN_SECRET_LENGTH:
        raise ValueError("must have at least 32 characters")
    return text


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def _roles(text: str) -> tuple[str, ...]:
    named = tuple(part.strip() for part in text.split(",") if part.strip())
    if named != ("none",) and (not named or not set(named) <= set(ROLES)):
        raise ValueError(f"must name roles of {', '.join(ROLES)}, with commas between, or be none")
    return tuple(name for name in ROLES if name in named)


def _database(text: str) -> str:
    if text and not text.startswith(("sqlite://", "postgresql+psycopg://")):
        raise ValueError("must begin with sqlite:/// or postgresql+psycopg://")
    return text


def _existing(text: str) -> tuple[Path, ...]:
    """Return the files and folders that are named, with commas between."""
    paths = tuple(Path(part.strip()) for part in text.split(",") if part.strip())
    missing = [str(path) for path in paths if not os.path.exists(path)]  # noqa: PTH110 -- never raises
    if missing:
        raise ValueError(
            f"there is no {missing[0]}; name font files (.ttf, .otf, .ttc) or folders of them, with commas between"
        )
    return paths


# What a provider asks for, by the value of MAIL_PRESET: defaults, which each variable of its own overrides. The number
# is Microsoft's "message rate limit" (Exchange Online limits, sending limits).
PRESETS: Mapping[str, Mapping[str, str]] = {"exchange": {"MAIL_PER_MINUTE": "30"}}

SPECS: tuple[Spec, ...] = (
    Spec(name="DATABASE_URL", default="", read=_database, secret=True, about="Where the data is: sqlite:////path/file.sqlite3 or postgresql+psycopg://user:password@host/name. Empty: conference.sqlite3 in the instance folder."),
    Spec(name="SECRET_KEY", default="", read=str, secret=True, about="Signs cookies and personal links: at least 32 random characters, kept for as long as the links are to work."),
    Spec(name="OLD_SECRET_KEYS", default="", read=_keys, secret=True, about="Earlier secret keys, with commas between: what they signed still counts, and nothing new is signed with them."),
    Spec(name="ENCRYPTION_KEY", default="", read=_keys, secret=True, about="Encrypts answers to sensitive questions: at least 32 random characters, needed once there is such a question. Several with commas between: the first encrypts, all of them read, so that a key can be renewed."),
    Spec(name="BASE_URL", default="", read=_address, about="The public address of the site, as in https://conference.example. Links in mails begin with it, and other host names are refused."),
    Spec(name="SECOND_FACTOR_ROLES", default="organiser", relaxed="none", read=_roles, about="The roles that must have a second factor, with commas between, as in organiser,programme. none: nobody must. A demonstration asks nobody."),
    Spec(name="SESSION_HOURS", default="12", read=by_role(1, 24), about="For how many hours a sign-in lasts at most; for some roles others, as in 12,organiser=8. That of the desk ends with the day in any case."),
    Spec(name="SESSION_IDLE_MINUTES", default="60,desk=240", relaxed="720", read=by_role(10, 1440), about="After how many minutes without a click a sign-in ends, to some 5 minutes; for some roles others. A page that asks by itself counts as no click."),
    Spec(name="TRUSTED_PROXIES", default="", read=_networks, about="The networks of the reverse proxies in front, with commas between, as in 127.0.0.1/32,10.0.0.0/24: only from those is X-Forwarded-For believed. Behind a proxy and empty, all visitors count as one address where attempts to sign in are limited."),
    Spec(name="INSTANCE", default="instance", read=Path, about="The folder for files that the application makes: the SQLite database, cached fonts, speakers' portraits and slides, and files that answer questions."),
    Spec(name="UPLOADS", default="", read=uploads, about="Where uploaded and made files lie, if not in the instance folder: a folder that all machines mount, as in /mnt/conference, or a bucket, as in s3://conference-files/2022 (needs the extra s3)."),
    Spec(name="UPLOADS_ENDPOINT", default="", read=_address, about="The address of the store with that bucket, as in https://s3.example. Empty: Amazon's."),
    Spec(name="UPLOADS_REGION", default="", read=str, about="The bucket's region, if the store has regions."),
    Spec(name="UPLOADS_ACCESS_KEY", default="", read=str, secret=True, about="The name of our key at that store. Empty: as the machine itself is allowed to (a role)."),
    Spec(name="UPLOADS_SECRET_KEY", default="", read=str, secret=True, about="Its secret."),
    Spec(name="UPLOADS_CA_FILE", default="", read=str, about="A PEM file of the authority that signed the store's certificate, if the system does not know it."),
    Spec(name="MAIL_SERVER", default="", read=str, about="Host name of the SMTP server."),
    Spec(name="MAIL_PORT", default="587", read=_whole(1, 65535), about="Its port."),
    Spec(name="MAIL_TLS", default="starttls", read=_one_of("starttls", "tls", "none"), about="starttls, tls (from the first byte) or none. Certificates are always verified."),
    Spec(name="MAIL_CA_FILE", default="", read=str, about="A PEM file of the authority that signed the server's certificate, if the system does not know it."),
    Spec(name="MAIL_USERNAME", default="", read=str, about="Account at the SMTP server, if it asks for one."),
    Spec(name="MAIL_PASSWORD", default="", read=str, secret=True, about="Password of that account."),
    Spec(name="MAIL_OAUTH_TOKEN_COMMAND", default="", read=str, about="Instead of a password (XOAUTH2): a command that prints an access token for that account."),
    Spec(name="MAIL_OAUTH_TOKEN_URL", default="", read=_address, about="Or where a token is to be had with client credentials, as in https://login.microsoftonline.com/TENANT/oauth2/v2.0/token."),
    Spec(name="MAIL_OAUTH_CLIENT_ID", default="", read=str, about="The application's id there."),
    Spec(name="MAIL_OAUTH_CLIENT_SECRET", default="", read=str, secret=True, about="Its secret."),
    Spec(name="MAIL_OAUTH_SCOPE", default="https://outlook.office365.com/.default", read=str, about="What the token is asked for."),
    Spec(name="MAIL_SENDER", default="", read=mailbox, about="The From address of every mail."),
    Spec(name="MAIL_REPLY_TO", default="", read=mailbox, about="Where answers go. Empty: to the From address."),
    Spec(name="MAIL_ENVELOPE_SENDER", default="", read=mailbox, about="The address to which servers report what they could not deliver. Empty: the From address."),
    Spec(name="MAIL_TIMEOUT_S", default="30", read=_whole(1, 300), about="Seconds after which a silent SMTP server is given up."),
    Spec(name="MAIL_PRESET", default="", read=_one_of("", *PRESETS), about="exchange: the limits of Exchange Online, 30 mails a minute, where they are not set themselves."),
    Spec(name="MAIL_PER_MINUTE", default="0", read=_whole(0, 100_000), about="How many mails all workers together send in any minute. 0: as many as the server takes."),
    Spec(name="MAIL_PER_DOMAIN", default="0", read=_whole(0, 100_000), about="How many of them to addresses of one domain. 0: no limit."),
    Spec(name="MAIL_PER_CONNECTION", default="100", read=_whole(1, 10_000), about="How many mails go over one connection before a new one is made."),
    Spec(name="MAIL_ATTACHMENT_BYTES", default="10000000", read=_whole(0, 100_000_000), about="How large all attachments of one mail may be together; the largest are linked instead. 10 MB travel as 13.7, and many servers take 20."),
    Spec(name="METRICS_TOKEN", default="", read=_token, secret=True, about="Lets a Prometheus server read /metrics as a bearer token: at least 32 random characters. Empty: staff only."),
    Spec(name="LEASE_S", default="120", read=_whole(1, 3600), about="Seconds after which the work of a dead worker is taken up by another."),
    Spec(name="BROKER_URL", default="", read=broker, secret=True, about="Redis or RabbitMQ, which carries the ids of what was written to `conference worker --broker` on any number of machines: redis://host:6379/0 or amqp://user:password@host//, rediss:// or amqps:// with TLS. Empty: every worker looks into the database each second."),
    Spec(name="BACKUP_FOLDER", default="", read=folder, about="Where a worker writes a backup by itself, best on another disk or machine. Empty: only `conference backup` makes any."),
    Spec(name="BACKUP_HOURS", default="24", read=_whole(1, 168), about="How many hours lie between two of them."),
    Spec(name="BACKUP_DAILY", default="7", read=_whole(1, 365), about="Of how many days the newest backup is kept."),
    Spec(name="BACKUP_WEEKLY", default="4", read=_whole(0, 520), about="Of how many weeks the newest backup is kept, beside those of days."),
    Spec(name="WEB_WORKERS", default="2", read=_whole(1, 64), about="Web processes that `conference serve` starts."),
    Spec(name="FONTS", default="", read=_existing, about="Fonts for scripts that the packaged one lacks, such as Arabic or Chinese: files (.ttf, .otf, .ttc) or folders of them, with commas between, the best first. They go before fonts that this machine has."),
    Spec(name="LOG_FORMAT", default="json", read=_one_of("json", "text"), about="json: one object a line on standard output, for programs. text: plain lines, for people. Neither holds addresses or tokens."),
    Spec(name="NOW", default="", read=_moment, about="A pretended present, as in 2022-09-05T08:00+02:00, for trying things out. Production refuses it."),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """Every setting, parsed. `sources` says by variable where the value came from."""

    mode: Mode
    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    old_secret_keys: str = field(repr=False)
    encryption_key: str = field(repr=False)
    base_url: str
    second_factor_roles: tuple[str, ...]
    session_hours: ByRole
    session_idle_minutes: ByRole
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...]
    instance: Path
    uploads: str
    uploads_endpoint: str
    uploads_region: str
    uploads_access_key: str = field(repr=False)
    uploads_secret_key: str = field(repr=False)
    uploads_ca_file: str
    mail_server: str
    mail_port: int
    mail_tls: str
    mail_ca_file: str
    mail_username: str
    mail_password: str = field(repr=False)
    mail_oauth_token_command: str
    mail_oauth_token_url: str
    mail_oauth_client_id: str
    mail_oauth_client_secret: str = field(repr=False)
    mail_oauth_scope: str
    mail_sender: str
    mail_reply_to: str
    mail_envelope_sender: str
    mail_timeout_s: int
    mail_preset: str
    mail_per_minute: int
    mail_per_domain: int
    mail_per_connection: int
    mail_attachment_bytes: int
    metrics_token: str = field(repr=False)
    lease_s: int
    broker_url: str = field(repr=False)
    backup_folder: str
    backup_hours: int
    backup_daily: int
    backup_weekly: int
    web_workers: int
    fonts: tuple[Path, ...]
    log_format: str
    now: datetime | None
    sources: Mapping[str, str]
    # The variables whose secrets were read from files that everybody on the machine can read.
    exposed: tuple[str, ...] = ()

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """Return the secret key, and after it the earlier ones whose signatures still count."""
        old = tuple(one.strip() for one in self.old_secret_keys.split(",") if one.strip())
        return (self.secret_key, *old)


def load_settings(
    environ: Mapping[str, str], mode: Mode = "production", overrides: Mapping[str, str] | None = None
) -> Settings:
    """Return the settings from CONFERENCE_* variables; `overrides` (by the same names) go before them.

    Raises SettingsError for an unknown CONFERENCE_ variable or a value that cannot be read. Nothing is
    judged here: `unsafe` says what production must not start with.
    """
    _refuse_unknown(environ)
    environ, exposed = _with_files(environ)
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for spec in SPECS:
        variable = f"CONFERENCE_{spec.name}"
        text, source = _given(spec, environ, mode, overrides or {})
        try:
            values[spec.name.lower()] = spec.read(text)
        except ValueError as error:
            shown = "its value" if spec.secret else repr(text)
            raise SettingsError(f"{variable}: {shown} cannot be used: {error}.") from error
        sources[variable] = source
    if not values["database_url"]:
        values["database_url"] = f"sqlite:///{values['instance'].resolve() / 'conference.sqlite3'}"
    return Settings(mode=mode, sources=sources, exposed=exposed, **values)


# Mounted for one container alone, whatever its mode says (Docker's and Kubernetes' secrets).
_OF_A_CONTAINER = "/run/secrets/"


def _with_files(environ: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the environment with each secret that a _FILE variable names, and which of them everybody can read.

    Raises SettingsError for a file that cannot be read, is empty, or is named beside the secret itself.
    """
    found, exposed = dict(environ), []
    for spec in SPECS:
        variable = f"CONFERENCE_{spec.name}"
        name = environ.get(f"{variable}_FILE", "") if spec.secret else ""
        if not name:
            continue
        if variable in environ:
            raise SettingsError(f"{variable} and {variable}_FILE are both set: unset one of them.")
        try:
            found[variable] = Path(name).read_text(encoding="utf-8").strip()
            is_open = bool(Path(name).stat().st_mode & 0o004)
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "it is no text"
            raise SettingsError(f"{variable}_FILE: {name} cannot be read: {why}.") from error
        if not found[variable]:
            raise SettingsError(f"{variable}_FILE: {name} is empty.")
        if is_open and not name.startswith(_OF_A_CONTAINER):
            exposed.append(f"{variable}_FILE")
    return found, tuple(exposed)


def _given(
    spec: Spec, environ: Mapping[str, str], mode: Mode, overrides: Mapping[str, str]
) -> tuple[str, str]:
    """Return a setting's text and where it comes from: override, environment, preset or default."""
    if spec.name in overrides:
        return overrides[spec.name], "demonstration" if mode == "demo" else mode
    if f"CONFERENCE_{spec.name}" in environ:
        source = "file" if environ.get(f"CONFERENCE_{spec.name}_FILE") else "environment"
        return environ[f"CONFERENCE_{spec.name}"], source
    preset = PRESETS.get(overrides.get("MAIL_PRESET", environ.get("CONFERENCE_MAIL_PRESET", "")), {})
    if spec.name in preset:
        return preset[spec.name], "preset"
    if mode != "production" and spec.relaxed is not None:
        return spec.relaxed, "default"
    return spec.default, "default"


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    known = {f"CONFERENCE_{spec.name}" for spec in SPECS} | {"CONFERENCE_TEST_DATABASE_URL"}
    known |= {f"CONFERENCE_{spec.name}_FILE" for spec in SPECS if spec.secret}
    for name in sorted(environ):
        if name.startswith("CONFERENCE_") and name not in known:
            raise SettingsError(f"{name} is not a setting. `conference check` lists the settings there are.")


def unsafe(settings: Settings) -> tuple[Finding, ...]:
    """Return what production must not start with, empty when all is well."""
    checks = (
        (len(settings.secret_key) < MIN_SECRET_LENGTH, "SECRET_KEY", "Set CONFERENCE_SECRET_KEY to at least 32 random characters, for example from `openssl rand -hex 32`."),
        (not settings.base_url, "BASE_URL", "Set CONFERENCE_BASE_URL to the public address of the site, as in https://conference.example."),
        (settings.base_url.startswith("http://") and not _on_loopback(settings.base_url), "BASE_URL", "Set CONFERENCE_BASE_URL to an https:// address: over http:// passwords and personal links can be read on the way."),
        (settings.uploads_endpoint.startswith("http://") and not _on_loopback(settings.uploads_endpoint), "UPLOADS_ENDPOINT", "Set CONFERENCE_UPLOADS_ENDPOINT to an https:// address: over http:// uploaded files can be read on the way."),
        (bool(settings.uploads_access_key) != bool(settings.uploads_secret_key), "UPLOADS_SECRET_KEY", "Set CONFERENCE_UPLOADS_ACCESS_KEY and CONFERENCE_UPLOADS_SECRET_KEY both, or neither."),
        (not settings.mail_server, "MAIL_SERVER", "Set CONFERENCE_MAIL_SERVER to the host name of the SMTP server, or no confirmation is ever sent."),
        (not settings.mail_sender, "MAIL_SENDER", "Set CONFERENCE_MAIL_SENDER to the From address of the mails."),
        (settings.mail_oauth_token_url.startswith("http://") and not _on_loopback(settings.mail_oauth_token_url), "MAIL_OAUTH_TOKEN_URL", "Set CONFERENCE_MAIL_OAUTH_TOKEN_URL to an https:// address: over http:// the secret can be read on the way."),
        (bool(settings.mail_oauth_token_command or settings.mail_oauth_token_url) and not settings.mail_username, "MAIL_USERNAME", "Set CONFERENCE_MAIL_USERNAME to the account that the access token is for."),
        (settings.mail_tls == "none" and not _local_host(settings.mail_server), "MAIL_TLS", "Set CONFERENCE_MAIL_TLS to starttls or tls: without it names and links cross the network in the clear."),
        (settings.now is not None, "NOW", "Unset CONFERENCE_NOW: a pretended present is for demonstrations."),
    )  # fmt: skip
    found = [Finding(variable=f"CONFERENCE_{name}", remedy=remedy) for bad, name, remedy in checks if bad]
    found += [
        Finding(variable=one, remedy=f"Let only the office's own user read the file of {one}: chmod 600 it.")
        for one in settings.exposed
    ]
    return tuple(found)


def require_safe(settings: Settings) -> None:
    """Raise SettingsError with every remedy, one to a line, if production must not start so."""
    findings = unsafe(settings)
    if findings:
        raise SettingsError("\n".join(finding.remedy for finding in findings))


def _local_host(host: str | None) -> bool:
    return host in {"localhost", "127.0.0.1", "::1", "", None}


def _on_loopback(url: str) -> bool:
    return _local_host(urlsplit(url).hostname)
