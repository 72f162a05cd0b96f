"""Erasure leaves no trace in the living database, and the counts as they were (trust.md 29)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask

from conference.audit.model import BY_SYSTEM
from conference.core.clock import STOCKHOLM, clock
from conference.core.errors import NotFoundError
from conference.core.ids import PersonId, RegistrationId
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.people.queries import get_person
from conference.privacy.errors import StillInProgrammeError
from conference.privacy.queries import everything_held, has_requested, requests
from conference.privacy.retention import RetentionSource, end_due, endings
from conference.privacy.service import erase_person, move_wish, request_erasure
from conference.programme import rules
from conference.programme.queries import draft, version
from conference.programme.service import delete_session
from conference.registration import service
from conference.registration.filters import ListFilters
from conference.registration.links import link_of, registration_by_link
from conference.registration.listing import counts_by_state
from conference.registration.model import ChangeRegistration, Choices, Seats, State
from tests.factories.dumps import lines_with
from tests.factories.programme import at, make_person, make_room, make_session, part, publish_now
from tests.factories.registration import ASA, a_form, make_category, register_attendee
from tests.factories.registration_acts import kinds, ledger, register, registration, withdraw

TRACES = ("Zoë", "Zwart", "zoe@", "Unusual Hospital")
ZOE = {
    "given_name": "Zoë",
    "family_name": "Zwart",
    "email": "zoe@unusual.example",
    "affiliation": "Unusual Hospital",
}


@pytest.fixture
def zoe(app: Flask) -> RegistrationId:
    """Zoë on the only seat, with a change in her history, an earlier registration and a form not yet forgotten."""
    category = make_category(seats=1)
    choices = Choices(consents=frozenset({"sponsors"}), no_photographs=True)
    withdraw(register_attendee(category, choices=choices, **ZOE))
    made = register_attendee(category, choices=choices, **ZOE)
    register(a_form(category, choices=choices, **ZOE))
    person = get_person(registration(made).person_id)
    change = ChangeRegistration(
        registration_id=made,
        person=replace(person.details, badge_name="Zoë Z."),
        profession="doctor",
        career_stage="training",
        choices=choices,
        expected_revision=1,
        expected_person_revision=1,
    )
    transact(lambda session: service.change(session, change, actor=BY_SYSTEM, now=clock.now()))
    db.session.rollback()
    return made


def erase(person_id: PersonId) -> None:
    transact(lambda session: erase_person(session, person_id, actor=BY_SYSTEM, now=clock.now()))
    db.session.rollback()


def test_nothing_of_an_erased_person_is_left_and_the_counts_stay(zoe: RegistrationId) -> None:
    waiting = register_attendee(registration(zoe).category_id)
    assert len(lines_with(*TRACES)) > 20
    counted = sum(counts_by_state(ListFilters()).values())
    token = link_of(zoe, registration(zoe).link_version)
    erase(registration(zoe).person_id)
    earlier = PersonId(registration(RegistrationId(1)).person_id)
    erase(earlier)
    assert lines_with(*TRACES) == []
    assert sum(counts_by_state(ListFilters()).values()) == counted
    assert registration(zoe).state is State.WITHDRAWN
    assert registration(waiting).state is State.OFFERED
    assert ledger(registration(zoe).category_id) == Seats(seats=1, taken=1, waiting=0)
    with pytest.raises(NotFoundError):
        registration_by_link(token)


def test_what_others_hold_stays(zoe: RegistrationId) -> None:
    other = register_attendee(registration(zoe).category_id)
    before = everything_held(registration(other).person_id)
    db.session.rollback()
    withdraw(other)
    theirs = kinds(other)
    erase(registration(zoe).person_id)
    after = everything_held(registration(other).person_id)
    assert after["person"] == before["person"] == ASA.as_values() | {"sort_as": "", "cannot": []}
    assert kinds(other) == theirs


def test_who_stands_in_the_programme_is_erased_after_it(app: Flask) -> None:
    person = make_person("Zoë", "Zwart", "Unusual Hospital")
    session_id = make_session("Genomes", room_id=make_room("Aula"), start=at("09:00"), people=[part(person)])
    publish_now()
    with pytest.raises(StillInProgrammeError) as caught:
        erase(person)
    assert "Genomes" in str(caught.value)
    seen = rules.seen_mark(next(one for one in draft().sessions if one.id == session_id))
    db.session.rollback()
    transact(lambda session: delete_session(session, session_id, seen, actor=BY_SYSTEM))
    with pytest.raises(StillInProgrammeError):
        erase(person)
    publish_now()
    erase(person)
    assert lines_with(*TRACES) == []
    assert [one.name for one in version(1).sessions[0].people] == ["–"]


def test_a_wish_is_kept_once_until_it_is_answered(zoe: RegistrationId) -> None:
    person_id = registration(zoe).person_id
    for _ in range(2):
        transact(lambda session: request_erasure(session, person_id, zoe, now=clock.now()))
    db.session.rollback()
    assert [(one.person_id, one.registration_id) for one in requests()] == [(person_id, zoe)]
    db.session.rollback()
    erase(person_id)
    assert (requests(), has_requested(person_id)) == ([], False)


def test_all_that_is_held_is_handed_out(zoe: RegistrationId) -> None:
    held = everything_held(registration(zoe).person_id)
    assert held["person"]["badge_name"] == "Zoë Z."
    (one,) = held["registrations"]
    assert (one["e-mail address"], one["state"], one["profession"], one["career stage"]) == (
        "zoe@unusual.example",
        "confirmed",
        "doctor",
        "training",
    )
    assert [choice["wording"] for choice in one["choices"]] == [
        "Share my name, affiliation and e-mail address with the sponsors"
    ]
    assert next(mail["subject"] for mail in held["mails"]).startswith("You are registered")
    assert "link" not in {name for mail in held["mails"] for name in mail}
    assert {entry["what"] for entry in held["history"]} >= {"registered", "changed"}


MONTHS_LATER = datetime(2023, 3, 25, 23, 0, tzinfo=STOCKHOLM)


def test_the_time_of_keeping_ends_by_itself(zoe: RegistrationId) -> None:
    speaker = make_person("Ada", "Example", "Institute of Examples")
    make_session("Genomes", room_id=make_room("Aula"), start=at("09:00"), people=[part(speaker)])
    publish_now()
    assert [(one.kind.name, one.people) for one in endings()] == [
        ("registration", 2),
        ("desk", 0),
        ("programme", 1),
    ]
    assert endings()[0].at == datetime(2023, 3, 26, 0, 0, tzinfo=STOCKHOLM)
    db.session.rollback()
    clock.begin_at(MONTHS_LATER)
    retention = RetentionSource()
    assert (retention.claim("worker"), end_due(clock.now())) == ([], 0)
    db.session.rollback()
    clock.shift(clock.offset + timedelta(hours=1, minutes=1))
    assert retention.claim("worker") != []
    db.session.rollback()
    retention.run(1, "worker")
    assert lines_with(*TRACES) == []
    assert lines_with("Ada Example") != []
    db.session.rollback()
    assert retention.claim("worker") == []
    db.session.rollback()
    with counted_statements() as statements:
        assert retention.claim("worker") == []
    assert statements == []


def test_a_wish_goes_along_when_two_records_become_one(zoe: RegistrationId) -> None:
    gone, kept = registration(zoe).person_id, make_person("Zoe", "Zwart")
    transact(lambda session: request_erasure(session, gone, zoe, now=clock.now()))
    for _ in range(2):
        transact(lambda session: move_wish(session, gone, kept))
    db.session.rollback()
    assert [(one.person_id, one.registration_id) for one in requests()] == [(kept, zoe)]
