"""The appendix of interests: what speakers, chairs and the programme committee declared, for the last three years (domain.md)."""

from collections.abc import Mapping, Sequence

from conference.core.ids import PersonId
from conference.printing.book_format import Format
from conference.printing.book_model import BookletFacts
from conference.printing.breaking import Strip, strips_of
from conference.printing.colours import SOFT
from conference.printing.directing import left_to_right
from conference.printing.disclosers import Discloser, appendix_note, who_discloses
from conference.printing.setting import Span, set_spans, set_text
from conference.printing.text import settable
from conference.programme.model import Programme
from conference.speakers.model import Disclosure, Interest
from conference.speakers.words import INTEREST_WORDS
from conference.web.language import gettext

Disclosures = Mapping[PersonId, Disclosure]


def declared(disclosures: Disclosures) -> frozenset[PersonId]:
    """Return who has interests to declare."""
    return frozenset(person for person, one in disclosures.items() if not one.is_nothing and one.interests)


def disclosure_strips(programme: Programme, facts: BookletFacts, form: Format) -> list[Strip]:
    """Return who declared what, then who has nothing to disclose and of whom nothing came; none where nobody signed."""
    disclosures = facts.disclosures
    people = who_discloses(programme, facts.committee, facts.order)
    if not any(one.person_id in disclosures for one in people):
        return []
    with_interests = declared(disclosures)
    strips = _note(appendix_note(facts.committee), form)
    for one in people:
        if one.person_id in with_interests:
            strips += _person(one, disclosures[one.person_id], form)
    nothing = [one for one in people if one.person_id in disclosures and one.person_id not in with_interests]
    missing = [one for one in people if one.person_id not in disclosures]
    strips += _together(gettext("Nothing to disclose"), nothing, form)
    return strips + _together(gettext("No disclosure received"), missing, form)


def _note(text: str, form: Format) -> list[Strip]:
    lines = set_text(settable(text), "regular", form.pt(0), form.text_mm, SOFT)
    return strips_of(lines, form.pt(0), x_mm=form.edge_mm)


def _person(one: Discloser, disclosure: Disclosure, form: Format) -> list[Strip]:
    name = settable(one.name)
    if one.duty:
        spans = [Span(f"{name}, ", "medium"), Span(settable(one.duty), "regular", SOFT)]
        lines = set_spans(spans, form.pt(0), form.text_mm)
    else:
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


def _together(title: str, people: Sequence[Discloser], form: Format) -> list[Strip]:
    if not people:
        return []
    lines = set_text(settable(title), "bold", form.pt(0), form.text_mm)
    strips = strips_of(lines, form.pt(0), x_mm=form.edge_mm, before_mm=7 * form.base_pt / 10, is_heading=True)
    names = left_to_right(settable("; ".join(one.named for one in people)))
    return strips + strips_of(
        set_text(names, "regular", form.pt(0), form.text_mm), form.pt(0), x_mm=form.edge_mm
    )
