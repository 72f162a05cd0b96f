import errno

import pytest

from conference.core.full_disk import is_full


@pytest.mark.parametrize(
    ("number", "full"),
    [(errno.ENOSPC, True), (errno.EDQUOT, True), (errno.EFBIG, True), (errno.EACCES, False), (None, False)],
)
def test_which_words_mean_a_full_disk(number: int | None, *, full: bool) -> None:
    assert is_full(OSError(number, "said") if number else OSError("said")) is full
