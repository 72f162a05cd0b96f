"""One word for one thing on every page: look.md, Words. Who needs another word changes it everywhere, and here."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TEXTS = re.compile(r"""(?:\b_|_l|N_|gettext)\(\s*["']([^"']*)""")
# What is not said, and what is said instead. "Cancel" beside "Withdraw" or "Cancelled" would be read as the act itself.
INSTEAD = {
    r"^Cancel$|^Keep it$|^Stay registered$|^Back without": "Back",
    r"^Show$|^Show all$|^Find$": "Search, or Clear the filter",
    r"^E-?mail$|^No e-?mail$": "E-mail address",
    r"^Fields$": "Tracks",
    r"[Ss]uccessfully|[Pp]lease note|!": "what happened, and what comes next",
}


def texts() -> list[tuple[str, str]]:
    paths = [*(ROOT / "templates").rglob("*.*"), *(ROOT / "conference").rglob("*.py")]
    return [(path.name, text) for path in paths for text in TEXTS.findall(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("word", INSTEAD)
def test_each_thing_has_one_word(word: str) -> None:
    assert [found for found in texts() if re.search(word, found[1])] == []


def test_the_reader_has_a_place_and_the_room_has_seats() -> None:
    letters = [*(ROOT / "templates/mail").rglob("*.*"), *(ROOT / "templates/registration").rglob("*.html")]
    said = [text for path in letters for text in TEXTS.findall(path.read_text(encoding="utf-8"))]
    assert len(said) > 100
    assert [text for text in said if re.search(r"\bseats?\b", text, re.IGNORECASE)] == []
