import errno
import stat
from pathlib import Path

import pytest

from conference.core.errors import NoRoomError
from conference.core.whole_files import is_full, write_whole
from tests.factories.full_disks import full_folder


def test_a_file_is_there_whole_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    for content in (b"first", b"second, which is longer"):
        write_whole(path, content)
        assert path.read_bytes() == content
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_what_finds_no_room_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    write_whole(path, b"first")
    with full_folder(tmp_path), pytest.raises(NoRoomError):
        write_whole(path, b"second")
    assert path.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [path]


def test_what_else_the_system_says_stays_its_word(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "nowhere" / "a.pdf", b"content")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "full"),
    [(errno.ENOSPC, True), (errno.EDQUOT, True), (errno.EFBIG, True), (errno.EACCES, False), (None, False)],
)
def test_which_words_mean_a_full_disk(number: int | None, *, full: bool) -> None:
    assert is_full(OSError(number, "said") if number else OSError("said")) is full
