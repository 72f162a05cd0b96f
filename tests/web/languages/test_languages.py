"""Which language a page, a mail and a paper is in, and what goes along from link to link."""

import html
import re
from io import BytesIO

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from conference.core.ids import RegistrationId
from conference.db.base import db
from conference.mail.queries import mails_about
from conference.mail.tables import OutboxRow
from conference.printing.tickets import make_ticket
from conference.registration.links import link_of
from conference.registration.papers import make_calendar
from conference.registration.queries import get_registration
from tests.benchmarks.servers import hidden_fields
from tests.factories.programme import at, make_person, make_room, make_session, part, publish_now
from tests.factories.registration import make_category

GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}
READING = ("/", "/privacy", "/accessibility", "/programme", "/speakers")
JUERGEN = {
    "given_name": "Jürgen",
    "family_name": "Weiß",
    "email": "j@klinik.example",
    "affiliation": "Klinikum Muster",
    "country": "DE",
    "profession": "doctor",
    "category": "1",
}


@pytest.fixture
def category(app: Flask) -> None:
    make_category("Participant", name_de="Teilnahme vor Ort", description="All days", name_sv="Deltagare")


def send(client: FlaskClient, address: str, **fields: str) -> None:
    page = client.get(address).text
    answer = client.post(address, data=hidden_fields(page) | JUERGEN | fields)
    assert answer.status_code == 303, answer.text


def spoken(page: str) -> str:
    found = re.search(r'<html lang="(\w+)">', page)
    assert found
    return found.group(1)


@pytest.mark.parametrize(
    ("address", "accepted", "expected"),
    [
        ("/", "", "en"),
        ("/", "de-AT,de;q=0.9,en;q=0.5", "de"),
        ("/", "sv-SE", "sv"),
        ("/", "fr,pl", "en"),
        ("/?lang=sv", "de", "sv"),
        ("/?lang=xx", "de", "de"),
        ("/nowhere?lang=sv", "", "sv"),
        ("/staff/sign-in?lang=de", "de", "en"),
        ("/demo/mailbox", "de", "en"),
    ],
)
def test_the_language_is_chosen_or_the_browsers_or_english(
    client: FlaskClient, address: str, accepted: str, expected: str
) -> None:
    assert spoken(client.get(address, headers={"Accept-Language": accepted}).text) == expected


def test_a_chosen_language_goes_along_in_each_link_and_no_other(client: FlaskClient, category: None) -> None:
    chosen = client.get("/register?lang=de").text
    addresses = re.findall(r'(?:href|action)="(/[^"]*)"', chosen)
    without = [address for address in addresses if "lang=" not in address]
    assert [address for address in without if not address.startswith(("/staff", "/assets"))] == []
    assert 'action="/register?lang=de"' in chosen
    links = re.findall(r'href="(/[^"]*)"', client.get("/register", headers=GERMAN).text)
    switch = [html.unescape(address) for address in links if "lang=" in address]
    assert switch == ["/register?lang=en", "/register?lang=sv", "/register?lang=de"]


def test_public_pages_name_their_languages_to_search_engines_and_caches(client: FlaskClient) -> None:
    answer = client.get("/privacy")
    found = re.findall(r'<link rel="alternate" hreflang="(\w+)" href="([^"]+)">', answer.text)
    assert found == [(tag, f"http://localhost/privacy?lang={tag}") for tag in ("en", "sv", "de")]
    assert "Accept-Language" in answer.headers["Vary"]
    assert "hreflang" not in client.get("/staff/sign-in").text


@pytest.mark.parametrize("address", READING)
def test_public_pages_for_reading_set_no_cookie(client: FlaskClient, address: str) -> None:
    for asked in (address, f"{address}?lang=sv"):
        answer = client.get(asked, headers=GERMAN)
        assert "Set-Cookie" not in answer.headers


def test_the_form_speaks_german_its_errors_too(client: FlaskClient, category: None) -> None:
    page = client.get("/register", headers=GERMAN).text
    for words in (
        "<h1>Anmelden</h1>",
        "Vorname",
        "Teilnahme vor Ort",
        "All days",
        ">Deutschland<",
        "Ärztin oder Arzt",
    ):
        assert words in page
    refused = client.post("/register", data=hidden_fields(page) | {"email": "x"}, headers=GERMAN)
    assert refused.status_code == 400
    for words in (
        "Etwas ist zu berichtigen",
        "Geben Sie Ihren Vornamen ein.",
        "name@klinik.example",
        "Fehler: ",
    ):
        assert words in refused.text


def test_the_form_speaks_swedish_its_errors_too(client: FlaskClient, category: None) -> None:
    page = client.get("/register?lang=sv").text
    assert "Deltagare" in page
    refused = client.post("/register?lang=sv", data=hidden_fields(page))
    assert "Ange ditt förnamn." in refused.text
    assert "Something" not in refused.text


@pytest.mark.parametrize(
    ("tag", "subject", "greeting", "button"),
    [
        ("en", "You are registered: ", "Dear Jürgen Weiß,", "View, change or withdraw"),
        ("sv", "Du är anmäld: ", "Hej Jürgen Weiß,", "Se, ändra eller avboka"),
        ("de", "Sie sind angemeldet: ", "Guten Tag Jürgen Weiß,", "Ansehen, ändern oder stornieren"),
    ],
)
def test_the_mail_and_the_page_speak_the_registrations_language(
    client: FlaskClient, category: None, tag: str, subject: str, greeting: str, button: str
) -> None:
    send(client, f"/register?lang={tag}")
    db.session.rollback()
    assert get_registration(RegistrationId(1)).language == tag
    mail = mails_about("registration", 1)[0]
    assert mail.subject.startswith(subject)
    assert greeting in mail.text
    assert button in mail.text
    row = db.session.scalars(select(OutboxRow)).one()
    assert f'<html lang="{tag}">' in row.html
    own = f"/r/{link_of(1, 1)}"
    assert spoken(client.get(own, headers={"Accept-Language": "fr"}).text) == tag
    assert spoken(client.get(f"{own}?lang=sv").text) == "sv"
    assert spoken(client.get(f"{own}/withdraw").text) == tag


def test_ticket_and_calendar_are_in_the_registrations_language(client: FlaskClient, category: None) -> None:
    send(client, "/register?lang=de")
    db.session.rollback()
    row = db.session.scalars(select(OutboxRow)).one()
    facts = {order["kind"]: order["facts"] for order in row.attachments}
    ticket = PdfReader(BytesIO(make_ticket(facts["ticket"]).content)).pages[0].extract_text()
    for words in ("Am Eingang", "Teilnahme vor Ort", "Deutschland", "Donnerstag, 22. September 2022"):
        assert words in ticket
    calendar = icalendar.Calendar.from_ical(make_calendar(facts["calendar"]).content)
    described = str(calendar.walk("VEVENT")[0]["DESCRIPTION"])
    assert described.startswith("Anmeldung ")
    assert described.endswith("für Jürgen Weiß. Bringen Sie Ihr Ticket mit.")


def test_a_registration_without_a_language_is_english(client: FlaskClient, category: None) -> None:
    send(client, "/register")
    row = db.session.get(OutboxRow, 1)
    assert row is not None
    older = {"kind": "calendar"} | row.attachments[1]["facts"]
    del older["language"]
    assert b"Bring your ticket" in make_calendar(older).content.replace(b"\r\n ", b"")


def test_error_pages_speak_the_readers_language(client: FlaskClient) -> None:
    assert "Hier ist nichts" in client.get("/nowhere", headers=GERMAN).text
    assert "Här finns ingenting" in client.get("/nowhere?lang=sv").text
    assert (
        "Das Programm ist noch nicht veröffentlicht."
        in client.get("/programme/2022-09-22", headers=GERMAN).text
    )


def test_speakers_are_sorted_as_the_reader_sorts(client: FlaskClient) -> None:
    people = [make_person("A", name) for name in ("Zander", "Ågren", "Öberg", "Adler", "Ärlig", "Olsson")]
    make_session("One", room_id=make_room("Hall"), start=at("09:00"), people=[part(one) for one in people])
    publish_now()

    def names(tag: str) -> list[str]:
        page = client.get(f"/speakers?lang={tag}").text
        return re.findall(r'<h2 class="name"><a[^>]*>A (\w+)</a></h2>', page)

    assert names("sv") == ["Adler", "Olsson", "Zander", "Ågren", "Ärlig", "Öberg"]
    assert names("de") == ["Adler", "Ågren", "Ärlig", "Öberg", "Olsson", "Zander"]


def test_countries_are_sorted_as_the_reader_sorts(client: FlaskClient, category: None) -> None:
    def places(tag: str, *names: str) -> list[str]:
        listed = re.findall(r"<option value=\"\w+\">(.*?)</option>", client.get(f"/register?lang={tag}").text)
        return [name for name in listed if name in names]

    assert places("sv", "Österrike", "Zimbabwe", "Åland", "Danmark") == [
        "Danmark",
        "Zimbabwe",
        "Åland",
        "Österrike",
    ]
    assert places("de", "Österreich", "Polen", "Oman", "Ägypten") == [
        "Ägypten",
        "Oman",
        "Österreich",
        "Polen",
    ]
