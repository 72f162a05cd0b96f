"""Text into a width: every line fits whatever comes, and nothing is lost without being said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.printing.fitting import ELLIPSIS, MM_PER_PT, Fitted, fit, shortened, wrap

SIZES = (20.0, 18.0, 16.0)


def width_em(text: str) -> float:
    """A face in which wide letters are wide: M is one em, i a quarter, all else half."""
    return sum({"M": 1.0, "i": 0.25}.get(character, 0.5) for character in text)


def mm(em: float, size_pt: float) -> float:
    return em * size_pt * MM_PER_PT


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("Anna", mm(2, 20), Fitted(lines=("Anna",), size_pt=20, is_shortened=False)),
        ("Anna", mm(2, 18), Fitted(lines=("Anna",), size_pt=18, is_shortened=False)),
        ("Anna Lisa", mm(2, 20), Fitted(lines=("Anna", "Lisa"), size_pt=20, is_shortened=False)),
        ("Anna-Lisa", mm(2.5, 20), Fitted(lines=("Anna-", "Lisa"), size_pt=20, is_shortened=False)),
        ("Annalisa", mm(3, 16), Fitted(lines=("Annal…",), size_pt=16, is_shortened=True)),
        ("Anna Annalisa", mm(3, 16), Fitted(lines=("Anna", "Annal…"), size_pt=16, is_shortened=True)),
    ],
    ids=[
        "as large as allowed",
        "smaller",
        "two lines",
        "after a hyphen",
        "ellipsis",
        "two lines and ellipsis",
    ],
)
def test_fit(text: str, width: float, expected: Fitted) -> None:
    assert fit(text, width_em, width + 0.001, SIZES) == expected


def test_one_line_goes_before_two() -> None:
    assert fit("ab cd", width_em, mm(2.5, 16) + 0.001, SIZES).lines == ("ab cd",)


words = st.text(alphabet="aMi-ÅЩ/", min_size=1, max_size=12)
texts = st.lists(words, min_size=1, max_size=60).map(" ".join)


@given(texts, st.floats(5, 200), st.integers(1, 2))
def test_no_line_leaves_its_width_and_only_an_ellipsis_loses_text(text: str, width: float, most: int) -> None:
    fitted = fit(text, width_em, width, SIZES, most)
    assert len(fitted.lines) <= most
    assert fitted.size_pt in SIZES
    smallest_mm = mm(width_em("M" + ELLIPSIS), SIZES[-1])  # one letter and its ellipsis are never cut
    assert all(mm(width_em(line), fitted.size_pt) <= max(width, smallest_mm) + 0.001 for line in fitted.lines)
    kept = "".join(fitted.lines)
    assert fitted.is_shortened == kept.endswith(ELLIPSIS)
    if not fitted.is_shortened:
        assert kept.replace(" ", "") == text.replace(" ", "")


@given(texts, st.floats(10, 100))
def test_wrapping_keeps_every_character(text: str, width: float) -> None:
    lines = wrap(text, width_em, width, 10)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(mm(width_em(line), 10) <= width + 0.001 for line in lines)


def test_what_fits_is_not_shortened() -> None:
    assert shortened("Anna", width_em, 2.0) == "Anna"
    assert shortened("Anna B", width_em, 2.9) == "Anna…"
