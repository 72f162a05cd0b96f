"""Signs and lists by HTTP: each is a file, in the language asked for, of whom it may be."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from conference.audit.model import BY_LINK
from conference.core.clock import clock
from conference.db.work import transact
from conference.programme.model import PartRole
from conference.registration.model import Choices
from conference.speakers.dossiers import save_profile, sign
from conference.speakers.model import Interest, Profile, SignDisclosure
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.paper import page_texts, text_of
from tests.factories.programme import at, make_person, make_room, make_session, make_talk, part, publish_now
from tests.factories.registration import make_category, register_attendee


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    sign_in(client, Role.DESK)
    return client


def test_the_page_leads_to_each_sign_and_list(desk: FlaskClient) -> None:
    make_session("Opening", room_id=make_room("Aula"), start=at("09:00"))
    page = desk.get("/staff/signs").text
    found = re.findall(r'(?:href|action)="(/staff/(?:preview/)?(?:signs|lists)/[^"]+)"', page)
    addresses = {address.replace("/preview", "") for address in found}
    assert len(addresses) == 9
    for address in addresses:
        answer = desk.get(unescape(address))
        assert (answer.status_code, answer.content_type) == (200, "application/pdf")


def test_lists_of_people_are_the_desk_s(client: FlaskClient) -> None:
    sign_in(client, Role.PROGRAMME)
    assert "lists/" not in client.get("/staff/signs").text
    assert client.get("/staff/lists/door.pdf").status_code == 403
    assert client.get("/staff/signs/doors.pdf").status_code == 200


def test_door_signs_show_what_is_published(desk: FlaskClient) -> None:
    room = make_room("Aula")
    make_session("Published", room_id=room, start=at("09:00"))
    publish_now()
    make_session("Drafted", room_id=room, start=at("11:00"))
    text = text_of(desk.get("/staff/signs/doors.pdf?in=de").data)
    assert ("Published" in text, "Drafted" in text, "Donnerstag" in text) == (True, False, True)
    assert "Drafted" in text_of(desk.get("/staff/signs/doors.pdf?of=draft&in=xx&day=nonsense").data)


def test_only_who_agreed_is_in_the_list_of_participants(desk: FlaskClient) -> None:
    category = make_category("Guest")
    agrees = Choices(consents=frozenset({"participants"}))
    register_attendee(category, family_name="Agrees", email="a@x.example", choices=agrees)
    register_attendee(category, family_name="Silent", email="b@x.example")
    text = text_of(desk.get("/staff/lists/participants.pdf").data)
    assert ("Agrees" in text, "Silent" in text) == (True, False)
    door = text_of(desk.get("/staff/lists/door.pdf").data)
    assert ("Agrees" in door, "Silent" in door) == (True, True)


@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        ({"count": "0"}, "count", "“0” cannot be: enter a number of signs from 1 to 100."),
        ({"count": "101"}, "count", "“101” cannot be: enter a number of signs from 1 to 100."),
        ({"count": "some"}, "count", "“some” cannot be: enter a number of signs from 1 to 100."),
        ({"count": "", "words": "x"}, "count", "“” cannot be: enter a number of signs from 1 to 100."),
        ({"words": "x" * 61}, "words", "That is 61 characters, and a sign holds 60. Enter fewer words."),
    ],
)
def test_seats_that_cannot_be_are_refused_with_what_was_typed(
    desk: FlaskClient, query: dict[str, str], field: str, sentence: str
) -> None:
    answer = desk.get("/staff/signs/seats.pdf", query_string=query)
    assert answer.status_code == 422
    assert f'<a href="#{field}">{sentence}</a>' in unescape(answer.text)
    if query.get("words"):
        assert f'value="{query["words"]}"' in answer.text


def test_a_sign_that_there_is_not_is_unknown(desk: FlaskClient) -> None:
    assert desk.get("/staff/signs/flags.pdf").status_code == 404
    assert desk.get("/staff/lists/everybody.pdf").status_code == 404


def test_a_way_sign_of_one_room(desk: FlaskClient) -> None:
    first = make_room("Aula")
    make_room("Small room")
    pages = page_texts(desk.get(f"/staff/signs/ways.pdf?room={first}&direction=up").data)
    assert [" ".join(page.split()) for page in pages] == ["Aula"]


def test_a_chair_s_sheet_says_how_names_are_said_and_what_was_disclosed(client: FlaskClient) -> None:
    chair, speaker, other = (
        make_person("Cy", "Chair"),
        make_person("Łukasz", "Żak"),
        make_person("Bo", "Nothing"),
    )
    session_id = make_session(
        "Genomes", room_id=make_room("Aula"), start=at("09:00"), people=[part(chair, PartRole.CHAIR)]
    )
    make_talk(session_id, "A talk", people=[part(speaker), part(other)])
    said = Profile(biography="", pronunciation="WOO-kash Zhahk", travel="", needs="")
    signed = [
        SignDisclosure(
            person_id=speaker, is_nothing=False, interests={Interest.SHARES: "Acme AB"}, signed_name="Ł"
        ),
        SignDisclosure(person_id=other, is_nothing=True, interests={}, signed_name="B"),
    ]

    def work(session: Session) -> None:
        save_profile(session, speaker, None, said, {}, actor=BY_LINK, now=clock.now())
        for command in signed:
            sign(session, command, actor=BY_LINK, now=clock.now())

    transact(work)
    sign_in(client, Role.DESK)
    text = text_of(client.get("/staff/lists/chairs.pdf").data)
    for words in (
        "Pronounced: WOO-kash Zhahk",
        "Interests: Shares: Acme AB",
        "Interests: Nothing to disclose.",
    ):
        assert words in text
