"""The services of registration on both databases: what is stored, mailed, audited and given back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from conference.audit.model import BY_LINK, BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.clock import clock, real_now
from conference.core.errors import NotFoundError, RevisionMissingError, StaleRevisionError
from conference.core.ids import CategoryId, RegistrationId
from conference.core.text import address_key
from conference.db.base import db
from conference.db.work import transact
from conference.mail.model import MailRecord
from conference.mail.queries import mails_about
from conference.mail.tables import OutboxRow
from conference.people.queries import get_person
from conference.people.service import create_person
from conference.registration import attempts, category_service, service
from conference.registration.errors import (
    AddressTakenError,
    CategoryClosedError,
    CategoryGoneError,
    CategoryInUseError,
    CategoryNameTakenError,
    CorrectionOverError,
    MoveRefusedError,
    NoSpeakersCategoryError,
)
from conference.registration.forgetting import forms
from conference.registration.links import link_of, mailed_link, registration_of
from conference.registration.model import (
    CategoryDetails,
    ChangeRegistration,
    Choices,
    RegisterAttendee,
    Registration,
    Seats,
    State,
)
from conference.registration.queries import (
    badge_people,
    choices_of,
    count_registrations,
    get_category,
    get_registration,
    ticket_facts,
    waiting_place,
)
from conference.registration.tables import AttemptRow, ConsentRow
from tests.factories.registration import ASA, a_form, make_category, register_attendee


def register(form: RegisterAttendee) -> str:
    key = transact(lambda session: service.register(session, form, now=clock.now()))
    db.session.rollback()
    return key


def registration(registration_id: RegistrationId) -> Registration:
    db.session.rollback()
    return get_registration(registration_id)


def ledger(category_id: CategoryId) -> Seats:
    db.session.rollback()
    return get_category(category_id).ledger


def withdraw(registration_id: RegistrationId, state: State = State.WITHDRAWN, reason: str = "") -> None:
    transact(
        lambda session: service.withdraw(
            session, registration_id, actor=BY_LINK, now=clock.now(), state=state, reason=reason
        )
    )
    db.session.rollback()


def mails(registration_id: RegistrationId) -> list[MailRecord]:
    """Mails about a registration, oldest first."""
    db.session.rollback()
    return mails_about("registration", registration_id)[::-1]


def kinds(registration_id: RegistrationId) -> list[str]:
    return [mail.kind for mail in mails(registration_id)]


def test_a_registration_is_confirmed_stored_as_typed_and_mailed_once(app: Flask) -> None:
    category = make_category(seats=2)
    choices = Choices(consents=frozenset({"participants"}), no_photographs=True)
    made = register_attendee(category, choices=choices, family_name="Straße <b>Ö</b>", letters="MD, PhD")
    stored = registration(made)
    assert (stored.state, stored.waiting_number, stored.revision) == (State.CONFIRMED, None, 1)
    assert (len(stored.number), len(stored.badge_code)) == (6, 20)
    person = get_person(stored.person_id).details
    assert person == replace(ASA, family_name="Straße <b>Ö</b>", letters="MD, PhD")
    assert choices_of(stored) == choices
    consent = db.session.scalars(select(ConsentRow)).one()
    assert consent.wording == "Show my name, affiliation and country in the list of participants"
    assert ledger(category) == Seats(seats=2, taken=1, waiting=0)
    assert kinds(made) == ["confirmation"]
    assert [entry.action for entry in history_of("registration", made)] == ["registered"]


def test_the_confirmation_carries_ticket_calendar_and_link(app: Flask) -> None:
    made = register_attendee(make_category(), title="Prof.")
    row = db.session.scalars(select(OutboxRow)).one()
    assert row.link == {"kind": "registration", "ref": {"id": made, "version": 1}}
    assert [order["kind"] for order in row.attachments] == ["ticket", "calendar"]
    assert row.attachments[0]["facts"] == ticket_facts(made)
    assert row.attachments[0]["facts"]["full_name"] == "Prof. Åsa Lindström"
    assert row.attachments[1]["facts"]["days"] == ["2022-09-22", "2022-09-23"]
    assert link_of(made, 1) not in row.text + row.html + str(row.link)
    assert mailed_link({"id": made, "version": 1}) == f"http://localhost/r/{link_of(made, 1)}"


def test_when_full_people_wait_in_order_and_nobody_passes_them(app: Flask) -> None:
    category = make_category(seats=1)
    first, second, third = (
        register_attendee(category, email=f"{name}@x.example", given_name=name) for name in ("A", "B", "C")
    )
    assert [registration(one).state for one in (first, second, third)] == ["confirmed", "waiting", "waiting"]
    assert [registration(one).waiting_number for one in (second, third)] == [1, 2]
    assert kinds(second) == ["waiting"]
    assert db.session.scalars(select(OutboxRow).where(OutboxRow.kind == "waiting")).first().attachments == []  # type: ignore[union-attr]  # there is one
    assert "at place 2" in mails(third)[0].text
    withdraw(first)
    assert [registration(one).state for one in (first, second, third)] == [
        "withdrawn",
        "confirmed",
        "waiting",
    ]
    assert ledger(category) == Seats(seats=1, taken=1, waiting=1)
    assert kinds(first) == ["confirmation", "withdrawn"]
    assert kinds(second) == ["waiting", "promoted"]
    assert waiting_place(registration(third)) == 1
    fourth = register_attendee(category, email="d@x.example", given_name="D")
    assert registration(fourth).waiting_number == 3


def test_who_waits_may_withdraw_without_promoting_anybody(app: Flask) -> None:
    category = make_category(seats=1)
    register_attendee(category)
    waiting = register_attendee(category, email="b@x.example")
    withdraw(waiting)
    assert ledger(category) == Seats(seats=1, taken=1, waiting=0)


def test_what_still_waits_to_be_sent_is_not_sent_after_a_withdrawal(app: Flask) -> None:
    registration_id = register_attendee(make_category())
    withdraw(registration_id)
    waiting = {mail.kind: mail.state for mail in mails_about("registration", registration_id)}
    assert waiting == {"confirmation": "cancelled", "withdrawn": "queued"}


def test_withdrawing_twice_is_once_and_cancelling_after_it_is_refused(app: Flask) -> None:
    category = make_category(seats=3)
    made = register_attendee(category)
    withdraw(made)
    withdraw(made)
    assert (kinds(made), ledger(category).taken) == (["confirmation", "withdrawn"], 0)
    with pytest.raises(MoveRefusedError):
        withdraw(made, State.CANCELLED)


def test_cancelled_by_the_office_with_a_reason(app: Flask) -> None:
    made = register_attendee(make_category())
    withdraw(made, State.CANCELLED, reason="double")
    assert registration(made).state is State.CANCELLED
    entry = history_of("registration", made)[0]
    assert (entry.action, entry.reason, dict(entry.changes)) == (
        "cancelled",
        "double",
        {"state": ("confirmed", "cancelled")},
    )
    assert "The organisers have cancelled" in mails(made)[-1].text


def test_who_withdrew_may_register_again(app: Flask) -> None:
    category = make_category()
    first = register_attendee(category)
    withdraw(first)
    second = register_attendee(category)
    assert second != first
    assert registration(second).state is State.CONFIRMED


def test_the_same_form_twice_is_one_registration_and_one_mail(app: Flask) -> None:
    form = a_form(make_category())
    assert register(form) == register(form)
    assert count_registrations() == 1
    assert len(db.session.scalars(select(OutboxRow)).all()) == 1


def test_the_same_sheet_for_another_person_is_another_registration(app: Flask) -> None:
    form = a_form(make_category())
    other = replace(form, person=replace(form.person, given_name="Bo", email="bo@x.example"))
    assert register(form) != register(other)
    assert count_registrations() == 2


@pytest.mark.parametrize("address", ["asa@lab.example", " ASA@Lab.Example "])
def test_a_known_address_of_the_same_person_gets_one_mail_in_ten_minutes(app: Flask, address: str) -> None:
    category = make_category(seats=1)
    made = register_attendee(category)
    for _ in range(3):
        register(a_form(category, email=address))
    assert (count_registrations(), ledger(category)) == (1, Seats(seats=1, taken=1, waiting=0))
    assert kinds(made) == ["confirmation", "already_registered"]
    assert mails(made)[-1].recipient == "asa@lab.example"
    transact(
        lambda session: session.execute(
            update(OutboxRow).values(created_at=real_now() - timedelta(minutes=11))
        )
    )
    register(a_form(category, email=address))
    assert kinds(made) == ["confirmation", "already_registered", "already_registered"]


def test_a_known_address_with_another_name_says_who_is_registered(app: Flask) -> None:
    category = make_category()
    made = register_attendee(category)
    register(a_form(category, given_name="Bo"))
    mail = mails(made)[-1]
    assert mail.kind == "other_name"
    assert "Åsa Lindström is registered" in mail.text
    assert "Bo" not in mail.text
    assert count_registrations() == 1


@pytest.mark.parametrize("seats", [0])
def test_a_closed_category_refuses_known_and_unknown_alike(app: Flask, seats: int) -> None:
    open_one, closed = make_category(), make_category("Industry", seats=seats)
    register_attendee(open_one)
    for email in ("asa@lab.example", "new@x.example"):
        with pytest.raises(CategoryClosedError):
            register(a_form(closed, email=email))
    db.session.rollback()
    assert count_registrations() == 1


def test_a_category_that_is_gone_or_not_public_is_refused(app: Flask) -> None:
    hidden = make_category("Speaker", is_public=False)
    for category in (hidden, CategoryId(999)):
        with pytest.raises(CategoryGoneError):
            register(a_form(category))


def test_a_refused_registration_leaves_nothing_behind(app: Flask) -> None:
    with pytest.raises(CategoryClosedError):
        register(a_form(make_category(seats=0)))
    db.session.rollback()
    assert db.session.scalars(select(OutboxRow)).all() == []
    assert db.session.scalars(select(AttemptRow)).all() == []


def correct(key: str, email: str) -> None:
    transact(lambda session: service.correct(session, key, email, now=clock.now()))
    db.session.rollback()


def test_a_corrected_address_moves_the_registration_and_kills_the_old_link(app: Flask) -> None:
    form = a_form(make_category(seats=1), email="typo@x.example")
    key = register(form)
    made = RegistrationId(1)
    old = link_of(made, 1)
    assert registration_of(old) == made
    correct(key, "right@x.example")
    stored = registration(made)
    assert (stored.email, stored.link_version) == ("right@x.example", 2)
    assert get_person(stored.person_id).details.email == "right@x.example"
    assert [mail.recipient for mail in mails(made)] == ["typo@x.example", "right@x.example"]
    with pytest.raises(NotFoundError):
        registration_of(old)
    assert registration_of(link_of(made, 2)) == made
    assert register(form) == key
    assert count_registrations() == 1


def test_a_known_address_corrected_to_a_new_one_registers_after_all(app: Flask) -> None:
    category = make_category()
    register_attendee(category)
    key = register(a_form(category, given_name="Bo"))
    assert count_registrations() == 1
    correct(key, "bo@x.example")
    assert count_registrations() == 2
    assert sorted(badge.given_name for badge in badge_people()) == ["Bo", "Åsa"]


def test_an_address_corrected_to_a_known_one_gives_the_seat_back(app: Flask) -> None:
    category = make_category(seats=2)
    known = register_attendee(category)
    key = register(a_form(category, email="typo@x.example"))
    correct(key, "asa@lab.example")
    assert ledger(category) == Seats(seats=2, taken=1, waiting=0)
    assert kinds(known) == ["confirmation", "already_registered"]
    mistaken = registration(RegistrationId(known + 1))
    assert (mistaken.state, mistaken.link_version) == (State.WITHDRAWN, 2)
    assert [mail.state for mail in mails_about("registration", mistaken.id)] == ["cancelled"]
    correct(key, "third@x.example")
    assert ledger(category).taken == 2


def test_correcting_is_over_after_half_an_hour_for_others_and_after_five_times(app: Flask) -> None:
    key = register(a_form(make_category(), email="typo@x.example"))
    with pytest.raises(CorrectionOverError):
        correct("no such key", "right@x.example")
    for number in range(5):
        correct(key, f"n{number}@x.example")
    with pytest.raises(CorrectionOverError):
        correct(key, "n6@x.example")
    late = register(a_form(CategoryId(1), email="late@x.example"))
    transact(
        lambda session: session.execute(
            update(AttemptRow).values(created_at=real_now() - timedelta(minutes=30))
        )
    )
    with pytest.raises(CorrectionOverError):
        correct(late, "right@x.example")


def test_what_a_form_said_is_forgotten_by_the_worker_after_half_an_hour(app: Flask) -> None:
    register(a_form(make_category()))
    assert forms.claim("worker") == []
    transact(
        lambda session: session.execute(
            update(AttemptRow).values(created_at=real_now() - timedelta(minutes=31))
        )
    )
    db.session.rollback()
    (found,) = forms.claim("worker")
    forms.run(found, "worker")
    db.session.rollback()
    assert forms.claim("worker") == []
    (row,) = db.session.scalars(select(AttemptRow))
    assert (row.payload, attempts.sent_address(row.form_key)) == (None, ("", False))


def details_of(registration_id: RegistrationId, **changes: object) -> ChangeRegistration:
    stored = registration(registration_id)
    person = get_person(stored.person_id)
    command = ChangeRegistration(
        registration_id=registration_id,
        person=person.details,
        profession="",
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
    change(details_of(made, person=person, choices=choices, profession="doctor"))
    stored = registration(made)
    assert (stored.revision, stored.calendar_sequence, stored.profession) == (2, 1, "doctor")
    assert choices_of(stored) == choices
    assert get_person(stored.person_id).details.family_name == "Öberg"
    (changed, _) = history_of("registration", made)
    assert dict(changed.changes) == {
        "consents": ([], ["sponsors"]),
        "no_photographs": (False, True),
        "profession": ("", "doctor"),
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
    category = make_category("Speaker", is_public=False, is_for_speakers=True, seats=5)
    made = confirm()
    assert confirm() == made
    assert registration(made).category_id == category
    assert (ledger(category).taken, kinds(made)) == (1, ["confirmation"])


def test_an_attendee_who_turns_out_a_speaker_moves_over_and_frees_the_seat(app: Flask) -> None:
    attendees = make_category(seats=1)
    speakers = make_category("Speaker", is_public=False, is_for_speakers=True)
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
    assert registration(waiting).state is State.CONFIRMED
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


def test_more_seats_promote_and_fewer_throw_nobody_out(app: Flask) -> None:
    category = make_category(seats=1)
    made = [register_attendee(category, email=f"{n}@x.example", given_name=f"N{n}") for n in range(4)]
    assert edit_category(category, 1, seats=3) == 2
    assert ledger(category) == Seats(seats=3, taken=3, waiting=1)
    assert [registration(one).state for one in made] == ["confirmed"] * 3 + ["waiting"]
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


@pytest.mark.parametrize(
    "token",
    ["", "x", "1-1-AAAAAAAAAAAAAAAAAAAAAAAAAAA", "999-1-", "1-2-", "../1"],
)
def test_false_links_are_unknown(app: Flask, token: str) -> None:
    made = register_attendee(make_category())
    good = link_of(made, 1)
    for false in (token, token + good[4:] if token.endswith("-") else token, good[:-1], good + "A"):
        with pytest.raises(NotFoundError):
            registration_of(false)
    assert registration_of(good) == made


def test_addresses_are_compared_folded(app: Flask) -> None:
    assert address_key(" Åsa@Lab.Example ") == address_key("ÅSA@lab.example")
