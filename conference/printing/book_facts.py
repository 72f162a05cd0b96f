"""What stands beside the programme in its booklet, asked of the rooms that keep it."""

from conference.event.model import BookletPart
from conference.event.queries import booklet_texts
from conference.printing.book_model import BookletFacts
from conference.printing.box_service import order_language
from conference.speakers.committee_queries import listed_committee
from conference.speakers.queries import disclosures_signed
from conference.web.language import language


def booklet_facts() -> BookletFacts:
    """Return what organisers wrote in the language of the moment, everybody's newest disclosure, the programme committee and the order.

    Five statements, four without a committee.
    """
    texts, _ = booklet_texts()
    tag = language()
    return BookletFacts(
        welcome=texts.of(BookletPart.WELCOME, tag),
        directions=texts.of(BookletPart.DIRECTIONS, tag),
        acknowledgements=texts.of(BookletPart.ACKNOWLEDGEMENTS, tag),
        disclosures=disclosures_signed(),
        committee=listed_committee(),
        order=order_language(),
    )
