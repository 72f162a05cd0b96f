"""How a booklet is asked for in an address: its page, its abstracts, its parts and its language."""

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from conference.core.errors import N_
from conference.printing.book_format import FORMATS
from conference.printing.book_model import AS_USUAL, BookletOptions, BookPart
from conference.web.language import FALLBACK, LANGUAGES

FOLDED = "folded"
PAGE_WORDS = {
    "A4": N_("A4"),
    "A5": N_("A5, single pages"),
    FOLDED: N_("A5 on A4, to fold and staple: both sides, turned over the short edge"),
}
PART_WORDS = {
    BookPart.WELCOME: N_("Welcome"),
    BookPart.DIRECTIONS: N_("How to reach us"),
    BookPart.COMMITTEE: N_("Programme committee"),
    BookPart.PLAN: N_("Plan at a glance"),
    BookPart.SESSIONS: N_("Sessions with their talks"),
    BookPart.PEOPLE: N_("Index of people"),
    BookPart.TRACKS: N_("Index by track"),
    BookPart.NOTES: N_("Pages for notes"),
    BookPart.DISCLOSURES: N_("Disclosures of interests"),
    BookPart.INDUSTRY: N_("Industry"),
    BookPart.ACKNOWLEDGEMENTS: N_("Acknowledgements"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class BookChoice:
    """A booklet as it is wanted: of the draft or of what is public, in a language."""

    of_draft: bool = True
    language: str = FALLBACK
    options: BookletOptions = AS_USUAL
    is_folded: bool = False


def book_choice(args: MultiDict[str, str]) -> BookChoice:
    """Return what the address asks for. What it does not say, or says wrongly, is as usual: all parts, on A4.

    A form that was filled says so by `chosen`, since a box without its tick says nothing.
    """
    language, page = args.get("in", FALLBACK), args.get("page", "A4")
    is_filled = "chosen" in args
    parts = (
        frozenset(part for part in BookPart if part in args.getlist("part"))
        if is_filled
        else frozenset(BookPart)
    )
    return BookChoice(
        of_draft=args.get("version") != "published",
        language=language if language in LANGUAGES else FALLBACK,
        options=BookletOptions(
            page="A5" if page == FOLDED else page if page in FORMATS else "A4",
            has_abstracts=not is_filled or "abstracts" in args,
            parts=parts,
        ),
        is_folded=page == FOLDED,
    )


def file_name(choice: BookChoice) -> str:
    """Return "programme-draft-A5-sv.pdf": what is as usual is not said."""
    words = ["draft"] if choice.of_draft else []
    words += [FOLDED] if choice.is_folded else [choice.options.page] if choice.options.page != "A4" else []
    words += [choice.language] if choice.language != FALLBACK else []
    return "-".join(["programme", *words]) + ".pdf"
