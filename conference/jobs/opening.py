"""Whether this application has a broker, which is decided by one setting; Celery is loaded at the first message."""

from contextlib import AbstractContextManager
from importlib.util import find_spec

from flask import Flask

from conference.config import Settings, SettingsError
from conference.jobs.announcing import carry_with
from conference.jobs.courier import Courier, Post


def open_broker(app: Flask, settings: Settings) -> None:
    """Let what is announced go to the broker, if one is set. Contacts nobody.

    Raises SettingsError where its library is missing.
    """
    if not settings.broker_url:
        return
    library = "redis" if settings.broker_url.startswith("redis") else "amqp"
    for name in ("celery", library):
        if find_spec(name) is None:
            raise SettingsError(
                f"CONFERENCE_BROKER_URL is set, and the library {name} is not installed. Install it with"
                " `pip install 'conference-office[broker]'`, or unset CONFERENCE_BROKER_URL."
            )

    def post() -> AbstractContextManager[Post]:
        from conference.jobs.broker import open_post  # Celery is an extra, and takes half a second to load

        return open_post(settings)

    carry_with(app, Courier(post).take)


def require_broker(settings: Settings) -> None:
    """Raise SettingsError where a worker is to listen to a broker and none is set."""
    if not settings.broker_url:
        raise SettingsError(
            "CONFERENCE_BROKER_URL is not set, so there is no broker to listen to. Set it, as in"
            " redis://127.0.0.1:6379/0, or run `conference worker` without --broker."
        )


def broker_trouble(settings: Settings) -> str:
    """Return what is to be done about the broker, empty if nothing is. Takes some seconds where it is silent."""
    if not settings.broker_url:
        return ""
    from conference.jobs.broker import ask  # Celery is an extra

    try:
        ask(settings)
    except Exception as error:  # noqa: BLE001 -- whatever a broker's library raises is told by its type alone
        return (
            f"broker: it does not answer ({type(error).__name__}). Meanwhile every worker looks for what is due by"
            " itself. Start it, or correct CONFERENCE_BROKER_URL."
        )
    return ""
