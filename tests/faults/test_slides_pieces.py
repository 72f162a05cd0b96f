"""Two pieces that overlap, sent at the same instant, make the file once; joined without looking they would make more."""

import threading
from collections.abc import Iterable
from io import BytesIO
from typing import IO

import pytest
from flask import Flask

from conference.core.errors import DomainError
from conference.core.ids import PersonId
from conference.speakers import slide_files
from conference.speakers.errors import TooManyPiecesError
from conference.speakers.slide_files import Announced, append, begin, finish
from conference.web.store import Kept, store
from tests.factories.slides import a_pdf

PERSON, TALK = PersonId(1), 1
DATA = a_pdf(1000)
Pieces = list[tuple[int, int, str]]


def sent_at_once(app: Flask, monkeypatch: pytest.MonkeyPatch, *parts: bytes) -> str:
    """Send beginnings of the file at once, each after all have looked at what is there; return the upload's key."""
    upload = begin(PERSON, TALK, Announced(name="a.pdf", size_bytes=len(DATA), modified_ms=1))
    both_have_looked, look = threading.Barrier(len(parts)), slide_files._pieces

    def looked(stem: str, there: Iterable[Kept] | None = None) -> Pieces:
        found = look(stem, there)
        both_have_looked.wait(60)
        return found

    def send(part: bytes) -> None:
        with app.app_context():
            append(PERSON, TALK, upload.key, 0, BytesIO(part))

    with monkeypatch.context() as slow:
        slow.setattr(slide_files, "_pieces", looked)
        senders = [threading.Thread(target=send, args=(part,)) for part in parts]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
    return upload.key


def finished(key: str) -> bytes:
    return slide_files.read(finish(PERSON, TALK, key).key)


def test_pieces_that_overlap_make_the_file_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    key = sent_at_once(app, monkeypatch, DATA[:600], DATA, DATA)
    assert (
        len(list(store().listed("speakers/uploads/"))) == 3
    )  # what was said, and two pieces: two were alike
    assert begin(
        PERSON, TALK, Announced(name="a.pdf", size_bytes=len(DATA), modified_ms=1)
    ).have_bytes == len(DATA)
    assert finished(key) == DATA


def test_control_joined_without_looking_they_make_more(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def all_of_each(there: Pieces, target: IO[bytes]) -> None:
        for _, _, name in there:
            with store().open(name) as piece:
                target.write(piece.read())

    monkeypatch.setattr(slide_files, "_join", all_of_each)
    key = sent_at_once(app, monkeypatch, DATA[:600], DATA)
    assert finished(key) == DATA[:600] + DATA


def test_a_file_that_is_finished_twice_at_once_is_whole_or_not_found(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = sent_at_once(app, monkeypatch, DATA)
    found: list[bytes | int] = []

    def end() -> None:
        with app.app_context():
            try:
                placed = finish(PERSON, TALK, key)
                found.append(slide_files.read(placed.key))
                slide_files.settle(placed)
            except DomainError as error:
                found.append(error.status)

    enders: list[threading.Thread] = [threading.Thread(target=end) for _ in range(4)]
    for ender in enders:
        ender.start()
    for ender in enders:
        ender.join()
    assert DATA in found
    # What another one has finished and forgotten meanwhile has gaps, or is not there.
    assert {one for one in found if one != DATA} <= {404, 409}


def test_an_upload_in_single_bytes_ends(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slide_files, "MOST_PIECES", 3)
    upload = begin(PERSON, TALK, Announced(name="a.pdf", size_bytes=len(DATA), modified_ms=1))

    def send(at: int) -> int:
        return append(PERSON, TALK, upload.key, at, BytesIO(DATA[at : at + 1]))

    assert [send(at) for at in range(3)] == [1, 2, 3]
    with pytest.raises(TooManyPiecesError):
        send(3)
    # Else the same file would be refused for a day.
    assert begin(PERSON, TALK, upload.announced).have_bytes == 0
