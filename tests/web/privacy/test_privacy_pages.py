"""A person's own data by the personal link, and the office's answer to who asks to be erased."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.audit.model import BY_SYSTEM
from conference.core.ids import RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.programme.model import CoAuthor, Level, PartChoice, PartRole, TalkDetails, TalkFacts
from conference.programme.talks import create_talk
from conference.registration.links import link_of
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.dumps import lines_with
from tests.factories.programme import make_session, make_talk
from tests.factories.registration import ASA, make_category, register_attendee
from tests.factories.registration_acts import registration
from tests.factories.web import token_of


@pytest.fixture
def asa(app: Flask) -> RegistrationId:
    made = register_attendee(make_category())
    db.session.rollback()
    return made


def own(one: RegistrationId) -> str:
    return f"/r/{link_of(one, registration(one).link_version)}"


def test_all_data_is_one_file(client: FlaskClient, asa: RegistrationId) -> None:
    assert f"{own(asa)}/data.json" in client.get(own(asa)).text
    answer = client.get(f"{own(asa)}/data.json")
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="registration-{registration(asa).number}.json"'
    )
    held = json.loads(answer.text)
    assert list(held) == [
        "event",
        "held by",
        "person",
        "registrations",
        "invitations",
        "groups",
        "speaker",
        "programme",
        "sessions marked",
        "talks",
        "known elsewhere as",
        "badges",
        "mails",
        "campaigns",
        "no news",
        "history",
    ]
    assert held["person"] == ASA.as_values() | {"sort_as": "", "cannot": []}
    assert "Åsa" in answer.text
    assert link_of(asa, 1) not in answer.text
    assert client.get("/r/false/data.json").status_code == 404


def test_the_file_holds_what_a_speaker_wrote_of_the_talk(client: FlaskClient, asa: RegistrationId) -> None:
    person = registration(asa).person_id
    facts = TalkFacts(
        level=Level.ADVANCED, keywords=("RNA",), co_authors=(CoAuthor(name="Bo Ek", affiliation="KI"),)
    )
    details = TalkDetails(
        title="Reading RNA",
        abstract="What it says.",
        duration_min=20,
        people=(PartChoice(person_id=person, role=PartRole.SPEAKER),),
        facts=facts,
    )
    make_talk(make_session("Opening"), "Somebody else's")
    session_id = make_session("Methods")
    transact(lambda session: create_talk(session, session_id, details, actor=BY_SYSTEM))
    assert json.loads(client.get(f"{own(asa)}/data.json").text)["talks"] == [
        {
            "title": "Reading RNA",
            "abstract": "What it says.",
            "level": "advanced",
            "keywords": ["RNA"],
            "co_authors": [{"name": "Bo Ek", "affiliation": "KI"}],
        }
    ]


def test_asking_for_erasure_takes_a_post_and_the_office_answers(
    client: FlaskClient, asa: RegistrationId
) -> None:
    page = f"{own(asa)}/erase"
    assert "Ask for erasure" in client.get(page).text
    assert client.post(page).status_code == 400
    sign_in(client, Role.ORGANISER)
    assert "Nobody asks to be erased." in client.get("/staff/erasures").text
    assert client.post(page, data={"csrf_token": token_of(client, page)}).status_code == 303
    assert "Your wish is with the organisers." in client.get(page).text
    assert "ask to be erased" in client.get("/staff/").text
    assert "Åsa Lindström" in client.get("/staff/erasures").text
    url = f"/staff/erasures/{registration(asa).person_id}"
    assert client.post(url).status_code == 400
    answer = client.post(url, data={"csrf_token": token_of(client, "/staff/erasures")})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/erasures")
    assert lines_with("Lindström", "asa@", "Karolinska") == []
    assert client.get(page).status_code == 404
    gone = client.get(f"/staff/registrations/{asa}")
    assert (gone.status_code, "Data erased" in gone.text) == (200, True)
