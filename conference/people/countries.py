"""Countries by ISO 3166 code, as the Unicode locale data names them."""

from functools import cache

from babel import Locale

from conference.core.text import sort_key

# Codes of the locale data that are no country: unions, test regions, and islands that ISO 3166 only reserves.
_NO_COUNTRY = frozenset(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"])


@cache
def countries(language: str = "en") -> tuple[tuple[str, str], ...]:
    """Return (code, name) of every country, as the language sorts their names."""
    territories = Locale.parse(language).territories
    found = [
        (code, name)
        for code, name in territories.items()
        if len(code) == 2 and code not in _NO_COUNTRY and code.isalpha()  # noqa: PLR2004 -- ISO 3166-1 alpha-2
    ]
    return tuple(sorted(found, key=lambda pair: sort_key(pair[1], language)))


@cache
def _names(language: str) -> dict[str, str]:
    return dict(countries(language))


def is_country(code: str) -> bool:
    return code in _names("en")


def country_name(code: str, language: str = "en") -> str:
    """Return the country's name, or the code itself where it is unknown or empty."""
    return _names(language).get(code, code)
