"""The desk's boxes: evenly parted between letters, or as the office says, in the order of each language."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.printing.boxes import ALPHABETS, Boxes, boxes_beginning, even_boxes, letter_of
from conference.printing.errors import BoxCountError, BoxStartsError

NAMES = ["Aaberg", "Berg", "Carlsson", "Dahl", "Ek", "Fors", "Gran", "Holm"]


def test_each_box_holds_as_many() -> None:
    found = even_boxes(NAMES, 4, "sv")
    assert found.labels == ("A–B", "C–D", "E–F", "G–Ö")
    assert Counter(map(found.label_of, NAMES)) == {"A–B": 2, "C–D": 2, "E–F": 2, "G–Ö": 2}


def test_without_people_the_alphabet_is_parted() -> None:
    assert even_boxes([], 3, "en").labels == ("A–I", "J–Q", "R–Z")


def test_one_box_holds_all() -> None:
    assert even_boxes(NAMES, 1, "sv").labels == ("A–Ö",)


def test_a_crowded_letter_is_not_cut() -> None:
    found = even_boxes(["Svensson"] * 50 + ["Berg"], 4, "sv")
    assert found.label_of("Svensson") == found.label_of("Ström")


@given(
    st.lists(st.text(min_size=1, max_size=12), max_size=60),
    st.integers(1, 26),
    st.sampled_from(sorted(ALPHABETS)),
)
def test_every_name_has_a_box(names: list[str], count: int, language: str) -> None:
    found = even_boxes(names, count, language)
    assert 1 <= len(found.starts) <= count
    assert all(0 <= found.place_of(name) < len(found.labels) for name in names)


@pytest.mark.parametrize(
    ("name", "language", "letter"),
    [
        ("Åberg", "sv", "Å"),
        ("Åberg", "de", "A"),
        ("Özil", "sv", "Ö"),
        ("Özil", "de", "O"),
        ("von Essen", "sv", "V"),
        ("’t Hooft", "en", "Z"),
        ("1st", "en", "A"),
        ("Παπαδοπούλου", "sv", "Ö"),
        ("李", "de", "Z"),
    ],
)
def test_the_letter_of_a_name(name: str, language: str, letter: str) -> None:
    assert letter_of(name, language) == letter


def test_the_office_parts_by_letters() -> None:
    found = boxes_beginning(["e", "H", "Sm"], "sv")
    assert found == Boxes(starts=("A", "E", "H", "Sm"), language="sv")
    assert found.labels == ("A–D", "E–G", "H–Sl", "Sm–Ö")
    assert [found.label_of(name) for name in ("Dahl", "Ek", "Silva", "Smed", "Åberg")] == [
        "A–D", "E–G", "H–Sl", "Sm–Ö", "Sm–Ö",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "starts", [["K", "E"], ["E", "E"], ["Å3"], ["?"], ["Abcdefg"], [*"ABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖ"]]
)
def test_letters_that_cannot_begin_boxes_are_refused(starts: list[str]) -> None:
    with pytest.raises(BoxStartsError):
        boxes_beginning(starts, "sv")


@pytest.mark.parametrize("count", [0, -1, 27])
def test_so_many_boxes_cannot_be(count: int) -> None:
    with pytest.raises(BoxCountError):
        even_boxes(NAMES, count, "sv")
