"""The evening pack: all paper of a morning in one file, made by a worker."""

import zipfile
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from conference.jobs.service import jobs
from conference.printing.runs import last_prints
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.paper import page_texts, text_of
from tests.factories.programme import at, make_room, make_session
from tests.factories.registration import make_category, register_attendee
from tests.factories.web import token_of


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    sign_in(client, Role.DESK)
    return client


def test_the_pack_holds_what_a_morning_needs(desk: FlaskClient) -> None:
    make_session("Opening", room_id=make_room("Aula"), start=at("09:00"))
    register_attendee(make_category("Guest", badge_word="Guest"), given_name="Ada", family_name="Lind")
    make_category("Press", badge_word="Press")
    sent = desk.post("/staff/pack", data={"csrf_token": token_of(desk, "/staff/signs")})
    assert sent.status_code == 303
    page = desk.get(sent.location).text
    assert "Evening pack" in page
    assert '<a href="/staff/signs">Signs and lists</a>' in page
    assert desk.get(f"{sent.location}.pdf").status_code == 404
    for one in jobs.claim("worker"):
        jobs.run(one, "worker")
    assert "The pack is there" in desk.get(sent.location).text
    answer = desk.get(f"{sent.location}.pdf")
    assert answer.headers["Content-Disposition"] == "attachment; filename=evening-pack.zip"
    with zipfile.ZipFile(BytesIO(answer.data)) as pack:
        assert pack.testzip() is None
        files = {name: pack.read(name) for name in pack.namelist()}
    assert "Ada" in text_of(files["badges new or changed.pdf"])
    assert "Lind, Ada" in text_of(files["list for the door.pdf"])
    assert "Aula" in text_of(files["door signs.pdf"])
    assert "Staff" in text_of(files["badges of speakers and staff.pdf"])
    assert "A–" in text_of(files["boxes.pdf"])
    assert b"the draft, nothing is published" in files["read me.txt"]
    blanks = page_texts(files["badges to write on.pdf"])
    assert (blanks[0].count("Guest"), blanks[1].count("Press")) == (8, 8)
    assert last_prints() == {}


def test_the_pack_is_asked_for_with_a_token(desk: FlaskClient) -> None:
    assert desk.post("/staff/pack").status_code == 400
