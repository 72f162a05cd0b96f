"""What a mail of the office may hold in braces, and what it then says to one person. Pure."""

from collections.abc import Mapping, Sequence

from conference.mail.placeholders import names_in, pieces, unknown

# What is known of each person; `link` is made when the mail is sent, and stands in the text only.
PLACEHOLDERS = ("given_name", "family_name", "number", "category", "link")
LINK = "link"


def unknown_names(text: str) -> list[str]:
    """Return what stands in braces and is no placeholder, each once, in the order of the text."""
    return [one.name for one in unknown(text, PLACEHOLDERS)]


def has_link(text: str) -> bool:
    return LINK in names_in(text)


def filled(text: str, values: Mapping[str, str]) -> Sequence[str | None]:
    """Return the text in parts with the person's values in their places, and None where the personal link goes.

    Braces in a value stay as they are, and nothing is looked up in a value. What is no placeholder stays as written;
    `unknown_names` has refused it before.
    """
    parts: list[str | None] = [""]
    for piece in pieces(text):
        if piece.is_name and piece.text == LINK:
            parts += [None, ""]
        else:
            whole = values.get(piece.text, f"{{{piece.text}}}") if piece.is_name else piece.text
            parts[-1] = (parts[-1] or "") + whole
    return parts
