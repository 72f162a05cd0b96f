"""A badge's code encoded by table: the same symbols as the library's, many times as fast.

Within one mask every module of a QR symbol is an exclusive or of bits of its text (ISO/IEC 18004: Reed-Solomon codes
and masks are linear). So the tables are asked of the library once a process, one bit at a time, and a symbol is the
sum of ten entries, one for each pair of characters. A test holds both equal.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

SIDE = 21
AREA = SIDE * SIDE
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
CHARACTERS = 20
_BASE = len(ALPHABET)
_PAIR_BITS = 11
# The text from which one pair after the other is changed: digits alone would be encoded in another way.
_LETTERS = "A" * CHARACTERS
_PAIR = ALPHABET.index("A") * _BASE + ALPHABET.index("A")
_MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda i, j: (i + j) % 2 == 0,
    lambda i, _: i % 2 == 0,
    lambda _, j: j % 3 == 0,
    lambda i, j: (i + j) % 3 == 0,
    lambda i, j: (i // 2 + j // 3) % 2 == 0,
    lambda i, j: i * j % 2 + i * j % 3 == 0,
    lambda i, j: (i * j % 2 + i * j % 3) % 2 == 0,
    lambda i, j: ((i + j) % 2 + i * j % 3) % 2 == 0,
)
# Where the mask's number stands in the row of the format, and what it is masked with itself.
_MASK_AT = ((8, 2, 1), (8, 3, 0), (8, 4, 1))
# A finder pattern with four light modules beside it: what a scanner could take for a corner.
_FINDER_LIKE = ("10111010000", "00001011101")


def fits(code: str) -> bool:
    """Return whether the text is one that the tables can encode."""
    return len(code) == CHARACTERS and all(one in ALPHABET for one in code)


def _bit(row: int, column: int) -> int:
    return 1 << (AREA - 1 - row * SIDE - column)


def _where(is_set: Callable[[int, int], bool]) -> int:
    return sum(_bit(row, column) for row in range(SIDE) for column in range(SIDE) if is_set(row, column))


def _is_data(row: int, column: int) -> bool:
    """Return whether the module is of the text: none of finder, timing and format patterns of version 1."""
    in_corner = (row < 9 and (column < 9 or column > 12)) or (row > 12 and column < 9)  # noqa: PLR2004 -- ISO/IEC 18004, version 1
    return not in_corner and row != 6 and column != 6  # noqa: PLR2004 -- the timing patterns


_DATA = _where(_is_data)
_MASK_BITS = tuple(_where(mask) & _DATA for mask in _MASKS)


@dataclass(frozen=True, eq=False)
class QuickCodes:
    """Symbols of 20 upper-case alphanumeric characters. `encode` is the library: rows from the top, "1" for dark."""

    encode: Callable[[str], str]

    def bits(self, code: str) -> str:
        """Return the symbol's modules row by row, "1" for a dark one. Raises ValueError for any other text."""
        if not fits(code):
            raise ValueError("a badge's code is 20 upper-case letters and digits")
        pairs, frames = self._tables
        values = [ALPHABET.index(one) for one in code]
        data = self._base
        for place, table in enumerate(pairs):
            data ^= table[values[2 * place] * _BASE + values[2 * place + 1]]
        for mask, frame in frames:
            symbol = data ^ mask | frame
            if not _imitates_a_finder(symbol):
                break
        else:
            mask, frame = frames[0]
            symbol = data ^ mask | frame
        return f"{symbol:0{AREA}b}"

    def _probe(self, code: str) -> tuple[int, int, int]:
        """Return the library's symbol as data without its mask, the rest, and the mask's number."""
        symbol = int(self.encode(code), 2)
        number = 0
        for row, column, flip in _MASK_AT:
            number = 2 * number + (bool(symbol & _bit(row, column)) ^ flip)
        return (symbol ^ _MASK_BITS[number]) & _DATA, symbol & ~_DATA, number

    @cached_property
    def _base(self) -> int:
        return self._probe(_LETTERS)[0]

    @cached_property
    def _tables(self) -> tuple[list[list[int]], Sequence[tuple[int, int]]]:
        """Return for each pair of characters what each of its values changes, and by mask its bits and the frame."""
        pairs, frames = [], {}
        for place in range(CHARACTERS // 2):
            changed = [0] * (1 << _PAIR_BITS)
            for power in range(_PAIR_BITS):
                first, second = divmod(_PAIR ^ 1 << power, _BASE)
                code = (
                    f"{_LETTERS[: 2 * place]}{ALPHABET[first]}{ALPHABET[second]}{_LETTERS[2 * place + 2 :]}"
                )
                data, frame, number = self._probe(code)
                frames[number] = frame
                for value in range(1 << power):
                    changed[value | 1 << power] = changed[value] ^ data ^ self._base
            pairs.append([changed[value ^ _PAIR] for value in range(_BASE * _BASE)])
        letters = ALPHABET[10:36] * 2
        for start in range(len(letters) - CHARACTERS):  # until each mask was seen
            if len(frames) == len(_MASKS):
                break
            _, frame, number = self._probe(letters[start : start + CHARACTERS])
            frames[number] = frame
        return pairs, [(_MASK_BITS[number], frame) for number, frame in sorted(frames.items())]


def _finders(step: int) -> int:
    """Return where the three finder patterns themselves begin, along rows or down columns."""
    middles = [(row + k, column) for row, column in ((2, 0), (2, 14), (16, 0)) for k in range(3)]
    return sum(_bit(row, column) if step == 1 else _bit(column, row) for row, column in middles)


# Where a window of 11 modules may begin, along rows and down columns, without leaving its line.
_STARTS = (
    (1, _where(lambda _, column: column <= SIDE - 11)),
    (SIDE, _where(lambda row, _: row <= SIDE - 11)),
)
# A finder's own seven modules with four light ones before or behind it are no imitation.
_OWN = {step: (_finders(step), (_finders(step) << 4 * step) & ((1 << AREA) - 1)) for step, _ in _STARTS}


def _imitates_a_finder(symbol: int) -> bool:
    """Return whether some line holds what looks like a finder pattern (ISO/IEC 18004, 7.8.3: the heaviest penalty)."""
    light = ~symbol
    for step, starts in _STARTS:
        darks = [symbol << step * k for k in range(11)]
        lights = [light << step * k for k in range(11)]
        for pattern, own in zip(_FINDER_LIKE, _OWN[step], strict=True):
            found = starts & ~own
            for k, module in enumerate(pattern):
                found &= darks[k] if module == "1" else lights[k]
                if not found:
                    break
            else:
                return True
    return False
