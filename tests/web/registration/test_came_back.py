"""Where the office and the desk read that mails to an address came back, and that a corrected one clears it."""

from flask import Flask
from flask.testing import FlaskClient

from conference.audit.model import BY_SYSTEM
from conference.core.clock import real_now
from conference.core.ids import RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.mail.bounces import note
from conference.mail.queries import mails_about
from conference.mail.reports import read_report
from conference.people.queries import get_person
from conference.registration.came_back import count_came_back
from conference.registration.model import ChangeRegistration, Choices
from conference.registration.queries import get_registration
from conference.registration.service import change
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.registration import make_category, register_attendee
from tests.factories.reports import report_of

ASKED = "Mails to this address came back: ask for another one."


def come_back(registration_id: RegistrationId) -> None:
    (mail,) = mails_about("registration", registration_id)
    report = read_report(report_of(mail.id))
    db.session.rollback()
    transact(lambda session: note(session, report, now=real_now()))


def correct(registration_id: RegistrationId, email: str) -> None:
    found = get_registration(registration_id)
    person = get_person(found.person_id)
    command = ChangeRegistration(
        registration_id=registration_id,
        person=person.details,
        profession=found.profession,
        career_stage=found.career_stage,
        choices=Choices(),
        expected_revision=found.revision,
        expected_person_revision=person.revision,
        email=email,
    )
    db.session.rollback()
    transact(lambda session: change(session, command, actor=BY_SYSTEM, now=real_now()))
    db.session.rollback()


def test_office_and_desk_ask_for_another_address_until_it_is_corrected(
    app: Flask, client: FlaskClient
) -> None:
    registration_id = register_attendee(make_category())
    come_back(registration_id)
    sign_in(client, Role.DESK)
    pages = (f"/staff/registrations/{registration_id}", f"/staff/walk-in/{registration_id}")
    for url in pages:
        text = client.get(url).text
        assert ASKED in text
        assert f'href="/staff/registrations/{registration_id}/change#email"' in text
    assert (count_came_back(), "registrations whose mails came back" in client.get("/staff/").text) == (
        1,
        True,
    )
    correct(registration_id, "right@clinic.example")
    assert [url for url in pages if ASKED in client.get(url).text] == []
    assert count_came_back() == 0


def test_the_list_shows_those_whose_mails_came_back(app: Flask, client: FlaskClient) -> None:
    category = make_category()
    one = register_attendee(category, email="wrong@clinic.example", family_name="Wrong")
    register_attendee(category, email="right@clinic.example", family_name="Right")
    sign_in(client, Role.DESK)
    assert "Nobody matches." in client.get("/staff/registrations?came_back=1").text
    come_back(one)
    home = client.get("/staff/").text
    assert 'href="/staff/registrations?came_back=1&amp;state=' in home
    text = client.get("/staff/registrations?came_back=1").text
    assert ("wrong@clinic.example" in text, "right@clinic.example" in text) == (True, False)
    assert 'value="1" checked' in text
