"""The desk's boxes: which letters each holds, parted evenly by how many people there are or as the office says. Pure."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from conference.core.text import sort_key
from conference.printing.errors import BoxCountError, BoxStartsError

MOST_BOXES = 26
_LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ALPHABETS = {"sv": _LATIN + "ÅÄÖ", "de": _LATIN, "en": _LATIN}
_LONGEST_START = 6
# Of a name, which is kept in NFC, so many characters tell its letter.
_SEEN = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Boxes:
    """`starts` are what each box begins with, in the order of `language`; the first holds all that comes before, too."""

    starts: tuple[str, ...]
    language: str

    def place_of(self, sort_name: str) -> int:
        """Return the box of somebody who is sorted by this name, from 0."""
        keys = _keys_of(self.starts, self.language)
        return max(0, bisect_right(keys, sort_key(sort_name, self.language)[0]) - 1)

    @property
    def labels(self) -> tuple[str, ...]:
        """Return what stands on each box, as in "E–H"."""
        alphabet = ALPHABETS[self.language]
        ends = [_before(start, alphabet) for start in self.starts[1:]] + [alphabet[-1]]
        return tuple(
            start if start == end else f"{start}–{end}" for start, end in zip(self.starts, ends, strict=True)
        )

    def label_of(self, sort_name: str) -> str:
        return self.labels[self.place_of(sort_name)]


def _before(start: str, alphabet: str) -> str:
    """Return the last letters before those that the next box begins with: D before E, Rz before S if it is Sch."""
    if len(start) > 1:
        last = start[-1].upper()
        at = alphabet.find(last)
        return start[:-1] + alphabet[at - 1].lower() if at > 0 else start[:-1]
    return alphabet[alphabet.index(start) - 1]


def even_boxes(sort_names: Iterable[str], count: int, language: str) -> Boxes:
    """Return at most so many boxes that hold about as many people each, cut between letters.

    Raises BoxCountError.
    """
    check_count(count)
    alphabet = ALPHABETS[language]
    held = Counter(letter_of(name[:_SEEN], language) for name in sort_names)
    total = sum(held.values())
    starts, seen = [alphabet[0]], 0
    for place, letter in enumerate(alphabet):
        wanted = len(starts) * (total or len(alphabet)) / count
        here = held[letter] if total else 1
        # The box ends before this letter where that is nearer to its share than behind it.
        if place and len(starts) < count and seen + here / 2 > wanted:
            starts.append(letter)
        seen += here
    return Boxes(starts=tuple(starts), language=language)


@lru_cache(maxsize=32)
def _keys_of(starts: tuple[str, ...], language: str) -> list[str]:
    return [sort_key(start, language)[0] for start in starts]


@lru_cache(maxsize=4096)
def letter_of(sort_name: str, language: str) -> str:
    """Return the letter of the alphabet under which the name is found; another script's name is under the last."""
    alphabet = ALPHABETS[language]
    keys = _keys_of(tuple(alphabet), language)
    return alphabet[max(0, bisect_right(keys, sort_key(sort_name, language)[0]) - 1)]


def check_count(count: int) -> None:
    """Raise BoxCountError unless there can be so many boxes."""
    if not 1 <= count <= MOST_BOXES:
        raise BoxCountError("count", value=str(count), most=str(MOST_BOXES))


def boxes_beginning(starts: Sequence[str], language: str) -> Boxes:
    """Return boxes that begin with these letters; A begins the first where it is not named. Raises BoxStartsError."""
    alphabet = ALPHABETS[language]
    named = [start[:1].upper() + start[1:].lower() for start in starts]
    wrong = next((one for one in named if len(one) > _LONGEST_START or not _is_start(one, alphabet)), None)
    if wrong is not None:
        raise BoxStartsError("starts", value=wrong, alphabet=alphabet)
    whole = named if named[:1] == [alphabet[0]] else [alphabet[0], *named]
    keys = [sort_key(one, language)[0] for one in whole]
    rising = zip(whole[1:], pairwise(keys), strict=True)
    late = next((one for one, (key, after) in rising if key >= after), None)
    if late is not None or len(whole) > MOST_BOXES:
        raise BoxStartsError("starts", value=late or str(len(whole)), alphabet=alphabet)
    return Boxes(starts=tuple(whole), language=language)


def _is_start(start: str, alphabet: str) -> bool:
    return bool(start) and all(letter.upper() in alphabet for letter in start)
