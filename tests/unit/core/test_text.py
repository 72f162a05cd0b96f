import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.core.text import address_key, as_typed, control_characters, file_name, folded


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Åsa", "asa"),
        ("JÜRGEN", "jurgen"),
        ("Straße", "strasse"),
        ("Łukasz", "lukasz"),
        ("Đorđe", "dorđe".replace("đ", "d")),
        ("Ελένη", "ελενη"),
        ("O'Brien", "o'brien"),
    ],
)
def test_folded(typed: str, found: str) -> None:
    assert folded(typed) == found


@given(st.text())
def test_folded_is_stable(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_folding_any_one_letter_twice_changes_nothing() -> None:
    letters = (chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000)
    assert [one for one in letters if folded(folded(one)) != folded(one)] == []


def test_as_typed_keeps_the_name() -> None:
    assert as_typed("  van der Berg <3 McDONALD ") == "van der Berg <3 McDONALD"
    assert as_typed("A\u030asa") == "Åsa"


def test_address_key() -> None:
    assert address_key(" Asa.Lind@Example.ORG ") == "asa.lind@example.org"


def test_control_characters() -> None:
    assert control_characters("a\x00b\u202ec\nd") == ["U+0000", "U+202E", "U+000A"]
    assert control_characters("line\r\nline", allow="\r\n") == []


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\docs\\My proof.PDF", "My proof.pdf"),
        ("a\r\nb\u202egpj.pdf", "abgpj.pdf"),
        ("", "file.pdf"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
        ("证明 شهادة.pdf", "证明 شهادة.pdf"),
    ],
)
def test_a_name_is_only_ever_a_name(typed: str, shown: str) -> None:
    assert file_name(typed, ending="pdf") == shown


def test_a_name_keeps_its_own_ending_where_none_is_known() -> None:
    assert [file_name(one, most=8) for one in ("a/b.key", "", "longer name.pptx")] == [
        "b.key",
        "file",
        "ame.pptx",
    ]
