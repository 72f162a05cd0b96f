"""What a booklet is to hold and how, and the facts that stand beside the programme in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from conference.core.ids import PersonId
from conference.printing.picking import LANGUAGE
from conference.speakers.model import Disclosure, ListedMember


class BookPart(StrEnum):
    """A part of the booklet, in the order in which they stand. One without anything to tell is left out."""

    WELCOME = "welcome"
    DIRECTIONS = "directions"
    COMMITTEE = "committee"
    PLAN = "plan"
    SESSIONS = "sessions"
    PEOPLE = "people"
    TRACKS = "tracks"
    NOTES = "notes"
    DISCLOSURES = "disclosures"
    INDUSTRY = "industry"
    ACKNOWLEDGEMENTS = "acknowledgements"


@dataclass(frozen=True, kw_only=True, slots=True)
class BookletOptions:
    """How the booklet is wanted. `page` is a key of FORMATS; the cover is always there."""

    page: str = "A4"
    has_abstracts: bool = True
    parts: frozenset[BookPart] = frozenset(BookPart)


@dataclass(frozen=True, kw_only=True, slots=True)
class BookletFacts:
    """What organisers wrote for the booklet, in its language, "" for nothing, and what people declared and who they are.

    `disclosures` holds the newest of each person, `committee` the programme committee in its order.
    """

    welcome: str = ""
    directions: str = ""
    acknowledgements: str = ""
    disclosures: Mapping[PersonId, Disclosure] = field(default_factory=dict)
    committee: Sequence[ListedMember] = ()
    # The office's one order: boxes of badges, lists and the index agree.
    order: str = LANGUAGE


AS_USUAL = BookletOptions()
NO_FACTS = BookletFacts()
