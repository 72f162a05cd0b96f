import re
from typing import cast

from flask import Flask, current_app

from conference.config import Settings, Spec

_KEY = "conference.settings"


def attach_settings(app: Flask, settings: Settings) -> None:
    app.extensions[_KEY] = settings


def current_settings() -> Settings:
    """Return the frozen settings of the running application."""
    return cast("Settings", current_app.extensions[_KEY])


def shown(settings: Settings, spec: Spec) -> str:
    """Return a setting's value for people: secrets masked, a database address without its password."""
    value = getattr(settings, spec.name.lower())
    if spec.name in {"DATABASE_URL", "BROKER_URL"} and value:
        return _without_password(value)
    if spec.secret:
        return "(set, hidden)" if value else "(not set)"
    if spec.name == "FONTS":
        value = ", ".join(map(str, value))
    if isinstance(value, tuple):
        value = ", ".join(map(str, value)) or ("none" if spec.name == "SECOND_FACTOR_ROLES" else "")
    return str(value) if value not in {"", None} else "(not set)"


def _without_password(url: str) -> str:
    """Return the address with whatever could be a password masked: between name and host, and in the query."""
    masked = re.sub(r"(://[^:/@]*:).*@", r"\1***@", url)
    return re.sub(r"([?&]password=)[^&]*", r"\1***", masked)
