"""The lists with their facts from the rooms below, for a page and for the evening pack."""

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


def door_paper() -> bytes:
    """Return the list for the door of everybody with a place, by name."""
    return lists.door_list(_everybody(), get_event().title)


def participants_paper() -> bytes:
    """Return the list of those who agreed to stand in it."""
    agreed = who_agreed("participants")
    people = [one for one in _everybody() if one.registration_id in agreed]
    return lists.participants_list(people, get_event().title)


def speakers_paper(programme: Programme) -> bytes:
    """Return the speakers of the programme as they come, with what is missing of each."""
    sent = frozenset(int(one.talk.id) for one in slides_of_talks() if one.slides is not None)
    return lists.speakers_list(programme, get_event().title, disclosed(), sent)


def chairs_paper(programme: Programme, day: date | None = None) -> bytes:
    """Return the chairs' sheets of the programme, of one day or of all."""
    return lists.chairs_sheets(programme, public_profiles(), disclosed(), day, chair_notes())
