"""Thousands of badges as files of 500: each can be printed while the next is fetched, and says who is in it."""

import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from conference.core.text import folded
from conference.printing.choice import Choice
from conference.printing.picking import labels_of, sort_name_of
from conference.printing.service import badges
from conference.registration.model import BadgePerson

IN_A_FILE = 500
_NAME_CHARACTERS = 20
_LETTERS = re.compile(r"[^a-z0-9]+", re.ASCII)


def parts_of(people: Sequence[BadgePerson]) -> Iterator[tuple[str, Sequence[BadgePerson]]]:
    """Return file name and people of each part, in their order."""
    for number, start in enumerate(range(0, len(people), IN_A_FILE), 1):
        part = people[start : start + IN_A_FILE]
        yield _file_name(number, part), part


def _file_name(number: int, part: Sequence[BadgePerson]) -> str:
    """Return for example "badges-001-Aaberg-Berg.pdf": ASCII, so that every system can unpack it."""
    names = dict.fromkeys(filter(None, (ascii_name(sort_name_of(one)) for one in (part[0], part[-1]))))
    return "-".join(["badges", f"{number:03d}", *names]) + ".pdf"


def ascii_name(name: str) -> str:
    """Return the name in ASCII letters as people look for it, Åberg as Aberg; "" where it has none of them."""
    bare = unicodedata.normalize("NFKD", folded(name)).encode("ascii", "ignore").decode("ascii")
    return "".join(part.capitalize() for part in _LETTERS.split(bare))[:_NAME_CHARACTERS]


def write_split(
    path: Path,
    people: Sequence[BadgePerson],
    choice: Choice,
    *,
    is_stacked: bool,
    progress: Callable[[int], None],
) -> None:
    """Write a ZIP file with a PDF for each 500 badges. Only the first begins within a part-used sheet.

    One part at a time is in memory.
    """
    done = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as packed:
        for name, part in parts_of(people):
            before = done

            def told(count: int, before: int = before) -> None:
                progress(before + count)

            of_part = choice if not before else begun_anew(choice)
            packed.writestr(name, badges(part, of_part, is_stacked=is_stacked, progress=told).pdf)
            done += len(part)


def begun_anew(choice: Choice) -> Choice:
    """Return the same choice on a whole sheet."""
    return replace(choice, setting=replace(choice.setting, begin_at=1))


def last_of(choice: Choice, count: int, *, is_split: bool, is_stacked: bool) -> tuple[Choice, int]:
    """Return how the last file of a run begins, and how many labels it takes: where the next run goes on."""
    last = (count - 1) % IN_A_FILE + 1 if is_split and count else count
    begun = begun_anew(choice) if last < count else choice
    return begun, labels_of(last, choice.sheet.count, is_stacked=is_stacked)
