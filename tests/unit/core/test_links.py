import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.core.errors import NotFoundError
from conference.core.links import read, sign

SECRET = "a secret of the test"
TOKEN = sign(SECRET, "speaker", 17, 3)
NUMBERS = st.integers(min_value=1, max_value=999_999_999)


@given(NUMBERS, NUMBERS)
def test_read_returns_what_was_signed(record_id: int, version: int) -> None:
    assert read(SECRET, "speaker", sign(SECRET, "speaker", record_id, version)) == (record_id, version)


@pytest.mark.parametrize(
    ("secret", "purpose", "token"),
    [
        ("another secret", "speaker", TOKEN),
        (SECRET, "registration", TOKEN),
        (SECRET, "speaker", TOKEN.replace("17-", "18-", 1)),
        (SECRET, "speaker", TOKEN.replace("-3-", "-4-", 1)),
        (SECRET, "speaker", "0" + TOKEN),
        (SECRET, "speaker", TOKEN.replace("17-", "１７-", 1)),
        (SECRET, "speaker", TOKEN[:-1]),
        (SECRET, "speaker", TOKEN + "="),
        (SECRET, "speaker", TOKEN + "\n"),
        (SECRET, "speaker", ""),
        (SECRET, "speaker", "99999999999-1-" + "a" * 27),
    ],
)
def test_read_refuses_every_other_text(secret: str, purpose: str, token: str) -> None:
    with pytest.raises(NotFoundError):
        read(secret, purpose, token)


@given(st.integers(min_value=0, max_value=len(TOKEN) - 1), st.characters(codec="ascii"))
def test_read_refuses_one_changed_character(at: int, character: str) -> None:
    if TOKEN[at] == character:
        return
    with pytest.raises(NotFoundError):
        read(SECRET, "speaker", TOKEN[:at] + character + TOKEN[at + 1 :])
