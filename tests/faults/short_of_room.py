"""A process for whose files the system has no room: none may grow beyond so many bytes, as with a quota."""

import resource
from multiprocessing.connection import Connection
from pathlib import Path

from conference.app import create_app
from conference.running.backup import back_up
from tests.conftest import settings_for


def _quiet(_bytes: int) -> None:
    """Tell nobody."""


def backing_up(line: Connection, url: str, instance: Path, target: Path, most_bytes: int) -> None:
    """Write a backup, and say by what it was refused: the error's name and text, or "done"."""
    with create_app(settings_for(url, instance)).app_context():
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, resource.RLIM_INFINITY))
        try:
            back_up(target, _quiet)
        except Exception as error:  # noqa: BLE001 -- whatever reaches the command is told
            line.send((type(error).__name__, str(error)))
        else:
            line.send(("", "done"))
