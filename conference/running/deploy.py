"""Files for the machine that the office runs on, made from the settings and the application's own numbers, so that none rots."""

import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, render_template
from sqlalchemy import make_url
from werkzeug.routing import Rule

from conference.config import SPECS, Settings
from conference.registration.file_posting import MOST_POSTED as FORM_BYTES
from conference.running.errors import RunningError
from conference.running.limits import (
    WEB_FILES,
    WEB_KEEPALIVE_S,
    WEB_STOPS_WITHIN_S,
    WEB_TIMEOUT_S,
    WORKER_STOPS_WITHIN_S,
)
from conference.speakers.slide_routes import MOST_POSTED as SLIDE_BYTES
from conference.web.errors import RETRY_AFTER_S
from conference.web.settings import current_settings
from conference.web.store import is_s3

SYSTEMD = {
    "conference-web.service": "web.service",
    "conference-worker.service": "worker.service",
    "conference-backup.service": "backup.service",
    "conference-backup.timer": "backup.timer",
}
FILES: Mapping[str, Mapping[str, str]] = {
    "systemd": SYSTEMD,
    "nginx": {"conference.conf": "nginx.conf"},
    "caddy": {"Caddyfile": "Caddyfile"},
    "compose": {"compose.yaml": "compose.yaml"},
}
POSTGRES = "18"
# Secrets that stand in files of the composition, whether they are set here or not; beside them those that are.
_SECRETS = ("secret_key", "encryption_key", "database_url")
_LARGE = "speakers.own_slides"
_HOST = re.compile(r"[A-Za-z0-9.-]+", re.ASCII)
# No blank, quote, brace, semicolon, percent or dollar sign: each means something to systemd, nginx or Caddy.
_WORD = re.compile(r"[\w./@:+,=~-]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Machine:
    """What the settings do not say: where things lie on the machine, and as whom the office runs."""

    user: str = "conference"
    environment: str = "/etc/conference/conference.env"
    # Where the office listens on this machine: one process family a port, which are told to end one after the other.
    address: str = "127.0.0.1"
    ports: tuple[int, ...] = (8000,)
    # Where the server in front finds the office, on this machine and on others, as in 10.0.0.2:8000. Empty: `ports` here.
    servers: tuple[str, ...] = ()
    http_port: int = 80
    # The oldest that reads the Caddyfile: 2.6 is Debian's, whose words for one setting later ones do not know.
    caddy: str = "2.7"
    certificate: str = "/etc/ssl/conference/fullchain.pem"
    certificate_key: str = "/etc/ssl/conference/key.pem"
    cache: str = "/var/cache/nginx/conference"
    access_log: str = "/var/log/nginx/conference.log"
    error_log: str = "/var/log/nginx/conference.error.log"


def made(kind: str, machine: Machine) -> dict[str, str]:
    """Return the files of this kind by name. Raises RunningError where a setting is missing that they need."""
    settings = current_settings()
    facts = _facts(settings, machine) | {"host": _host(settings.base_url)}
    words = [str(word) for name in Machine.__slots__ for word in _several(getattr(machine, name))]
    if kind == "systemd":
        words += [str(facts["program"]), str(facts["instance"]), *facts["writable"]]
    for word in words:
        _require_word(word)
    return {
        _unit_name(name, machine): render_template(f"running/deploy/{template}", **facts)
        for name, template in FILES[kind].items()
    }


def _several(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def _unit_name(name: str, machine: Machine) -> str:
    """Return the file's name; of several ports one unit is the pattern, which systemd fills with what stands behind the @."""
    return "conference-web@.service" if name == "conference-web.service" and len(machine.ports) > 1 else name


def _host(base_url: str) -> str:
    """Return the site's name. Raises RunningError for none, and for what a server's file would read as more than a name."""
    if not base_url:
        raise RunningError(
            "CONFERENCE_BASE_URL is not set: the files name the site. Set it, as in https://conference.example."
        )
    host = urlsplit(base_url).hostname or ""
    if not _HOST.fullmatch(host):
        raise RunningError(
            f"CONFERENCE_BASE_URL names no host that a server's file can hold ({host!r}): letters, digits, dots and hyphens "
            "alone, other letters as xn--."
        )
    return host


def _require_word(word: str) -> None:
    """Raise RunningError for a path or name that a unit or a server's file would read as several, or as a setting."""
    if not _WORD.fullmatch(word):
        raise RunningError(
            f"{word!r} cannot stand in the files: letters, digits and . _ - / @ : + , = ~ alone. Choose another path or name."
        )


def _facts(settings: Settings, machine: Machine) -> dict[str, Any]:
    instance = settings.instance if settings.instance.is_absolute() else Path("/var/lib/conference")
    folders = [settings.backup_folder, "" if is_s3(settings) else settings.uploads]
    writable = [str(instance), *(one for one in folders if one)]
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        writable.append(str(Path(url.database).parent if Path(url.database).is_absolute() else instance))
    is_local = url.host in {"localhost", "127.0.0.1", "::1", None} and url.get_backend_name() != "sqlite"
    return {
        **{name: getattr(machine, name) for name in Machine.__slots__},
        "instance": instance,
        "writable": list(dict.fromkeys(writable)),
        "port": machine.ports[0],
        "upstreams": machine.servers or [f"{machine.address}:{port}" for port in machine.ports],
        "https_port": urlsplit(settings.base_url).port or 443,
        "after": " postgresql.service" if is_local else "",
        "program": Path(sys.prefix) / "bin" / "conference",
        "root": _as_text(Path(current_app.root_path).parent),
        "has_broker": bool(settings.broker_url),
        "form_bytes": FORM_BYTES,
        "slide_bytes": SLIDE_BYTES,
        "slide_patterns": [pattern_of(rule) for rule in current_app.url_map.iter_rules(_LARGE)],
        "web_files": WEB_FILES,
        "web_stops_s": WEB_STOPS_WITHIN_S,
        "worker_stops_s": WORKER_STOPS_WITHIN_S,
        "web_timeout_s": WEB_TIMEOUT_S,
        # A proxy gives an idle line up before the office does, so that it sends on none that is being closed.
        "idle_s": WEB_KEEPALIVE_S - 15,
        "retry_after_s": RETRY_AFTER_S,
        "postgres": POSTGRES,
        "environment_values": composed(settings),
        "secret_names": _secret_names(settings),
    }


def pattern_of(rule: Rule) -> str:
    """Return the regular expression of the rule's addresses, as nginx and Caddy read it."""
    parts = re.split(r"<[^>]+>", rule.rule)
    return "^" + "[^/]+".join(map(re.escape, parts)) + "$"


def _secret_names(settings: Settings) -> list[str]:
    """Return the names of the secrets that lie in files of their own. The broker is the composition's own."""
    here = [spec.name.lower() for spec in SPECS if spec.secret and spec.name != "BROKER_URL"]
    return [*_SECRETS, *(name for name in here if name not in _SECRETS and getattr(settings, name))]


def composed(settings: Settings) -> dict[str, str]:
    """Return the environment of the composition: what was set here, with its own places instead of this machine's."""
    own = {
        "CONFERENCE_INSTANCE": "/var/lib/conference",
        "CONFERENCE_BACKUP_FOLDER": "/var/backups/conference",
        # Web processes and workers share the volume of the instance folder, if not a bucket.
        "CONFERENCE_UPLOADS": settings.uploads if is_s3(settings) else "",
        "CONFERENCE_BROKER_URL": "redis://redis:6379/0",
        # Docker's own networks; the server with TLS stands before the published port.
        "CONFERENCE_TRUSTED_PROXIES": "172.16.0.0/12",
        **{f"CONFERENCE_{name.upper()}_FILE": f"/run/secrets/{name}" for name in _secret_names(settings)},
    }
    secret = {spec.name for spec in SPECS if spec.secret}
    for spec in SPECS:
        variable = f"CONFERENCE_{spec.name}"
        is_set = settings.sources[variable] in {"environment", "file"}
        value = getattr(settings, spec.name.lower())
        if is_set and spec.name not in secret and variable not in own:
            own[variable] = _as_text(value)
    return dict(sorted(own.items()))


def _as_text(value: Any) -> str:
    text = ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
    # In YAML's double quotes, which read what JSON's do; a dollar sign is Compose's own.
    return json.dumps(text)[1:-1].replace("$", "$$")
