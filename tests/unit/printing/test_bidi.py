"""The order of mixed directions, beside another library's, and the cases of UAX #9 that it has wrong or cannot be asked."""

import unicodedata

import pytest
from bidi import get_display
from hypothesis import given, settings
from hypothesis import strategies as st

from conference.printing.bidi import base_level, levels, visual_runs

CONTROLS = {"LRE", "RLE", "LRO", "RLO", "PDF", "BN", "LRI", "RLI", "FSI", "PDI"}


def shown(text: str) -> str:
    """Return the text from left to right on paper, without what only steers it."""
    parts = [text[start:end][:: -1 if level % 2 else 1] for start, end, level in visual_runs(levels(text))]
    return "".join(one for one in "".join(parts) if unicodedata.bidirectional(one) not in CONTROLS)


@given(st.text(st.sampled_from("ab אבג مح 12 ٣٤ -+.,:%/ \u05b0\u064e"), min_size=1, max_size=24))
@settings(max_examples=500, deadline=None)
def test_the_order_is_that_of_another_library(text: str) -> None:
    assert shown(text) == get_display(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abc", "abc"),
        ("אבג", "גבא"),
        ("abc אבג def", "abc גבא def"),
        ("אבג abc דהו", "והד abc גבא"),
        ("אבג 12 דהו", "והד 12 גבא"),
        ("אבג (abc) 12", "12 )abc( גבא"),
        ("a (אב) b", "a (בא) b"),
        ("aא[1]", "a]1[א"),
        ("a\u2067b א\u2069c", "aא bc"),
        ("a \u2068אב c\u2069 d", "a c בא d"),
        ("\u202eabc\u202c d", "cba d"),
        ("\u202ba\u202c b א", "a b א"),
        ("\u2067" * 200 + "ab", "ab"),
        ("", ""),
    ],
)
def test_the_order_is_that_of_the_standard(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("abc א", 0), ("12 א abc", 1), ("(محمد)", 1), ("\u2067א\u2069abc", 0), ("", 0), ("12", 0)],
)
def test_the_first_letter_gives_a_line_its_direction(text: str, expected: int) -> None:
    assert base_level(text) == expected
