"""Badges of those who have no registration: chosen, typed, looked at, printed, noted, printed again and erased."""

import re

import pytest
from flask.testing import FlaskClient

from conference.audit.model import BY_SYSTEM
from conference.core.clock import clock
from conference.core.ids import BadgeRunId
from conference.db.base import db
from conference.db.work import transact
from conference.people.merging import MergePeople, merge
from conference.printing.errors import OtherLineError, TooManyLinesError
from conference.printing.other_model import OtherPerson, typed_people
from conference.printing.other_people import forget_typed, others_of
from conference.printing.papers import TYPED_KEPT
from conference.printing.runs import runs, take_back
from conference.privacy.queries import everything_held
from conference.privacy.service import end_keeping
from conference.programme.model import PartRole
from conference.web.access import Role
from tests.factories.accounts import make_member, sign_in
from tests.factories.paper import needs_renderer, page_texts, scanned, text_of
from tests.factories.programme import at, make_person, make_room, make_session, make_talk, part, publish_now
from tests.factories.registration import make_category, register_attendee
from tests.factories.web import token_of

PAGE = "/staff/badges/others"


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    sign_in(client, Role.DESK)
    return client


def send(client: FlaskClient, *, prints: bool = True, query: str = "", **typed: str) -> tuple[int, str, str]:
    """Return status, where it leads and the page."""
    data = {"csrf_token": token_of(client, PAGE), "word": "Exhibitor"} | typed
    answer = client.post(PAGE + query, data=data | ({"prints": "1"} if prints else {}))
    return answer.status_code, answer.location or "", answer.text


def test_lines_are_read_as_they_are_pasted() -> None:
    text = "Kim van der Berg, Acme, Ltd, Stand 4\n\nÅsa Lind\tKI\n李;医院;Press\nMadonna"
    found = [
        (one.given_name, one.family_name, one.affiliation, one.word)
        for one in typed_people(text, "Exhibitor")
    ]
    assert found == [
        ("Kim", "van der Berg", "Acme, Ltd", "Stand 4"),
        ("Åsa", "Lind", "KI", "Exhibitor"),
        ("李", "", "医院", "Press"),
        ("Madonna", "", "", "Exhibitor"),
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Ada, KI\n, Acme", "Line 2 cannot be read: it has no name"),
        ("x" * 121, "the name has more than 120 characters"),
        ("Ada;KI;Press;more", "it has more than three parts"),
        ("Ada\x07, KI", "U+0007 cannot be printed"),
        ("Ada, KI, " + "x" * 41, "the word has more than 40 characters"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(text: str, fault: str) -> None:
    with pytest.raises(OtherLineError) as refused:
        typed_people(text, "Exhibitor")
    assert fault in str(refused.value)


def test_so_many_lines_are_sent_in_parts() -> None:
    with pytest.raises(TooManyLinesError):
        typed_people("Ada\n" * 501, "Exhibitor")


@needs_renderer
def test_typed_people_get_badges_without_a_code_and_are_noted(desk: FlaskClient) -> None:
    lines = "Zed Zorn, Acme\nÅsa <b>Lind</b>, Beta AB, Press"
    assert "Print 2 badges" in send(desk, prints=False, lines=lines)[2]
    assert runs() == []
    status, where, _ = send(desk, lines=lines, sheet="l4785", begin_at="10")
    assert status == 303
    answer = desk.get(where)
    pages = page_texts(answer.data)
    assert ["<b>Lind</b>" in " ".join(pages[0].split()), "Zed" in pages[1]] == [True, True]
    assert "Press" in pages[0]
    assert "Exhibitor" in pages[1]
    assert scanned(answer.data, 100) == [set(), set()]
    (run,) = runs()
    assert (run.count, [one.name for one in others_of(run.id)]) == (2, ["Åsa <b>Lind</b>", "Zed Zorn"])
    assert 'value="2"' in desk.get(PAGE).text, "the next run of this device begins behind the last label"


def test_what_was_typed_stays_with_the_refusal(desk: FlaskClient) -> None:
    status, _, page = send(desk, lines=", Acme", word="Stand")
    assert (status, "Line 1 cannot be read" in page, ", Acme" in page, 'value="Stand"' in page) == (
        422, True, True, True,
    )  # fmt: skip
    assert "Nobody is chosen" in send(desk)[2]


def test_a_name_without_a_font_is_named_and_left_out(desk: FlaskClient) -> None:
    page = send(desk, prints=False, lines="\U0001f600 \U0001f601, Acme\nAda, KI")[2]
    assert ("Not printed" in page, "Print 1 badge" in page) == (True, True)
    desk.get(send(desk, lines="\U0001f600 \U0001f601, Acme\nAda, KI")[1])
    assert [run.count for run in runs()] == [1]


def test_speakers_chairs_and_staff_without_a_registration(desk: FlaskClient) -> None:
    make_member(Role.VIEWER)
    room = make_room("Aula")
    chair, speaker = make_person("Cy", "Chairman"), make_person("Sven", "Speaks")
    session = make_session("Genomes", room_id=room, start=at("09:00"), people=[part(chair, PartRole.CHAIR)])
    make_talk(session, "A talk", people=[part(speaker)])
    register_attendee(make_category("Guest"), given_name="Reg", family_name="Istered", email="r@x.example")
    publish_now()
    assert "2 people of the programme" in desk.get("/staff/badges/others").text
    page = send(desk, prints=False, speakers="y", staff="y")[2]
    for words in ("Cy Chairman", "Chair", "Sven Speaks", "Speaker", "Test viewer", "Staff"):
        assert words in page
    assert "Reg Istered" not in page
    answer = desk.get(send(desk, speakers="y")[1])
    assert ["Sven" in text_of(answer.data), "viewer" in text_of(answer.data)] == [True, False]
    (run,) = runs()
    assert everything_held(speaker)["badges"][0]["shown"]["family_name"] == "Speaks"
    db.session.rollback()
    transact(lambda session: end_keeping(session, speaker, [], actor=BY_SYSTEM, now=clock.now()))
    assert [one.name for one in others_of(run.id)] == ["Cy Chairman"]


def test_two_records_that_become_one_keep_the_print(desk: FlaskClient) -> None:
    kept, gone = make_person("Cy", "Kept"), make_person("Cy", "Gone")
    make_session("Genomes", room_id=make_room("Aula"), start=at("09:00"), people=[part(gone)])
    publish_now()
    desk.get(send(desk, speakers="y")[1])
    (run,) = runs()
    command = MergePeople(kept_id=kept, gone_id=gone, take=(), kept_revision=1, gone_revision=1)
    db.session.rollback()
    transact(lambda session: merge(session, command, actor=BY_SYSTEM))
    assert [one.person_id for one in others_of(run.id)] == [kept]
    db.session.rollback()
    transact(lambda session: take_back(session, run.id, actor=BY_SYSTEM))
    assert others_of(BadgeRunId(run.id)) == []


def test_typed_names_are_forgotten_after_half_a_year(desk: FlaskClient) -> None:
    send(desk, lines="Zed Zorn, Acme")
    (run,) = runs()
    db.session.rollback()
    transact(lambda session: forget_typed(session, clock.now() - TYPED_KEPT))
    assert others_of(run.id) == [
        OtherPerson(given_name="Zed", family_name="Zorn", affiliation="Acme", word="Exhibitor")
    ]
    db.session.rollback()
    later = clock.now() + TYPED_KEPT
    transact(lambda session: forget_typed(session, later - TYPED_KEPT + (later - clock.now())))
    assert others_of(run.id) == []


def test_one_person_is_no_people(desk: FlaskClient) -> None:
    assert "1 person with an account" in desk.get("/staff/badges/others").text


def test_what_is_checked_is_seen_before_it_is_printed(desk: FlaskClient) -> None:
    page = send(desk, prints=False, lines="Anna Lang, Acme\n李, Acme")[2]
    found = re.search(r'href="(/staff/previews/others\.[0-9a-f]+)\.pdf"', page)
    assert found is not None
    paper = text_of(desk.get(f"{found[1]}.pdf").data)
    assert ("Anna" in paper, "Acme" in paper, "李" in paper) == (True, True, False)
    assert re.findall(r'<img src="([^"]+)"', page) == [f"{found[1]}/1.png"]
    assert desk.get(f"{found[1]}/1.png").content_type == "image/png"
    assert "Nothing is printed yet." in page
    assert runs() == []


def test_nothing_to_print_is_no_preview(desk: FlaskClient) -> None:
    assert "/staff/previews/" not in send(desk, prints=False, lines="李")[2]
