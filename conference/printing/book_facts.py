"""What stands beside the programme in its booklet, asked of the rooms that keep it."""

from conference.event.model import BookletPart
from conference.event.queries import booklet_texts
from conference.printing.book_model import BookletFacts
from conference.printing.box_service import order_language
from conference.speakers.queries import disclosures_signed
from conference.web.language import language


def booklet_facts() -> BookletFacts:
    """Return what organisers wrote in the language of the moment, and everybody's newest disclosure, and the order. Three statements."""
    texts, _ = booklet_texts()
    tag = language()
    return BookletFacts(
        welcome=texts.of(BookletPart.WELCOME, tag),
        directions=texts.of(BookletPart.DIRECTIONS, tag),
        acknowledgements=texts.of(BookletPart.ACKNOWLEDGEMENTS, tag),
        disclosures=disclosures_signed(),
        order=order_language(),
    )
