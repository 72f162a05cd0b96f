"""A place goes to another person: number, extras and history stay; ticket, link, answers and choices do not."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from conference.audit.model import BY_LINK, BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.clock import STOCKHOLM, clock
from conference.core.ids import RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.event.queries import get_event
from conference.mail.queries import mails_about
from conference.people.model import PersonDetails
from conference.people.queries import get_person
from conference.people.service import create_person
from conference.privacy.queries import everything_held
from conference.privacy.service import erase_person
from conference.registration.extra_queries import held_extras
from conference.registration.fee_model import Payment
from conference.registration.fee_queries import find_invoice
from conference.registration.group_errors import (
    AddressNotForPlaceError,
    NotToPassOnError,
    PassOnOverError,
    SpeakersPlaceError,
)
from conference.registration.group_model import PassOn
from conference.registration.group_queries import members_of
from conference.registration.invoice_model import InvoiceDetails
from conference.registration.invoices import change_invoice, note_payment
from conference.registration.model import Choices, Registration, State, WantedExtra
from conference.registration.passing import pass_on
from conference.registration.queries import choices_of, get_registration
from conference.registration.service import register, withdraw
from conference.registration.tagging import tag
from tests.factories.dumps import lines_with
from tests.factories.extras import make_extra
from tests.factories.groups import make_group
from tests.factories.merged import merge_into
from tests.factories.registration import a_form, make_category, register_attendee

EVA = PersonDetails(
    given_name="Eva", family_name="Ek", email="eva@x.example", affiliation="Example Hospital", country="SE"
)


def stored(number: int = 1) -> Registration:
    db.session.rollback()
    return get_registration(RegistrationId(number))


def passed(
    number: int = 1, person: PersonDetails = EVA, now: datetime | None = None, reason: str = ""
) -> Registration:
    before = stored(number)
    command = PassOn(
        registration_id=before.id,
        person=person,
        profession="doctor",
        seen_version=before.link_version,
        reason=reason,
    )
    transact(lambda session: pass_on(session, command, actor=BY_LINK, now=now or clock.now()))
    return stored(number)


def test_the_new_person_has_the_row_and_the_old_papers_die(app: Flask) -> None:
    category = make_category(seats=1)
    made = register_attendee(category, choices=Choices(consents=frozenset({"sponsors"}), no_photographs=True))
    before = stored()
    after = passed()
    assert after == replace(
        before,
        person_id=after.person_id,
        email="eva@x.example",
        profession="doctor",
        no_photographs=False,
        badge_code=after.badge_code,
        link_version=before.link_version + 1,
        calendar_sequence=before.calendar_sequence + 2,
        changed_at=after.changed_at,
        revision=before.revision + 1,
    )
    assert after.badge_code != before.badge_code
    assert choices_of(after) == Choices()
    assert get_person(after.person_id).details == EVA
    assert [entry.action for entry in history_of("registration", made)] == ["passed on", "registered"]
    assert [(mail.kind, mail.recipient) for mail in mails_about("registration", made)] == [
        ("confirmation", "eva@x.example")
    ]
    old = {(mail.kind, mail.recipient, mail.state) for mail in mails_about("person", before.person_id)}
    assert {(kind, to) for kind, to, _ in old} == {
        ("confirmation", "asa@lab.example"),
        ("passed_on", "asa@lab.example"),
    }


def test_extras_stay_and_what_the_history_told_of_the_person_goes(app: Flask) -> None:
    category = make_category()
    form = replace(a_form(category), extras=(WantedExtra(extra_id=make_extra("Dinner", category)),))
    transact(lambda session: register(session, form, now=clock.now()))
    transact(lambda session: tag(session, RegistrationId(1), "wheelchair", actor=BY_SYSTEM))
    old = stored().person_id
    passed()
    assert [one.name for one in held_extras(RegistrationId(1))] == ["Dinner"]
    # The new person is handed out nothing of the old one.
    assert "Lindström" not in str(everything_held(stored().person_id))
    assert "wheelchair" not in str(everything_held(stored().person_id))
    assert "asa@lab.example" in str(everything_held(old))
    transact(lambda session: erase_person(session, old, actor=BY_SYSTEM, now=clock.now()))
    db.session.rollback()
    assert lines_with("Lindström", "asa@lab", "wheelchair") == []
    assert (stored().state, stored().email) == (State.CONFIRMED, "eva@x.example")


def eve_ends() -> datetime:
    return datetime.combine(get_event().first_day, datetime.min.time(), STOCKHOLM)


def test_places_are_passed_on_until_the_conference_begins(app: Flask) -> None:
    register_attendee(make_category())
    with pytest.raises(PassOnOverError):
        passed(now=eve_ends())
    assert passed(now=eve_ends() - timedelta(seconds=1)).email == "eva@x.example"


def test_only_a_confirmed_place_is_passed_on(app: Flask) -> None:
    category = make_category(seats=1)
    register_attendee(category)
    waiting = register_attendee(category, email="bo@x.example")
    with pytest.raises(NotToPassOnError):
        passed(waiting)
    transact(lambda session: withdraw(session, RegistrationId(1), actor=BY_LINK, now=clock.now()))
    with pytest.raises(NotToPassOnError):
        passed()


def test_a_speakers_place_stays(app: Flask) -> None:
    register_attendee(make_category("Speaker", is_for_speakers=True))
    with pytest.raises(SpeakersPlaceError):
        passed()


def reasons() -> list[str]:
    return [one.reason for one in history_of("registration", 1) if one.action == "passed on"]


@pytest.mark.parametrize("is_merged", [False, True])
def test_why_a_place_was_passed_on_goes_with_the_person_before(app: Flask, *, is_merged: bool) -> None:
    """It was typed about them, and stands with a registration that is not theirs any more."""
    register_attendee(make_category())
    old = stored().person_id
    after = passed(reason="has the measles")
    if is_merged:
        kept = transact(
            lambda session: create_person(session, replace(EVA, email="b@x.example"), actor=BY_SYSTEM)
        )
        merge_into(kept, old)
        old = kept
    transact(lambda session: erase_person(session, old, actor=BY_SYSTEM, now=clock.now()))
    db.session.rollback()
    assert (lines_with("measles"), reasons()) == ([], [""])
    assert get_person(after.person_id).details == EVA


def test_why_the_next_one_left_stays_until_they_are_erased(app: Flask) -> None:
    register_attendee(make_category())
    first = stored().person_id
    second = passed(reason="has the measles").person_id
    passed(person=replace(EVA, given_name="Ida", email="ida@x.example"), reason="moved to Oslo")
    transact(lambda session: erase_person(session, first, actor=BY_SYSTEM, now=clock.now()))
    db.session.rollback()
    assert reasons() == ["moved to Oslo", ""]
    transact(lambda session: erase_person(session, second, actor=BY_SYSTEM, now=clock.now()))
    db.session.rollback()
    assert reasons() == ["", ""]


def test_an_address_with_a_registration_of_its_own_takes_no_place(app: Flask) -> None:
    category = make_category()
    register_attendee(category)
    register_attendee(category, email="eva@x.example")
    with pytest.raises(AddressNotForPlaceError):
        passed(person=replace(EVA, email=" EVA@x.example"))
    assert stored().email == "asa@lab.example"


def test_a_form_that_was_overtaken_changes_nothing(app: Flask) -> None:
    register_attendee(make_category())
    before = stored()
    command = PassOn(registration_id=before.id, person=EVA, profession="", seen_version=before.link_version)
    passed()
    with pytest.raises(NotToPassOnError):
        transact(lambda session: pass_on(session, command, actor=BY_LINK, now=clock.now()))


def test_a_colleague_may_share_the_coordinators_address_in_a_group_only(app: Flask) -> None:
    category = make_category()
    group = make_group(category)
    shared = next(one for one in members_of(group.id) if one.is_shown)
    assert shared.registration_id is not None
    passed(shared.registration_id, replace(EVA, email="kim@hospital.example"))
    found = [(one.name, one.email, one.is_shown) for one in members_of(group.id)]
    assert found[1] == ("Eva Ek", "kim@hospital.example", True)
    passed(shared.registration_id)
    db.session.rollback()
    assert [(one.name, one.is_shown, one.state) for one in members_of(group.id)][1] == ("Eva Ek", False, None)


def test_what_was_paid_stays_and_whose_invoice_it_was_goes(app: Flask) -> None:
    category = make_category(fee_minor=100)
    made = register_attendee(category)
    payment = Payment(paid_on=date(2022, 9, 1), minor=100, reference="T 1")

    def pay(session: Session) -> None:
        change_invoice(session, made, None, InvoiceDetails(name="Åsa's own"), actor=BY_LINK)
        note_payment(session, made, 1, payment, actor=BY_SYSTEM)

    transact(pay)
    passed(made)
    db.session.rollback()
    kept = find_invoice(made)
    assert (kept.details, kept.payment, kept.revision) == (InvoiceDetails(), payment, 3)
