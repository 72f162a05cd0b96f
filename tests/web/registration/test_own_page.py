"""The personal page behind a mailed link."""

import re
from datetime import date

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.core.ids import CategoryId, RegistrationId
from conference.db.base import db
from conference.mail.queries import mails_about
from conference.people.queries import get_person
from conference.registration.links import link_of
from conference.registration.model import Registration, State
from conference.registration.queries import get_registration
from tests.benchmarks.servers import hidden_fields
from tests.factories.registration import ASA, make_category, register_attendee
from tests.factories.web import token_of


@pytest.fixture
def own(app: Flask) -> str:
    """The address of Åsa's page."""
    made = register_attendee(make_category(seats=1))
    db.session.rollback()
    return f"/r/{link_of(made, 1)}"


def stored(number: int = 1) -> Registration:
    db.session.rollback()
    return get_registration(RegistrationId(number))


def details(page: str, **changed: str) -> dict[str, str]:
    names = ("given_name", "family_name", "affiliation", "country")
    return hidden_fields(page) | {name: getattr(ASA, name) for name in names} | {"profession": ""} | changed


def test_the_page_shows_the_registration_its_code_and_its_papers(client: FlaskClient, own: str) -> None:
    page = client.get(own).text
    for part in ("Confirmed", stored().number, "Åsa Lindström", "Karolinska Institutet", "Sweden"):
        assert part in page
    for address in ("/code.svg", "/ticket.pdf", "/calendar.ics", "/change", "/withdraw"):
        assert f"{own}{address}" in page


@pytest.mark.parametrize("part", ["", "/change", "/withdraw", "/calendar.ics", "/ticket.pdf", "/code.svg"])
def test_false_other_and_dead_links_are_unknown(client: FlaskClient, own: str, part: str) -> None:
    register_attendee(make_category("Student"), email="b@x.example")
    db.session.rollback()
    other_id = own.replace("/r/1-", "/r/2-")
    raised = own.replace("/r/1-1-", "/r/1-2-")
    for address in (
        own[:-1],
        own + "A",
        other_id,
        raised,
        "/r/1",
        "/r/x",
        f"/r/{link_of(1, 2)}",
        f"/r/{link_of(9, 1)}",
    ):
        answer = client.get(address + part)
        assert (answer.status_code, "There is nothing" in answer.text) == (404, True), address


def test_a_mail_scanner_that_follows_every_link_changes_nothing(client: FlaskClient, own: str) -> None:
    before = stored()
    for address in {own, *re.findall(rf'href="({own}[^"]*)"', client.get(own).text)}:
        client.get(address)
        client.head(address)
    assert stored() == before
    assert len(mails_about("registration", 1)) == 1


def test_withdrawing_takes_a_post_with_a_token(client: FlaskClient, own: str) -> None:
    register_attendee(CategoryId(1), given_name="Bo", email="bo@x.example")
    assert client.post(f"{own}/withdraw").status_code == 400
    assert stored().state is State.CONFIRMED
    token = token_of(client, f"{own}/withdraw")
    for _ in range(2):
        answer = client.post(f"{own}/withdraw", data={"csrf_token": token})
        assert (answer.status_code, answer.headers["Location"]) == (303, own)
    assert (stored().state, stored(2).state) == (State.WITHDRAWN, State.OFFERED)
    page = client.get(own).text
    assert "This registration is withdrawn." in page
    assert "Register again" in page
    assert client.get(f"{own}/change").status_code == 409


def test_changed_details_are_saved(client: FlaskClient, own: str) -> None:
    page = client.get(f"{own}/change").text
    assert 'value="Åsa"' in page
    assert '<option value="SE" selected>' in page
    changed = details(
        page,
        family_name="Öberg",
        profession="doctor",
        career_stage="training",
        consent_invitations="y",
        state="cancelled",
    )
    answer = client.post(f"{own}/change", data=changed)
    assert (answer.status_code, answer.headers["Location"]) == (303, own)
    assert (stored().state, stored().profession) == (State.CONFIRMED, "doctor")
    assert stored().career_stage == "training"
    assert "In specialist training" in client.get(own).text
    assert get_person(stored().person_id).details.family_name == "Öberg"
    assert "Invite me to later conferences" in client.get(own).text


def test_two_tabs_get_a_conflict_with_both_values_and_lose_nothing(client: FlaskClient, own: str) -> None:
    first = client.get(f"{own}/change").text
    second = client.get(f"{own}/change").text
    client.post(f"{own}/change", data=details(first, affiliation="First", consent_sponsors="y"))
    answer = client.post(f"{own}/change", data=details(second, affiliation="Second"))
    assert answer.status_code == 409
    assert "Somebody else changed this while you were writing." in answer.text
    rows = re.findall(
        r'<th scope="row"[^>]*>(.*?)</th>\s*<td[^>]*>(.*?)</td>\s*<td[^>]*>(.*?)</td>', answer.text
    )
    assert rows == [
        ("Affiliation", "First", "Second"),
        ("Share my name, affiliation and e-mail address with the sponsors", "Yes", "No"),
    ]
    assert 'value="Second"' in answer.text
    again = client.post(f"{own}/change", data=details(answer.text, affiliation="Second"))
    assert again.status_code == 303
    assert get_person(stored().person_id).details.affiliation == "Second"


def test_a_change_without_a_revision_is_refused(client: FlaskClient, own: str) -> None:
    page = client.get(f"{own}/change").text
    sent = details(page) | {"revision": ""}
    answer = client.post(f"{own}/change", data=sent)
    assert answer.status_code == 428
    assert "Open the page again and repeat it." in answer.text


def test_a_wrong_change_keeps_what_was_typed(client: FlaskClient, own: str) -> None:
    page = client.get(f"{own}/change").text
    answer = client.post(f"{own}/change", data=details(page, given_name="", affiliation="Typed"))
    assert answer.status_code == 400
    assert "Enter your given name." in answer.text
    assert 'value="Typed"' in answer.text


def test_the_calendar_file_has_an_entry_a_day_with_a_stable_uid(client: FlaskClient, own: str) -> None:
    answer = client.get(f"{own}/calendar.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    events = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    number = stored().number
    assert [str(event["UID"]) for event in events] == [
        f"registration-{number}-2022-09-22@localhost",
        f"registration-{number}-2022-09-23@localhost",
    ]
    assert [event.decoded("DTSTART") for event in events] == [date(2022, 9, 22), date(2022, 9, 23)]
    assert {event.decoded("SEQUENCE") for event in events} == {0}
    page = client.get(f"{own}/change").text
    client.post(f"{own}/change", data=details(page, family_name="{x};\\,Öberg"))
    later = icalendar.Calendar.from_ical(client.get(f"{own}/calendar.ics").data).walk("VEVENT")
    assert [str(event["UID"]) for event in later] == [str(event["UID"]) for event in events]
    assert {event.decoded("SEQUENCE") for event in later} == {1}
    assert f"Registration {number} for Åsa {{x}};\\,Öberg." in str(later[0]["DESCRIPTION"])


def test_who_waits_sees_the_place_and_no_code(client: FlaskClient, own: str) -> None:
    register_attendee(CategoryId(1), given_name="Bo", email="bo@x.example")
    db.session.rollback()
    page = client.get(f"/r/{link_of(2, 1)}").text
    assert "at place 1" in page
    assert "code.svg" not in page


def test_what_was_saved_is_said_once(app: Flask, client: FlaskClient) -> None:
    url = f"/r/{link_of(register_attendee(make_category()), 1)}"
    page = client.get(f"{url}/change").text
    given = hidden_fields(page) | {"given_name": "Nina", "affiliation": "Lab", "country": "SE"}
    assert client.post(f"{url}/change", data=given).status_code == 303
    assert "Your details are saved." in client.get(url).text
    assert "Your details are saved." not in client.get(url).text
