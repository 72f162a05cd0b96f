"""People with parts in the draft, and what they confirm, by the rooms' own services."""

from dataclasses import replace
from typing import Any

from conference.audit.model import BY_LINK, BY_SYSTEM
from conference.core.clock import clock
from conference.core.ids import CategoryId, PersonId, RegistrationId
from conference.db.work import transact
from conference.people.model import Person, PersonDetails
from conference.people.queries import get_person
from conference.people.service import create_person
from conference.registration.model import Access
from conference.speakers import service
from conference.speakers.links import link_of
from conference.speakers.model import ConfirmSpeaker
from tests.factories.programme import at, make_room, make_session, make_talk, part
from tests.factories.registration import make_category

LUKASZ = PersonDetails(
    title="Dr.",
    given_name="Łukasz",
    family_name="Đorđević",
    affiliation="Szpital Przykładowy",
    country="PL",
    email="lukasz@szpital.example",
    ror="056d84691",
)


def make_speaker_category(**details: Any) -> CategoryId:
    return make_category("Speaker", access=Access.INVITED, is_for_speakers=True, **details)


def make_speaker(number: int = 0, *, clock_time: str = "09:00", **details: Any) -> PersonId:
    """Return a person with a talk of their own in the draft; `details` are those of PersonDetails, the rest is Łukasz's."""
    base = replace(LUKASZ, email=f"speaker{number}@szpital.example") if number else LUKASZ
    wanted = replace(base, **details)
    person_id = transact(lambda session: create_person(session, wanted, actor=BY_SYSTEM))
    start = at(clock_time, day=22 + number // 10)
    room_id = make_room(f"Aula {number}")
    session_id = make_session(f"Session {number}", room_id=room_id, start=start)
    make_talk(session_id, f"Talk {number}", people=[part(person_id)])
    return person_id


def stored_person(person_id: PersonId) -> Person:
    """Return the person as now stored, whatever the test's session has read before."""
    return transact(lambda session: get_person(person_id, session))


def speaker_url(person_id: PersonId) -> str:
    return f"/speaker/{link_of(person_id, stored_person(person_id).link_version)}"


def confirm_speaker(person_id: PersonId, **details: Any) -> RegistrationId:
    """Confirm as the person's page would, with these details changed."""
    person = stored_person(person_id)
    command = ConfirmSpeaker(
        person_id=person_id,
        details=replace(person.details, **details),
        expected_revision=person.revision,
    )
    return transact(lambda session: service.confirm(session, command, actor=BY_LINK, now=clock.now()))
