import pytest

from conference.core.ids import CROCKFORD, new_code, new_token, read_code


def test_new_code_is_of_the_alphabet() -> None:
    codes = {new_code(20) for _ in range(200)}
    assert len(codes) == 200
    assert {len(code) for code in codes} == {20}
    assert set("".join(codes)) <= set(CROCKFORD)


@pytest.mark.parametrize(("typed", "meant"), [(" 7k-3m 9q ", "7K3M9Q"), ("oil0il", "011011"), ("", "")])
def test_read_code(typed: str, meant: str) -> None:
    assert read_code(typed) == meant


def test_new_token_holds_256_bits() -> None:
    assert len(new_token()) == 43
