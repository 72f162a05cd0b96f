from datetime import UTC, datetime, timedelta

import pytest

from conference.accounts.confirming import is_fresh
from conference.accounts.errors import (
    AddressShapeError,
    GuessablePasswordError,
    KnownPasswordError,
    PasswordsDifferError,
    PasswordTooShortError,
    TooManyAttemptsError,
)
from conference.accounts.model import FRESH
from conference.accounts.passwords import hash_password, password_fits
from conference.accounts.rules import check_address, check_new_password, local_path, session_end
from conference.web.access import Role, SignedIn
from tests.conftest import OFFICE_HASHER


@pytest.mark.parametrize(
    ("role", "now", "end"),
    [
        # 22 September is in summer: midnight in Stockholm is 22:00 UTC.
        (Role.DESK, "2022-09-22T06:00", "2022-09-22T18:00"),
        (Role.DESK, "2022-09-22T12:00", "2022-09-22T22:00"),
        (Role.DESK, "2022-09-22T21:30", "2022-09-22T22:30"),
        (Role.DESK, "2022-09-22T22:00", "2022-09-23T10:00"),
        # The day of 25 hours.
        (Role.DESK, "2022-10-30T14:00", "2022-10-30T23:00"),
        (Role.ORGANISER, "2022-09-22T12:00", "2022-09-23T00:00"),
    ],
)
def test_a_sign_in_at_the_desk_ends_with_the_day(role: Role, now: str, end: str) -> None:
    begun, ended = (datetime.fromisoformat(f"{moment}+00:00") for moment in (now, end))
    assert session_end(role, begun, hours=12) == ended


@pytest.mark.parametrize(
    ("wait_s", "words"), [(1, "1 minute "), (60, "1 minute "), (61, "2 minutes "), (720, "12 minutes ")]
)
def test_who_tried_too_often_is_told_how_long_to_wait(wait_s: int, words: str) -> None:
    assert f"Wait {words}and try again." in str(TooManyAttemptsError("password", wait_s))


@pytest.mark.parametrize("target", ["/staff/", "/staff/people?q=%C3%85sa&page=2", "/r/17-1-abc"])
def test_local_path_keeps_a_path_of_this_site(target: str) -> None:
    assert local_path(target, "/home") == target


@pytest.mark.parametrize(
    "target",
    [
        "",
        "//other",
        "///other",
        "/\\other",
        "\\\\other",
        "/\t/other",
        "/\n/other",
        "https://other",
        "https:other",
        "javascript:alert(1)",
        "other",
        "/staff \\x",
        " /staff",
    ],
)
def test_local_path_stays_home_for_anything_else(target: str) -> None:
    assert local_path(target, "/home") == "/home"


def test_new_password_is_long_and_repeated() -> None:
    with pytest.raises(PasswordTooShortError) as short:
        check_new_password("elevenchars", "elevenchars")
    assert (short.value.field, str(short.value)) == (
        "password",
        "Choose a password of at least 12 characters; a sentence is a good one.",
    )
    with pytest.raises(PasswordsDifferError):
        check_new_password("twelve chars", "twelve Chars")
    check_new_password("twelve chars", "twelve chars")


@pytest.mark.parametrize("password", ["123456789012", "qwertyuiop123", "Passwordpassword", "iloveyouforever"])
def test_a_password_known_from_breaches_is_refused(password: str) -> None:
    with pytest.raises(KnownPasswordError) as known:
        check_new_password(password, password)
    assert known.value.field == "password"


ABOUT = ("Åsa Lindqvist", "asa.lindqvist@karolinska.example", "Implementation of Precision Medicine")


@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("Conference-2022!", "conference"),
        ("karolinska1234", "karolinska"),
        ("Lindqvist-Lindqvist", "lindqvist"),
        ("precisionmedicine22", "precision"),
        ("admin.office.desk", "office"),
        ("LOSENORD.losenord", "losenord"),
    ],
)
def test_a_password_of_words_that_everybody_here_knows_is_refused(password: str, word: str) -> None:
    with pytest.raises(GuessablePasswordError) as easy:
        check_new_password(password, password, ABOUT)
    assert word in str(easy.value)


@pytest.mark.parametrize(
    "password",
    [
        "kräftor i juni",
        "0912 8847 3326 1175",
        "ÅÄÖ åäö éèê ☃",
        "the office dog snores at noon",
        "x" * 11 + "y" * 89,
    ],
)
def test_any_other_password_is_taken_whatever_it_is_made_of(password: str) -> None:
    check_new_password(password, password, ABOUT)


@pytest.mark.parametrize("typed", ["", "anna", "anna@", "@example.org", "an na@example.org", "a@b\x00c"])
def test_check_address_refuses_what_can_be_none(typed: str) -> None:
    with pytest.raises(AddressShapeError):
        check_address(typed)


def test_check_address_trims_and_keeps_case() -> None:
    assert check_address(" Anna@Example.org ") == "Anna@Example.org"


def test_the_office_hashes_by_the_low_memory_parameters_of_rfc_9106(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conference.accounts.passwords._hasher", OFFICE_HASHER)
    stored = hash_password("correct horse battery")
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert password_fits(stored, "correct horse battery")


def test_password_fits_only_its_own_hash() -> None:
    stored = hash_password("correct horse battery")
    assert stored.startswith("$argon2id$")
    assert [
        password_fits(stored, "correct horse battery"),
        password_fits(stored, "Correct horse battery"),
        password_fits(None, "nobody has this password"),
    ] == [True, False, False]


@pytest.mark.parametrize(
    ("age", "is_good"),
    [
        (timedelta(), True),
        (FRESH, True),
        (FRESH + timedelta(seconds=1), False),
        # The clock went back.
        (-timedelta(seconds=1), False),
        (-timedelta(days=365), False),
    ],
)
def test_a_proof_is_fresh_for_some_minutes_and_never_from_the_future(
    age: timedelta, *, is_good: bool
) -> None:
    now = datetime(2022, 9, 5, 8, tzinfo=UTC)
    session = SignedIn(id=1, at=now, seen_at=now, confirmed_at=now - age)
    assert is_fresh(session, now) is is_good
    assert not is_fresh(None, now)
