"""Codes of authenticator apps, against the vectors of RFC 4226, appendix D, and RFC 6238, appendix B."""

from datetime import UTC, datetime, timedelta

import pytest

from conference.accounts.totp import code_at, decoded, encoded, matching_step, setup_address, step_of

SECRET = b"12345678901234567890"
NOON = datetime(2026, 9, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    assert code_at(SECRET, step_of(datetime.fromtimestamp(seconds, UTC)), digits=8) == code


def test_codes_are_those_of_rfc_4226() -> None:
    codes = "755224 287082 359152 969429 338314 254676 287922 162583 399871 520489"
    assert [code_at(SECRET, step) for step in range(10)] == codes.split()


@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_counts_one_step_before_and_after(steps: int, fits: bool) -> None:
    code = code_at(SECRET, step_of(NOON) + steps)
    assert matching_step(SECRET, code, NOON) == (step_of(NOON) + steps if fits else None)


def test_a_code_that_was_taken_counts_no_more_and_neither_do_those_before() -> None:
    here = step_of(NOON)
    codes = [code_at(SECRET, here + steps) for steps in (-1, 0, 1)]
    assert [matching_step(SECRET, code, NOON, after=here) for code in codes] == [None, None, here + 1]


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "94287082"])
def test_what_is_no_code_does_not_fit(typed: str) -> None:
    assert matching_step(SECRET, typed, datetime.fromtimestamp(59, UTC)) is None


def test_spaces_in_a_code_are_passed_over() -> None:
    code = code_at(SECRET, step_of(NOON))
    assert matching_step(SECRET, f" {code[:3]} {code[3:]}", NOON + timedelta(seconds=29)) == step_of(NOON)


def test_the_secret_is_told_as_apps_read_it() -> None:
    assert (encoded(SECRET), decoded(encoded(SECRET))) == ("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", SECRET)
    assert setup_address(SECRET, "åsa@x.example", "Medicine & more") == (
        "otpauth://totp/Medicine%20%26%20more:%C3%A5sa@x.example"
        "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Medicine%20%26%20more&digits=6&period=30"
    )
