"""Files of previews: found by their key, gone after an hour, and never more than there is room for."""

import os
from pathlib import Path

import pytest
from flask import Flask

from conference.core.errors import NotFoundError
from conference.printing import preview_store
from conference.printing.preview_store import KEPT_S, PreviewsToForget, keep, maker_of, path_of


def aged(key: str, seconds: float) -> str:
    path = path_of(key)
    at = path.stat().st_mtime - seconds
    os.utime(path, (at, at))
    return key


def there(*keys: str) -> list[bool]:
    found = []
    for key in keys:
        try:
            found.append(path_of(key).is_file())
        except NotFoundError:
            found.append(False)
    return found


def test_a_file_is_found_by_its_key_and_is_nobody_else_s(office: Flask) -> None:
    key = keep("badges", b"%PDF")
    path = path_of(key)
    assert (path.read_bytes(), path.stat().st_mode & 0o077, maker_of(key)) == (b"%PDF", 0, "badges")


@pytest.mark.parametrize(
    "key", ["", "badges", "badges." + "0" * 32, "../settings." + "0" * 32, "badges." + "0" * 31 + "/", "a.b"]
)
def test_what_is_no_key_finds_nothing(office: Flask, key: str) -> None:
    with pytest.raises(NotFoundError):
        path_of(key)


def test_an_old_file_goes_with_the_worker_or_with_the_next_one(office: Flask) -> None:
    old, young = keep("sign", b"old"), keep("sign", b"young")
    aged(old, KEPT_S + 5)
    aged(young, KEPT_S - 60)
    worker = PreviewsToForget()
    assert worker.claim("worker") == [1]
    worker.run(1, "worker")
    assert (there(old, young), PreviewsToForget().claim("worker")) == ([False, True], [])
    aged(young, 120)
    keep("sign", b"another")
    assert there(young) == [False]


def test_the_oldest_make_room(office: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in Path(path_of(keep("sign", b"x"))).parent.iterdir():
        path.unlink()
    monkeypatch.setattr(preview_store, "MOST_BYTES", 25)
    keys = [aged(keep("sign", bytes(10)), 100 - place * 10) for place in range(2)]
    keys.append(keep("sign", bytes(10)))
    assert there(*keys) == [False, True, True]
