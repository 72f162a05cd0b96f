"""Letters of invitation: asked for by link, answered by organisers, printed, and the passport forgotten."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from conference.audit.model import BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.clock import clock
from conference.core.ids import RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.mail.queries import mails_about
from conference.privacy.queries import everything_held
from conference.privacy.service import erase_person
from conference.registration.links import link_of
from conference.registration.queries import get_registration
from conference.registration.visa_purging import passports
from conference.registration.visa_service import find_letter
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.paper import page_texts, text_of
from tests.factories.registration import make_category, register_attendee
from tests.factories.registration_acts import withdraw
from tests.factories.visa import ask_letter, make_letter
from tests.factories.web import token_of

FORM = {
    "name": "ASA LIND",
    "nationality": "IN",
    "born_on": "1970-02-03",
    "number": "x1234567",
    "consent": "y",
}


@pytest.fixture
def known(client: FlaskClient) -> RegistrationId:
    return register_attendee(
        make_category("Guest"), given_name="Åsa", family_name="Lind", email="a@x.example"
    )


def own(registration_id: RegistrationId, page: str) -> str:
    return f"/r/{link_of(registration_id, get_registration(registration_id).link_version)}/{page}"


def kinds(registration_id: RegistrationId) -> list[str]:
    found = [mail.kind for mail in mails_about("registration", registration_id)]
    db.session.rollback()
    return found


def answer(client: FlaskClient, registration_id: RegistrationId, **typed: str) -> tuple[int, str]:
    page = f"/staff/visa/{registration_id}"
    sent = client.post(page, data={"csrf_token": token_of(client, page), "revision": "1"} | typed)
    return sent.status_code, sent.text


def test_a_letter_is_asked_for_approved_mailed_and_printed(
    client: FlaskClient, known: RegistrationId
) -> None:
    page = own(known, "visa")
    sent = client.post(page, data=FORM | {"csrf_token": token_of(client, page)})
    assert sent.status_code == 303
    assert "The organisers look at it" in client.get(page).text
    assert client.get(own(known, "letter.pdf")).status_code == 404
    stored = db.session.execute(text("SELECT sealed FROM visa_letter")).scalar_one()
    assert "1234567" not in stored
    db.session.rollback()
    sign_in(client, Role.ORGANISER)
    assert "Waits for an answer" in client.get("/staff/visa").text
    shown = client.get(f"/staff/visa/{known}").text
    assert "X1234567" not in shown
    token = {"csrf_token": token_of(client, f"/staff/visa/{known}")}
    seen = client.post(f"/staff/visa/{known}/passport", data=token).text
    assert ("X1234567" in seen, "India" in seen) == (True, True)
    assert answer(client, known, act="approve")[0] == 303
    assert "visa_approved" in kinds(known)
    letter = find_letter(known)
    assert letter is not None
    paper = client.get(own(known, "letter.pdf"))
    assert len(page_texts(paper.data)) == 1
    said = text_of(paper.data)
    for words in (
        "ASA LIND",
        "India",
        "3 February 1970",
        "X1234567",
        letter.serial,
        "Genomic Medicine Sweden",
    ):
        assert words in said
    assert client.get(f"/staff/visa/{known}.pdf").content_type == "application/pdf"
    # A preview is kept as a file for an hour, and a passport's details are never kept in the clear.
    assert client.get(f"/staff/preview/visa/{known}.pdf").status_code == 404
    acts = [entry.action for entry in history_of("registration", known)]
    assert {"letter asked for", "sensitive answers seen", "letter approved"} <= set(acts)


def test_a_letter_is_declined_with_a_reason_and_asked_for_again(
    client: FlaskClient, known: RegistrationId
) -> None:
    ask_letter(known)
    sign_in(client, Role.ORGANISER)
    status, page = answer(client, known, act="decline")
    assert (status, "reason" in page) == (400, True) or status in {409, 422}
    assert answer(client, known, act="decline", reason="Not known to us")[0] == 303
    assert "visa_declined" in kinds(known)
    assert "Not known to us" in client.get(own(known, "visa")).text
    assert answer(client, known, act="approve")[0] == 409, "it was answered already"
    ask_letter(known)
    assert answer(client, known, act="approve")[0] == 409, "it was asked for anew since this page was seen"
    assert answer(client, known, act="approve", revision="3")[0] == 303


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"name": ""}, "Enter your name as your passport has it."),
        ({"nationality": ""}, "Choose the country that issued your passport."),
        ({"born_on": "2030-01-01"}, "Your date of birth is in the past."),
        ({"born_on": "nonsense"}, "Not a valid date value."),
        ({"number": ""}, "Enter the number of your passport."),
        ({"consent": ""}, "Without your consent the letter cannot be written."),
    ],
)
def test_what_is_missing_is_named_and_the_rest_is_kept(
    client: FlaskClient, known: RegistrationId, typed: dict[str, str], says: str
) -> None:
    page = own(known, "visa")
    sent = {name: value for name, value in (FORM | typed).items() if value}
    found = client.post(page, data=sent | {"csrf_token": token_of(client, page)})
    assert (found.status_code, says in found.text) == (400, True)
    assert ("ASA LIND" in found.text) == ("name" in sent)
    assert find_letter(known) is None


def test_an_approved_letter_is_not_asked_for_again(client: FlaskClient, known: RegistrationId) -> None:
    page = own(known, "visa")
    token = {"csrf_token": token_of(client, page)}
    make_letter(known)
    assert client.post(page, data=FORM | token).status_code == 409


def test_without_a_place_there_is_no_letter(client: FlaskClient, known: RegistrationId) -> None:
    make_letter(known)
    address, page = own(known, "letter.pdf"), own(known, "visa")
    withdraw(known)
    assert (client.get(address).status_code, client.get(page).status_code) == (404, 409)
    sign_in(client, Role.ORGANISER)
    assert client.get("/staff/visa").status_code == 200


def test_the_passport_goes_with_sensitive_answers(client: FlaskClient, known: RegistrationId) -> None:
    make_letter(known)
    assert passports.claim("worker") == []
    db.session.rollback()
    clock.begin_at(clock.now() + timedelta(days=60))
    assert passports.claim("worker") == [1]
    db.session.rollback()
    passports.run(1, "worker")
    assert passports.claim("worker") == []
    db.session.rollback()
    assert client.get(own(known, "letter.pdf")).status_code == 404
    assert "were deleted after the event" in client.get(own(known, "visa")).text


def test_all_is_handed_out_and_erased(client: FlaskClient, known: RegistrationId) -> None:
    make_letter(known)
    person = get_registration(known).person_id
    held = everything_held(person)["registrations"][0]["letter of invitation"]
    assert (held["passport"]["number"], held["state"]) == ("X1234567", "approved")
    db.session.rollback()
    transact(lambda session: erase_person(session, person, actor=BY_SYSTEM, now=clock.now()))
    assert find_letter(known) is None


def test_certificates_are_blank_or_named(client: FlaskClient, known: RegistrationId) -> None:
    sign_in(client, Role.DESK)
    blank = client.get("/staff/certificates.pdf")
    assert [("Certificate of attendance" in page, "Åsa" in page) for page in page_texts(blank.data)] == [
        (True, False)
    ]
    token = {"csrf_token": token_of(client, f"/staff/registrations/{known}/badge")}
    client.post(f"/staff/registrations/{known}/here", data=token)
    signs = client.get("/staff/signs").text
    assert 'href="/staff/preview/certificates.pdf"' in signs
    preview = client.get("/staff/preview/certificates.pdf?names=1")
    assert (preview.status_code, '<a href="/staff/signs">' in preview.text) == (200, True)
    named = client.get("/staff/certificates.pdf?names=1")
    assert ["Åsa Lind" in page for page in page_texts(named.data)] == [True]
