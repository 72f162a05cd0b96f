"""Where a word may be hyphenated: by the patterns of its language, which TeX and office programs share."""

import re
from collections import Counter
from functools import cache, lru_cache

import pyphen

# No fragment is shorter, on either side.
LEAST_LETTERS = 3
_LETTERS = re.compile(r"[^\W\d_]+")
# The event's languages, and for other scripts those that are written in them; letters and endings can tell which it is.
_LATIN = ("en", "sv", "de")
_TELLING = (
    (re.compile("å|sjuk|sson|tets|skola|skole|forskning|institutet|ningen$", re.IGNORECASE), ("sv",)),
    (re.compile("ß|ü|tät|sch|klinik|zentr|krank|haus|pf|ungs|[hk]eit$|ung$", re.IGNORECASE), ("de",)),
)
_SCRIPTS = (
    (re.compile("[A-Za-z\u00c0-\u024f]"), _LATIN),
    (re.compile("[\u0400-\u052f]"), ("ru", "uk", "bg")),
    (re.compile("[\u0370-\u03ff\u1f00-\u1fff]"), ("el",)),
)


# Words that a text of some length cannot do without, and no other of these languages has.
_COMMON = {
    "en": frozenset(
        ("the", "of", "and", "to", "is", "are", "with", "we", "by", "from", "this", "was", "were")
    ),
    "sv": frozenset(
        ("och", "att", "det", "som", "är", "av", "för", "på", "ett", "inte", "till", "vi", "kan")
    ),
    "de": frozenset(
        ("der", "die", "und", "das", "den", "ist", "von", "zu", "mit", "ein", "eine", "wir", "für")
    ),
}
_ENOUGH_WORDS = 60


def language_of(text: str, otherwise: str | None = None) -> str | None:
    """Return which of the event's languages the text is in, by its commonest words; `otherwise` where they do not tell."""
    words = text.lower().split(maxsplit=_ENOUGH_WORDS)[:_ENOUGH_WORDS]
    found = {tag: sum(word in known for word in words) for tag, known in _COMMON.items()}
    tag = max(found, key=found.__getitem__)
    others = [count for other, count in found.items() if other != tag]
    return tag if found[tag] > max(others) else otherwise


def hyphen_places(text: str, language: str | None = None) -> tuple[int, ...]:
    """Return the places of a text behind whose characters a hyphen may be put, each at least three letters from a word's ends.

    `language` is a code as in HTML. Without it the letters tell, and where they do not, what most of the event's
    languages agree on is taken. Of a language without patterns nothing is hyphenated.
    """
    found: list[int] = []
    for word in _LETTERS.finditer(text):
        if len(word.group()) >= 2 * LEAST_LETTERS:
            languages = (language,) if language else _languages_of(word.group())
            found += [word.start() + place for place in _places(word.group(), languages)]
    return tuple(found)


def _languages_of(word: str) -> tuple[str, ...]:
    known = next((languages for letters, languages in _SCRIPTS if letters.match(word)), ())
    if known is _LATIN:
        return next((languages for letter, languages in _TELLING if letter.search(word)), _LATIN)
    return known


@lru_cache(maxsize=1024)
def _places(word: str, languages: tuple[str, ...]) -> tuple[int, ...]:
    patterns = [found for found in map(_patterns, languages) if found]
    # A place that changes the spelling ("ck" to "k-k") is none: the name stays as it was typed.
    votes = Counter(int(place) for one in patterns for place in one.positions(word) if not place.data)
    needed = len(patterns) // 2 + 1
    return tuple(sorted(place for place, count in votes.items() if count >= needed))


@cache
def _patterns(language: str) -> pyphen.Pyphen | None:
    name = pyphen.language_fallback(language.replace("-", "_"))
    return pyphen.Pyphen(lang=name, left=LEAST_LETTERS, right=LEAST_LETTERS) if name else None
