"""How a name without an id is known again. Pure."""

import hashlib

from conference.core.text import folded

# Folding can make one character eighteen; what is longer than this is told apart by its digest.
MOST = 160


def name_key(name: str) -> str:
    """Return the folded name, at most 200 characters: the same for who writes it in capitals or without accents."""
    plain = folded(name)
    if len(plain) <= MOST:
        return plain
    return f"{plain[: MOST - 40]} {hashlib.sha256(plain.encode()).hexdigest()[:40]}"
