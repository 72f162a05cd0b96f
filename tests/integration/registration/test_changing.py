"""Changed details, speakers and categories, each against what was seen."""

from dataclasses import replace

import pytest
from flask import Flask

from conference.audit.model import BY_LINK, BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.clock import clock
from conference.core.errors import NotFoundError, RevisionMissingError, StaleRevisionError
from conference.core.ids import CategoryId, RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.people.queries import get_person
from conference.people.service import create_person
from conference.registration import category_service, service
from conference.registration.category_queries import get_category
from conference.registration.errors import (
    AddressTakenError,
    CategoryInUseError,
    CategoryNameTakenError,
    MoveRefusedError,
    NoSpeakersCategoryError,
)
from conference.registration.model import Access, CategoryDetails, ChangeRegistration, Choices, Seats, State
from conference.registration.queries import choices_of
from tests.factories.registration import ASA, make_category, register_attendee
from tests.factories.registration_acts import kinds, ledger, mails, registration, withdraw


def details_of(registration_id: RegistrationId, **changes: object) -> ChangeRegistration:
    stored = registration(registration_id)
    person = get_person(stored.person_id)
    command = ChangeRegistration(
        registration_id=registration_id,
        person=person.details,
        profession="",
        career_stage="",
        choices=Choices(),
        expected_revision=stored.revision,
        expected_person_revision=person.revision,
    )
    return replace(command, **changes)  # type: ignore[arg-type]  # each test names fields of the command


def change(command: ChangeRegistration) -> None:
    transact(lambda session: service.change(session, command, actor=BY_LINK, now=clock.now()))
    db.session.rollback()


def test_changed_details_are_audited_searchable_and_a_new_calendar_version(app: Flask) -> None:
    made = register_attendee(make_category())
    choices = Choices(consents=frozenset({"sponsors"}), no_photographs=True)
    person = replace(ASA, family_name="Öberg")
    change(details_of(made, person=person, choices=choices, profession="doctor", career_stage="retired"))
    stored = registration(made)
    assert (stored.revision, stored.calendar_sequence, stored.profession) == (2, 1, "doctor")
    assert choices_of(stored) == choices
    assert get_person(stored.person_id).details.family_name == "Öberg"
    (changed, _) = history_of("registration", made)
    assert dict(changed.changes) == {
        "consents": ([], ["sponsors"]),
        "no_photographs": (False, True),
        "profession": ("", "doctor"),
        "career_stage": ("", "retired"),
    }


def test_a_change_from_an_old_page_is_refused_and_writes_nothing(app: Flask) -> None:
    made = register_attendee(make_category())
    stale = details_of(made, profession="doctor")
    change(details_of(made, profession="student"))
    with pytest.raises(StaleRevisionError) as caught:
        change(stale)
    assert (caught.value.theirs, caught.value.mine) == ({"profession": "student"}, {"profession": "doctor"})
    with pytest.raises(RevisionMissingError):
        change(replace(stale, expected_revision=None))
    person_is_stale = details_of(made, expected_person_revision=1)
    change(details_of(made, person=replace(ASA, given_name="Åse")))
    with pytest.raises(StaleRevisionError):
        change(replace(person_is_stale, expected_revision=registration(made).revision))
    assert registration(made).profession == ""


def test_the_office_may_change_the_address_unless_it_is_taken(app: Flask) -> None:
    category = make_category()
    made, other = register_attendee(category), register_attendee(category, email="b@x.example")
    with pytest.raises(AddressTakenError):
        change(details_of(made, email="B@x.example"))
    change(details_of(made, email="new@x.example"))
    assert (registration(made).link_version, mails(made)[-1].recipient) == (2, "new@x.example")
    withdraw(other)
    with pytest.raises(MoveRefusedError):
        change(details_of(other, profession="doctor"))


def test_a_speaker_registers_once_in_the_speakers_category(app: Flask) -> None:
    person = transact(lambda session: create_person(session, ASA, actor=BY_SYSTEM))

    def confirm(email: str = "asa@lab.example") -> RegistrationId:
        return transact(
            lambda session: service.register_speaker(
                session, person, email=email, actor=BY_LINK, now=clock.now()
            )
        )

    with pytest.raises(NoSpeakersCategoryError):
        confirm()
    category = make_category("Speaker", access=Access.INVITED, is_for_speakers=True, seats=5)
    made = confirm()
    assert confirm() == made
    assert registration(made).category_id == category
    assert (ledger(category).taken, kinds(made)) == (1, ["confirmation"])


def test_an_attendee_who_turns_out_a_speaker_moves_over_and_frees_the_seat(app: Flask) -> None:
    attendees = make_category(seats=1)
    speakers = make_category("Speaker", access=Access.INVITED, is_for_speakers=True)
    made = register_attendee(attendees)
    waiting = register_attendee(attendees, given_name="Bo", email="bo@x.example")
    person = transact(lambda session: create_person(session, ASA, actor=BY_SYSTEM))
    same = transact(
        lambda session: service.register_speaker(
            session, person, email="asa@lab.example", actor=BY_LINK, now=clock.now()
        )
    )
    assert same == made
    stored = registration(made)
    assert (stored.category_id, stored.person_id, stored.state) == (speakers, person, State.CONFIRMED)
    assert (ledger(attendees), ledger(speakers).taken) == (Seats(seats=1, taken=1, waiting=0), 1)
    assert registration(waiting).state is State.OFFERED
    other = transact(lambda session: create_person(session, replace(ASA, given_name="Eva"), actor=BY_SYSTEM))
    with pytest.raises(AddressTakenError):
        transact(
            lambda session: service.register_speaker(
                session, other, email="bo@x.example", actor=BY_LINK, now=clock.now()
            )
        )


def edit_category(category_id: CategoryId, revision: int | None, **details: object) -> int:
    wanted = replace(get_category(category_id).details, **details)  # type: ignore[arg-type]  # each test names its fields
    promoted = transact(
        lambda session: category_service.edit_category(
            session, category_id, revision, wanted, actor=BY_SYSTEM, now=clock.now()
        )
    )
    db.session.rollback()
    return promoted


def test_more_seats_are_offered_and_fewer_throw_nobody_out(app: Flask) -> None:
    category = make_category(seats=1)
    made = [register_attendee(category, email=f"{n}@x.example", given_name=f"N{n}") for n in range(4)]
    assert edit_category(category, 1, seats=3) == 2
    assert ledger(category) == Seats(seats=3, taken=3, waiting=1)
    assert [registration(one).state for one in made] == ["confirmed", "offered", "offered", "waiting"]
    assert edit_category(category, 2, seats=1) == 0
    assert ledger(category) == Seats(seats=1, taken=3, waiting=1)
    withdraw(made[0])
    assert ledger(category) == Seats(seats=1, taken=2, waiting=1)
    assert edit_category(category, 3, seats=0) == 0
    withdraw(made[1])
    assert ledger(category) == Seats(seats=0, taken=1, waiting=1)
    assert edit_category(category, 4, seats=None) == 1
    assert ledger(category) == Seats(seats=None, taken=2, waiting=0)


def test_categories_are_edited_from_the_newest_page_only_and_deleted_only_when_empty(app: Flask) -> None:
    category, empty = make_category(), make_category("Empty")
    register_attendee(category)
    with pytest.raises(StaleRevisionError):
        edit_category(category, 9, name="X")
    with pytest.raises(RevisionMissingError):
        edit_category(category, None, name="X")
    with pytest.raises(CategoryNameTakenError):
        edit_category(category, 1, name="Empty")
    with pytest.raises(CategoryNameTakenError):
        make_category("Empty")

    def delete(category_id: CategoryId) -> None:
        transact(lambda session: category_service.delete_category(session, category_id, 1, actor=BY_SYSTEM))
        db.session.rollback()

    with pytest.raises(CategoryInUseError) as caught:
        delete(category)
    assert str(caught.value).startswith("Participant has 1 registrations")
    delete(empty)
    with pytest.raises(NotFoundError):
        get_category(empty)
    assert isinstance(get_category(category).details, CategoryDetails)
