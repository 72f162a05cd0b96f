"""Archives are whole or refused, and never half written."""

import gzip
import io
import os
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from conference.running.archive import MOST_READ_BYTES, Writer, first_member, verified, written
from conference.running.errors import RunningError
from conference.running.model import Member
from tests.unit.running.test_running_rules import MANIFEST

CONTENT = os.urandom(300_000)


def quiet(_bytes: int) -> None:
    """Tell nobody."""


def fill(writer: Writer) -> None:
    writer.add("erasures.jsonl", io.BytesIO(b""), 0)
    writer.add("files/a.pdf", io.BytesIO(CONTENT), len(CONTENT))
    writer.finish(replace(MANIFEST, members=dict(writer.members)))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    with written(tmp_path / "a.tar.gz", quiet) as writer:
        fill(writer)
    return tmp_path / "a.tar.gz"


def test_a_whole_archive_tells_its_members(archive: Path) -> None:
    told: list[int] = []
    found = verified(archive, told.append)
    assert found.manifest.members["erasures.jsonl"] == Member(
        sha256="e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", size_bytes=0
    )
    assert found.manifest.members["files/a.pdf"].size_bytes == sum(told) == len(CONTENT)
    assert first_member(archive) == ("erasures.jsonl", b"")


def test_only_the_owner_reads_it_and_nothing_lies_beside_it(archive: Path) -> None:
    assert archive.stat().st_mode & 0o777 == 0o600
    assert list(archive.parent.iterdir()) == [archive]


def test_a_file_that_is_there_is_not_replaced(archive: Path) -> None:
    before = archive.read_bytes()
    with pytest.raises(RunningError, match="is there already: choose another name"), written(archive, quiet):
        pass
    assert archive.read_bytes() == before


def test_one_that_comes_meanwhile_is_not_replaced_either(tmp_path: Path) -> None:
    target = tmp_path / "a.tar.gz"

    def two_at_once() -> None:
        with written(target, quiet) as writer:
            fill(writer)
            target.write_bytes(b"another's")

    with pytest.raises(RunningError, match="is there already"):
        two_at_once()
    assert target.read_bytes() == b"another's"
    assert list(tmp_path.iterdir()) == [target]


def test_what_is_broken_off_leaves_nothing(tmp_path: Path) -> None:
    def broken_off() -> None:
        with written(tmp_path / "a.tar.gz", quiet) as writer:
            fill(writer)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken_off()
    assert list(tmp_path.iterdir()) == []


def test_a_share_without_links_gets_it_by_renaming(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_paths: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", no_links)
    with written(tmp_path / "a.tar.gz", quiet) as writer:
        fill(writer)
    assert [path.name for path in tmp_path.iterdir()] == ["a.tar.gz"]


@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_one_that_was_cut_short_is_refused(archive: Path, share: float) -> None:
    archive.write_bytes(archive.read_bytes()[: int(archive.stat().st_size * share)])
    with pytest.raises(RunningError, match="damaged or was cut short"):
        verified(archive, quiet)


@pytest.mark.parametrize("place", [200, 150_000, -6])
def test_one_with_a_bit_turned_is_refused(archive: Path, place: int) -> None:
    content = bytearray(archive.read_bytes())
    content[place] ^= 4
    archive.write_bytes(content)
    with pytest.raises(RunningError):
        verified(archive, quiet)


def remade(archive: Path, name: str, content: bytes) -> None:
    """Write the archive anew with another content of this member, as somebody would who alters it."""
    with tarfile.open(archive) as tar:
        old = [(one, tar.extractfile(one)) for one in tar.getmembers()]
        kept = [(one, file.read()) for one, file in old if file and one.name != name]
    head = tarfile.TarInfo(name)
    with gzip.open(archive, "wb") as raw, tarfile.open(fileobj=raw, mode="w") as tar:
        for one, was in [(head, content), *kept]:
            one.size = len(was)
            tar.addfile(one, io.BytesIO(was))


def test_an_altered_member_is_named(archive: Path) -> None:
    remade(archive, "files/a.pdf", b"altered")
    with pytest.raises(RunningError, match=r"files/a\.pdf differ from the manifest"):
        verified(archive, quiet)


def test_an_added_member_is_named(archive: Path) -> None:
    remade(archive, "files/b.pdf", b"added")
    with pytest.raises(RunningError, match=r"files/b\.pdf differ from the manifest"):
        verified(archive, quiet)


@pytest.mark.parametrize("name", ["../evil", "/etc/cron.d/evil"])
def test_a_member_outside_is_refused(archive: Path, name: str) -> None:
    remade(archive, name, b"evil")
    with pytest.raises(RunningError, match="which no backup has"):
        verified(archive, quiet)


def test_an_archive_of_something_else_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "holiday.tar.gz"
    with tarfile.open(other, "w:gz") as tar:
        tar.addfile(tarfile.TarInfo("picture.jpg"))
    with pytest.raises(RunningError, match="has no manifest"):
        verified(other, quiet)
    other.write_text("no archive", encoding="utf-8")
    with pytest.raises(RunningError, match="damaged or was cut short"):
        verified(other, quiet)


def test_a_manifest_that_would_fill_the_memory_is_refused(archive: Path) -> None:
    remade(archive, "manifest.json", b" " * (MOST_READ_BYTES + 1))
    with pytest.raises(RunningError, match=r"manifest\.json.* is longer than any backup's"):
        verified(archive, quiet)


def test_a_first_member_that_would_fill_the_memory_is_refused(archive: Path) -> None:
    remade(archive, "erasures.jsonl", b" " * (MOST_READ_BYTES + 1))
    with pytest.raises(RunningError, match=r"erasures\.jsonl.* is longer than any backup's"):
        first_member(archive)
