"""One piece sent twice at the same instant is written once; without the lock it would stand there twice."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from conference.core.ids import PersonId
from conference.speakers import slide_files
from conference.speakers.slide_files import Announced, append, begin
from tests.factories.slides import a_pdf

PERSON, TALK = PersonId(1), 1


def send_twice_at_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch, data: bytes, hold_up: Callable[[], object]
) -> int:
    """Return how many bytes are there; between looking and writing each sender is held up."""
    upload = begin(PERSON, TALK, Announced(name="a.pdf", size_bytes=len(data), modified_ms=1))
    copy = shutil.copyfileobj

    def slow(*arguments: object) -> None:
        hold_up()
        copy(*arguments)  # type: ignore[arg-type]  # what the caller gave

    monkeypatch.setattr(shutil, "copyfileobj", slow)

    def send() -> None:
        with app.app_context():
            append(PERSON, TALK, upload.key, 0, BytesIO(data))

    senders = [threading.Thread(target=send) for _ in range(2)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    return begin(PERSON, TALK, upload.announced).have_bytes


def test_a_piece_sent_twice_at_once_is_written_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    data = a_pdf(1000)
    assert send_twice_at_once(app, monkeypatch, data, lambda: time.sleep(0.3)) == len(data)


def test_control_without_the_lock_it_is_written_twice(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def open_door() -> Iterator[Path]:
        yield slide_files._folder("uploads")

    monkeypatch.setattr(slide_files, "_locked", open_door)
    data = a_pdf(1000)
    both_have_looked = threading.Barrier(2)
    assert send_twice_at_once(app, monkeypatch, data, lambda: both_have_looked.wait(60)) == 2 * len(data)
