"""The appendix of interests: what speakers and chairs declared, for the last three years (domain.md)."""

from collections.abc import Mapping, Sequence

from conference.core.ids import PersonId
from conference.printing.book_format import Format
from conference.printing.breaking import Strip, strips_of
from conference.printing.colours import SOFT
from conference.printing.directing import left_to_right
from conference.printing.index_pages import index_name
from conference.printing.setting import Span, set_spans, set_text
from conference.printing.text import settable
from conference.programme.listing import people_listed
from conference.programme.model import INDUSTRIAL, Part, Programme
from conference.speakers.model import Disclosure, Interest
from conference.speakers.words import INTEREST_WORDS
from conference.web.language import gettext

Disclosures = Mapping[PersonId, Disclosure]


def declared(disclosures: Disclosures) -> frozenset[PersonId]:
    """Return who has interests to declare."""
    return frozenset(person for person, one in disclosures.items() if not one.is_nothing and one.interests)


def who_discloses(programme: Programme, order: str) -> list[Part]:
    """Return everybody with a part in the scientific sessions, in a language's order."""
    return [
        listed.part
        for listed in people_listed(programme, order)
        if any(one.session.kind not in INDUSTRIAL for one in listed.appearances)
    ]


def disclosure_strips(
    programme: Programme, disclosures: Disclosures, form: Format, order: str
) -> list[Strip]:
    """Return who declared what, then who has nothing to disclose and of whom nothing came; none where nobody signed."""
    people = who_discloses(programme, order)
    if not any(part.person_id in disclosures for part in people):
        return []
    with_interests = declared(disclosures)
    strips = _note(
        gettext("What speakers, chairs and panellists declared themselves, for the last three years."), form
    )
    for part in people:
        if part.person_id in with_interests:
            strips += _person(part, disclosures[part.person_id], form)
    nothing = [
        part for part in people if part.person_id in disclosures and part.person_id not in with_interests
    ]
    missing = [part for part in people if part.person_id not in disclosures]
    strips += _together(gettext("Nothing to disclose"), nothing, form)
    return strips + _together(gettext("No disclosure received"), missing, form)


def _note(text: str, form: Format) -> list[Strip]:
    lines = set_text(settable(text), "regular", form.pt(0), form.text_mm, SOFT)
    return strips_of(lines, form.pt(0), x_mm=form.edge_mm)


def _person(part: Part, disclosure: Disclosure, form: Format) -> list[Strip]:
    name = settable(index_name(part))
    lines = set_text(name, "medium", form.pt(0), form.text_mm)
    strips = strips_of(
        lines, form.pt(0), x_mm=form.edge_mm, before_mm=3.4 * form.base_pt / 10, is_heading=True
    )
    for interest in Interest:
        if interest in disclosure.interests:
            spans = [
                Span(f"{settable(str(INTEREST_WORDS[interest]))}: ", "regular", SOFT),
                Span(settable(disclosure.interests[interest])),
            ]
            strips += strips_of(set_spans(spans, form.pt(0), form.text_mm), form.pt(0), x_mm=form.edge_mm)
    return strips


def _together(title: str, people: Sequence[Part], form: Format) -> list[Strip]:
    if not people:
        return []
    lines = set_text(settable(title), "bold", form.pt(0), form.text_mm)
    strips = strips_of(lines, form.pt(0), x_mm=form.edge_mm, before_mm=7 * form.base_pt / 10, is_heading=True)
    names = left_to_right(settable("; ".join(index_name(part) for part in people)))
    return strips + strips_of(
        set_text(names, "regular", form.pt(0), form.text_mm), form.pt(0), x_mm=form.edge_mm
    )
