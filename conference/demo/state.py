"""What makes a demonstration: keys of its own and one clock for all its processes, kept beside its database."""

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from conference.config import Settings, SettingsError, load_settings

BEGINNING = datetime.fromisoformat("2022-09-05T08:00+02:00")
_FILE = "demo.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class DemoState:
    """`clock_offset_s`: conference time minus real time; `mail_port`: where the capture server listens now."""

    database_url: str
    secret_key: str
    port: int = 8000
    mail_port: int = 0
    clock_offset_s: float = 0.0


def find_state(instance: Path) -> DemoState | None:
    """Return the demonstration that was started in this instance folder, or None. Raises SettingsError."""
    path = instance / _FILE
    if not path.is_file():
        return None
    try:
        return DemoState(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise SettingsError(
            f"{path} cannot be read. Delete it, and start the demonstration with --reset."
        ) from error


def keep_state(instance: Path, state: DemoState) -> None:
    instance.mkdir(parents=True, exist_ok=True)
    scratch = instance / f"{_FILE}.new"
    scratch.touch(mode=0o600)
    scratch.write_text(json.dumps(asdict(state)), encoding="utf-8")
    scratch.replace(instance / _FILE)  # whole or not at all, whatever dies meanwhile


def default_database_url(instance: Path) -> str:
    return f"sqlite:///{instance.resolve() / 'demo.sqlite3'}"


def new_secret() -> str:
    return secrets.token_hex(32)


def demo_settings(environ: dict[str, str], state: DemoState) -> Settings:
    """Return the settings of the demonstration: the folder is the environment's, the rest its own."""
    overrides = {
        "DATABASE_URL": state.database_url,
        "SECRET_KEY": state.secret_key,
        "BASE_URL": f"http://localhost:{state.port}",
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": str(state.mail_port or 25),
        "MAIL_TLS": "none",
        "MAIL_SENDER": "office@conference.example",
        "MAIL_USERNAME": "",
        "MAIL_PASSWORD": "",  # nosec B105 # the demonstration's own server asks for none
        "MAIL_CA_FILE": "",
        "MAIL_REPLY_TO": "",
        "NOW": "",
    }
    return load_settings(environ, "demo", overrides)
