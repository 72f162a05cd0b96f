"""The stored key that the office's list is ordered by: the same in each database, whatever its collation."""

from conference.core.text import folded

KEY_LENGTH = 400


def sort_key(*parts: str) -> str:
    """Return hexadecimal text whose order is that of the parts, compared folded, one after the other.

    Hexadecimal digits sort alike in every collation. An own key and not ICU's: the list is one for readers of all
    languages, and the root collation's first level is what `folded` gives for the names that come here.
    """
    return b"\x01".join(folded(part).encode() for part in parts).hex()[:KEY_LENGTH]
