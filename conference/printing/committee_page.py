"""The programme committee in the booklet: names with duty and affiliation, in the office's order."""

from collections.abc import Iterator, Sequence

from conference.printing.book_format import Format
from conference.printing.breaking import Strip, strips_of
from conference.printing.colours import SOFT
from conference.printing.setting import Span, set_spans, set_text
from conference.printing.text import settable
from conference.speakers.model import ListedMember


def committee_strips(committee: Sequence[ListedMember], form: Format) -> Iterator[Strip]:
    """Yield each member's name with the duty, and the affiliation below; nothing where there is nobody."""
    for one in committee:
        spans = [Span(settable(one.name), "medium")]
        if one.duty:
            spans += [Span(", "), Span(settable(one.duty), "regular", SOFT)]
        lines = set_spans(spans, form.pt(0), form.text_mm)
        before_mm = 3.4 * form.base_pt / 10
        own = strips_of(
            lines, form.pt(0), x_mm=form.edge_mm, before_mm=before_mm, is_heading=bool(one.affiliation)
        )
        if one.affiliation:
            lines = set_text(settable(one.affiliation), "regular", form.pt(0), form.text_mm, SOFT)
            own += strips_of(lines, form.pt(0), x_mm=form.edge_mm)
        yield from own
