from typing import cast

from flask import Flask, current_app

from conference.config import Settings

_KEY = "conference.settings"


def attach_settings(app: Flask, settings: Settings) -> None:
    app.extensions[_KEY] = settings


def current_settings() -> Settings:
    """Return the frozen settings of the running application."""
    return cast("Settings", current_app.extensions[_KEY])
