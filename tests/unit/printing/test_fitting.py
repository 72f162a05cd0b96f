"""Text into a width: every line fits whatever comes, and nothing is lost without being said."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.printing.fitting import ELLIPSIS, HYPHEN, MM_PER_PT, Fitted, fit, shortened, wrap
from conference.printing.hyphenation import hyphen_places

SIZES = (20.0, 18.0, 16.0)


# Clusters that a reader takes for one character: a family, a flag, letters with marks.
CLUSTERS = ("👨\u200d👩\u200d👧", "🇸🇪", "Z\u0308\u0323", "e\u0301\u0302", "\u05e9\u05b8\u05c1", "❤\ufe0f")


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
        ("Annalisa", mm(3, 16), Fitted(lines=("Anna\xad", "lisa"), size_pt=18, is_shortened=False)),
        ("Xxxxxxxx", mm(3, 16), Fitted(lines=("Xxxxx…",), size_pt=16, is_shortened=True)),
        ("Anna Xxxxxxxx", mm(3, 16), Fitted(lines=("Anna", "Xxxxx…"), size_pt=16, is_shortened=True)),
        ("Anna\xa0Lisa", mm(2.5, 16), Fitted(lines=("Anna…",), size_pt=16, is_shortened=True)),
        ("ab cd ef gh", mm(2.6, 16), Fitted(lines=("ab cd", "ef gh"), size_pt=16, is_shortened=False)),
        ("ab cd of gh", mm(4, 16), Fitted(lines=("ab cd", "of gh"), size_pt=20, is_shortened=False)),
        ("abcd of the gh", mm(5.6, 16), Fitted(lines=("abcd", "of the gh"), size_pt=18, is_shortened=False)),
        (
            "a van der Bergen",
            mm(5, 16),
            Fitted(lines=("a van der", "Bergen"), size_pt=16, is_shortened=False),
        ),
        ("王小明李大山", mm(1.6, 16), Fitted(lines=("王小明", "李大山"), size_pt=16, is_shortened=False)),
    ],
    ids=[
        "as large as allowed",
        "smaller",
        "two lines",
        "after a hyphen",
        "hyphenated",
        "ellipsis",
        "two lines and ellipsis",
        "a blank that must not break",
        "balanced",
        "balanced before an article",
        "an article with its word",
        "an article where nothing else fits",
        "Chinese between any signs",
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
    kept = "".join(fitted.lines).replace(HYPHEN, "")
    assert fitted.is_shortened == kept.endswith(ELLIPSIS)
    if not fitted.is_shortened:
        assert kept.replace(" ", "") == text.replace(" ", "")


@given(texts, st.floats(10, 100))
def test_wrapping_keeps_every_character(text: str, width: float) -> None:
    lines = wrap(text, width_em, width, 10)
    assert "".join(lines).replace(" ", "").replace(HYPHEN, "") == text.replace(" ", "")
    assert all(mm(width_em(line), 10) <= width + 0.001 for line in lines)


def test_what_fits_is_not_shortened() -> None:
    assert shortened("Anna", width_em, 2.0) == "Anna"
    assert shortened("Anna B", width_em, 2.9) == "Anna…"


@given(st.lists(st.sampled_from(CLUSTERS), min_size=1, max_size=12), st.floats(1, 40))
def test_a_cut_goes_through_no_cluster(clusters: list[str], width: float) -> None:
    text = "".join(clusters)
    beginnings = {"".join(clusters[:count]) for count in range(1, len(clusters) + 1)}
    shown = fit(text, width_em, width, SIZES, 1).lines[0]
    assert shown.removesuffix(ELLIPSIS) in beginnings
    assert {one.lstrip("\u200e\u200f") for one in wrap(text, width_em, width, 10)} <= {
        "".join(clusters[begin:end])
        for begin in range(len(clusters))
        for end in range(begin + 1, len(clusters) + 1)
    }


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Universitetssjukhuset", "sv", "Uni-ver-si-tets-sjuk-hu-set"),
        ("Universitetssjukhuset", None, "Uni-ver-si-tets-sjuk-hu-set"),
        ("Universitätsklinikum", None, "Uni-ver-si-täts-kli-ni-kum"),
        ("Laboratory", "en", "Labor-at-ory"),
        ("Щербакова", None, "Щер-ба-кова"),
        ("Anna", None, "Anna"),
        ("Universitetssjukhuset", "xx", "Universitetssjukhuset"),
        ("(ab12Kliniken34cd)", "sv", "(ab12Kli-ni-ken34cd)"),
    ],
)
def test_words_are_hyphenated_by_their_language(text: str, language: str | None, expected: str) -> None:
    parts = [0, *hyphen_places(text, language), len(text)]
    assert "-".join(text[begin:end] for begin, end in pairwise(parts)) == expected


@given(texts)
def test_no_fragment_is_shorter_than_three_letters(text: str) -> None:
    for place in hyphen_places(text):
        assert text[place - 3 : place].isalpha()
        assert text[place : place + 3].isalpha()


def test_a_name_is_not_hyphenated_while_a_smaller_size_is_left() -> None:
    assert fit("Annalisa", width_em, mm(3, 16) + 0.001, SIZES, hyphenates=False).is_shortened
    assert fit("Annalisa", width_em, mm(4, 16) + 0.001, SIZES).lines == ("Annalisa",)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("aaaa bbbb cccc dd", ["aaaa bbbb", "cccc dd"]),
        ("aaaa bbbb cccc", ["aaaa", "bbbb cccc"]),
        ("aaa of bbbb", ["aaa", "of bbbb"]),
        ("aaaa den bb ccc", ["aaaa", "den bb ccc"]),
        ("aaaa\xa0bbbb cc", ["aaaa\xa0bbbb", "cc"]),
        ("aaaa-bbbbbb", ["aaaa-", "bbbbbb"]),
        ("王小明李大山王小明李大山王小", ["王小明李大山王小明李", "大山王小"]),
    ],
    ids=["whole", "no word alone", "article", "article of another language", "kept blank", "hyphen", "signs"],
)
def test_paragraphs_break_where_a_reader_would(text: str, lines: list[str]) -> None:
    assert wrap(text, width_em, mm(5, 10) + 0.001, 10) == lines


def test_a_paragraph_is_measured_in_time_that_grows_with_its_length() -> None:
    def letters_measured(words: int) -> int:
        seen = 0

        def counted(text: str) -> float:
            nonlocal seen
            seen += len(text)
            return width_em(text)

        wrap("word of some length " * words, counted, mm(40, 10), 10)
        return seen

    assert letters_measured(400) < 4.2 * letters_measured(100)


def test_lines_keep_the_direction_of_their_whole() -> None:
    lines = fit("محمد Ali", width_em, mm(2.1, 16), SIZES).lines
    assert lines == ("محمد", "\N{RIGHT-TO-LEFT MARK}Ali")
