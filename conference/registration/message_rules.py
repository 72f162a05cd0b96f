"""What a mail of the office may hold in braces, and what it then says to one person. Pure."""

import re
from collections.abc import Mapping, Sequence

# What is known of each person; `link` is made when the mail is sent, and stands in the text only.
PLACEHOLDERS = ("given_name", "family_name", "number", "category", "link")
LINK = "link"
_BRACES = re.compile(r"\{([^{}\n]*)\}")


def unknown_names(text: str) -> list[str]:
    """Return what stands in braces and is no placeholder, each once, in the order of the text."""
    return list(dict.fromkeys(name for name in _BRACES.findall(text) if name not in PLACEHOLDERS))


def has_link(text: str) -> bool:
    return LINK in _BRACES.findall(text)


def filled(text: str, values: Mapping[str, str]) -> Sequence[str | None]:
    """Return the text in parts with the person's values in their places, and None where the personal link goes.

    One pass over what the office wrote: braces in a value stay as they are, and nothing is looked up in a value. What
    is no placeholder stays as written; `unknown_names` has refused it before.
    """
    parts: list[str | None] = [""]
    for place, piece in enumerate(_BRACES.split(text)):
        # Every second piece is what stood in braces.
        if place % 2 and piece == LINK:
            parts += [None, ""]
        else:
            whole = values.get(piece, f"{{{piece}}}") if place % 2 else piece
            parts[-1] = (parts[-1] or "") + whole
    return parts
