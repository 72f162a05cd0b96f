import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.mail.placeholders import Found, Piece, in_braces, pieces, unknown


def test_words_and_names_come_in_turn() -> None:
    assert list(pieces("Dear {name},\n{{x}} {")) == [
        Piece(text="Dear ", is_name=False),
        Piece(text="name", is_name=True),
        Piece(text=",\n{", is_name=False),
        Piece(text="x", is_name=True),
        Piece(text="} {", is_name=False),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{name}\n\n{link}", []),
        ("Dear {nmae},\n{name}\n{nmae} {x!r}", [("nmae", 1), ("x!r", 3)]),
        ("\n\n{name.__class__}", [("name.__class__", 3)]),
        ("{% for x in y %}{name}{% endfor %}", [("% for x in y %", 1), ("% endfor %", 1)]),
        ("{name:>99}\r\n{}", [("name:>99", 1), ("", 2)]),
        ("{{7*7}}", [("7*7", 1)]),
        ("a { b\nc } d", []),
    ],
)
def test_what_is_unknown_is_told_with_its_first_line(text: str, expected: list[tuple[str, int]]) -> None:
    assert unknown(text, ("name", "link")) == [Found(name=name, line=line) for name, line in expected]


@given(st.text())
def test_nothing_of_a_text_is_lost(text: str) -> None:
    assert "".join(f"{{{one.text}}}" if one.is_name else one.text for one in pieces(text)) == text


def test_names_are_listed_in_braces() -> None:
    assert in_braces(("name", "event")) == "{name}, {event}"
