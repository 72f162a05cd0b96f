"""People with parts in the draft, and what they confirm, by the rooms' own services."""

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from conference.audit.model import BY_LINK, BY_SYSTEM
from conference.core.clock import clock
from conference.core.ids import CategoryId, PersonId, RegistrationId
from conference.db.work import transact
from conference.people.model import Person, PersonDetails
from conference.people.queries import get_person
from conference.people.service import create_person
from conference.registration.model import Access
from conference.speakers import dossiers, service
from conference.speakers.committee import add_new_member
from conference.speakers.links import link_of
from conference.speakers.model import (
    ConfirmSpeaker,
    ConsentKind,
    Interest,
    Membership,
    Profile,
    SignDisclosure,
)
from conference.speakers.pictures import Crop, make_portrait
from conference.speakers.portraits import find_keys, save_portrait
from conference.speakers.queries import find_profile
from tests.factories.pictures import a_picture
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


def make_member_of_committee(given_name: str = "Ylva", *, duty: str = "", **details: str) -> PersonId:
    """Return a new person who is a member of the programme committee; `details` are those of PersonDetails."""
    named = {"family_name": "Öst", "email": f"{given_name.lower()}@committee.example", **details}
    wanted = PersonDetails(given_name=given_name, affiliation="Region Exempel", country="SE")
    membership = Membership(duty=duty)
    return transact(
        lambda session: add_new_member(session, replace(wanted, **named), membership, actor=BY_SYSTEM)
    )


def sign_disclosure(person_id: PersonId, interests: dict[Interest, str] | None = None) -> None:
    """Sign what the person declares, nothing to disclose where nothing is given."""
    command = SignDisclosure(
        person_id=person_id, is_nothing=not interests, interests=interests or {}, signed_name="X"
    )
    transact(lambda session: dossiers.sign(session, command, actor=BY_LINK, now=clock.now()))


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


def choose(person_id: PersonId, *kinds: ConsentKind, biography: str = "") -> None:
    """Save the profile with these consents given, and no others."""
    profile = Profile(biography=biography)
    consents = {kind: (kind in kinds, f"Wording of {kind}") for kind in ConsentKind}

    def work(session: Session) -> None:
        seen = find_profile(person_id, session).revision
        dossiers.save_profile(session, person_id, seen, profile, consents, actor=BY_LINK, now=clock.now())

    transact(work)


def publish_portrait(person_id: PersonId) -> str:
    """Keep a portrait that everybody may see, and return the key of its WebP file."""
    save_portrait(person_id, make_portrait(a_picture(), Crop()), actor=BY_LINK)
    choose(person_id, ConsentKind.PORTRAIT)
    return find_keys(person_id)["webp"]
