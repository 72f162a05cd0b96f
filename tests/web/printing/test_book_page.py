"""The booklet as one page of HTML: its parts, its links, its languages, and that it is kept by version."""

import re
from html import unescape
from itertools import pairwise

import pytest
from flask.testing import FlaskClient

from conference.audit.model import BY_SYSTEM
from conference.core.clock import clock
from conference.core.ids import SessionId
from conference.db.work import transact
from conference.programme.model import Kind, PartRole
from conference.programme.printings import mark_sent
from tests.factories.pages import text_of
from tests.factories.paper import read_pdf
from tests.factories.programme import at, make_person, make_room, make_session, make_talk, part, publish_now
from tests.factories.telling import rename

BOOK = "/programme/booklet"


@pytest.fixture
def session_id(client: FlaskClient) -> SessionId:
    room = make_room("Aula")
    chair, speaker = make_person("Bo", "Ek"), make_person("<b>Åsa</b>", "Lind")
    session = make_session(
        "Tumour boards",
        room_id=room,
        start=at("09:00"),
        people=[part(chair, PartRole.CHAIR)],
        abstract="One.\n\nTwo <i>x</i>.",
    )
    make_talk(session, "A talk & more", people=[part(speaker)], abstract="Why it matters.")
    make_session("Coffee", kind=Kind.BREAK, start=at("10:00"), duration_min=30)
    make_session("A company speaks", kind=Kind.INDUSTRY, room_id=room, start=at("12:00"))
    publish_now()
    return session


def test_every_part_has_its_heading_and_the_contents_lead_to_it(
    client: FlaskClient, session_id: SessionId
) -> None:
    page = client.get(BOOK)
    text = re.sub(r" (?=[,:;.])", "", text_of(page))
    for said in (
        "Version 1, published 5 September 2022",
        "09:00–10:00 Aula Tumour boards",
        "Chair: Bo Ek, Hospital of Example, Sweden",
        "Hospital of Example, Sweden Why it matters.",
        "Index of people",
        "These sessions are held by industry.",
        "Industry symposium",
    ):
        assert said in text, said
    for typed in ("Two &lt;i&gt;x&lt;/i&gt;.", "A talk &amp; more", "Lind, &lt;b&gt;Åsa&lt;/b&gt;"):
        assert typed in page.text, typed
    headings = re.findall(r"<h([1-6])[^>]*>", page.text)
    assert headings[0] == "1"
    assert headings.count("1") == 1
    assert all(int(after) - int(before) <= 1 for before, after in pairwise(headings))
    ids = re.findall(r'\bid="([^"]+)"', page.text)
    assert len(ids) == len(set(ids))
    inside = [unescape(one) for one in re.findall(r'href="#([^"]+)"', page.text)]
    assert len(inside) > 10
    assert [one for one in inside if one not in ids] == []
    labels = re.findall(r'aria-labelledby="([^"]+)"', page.text)
    assert [one for one in labels if one not in ids] == []


def test_industry_stands_last_and_a_coffee_break_in_the_overview_alone(
    client: FlaskClient, session_id: SessionId
) -> None:
    text = text_of(client.get(BOOK))
    days, industry = text.split("These sessions are held by industry.")
    assert "A company speaks" in industry
    assert days.count("Coffee") == 1
    assert days.rfind("Index of people") > days.rfind("Friday 23 September 2022")


def test_it_leads_to_papers_that_are_there(client: FlaskClient, session_id: SessionId) -> None:
    addresses = re.findall(r'href="(/programme[^"#]*\.pdf)"', client.get(BOOK).text)
    assert len(addresses) == 6
    for address in addresses:
        answer = client.get(address)
        assert (answer.status_code, answer.content_type) == (200, "application/pdf")


@pytest.mark.parametrize(
    ("tongue", "head", "contents"), [("sv", "Programhäfte", "Innehåll"), ("de", "Programmheft", "Inhalt")]
)
def test_it_speaks_the_reader_s_language(
    client: FlaskClient, session_id: SessionId, tongue: str, head: str, contents: str
) -> None:
    page = client.get(f"{BOOK}?lang={tongue}")
    assert f'<html lang="{tongue}">' in page.text
    assert f"{head} Test" not in text_of(page)
    assert (head in text_of(page), contents in text_of(page)) == (True, True)


def test_before_the_first_version_it_says_so(client: FlaskClient) -> None:
    answer = client.get(BOOK)
    assert answer.status_code == 200
    assert "Contents" not in text_of(answer)


def test_a_version_without_a_session_still_has_its_days(client: FlaskClient) -> None:
    make_session("Only one", room_id=make_room("Aula"), start=at("09:00", 23))
    publish_now()
    text = text_of(client.get(BOOK))
    assert "Thursday 22 September 2022 Nothing is planned on this day yet." in text


def test_it_tells_what_changed_since_printing(client: FlaskClient, session_id: SessionId) -> None:
    assert "Changes since printing" not in text_of(client.get(BOOK))
    now = clock.now()
    transact(lambda session: mark_sent(session, 1, actor=BY_SYSTEM, now=now))
    assert "Nothing has changed: what is printed is right." in text_of(client.get(BOOK))
    rename(session_id, "Boards of tumours")
    publish_now()
    text = text_of(client.get(BOOK))
    assert "New title: Boards of tumours. Printed: Tumour boards" in text
    assert "/programme/changes-since-printing.pdf" in client.get(BOOK).text


def test_who_has_it_hears_that_nothing_changed(client: FlaskClient, session_id: SessionId) -> None:
    first = client.get(BOOK)
    again = client.get(BOOK, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    rename(session_id, "Boards of tumours")
    publish_now()
    assert client.get(BOOK, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_wide_day_offers_the_paper_that_it_fits_on_and_forty_talks_are_all_told(
    client: FlaskClient,
) -> None:
    rooms = [make_room(f"Room {number:02}", place=number) for number in range(1, 13)]
    sessions = [
        make_session(f"Session {room}", room_id=room, start=at("09:00"), duration_min=400) for room in rooms
    ]
    for number in range(40):
        make_talk(sessions[0], f"Talk number {number}", duration_min=10)
    publish_now()
    page = client.get(BOOK)
    assert "/programme/plan/2022-09-22-a3.pdf" in page.text
    assert "/programme/plan/2022-09-22-a4.pdf" not in page.text
    refused = client.get("/programme/plan/2022-09-22-a4.pdf")
    assert (refused.status_code, "Take A3." in text_of(refused)) == (422, True)
    assert read_pdf(client.get("/programme/plan/2022-09-22.pdf").data).pages[0].mediabox.width > 1190
    text = text_of(page)
    assert [number for number in range(40) if f"Talk number {number} " not in text] == []
