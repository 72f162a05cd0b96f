"""How co-authors and keywords of a talk are typed and read: plain text, one co-author a line. Pure."""

from collections.abc import Iterable

from conference.core.text import as_typed
from conference.programme.model import CoAuthor

MOST_CO_AUTHORS = 30
NAME_CHARACTERS, AFFILIATION_CHARACTERS = 120, 200
MOST_KEYWORDS, KEYWORD_CHARACTERS = 8, 60


def read_co_authors(typed: str) -> tuple[CoAuthor, ...]:
    """Return the co-authors of lines such as "Åsa Lind; Karolinska Institutet", in their order; empty lines are none.

    The name ends at the first semicolon, so that an affiliation may hold more of them.
    """
    lines = (line.partition(";") for line in typed.splitlines() if line.strip())
    return tuple(CoAuthor(name=as_typed(name), affiliation=as_typed(rest)) for name, _, rest in lines)


def written_co_authors(co_authors: Iterable[CoAuthor]) -> str:
    """Return the lines that `read_co_authors` reads."""
    return "\n".join(as_line(one) for one in co_authors)


def as_line(one: CoAuthor) -> str:
    return f"{one.name}; {one.affiliation}" if one.affiliation else one.name


def read_keywords(typed: str) -> tuple[str, ...]:
    """Return what stands between the commas, each once however it is cased, as it was typed first."""
    found: dict[str, str] = {}
    for word in typed.replace("\n", ",").split(","):
        plain = " ".join(as_typed(word).split())
        if plain:
            found.setdefault(plain.casefold(), plain)
    return tuple(found.values())


def written_keywords(keywords: Iterable[str]) -> str:
    return ", ".join(keywords)
