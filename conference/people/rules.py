"""What must hold of a person's details: a name, and right check digits of the identifiers that people type."""

import re

from conference.core.ids import CROCKFORD
from conference.people.errors import NamelessError
from conference.people.model import PersonDetails

_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", re.ASCII)
_ROR = re.compile(r"0[0-9a-hjkmnp-tv-z]{6}\d{2}", re.ASCII)


def read_orcid(typed: str) -> str:
    """Return an ORCID iD in its written form, 0000-0002-1825-0097, from an address or bare digits; else as typed."""
    bare = _after_host(typed, "orcid.org/").replace("-", "").replace(" ", "").upper()
    if re.fullmatch(r"\d{15}[\dX]", bare, re.ASCII):
        return "-".join(bare[start : start + 4] for start in range(0, 16, 4))
    return typed


def read_ror(typed: str) -> str:
    """Return a ROR id in its short form, 056d84691, from an address; else as typed."""
    bare = _after_host(typed, "ror.org/").strip().lower()
    return bare if _ROR.fullmatch(bare) else typed


def _after_host(typed: str, host: str) -> str:
    return typed.partition(host)[2].strip("/") if host in typed else typed


def orcid_is_valid(orcid: str) -> bool:
    """Return whether form and check character are right: ISO 7064 MOD 11-2, the last one X for ten."""
    if not _ORCID.fullmatch(orcid):
        return False
    digits = orcid.replace("-", "")
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return digits[-1] == ("X" if check == 10 else str(check))  # noqa: PLR2004 -- ISO 7064 writes ten as X


def ror_is_valid(ror: str) -> bool:
    """Return whether form and check digits are right: 98 - (n * 100 mod 97), n in Crockford's base 32."""
    if not _ROR.fullmatch(ror):
        return False
    number = 0
    for character in ror[:-2].upper():
        number = number * 32 + CROCKFORD.index(character)
    return int(ror[-2:]) == 98 - (number * 100) % 97


def require_name(details: PersonDetails) -> None:
    """Raise NamelessError where both names are empty."""
    if not details.name:
        raise NamelessError("given_name")
