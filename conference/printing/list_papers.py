"""The lists with their facts from the rooms below, for a page and for the evening pack."""

from dataclasses import dataclass
from datetime import date

from conference.event.queries import get_event
from conference.printing import lists
from conference.printing.box_service import order_language
from conference.printing.picking import Picking, picked
from conference.programme.model import Programme
from conference.programme.registry import disclosed, public_profiles
from conference.registration.model import BadgePerson
from conference.registration.queries import badge_people, who_agreed
from conference.speakers.chairing import chair_notes
from conference.speakers.slides import slides_of_talks


def _everybody() -> list[BadgePerson]:
    return picked(badge_people(), Picking(), {}, order_language())


@dataclass(frozen=True, kw_only=True, slots=True)
class ListPaper:
    """A list as PDF, and of how many people it tells."""

    pdf: bytes
    people: int


def door_paper() -> ListPaper:
    """Return the list for the door of everybody with a place, by name."""
    people = _everybody()
    return ListPaper(pdf=lists.door_list(people, get_event().title), people=len(people))


def participants_paper() -> ListPaper:
    """Return the list of those who agreed to stand in it."""
    agreed = who_agreed("participants")
    people = [one for one in _everybody() if one.registration_id in agreed]
    return ListPaper(pdf=lists.participants_list(people, get_event().title), people=len(people))


def speakers_paper(programme: Programme) -> ListPaper:
    """Return the speakers of the programme as they come, with what is missing of each."""
    sent = frozenset(int(one.talk.id) for one in slides_of_talks() if one.slides is not None)
    pdf = lists.speakers_list(programme, get_event().title, disclosed(), sent)
    return ListPaper(pdf=pdf, people=_count(programme))


def chairs_paper(programme: Programme, day: date | None = None) -> ListPaper:
    """Return the chairs' sheets of the programme, of one day or of all: with names' sound and interests."""
    pdf = lists.chairs_sheets(programme, public_profiles(), disclosed(), day, chair_notes())
    return ListPaper(pdf=pdf, people=_count(programme))


def _count(programme: Programme) -> int:
    """Return how many people have a part in the programme."""
    parts = [part for session in programme.sessions for part in session.people]
    parts += [part for session in programme.sessions for talk in session.talks for part in talk.people]
    return len({part.person_id for part in parts})
