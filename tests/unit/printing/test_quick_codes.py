"""The tables say what the library says, and every symbol made by them is read again."""

import random

import pytest
import zxingcpp
from PIL import Image

from conference.core.ids import CROCKFORD
from conference.printing.codes import _bits
from conference.printing.quick_codes import ALPHABET, SIDE, QuickCodes, _imitates_a_finder

QUICK = QuickCodes(_bits)
_DICE = random.Random(20220922)
CODES = ["".join(_DICE.choices(CROCKFORD, k=20)) for _ in range(300)]
ODD = ["A" * 20, "0" * 20, ":" * 20, "12345678901234567890", " $%*+-./:0 $%*+-./:Z"]


def read(bits: str) -> str:
    picture = Image.new("L", (SIDE + 8, SIDE + 8), 255)
    for place, bit in enumerate(bits):
        if bit == "1":
            picture.putpixel((4 + place % SIDE, 4 + place // SIDE), 0)
    (found,) = zxingcpp.read_barcodes(picture.resize((240, 240), Image.Resampling.NEAREST))
    return str(found.text)


@pytest.mark.parametrize("code", CODES[:60] + ODD)
def test_every_symbol_is_read_again(code: str) -> None:
    assert read(QUICK.bits(code)) == code


def test_all_eight_masks_are_known_and_each_symbol_of_the_library_is_one_of_ours() -> None:
    pairs, frames = QUICK._tables
    assert len(frames) == 8
    agreed = 0
    for code in CODES:
        data = QUICK._base
        for place, table in enumerate(pairs):
            data ^= table[ALPHABET.index(code[2 * place]) * 45 + ALPHABET.index(code[2 * place + 1])]
        agreed += _bits(code) in {f"{data ^ mask | frame:0441b}" for mask, frame in frames}
    # The library encodes a long run of digits by itself, which few codes have.
    assert agreed >= len(CODES) - 3


def test_hardly_a_symbol_holds_what_looks_like_a_corner() -> None:
    ours = sum(_imitates_a_finder(int(QUICK.bits(code), 2)) for code in CODES)
    theirs = sum(_imitates_a_finder(int(_bits(code), 2)) for code in CODES)
    assert ours <= theirs
    assert ours < len(CODES) / 20


@pytest.mark.parametrize("code", ["", "A" * 19, "A" * 21, "a" * 20, "Å" * 20])
def test_any_other_text_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="20 upper-case"):
        QUICK.bits(code)
