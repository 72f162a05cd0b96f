"""What every store of files promises, asked of a folder and of a bucket alike."""

import io
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, cast

import pytest

from conference.config import Settings, SettingsError, load_settings, unsafe
from conference.core.errors import NotFoundError
from conference.web import s3_store
from conference.web import store as store_module
from conference.web.s3_store import Bucket, S3Store
from conference.web.store import Store, StoreAwayError, store_of
from tests.factories.stores import new_bucket, running_s3, s3_settings

NAME = "speakers/slides/0123456789abcdef0123456789abcdef.pdf"
OTHER = "speakers/slides/fedcba9876543210fedcba9876543210.pdf"


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    with running_s3() as endpoint:
        yield endpoint


def settings_of(folder: Path, **more: str) -> Settings:
    return load_settings({}, "test", {"INSTANCE": str(folder), **more})


@pytest.fixture(params=["instance", "folder", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "s3":
        endpoint = request.getfixturevalue("s3")
        return store_of(settings_of(tmp_path, **s3_settings(endpoint, new_bucket(endpoint))))
    more = {"UPLOADS": str(tmp_path / "shared")} if request.param == "folder" else {}
    return store_of(settings_of(tmp_path / "instance", **more))


def content(place: Store, name: str, start: int = 0, length: int | None = None) -> bytes:
    with place.open(name, start, length) as file:
        return file.read()


def names(place: Store, begins: str = "") -> list[str]:
    return sorted(one.name for one in place.listed(begins))


def test_what_was_put_is_read_found_and_replaced(place: Store) -> None:
    assert (place.find(NAME), names(place)) == (None, [])
    assert place.put(NAME, io.BytesIO(b"first")) == 5
    assert place.put(NAME, io.BytesIO(b"the second")) == 10
    found = place.find(NAME)
    assert found is not None
    assert (found.name, found.key, found.size_bytes) == (NAME, NAME[16:], 10)
    assert abs(found.written_at - time.time()) < 3600
    assert (content(place, NAME), names(place)) == (b"the second", [NAME])


def test_it_is_read_from_any_byte_on(place: Store) -> None:
    place.put(NAME, io.BytesIO(b"0123456789"))
    assert content(place, NAME, 4) == b"456789"
    # A length is a hint: a bucket sends no more, a file may.
    assert content(place, NAME, 4, 3).startswith(b"456")
    with place.open(NAME) as file:
        assert [file.read(4), file.read(4), file.read(4), file.read(4)] == [b"0123", b"4567", b"89", b""]


def test_an_empty_file_is_a_file(place: Store) -> None:
    assert place.put(NAME, io.BytesIO(b"")) == 0
    assert (content(place, NAME), names(place)) == (b"", [NAME])


def test_from_where_the_source_stands_and_from_a_line_that_cannot_go_back(place: Store) -> None:
    source = io.BytesIO(b"headcontent")
    source.seek(4)
    assert place.put(NAME, source) == 7

    pieces = [b"one", b"two", b""]

    class Line(io.RawIOBase):
        def read(self, _size: int = -1) -> bytes:
            return pieces.pop(0)

        def seekable(self) -> bool:
            return False

    assert place.put(OTHER, cast("IO[bytes]", Line())) == 6
    assert (content(place, NAME), content(place, OTHER)) == (b"content", b"onetwo")


def test_a_source_that_breaks_leaves_what_was_there(place: Store) -> None:
    place.put(NAME, io.BytesIO(b"before"))

    class Broken(io.RawIOBase):
        def read(self, _size: int = -1) -> bytes:
            raise ConnectionResetError

        def seekable(self) -> bool:
            return False

    with pytest.raises((ConnectionResetError, StoreAwayError)):
        place.put(NAME, cast("IO[bytes]", Broken()))
    assert (content(place, NAME), names(place)) == (b"before", [NAME])


def test_what_is_made_here_is_adopted_and_gone_from_here(place: Store) -> None:
    half = place.scratch() / "made.part"
    half.write_bytes(b"made")
    place.adopt(NAME, half)
    assert (content(place, NAME), half.exists(), names(place)) == (b"made", False, [NAME])


def test_what_is_gone_is_not_found_and_forgotten_twice_is_forgotten_once(place: Store) -> None:
    place.put(NAME, io.BytesIO(b"x"))
    assert place.at_hand(NAME).read_bytes() == b"x"
    for _ in range(2):
        place.delete(NAME)
    actions: list[Callable[[], object]] = [
        lambda: place.open(NAME),
        lambda: place.at_hand(NAME),
        lambda: place.move(NAME, OTHER),
    ]
    for action in actions:
        with pytest.raises(NotFoundError):
            action()
    assert (place.find(NAME), names(place)) == (None, [])


def test_it_moves_and_replaces_what_has_that_name(place: Store) -> None:
    place.put(NAME, io.BytesIO(b"moved"))
    place.put(OTHER, io.BytesIO(b"replaced"))
    place.move(NAME, OTHER)
    assert (content(place, OTHER), names(place)) == (b"moved", [OTHER])


def test_names_are_listed_by_how_they_begin_at_any_depth(place: Store) -> None:
    there = ["answers/held/a.pdf", "speakers/a.webp", "speakers/slides/b.pdf", "speakers/uploads/1-2-c.json"]
    for name in there:
        place.put(name, io.BytesIO(name.encode()))
    assert names(place) == there
    assert names(place, "speakers/") == there[1:]
    assert names(place, "speakers/uploads/1-2-") == there[3:]
    assert (names(place, "speakers/uploads/1-20-"), names(place, "nothing/")) == ([], [])
    assert [one.size_bytes for one in place.listed("speakers/a")] == [len(there[1])]


def test_more_than_a_page_of_names_is_listed_whole(place: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3_store, "PAGE", 3)
    wanted = [f"papers/{number:05d}.pdf" for number in range(10)]
    for name in wanted:
        place.put(name, io.BytesIO(b""))
    assert names(place) == wanted


def test_at_hand_is_a_path_with_the_same_ending(place: Store) -> None:
    place.put(NAME, io.BytesIO(b"%PDF"))
    path = place.at_hand(NAME)
    assert (path.read_bytes(), path.suffix, path.stat().st_mode & 0o077) == (b"%PDF", ".pdf", 0)
    assert place.at_hand(NAME) == path


def test_a_copy_at_hand_is_not_tidied_away_from_who_has_just_asked_for_it(place: Store) -> None:
    place.put(NAME, io.BytesIO(b"%PDF"))
    path = place.at_hand(NAME)
    yesterday = time.time() - 2 * 86_400
    os.utime(path, (yesterday, yesterday))
    assert place.at_hand(NAME) == path
    if isinstance(place, S3Store):
        place.tidy()
    assert path.read_bytes() == b"%PDF"


@pytest.mark.parametrize(
    "name",
    ["", "top", "../etc/passwd", "a/../../b", "/etc/passwd", "a//b", "a/.hidden", "a/b\n", "a/å", "a\\b/c", "a/" + "x" * 201],
)  # fmt: skip
def test_what_is_no_name_of_ours_leads_nowhere(place: Store, name: str) -> None:
    actions: list[Callable[[], object]] = [
        lambda: place.put(name, io.BytesIO(b"x")),
        lambda: place.open(name),
        lambda: place.find(name),
        lambda: place.delete(name),
        lambda: place.at_hand(name),
    ]
    for action in actions:
        with pytest.raises(NotFoundError):
            action()


def test_two_who_put_at_once_leave_one_of_both_whole(place: Store) -> None:
    contents = [bytes([number]) * 300_000 for number in range(1, 5)]
    threads = [threading.Thread(target=place.put, args=(NAME, io.BytesIO(one))) for one in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert content(place, NAME) in contents
    assert names(place) == [NAME]


def test_what_a_killed_process_left_is_tidied_after_a_day(place: Store) -> None:
    place.put(NAME, io.BytesIO(b"x"))
    old, young = place.scratch() / "old.part", place.scratch() / "young.part"
    for path in (old, young):
        path.write_bytes(b"half")
    assert (place.is_untidy(), names(place)) == (False, [NAME])
    os.utime(old, (time.time() - 90_000,) * 2)
    assert place.is_untidy()
    place.tidy()
    assert (old.exists(), young.exists(), place.is_untidy(), names(place)) == (False, True, False, [NAME])


def test_a_store_that_works_has_no_trouble_and_keeps_nothing_of_the_question(place: Store) -> None:
    assert (place.trouble(), names(place)) == (None, [])


def test_a_bucket_that_is_away_or_unknown_is_told_without_its_keys(s3: str, tmp_path: Path) -> None:
    away = S3Store(
        Bucket(name="away", endpoint="http://127.0.0.1:9", access_key="a", secret_key="s" * 40), tmp_path
    )
    with pytest.raises(StoreAwayError):
        away.put(NAME, io.BytesIO(b"x"))
    with pytest.raises(StoreAwayError):
        list(away.listed(""))
    assert away.trouble() == "the bucket away cannot be used (EndpointConnectionError)"
    unknown = S3Store(Bucket(name="unknown", endpoint=s3, access_key="a", secret_key="s" * 40), tmp_path)
    assert unknown.trouble() == "the bucket unknown cannot be used (NoSuchBucket)"
    assert "ssss" not in repr(Bucket(name="b", secret_key="s" * 40))


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    place = store_of(settings_of(tmp_path, UPLOADS=str(tmp_path / "file" / "folder")))
    assert re.fullmatch(
        r"the folder .+/file/folder cannot be written: Not a directory", place.trouble() or ""
    )
    with pytest.raises(StoreAwayError):
        place.put(NAME, io.BytesIO(b"x"))


def test_the_settings_name_a_bucket_with_or_without_folders_or_a_folder(tmp_path: Path) -> None:
    for good in (
        "",
        "/mnt/conference",
        "s3://conference-files",
        "s3://conference-files/",
        "s3://a.b-c/2022/x_y",
    ):
        assert settings_of(tmp_path, UPLOADS=good).uploads == good
    for bad, words in (
        ("mnt/conference", "must be a whole path"),
        ("s3://", "must name a bucket"),
        ("s3:/x", "must name a bucket"),
        ("s3://A_B/x", "must name a bucket"),
        ("s3://files/../x", "may name folders"),
        ("s3://files/x?y", "may name folders"),
        ("s3://files/a//b", "may name folders"),
    ):
        with pytest.raises(SettingsError, match=words):
            settings_of(tmp_path, UPLOADS=bad)


def test_a_name_is_on_the_disk_before_a_file_counts_as_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place, root = store_of(settings_of(tmp_path, UPLOADS=str(tmp_path))), tmp_path
    synced: list[Path | str] = []

    def fsync(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        synced.append("content" if path.is_file() else path)
        # The folder already holds the name that it is to keep.
        assert path.is_file() or any(path.iterdir())

    monkeypatch.setattr(os, "fsync", fsync)
    slides = root / "speakers" / "slides"
    place.put(NAME, io.BytesIO(b"x"))
    assert synced == ["content", slides, slides.parent, root]
    for act in (lambda: place.put(NAME, io.BytesIO(b"y")), lambda: place.move(NAME, OTHER)):
        synced.clear()
        act()
        assert synced == ["content", slides]
    synced.clear()
    place.put("imports/0123.csv", io.BytesIO(b"passing"))
    assert synced == []


def test_a_store_over_plain_http_or_half_a_key_is_unsafe(tmp_path: Path) -> None:
    def found(**more: str) -> set[str]:
        settings = settings_of(tmp_path, UPLOADS="s3://files", **more)
        return {one.variable for one in unsafe(settings) if "UPLOADS" in one.variable}

    assert found(UPLOADS_ENDPOINT="https://s3.example") == set()
    assert found(UPLOADS_ENDPOINT="http://127.0.0.1:9000") == set()
    assert found(UPLOADS_ENDPOINT="http://s3.example") == {"CONFERENCE_UPLOADS_ENDPOINT"}
    assert found(UPLOADS_ACCESS_KEY="a") == {"CONFERENCE_UPLOADS_SECRET_KEY"}


def test_a_bucket_without_its_library_is_told_with_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "find_spec", lambda _name: None)
    store_module.require_store(settings_of(tmp_path))
    with pytest.raises(SettingsError, match=re.escape("pip install 'conference-office[s3]'")):
        store_module.require_store(settings_of(tmp_path, UPLOADS="s3://files"))


def test_readiness_asks_a_store_that_is_away_seldom_and_never_twice_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clock, asked, answers = [1000.0], [0], ["away"]
    meanwhile: list[str | None] = []

    class Place:
        def trouble(self) -> str | None:
            asked[0] += 1
            # Somebody else asks while this one waits; the first time of all they would wait too.
            if asked[0] > 1:
                thread = threading.Thread(target=lambda: meanwhile.append(store_module.store_trouble()))
                thread.start()
                thread.join(60)
            return answers[0] or None

    monkeypatch.setattr(store_module, "current_settings", lambda: settings_of(tmp_path))
    monkeypatch.setattr(store_module, "store_of", lambda _settings: Place())
    monkeypatch.setattr(store_module, "_known", {})
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    found = []
    for later, answer in ((0.0, "away"), (4.0, "away"), (2.0, "away still"), (6.0, ""), (9.0, "away")):
        clock[0] += later
        answers[0] = answer
        found.append(store_module.store_trouble())
    assert found == ["away", "away", "away still", None, None]
    assert (asked, meanwhile) == ([3], ["away", "away still"])
