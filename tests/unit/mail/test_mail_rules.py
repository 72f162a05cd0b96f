import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.mail.rules import is_address, is_final, one_line, tidy


@given(st.text())
def test_one_line_leaves_no_line_end_and_no_control_character(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert all(character.isprintable() or ord(character) > 0x9F for character in line)


@pytest.mark.parametrize(
    "text", ["{{7*7}}", "{user.__class__}", "%(x)s", "<b>&amp;", "[a](http://b)", "=?utf-8?q?x?="]
)
def test_one_line_keeps_everything_else_as_typed(text: str) -> None:
    assert one_line(text) == text


def test_one_line_joins_what_would_begin_a_header() -> None:
    assert one_line("Anna\r\nBcc: all@clinic.example\x00") == "Anna Bcc: all@clinic.example"


def test_tidy_takes_out_empty_lines_of_tags() -> None:
    assert tidy("\n\nDear Åsa,  \n\n\n\nyou are in.\n\n") == "Dear Åsa,\n\nyou are in.\n"


@pytest.mark.parametrize("text", ["asa@clinic.example", "jörg@straße.example", "o'brien+x@a.b"])
def test_is_address_takes_plain_addresses(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize(
    "text", ["", "asa", "@b", "a@", "a b@c", "a@b\r\nRCPT TO:<c@d>", "<a@b>", "a@b,c@d", "a@b;c"]
)
def test_is_address_refuses_what_could_be_more_than_one(text: str) -> None:
    assert not is_address(text)


def test_is_final_tells_5xx_from_the_rest() -> None:
    assert [code for code in (-1, 250, 421, 450, 452, 550, 553, 599, 600) if is_final(code)] == [
        550,
        553,
        599,
    ]
