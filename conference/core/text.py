"""Text as people type it: kept as typed, compared folded."""

import unicodedata


def as_typed(text: str) -> str:
    """Return the text in NFC without blanks around it; nothing is re-cased or dropped (domain.md, Names)."""
    return unicodedata.normalize("NFC", text).strip()


# These letters carry their stroke in the letter itself, so no decomposition takes it off.
_STROKES: dict[str, str | int | None] = {"ł": "l", "đ": "d", "ø": "o", "æ": "ae", "œ": "oe", "ı": "i"}
_BARE = str.maketrans(_STROKES)


def folded(text: str) -> str:
    """Return the text for searching: casefolded, without diacritics, single spaces. Å finds A and å."""
    # Before and after: 𝕊 is a letter with a case only once it is S, and ŉ comes apart only once it is folded.
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join(bare.translate(_BARE).split())


# Swedish has å, ä and ö as letters of their own after z; the characters that follow z in ASCII stand for them.
_SWEDISH = str.maketrans({"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}", "ü": "y"})


def sort_key(text: str, language: str) -> tuple[str, str]:
    """Return what sorts names as a reader of the language looks for them: å, ä, ö after z in Swedish only."""
    plain = unicodedata.normalize("NFC", text).casefold()
    return folded(plain.translate(_SWEDISH) if language == "sv" else plain), text


def address_key(address: str) -> str:
    """Return an e-mail address in the form that must be unique: NFC, trimmed, casefolded."""
    return as_typed(address).casefold()


def control_characters(text: str, *, allow: str = "") -> list[str]:
    """Return the control characters in the text, as U+XXXX, in order, apart from those allowed.

    Counted are categories Cc and Cs and the explicit bidirectional controls, which can make a name read
    as another one (Unicode Technical Report 36, section 2.4).
    """
    bidirectional = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    return [
        f"U+{ord(character):04X}"
        for character in text
        if character not in allow
        and (unicodedata.category(character) in {"Cc", "Cs"} or character in bidirectional)
    ]


def file_name(typed: str, *, ending: str = "", most: int = 100) -> str:
    """Return a sent file's name for reading: without folders, at most so many characters, and ending in what it is.

    Neither control characters nor those that turn the direction of reading are printable, so they go. `ending` is
    without its dot; "" keeps the one that was typed.
    """
    last = unicodedata.normalize("NFC", typed).replace("\\", "/").rpartition("/")[2]
    clean = " ".join("".join(one for one in last if one.isprintable()).split())
    if not ending:
        return clean[-most:] or "file"
    stem = clean.rpartition(".")[0] or clean or "file"
    return f"{stem[: most - len(ending) - 1]}.{ending}"
