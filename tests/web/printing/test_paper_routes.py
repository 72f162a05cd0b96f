"""Paper by HTTP: what each address answers, and whom."""

import os
import re
import time
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from conference.core.clock import real_now
from conference.core.ids import CategoryId, JobId
from conference.db.work import transact
from conference.jobs.claim import settle
from conference.jobs.model import JobState
from conference.jobs.service import jobs, tell
from conference.jobs.tables import JobRow
from conference.mail.registry import attachment_makers
from conference.printing.papers import forget_papers
from conference.registration.links import link_of
from conference.registration.model import Choices
from conference.registration.queries import get_registration, ticket_facts
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.fonts import further_fonts, made_font
from tests.factories.paper import page_texts, read_pdf, text_of
from tests.factories.programme import at, make_room, make_session, make_talk, publish_now
from tests.factories.registration import make_category, register_attendee
from tests.factories.web import token_of

STAFF_PAPER = ["/staff/badges", "/staff/badges.pdf", "/staff/programme.pdf"]


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    sign_in(client, Role.DESK)
    return client


def own_address(registration_id: Any, page: str) -> str:
    registration = get_registration(registration_id)
    return f"/r/{link_of(registration.id, registration.link_version)}/{page}"


@pytest.mark.parametrize("address", STAFF_PAPER)
def test_paper_of_the_office_asks_who_one_is(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/staff/sign-in")


@pytest.mark.parametrize("address", STAFF_PAPER[:2])
@pytest.mark.parametrize("role", [Role.PROGRAMME, Role.VIEWER])
def test_badges_are_for_desk_and_organisers(client: FlaskClient, role: Role, address: str) -> None:
    sign_in(client, role)
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.DESK])
def test_badges_are_the_people_of_the_list(client: FlaskClient, role: Role) -> None:
    guests, press = make_category("Guest"), make_category("Press")
    register_attendee(guests, given_name="Ελένη", family_name="Lind", email="a@x.example")
    register_attendee(press, given_name="Юлия", family_name="Berg", email="b@x.example")
    sign_in(client, role)
    answer = client.get(f"/staff/badges.pdf?sheet=a6&category={guests}")
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == 'inline; filename="badges-a6.pdf"'
    text = text_of(answer.data)
    assert ("Ελένη" in text, "Юлия" in text, "Guest" in text) == (True, False, True)


def test_badges_that_need_a_look_show_it_first(desk: FlaskClient) -> None:
    category = make_category("Guest")
    register_attendee(category, given_name="李", family_name="小明", email="a@x.example")
    register_attendee(category, given_name="Bo", family_name="Lind", email="b@x.example")
    answer = desk.get("/staff/badges.pdf?sheet=a7&text=x.example")
    assert (answer.status_code, answer.location) == (303, "/staff/badges?sheet=a7&text=x.example")
    page = desk.get(answer.location).text
    assert "1 badge will be printed." in page
    assert "1 waits for a name that can be printed." in page
    assert "No font has 李 (U+674E), 小 (U+5C0F), 明 (U+660E), so this badge is not printed." in page
    assert 'href="/staff/preview/badges.pdf?text=x.example&amp;sheet=a7"' in page
    assert "No font here has Chinese letters." in page
    assert "apt-get install fonts-noto-cjk" in page
    assert "CONFERENCE_FONTS" in page
    paper = desk.get("/staff/badges.pdf?sheet=a7&checked=1&text=x.example")
    assert (paper.status_code, "Bo" in text_of(paper.data)) == (200, True)


def test_a_font_that_is_named_prints_what_waited(desk: FlaskClient, tmp_path: Path) -> None:
    register_attendee(make_category("Guest"), given_name="李", family_name="小明", email="a@x.example")
    with further_fonts(made_font(tmp_path / "Made.ttf")):
        page = desk.get("/staff/badges?sheet=a7").text
        paper = desk.get("/staff/badges.pdf?sheet=a7")
    assert "1 badge will be printed." in page
    assert "Every name and affiliation fits as it is." in page
    assert "小明" in text_of(paper.data)


def test_a_name_with_markup_is_literal_on_the_page_too(desk: FlaskClient) -> None:
    register_attendee(make_category("Guest"), given_name="<b>李</b>", family_name="X", email="a@x.example")
    page = desk.get("/staff/badges").text
    assert "&lt;b&gt;李&lt;/b&gt; X" in page
    assert "<b>李" not in page


def test_a_person_with_several_findings_stands_in_one_row(desk: FlaskClient) -> None:
    register_attendee(
        make_category("Guest"), given_name="Åsa", badge_name="李", affiliation="医院", email="a@x.example"
    )
    page = desk.get("/staff/badges").text
    assert page.count('<a class="name"') == 1
    assert page.count("No font has") == 2
    assert "1 badge will be printed." in page


def test_nobody_to_print(desk: FlaskClient) -> None:
    page = desk.get("/staff/badges?text=nobody").text
    assert "0 badges will be printed." in page
    assert "Nobody is confirmed with these filters." in page


def test_waiting_and_withdrawn_people_get_no_badge(desk: FlaskClient) -> None:
    one_seat = make_category("Guest", seats=1)
    register_attendee(one_seat, given_name="Seated", email="a@x.example")
    register_attendee(one_seat, given_name="Waiting", email="b@x.example")
    text = text_of(desk.get("/staff/badges.pdf").data)
    assert ("Seated" in text, "Waiting" in text) == (True, False)


def test_a_choice_against_photographs_is_on_the_badge(desk: FlaskClient) -> None:
    register_attendee(make_category("Guest"), choices=Choices(no_photographs=True))
    assert "No photographs" in text_of(desk.get("/staff/badges.pdf").data)


def test_public_programme_appears_with_the_first_version(client: FlaskClient) -> None:
    missing = client.get("/programme.pdf")
    assert missing.status_code == 404
    assert "The programme is not published yet." in missing.text
    make_talk(make_session("Tumour boards", room_id=make_room("Aula"), start=at("09:00")), "A first talk")
    publish_now()
    answer = client.get("/programme.pdf")
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    text = text_of(answer.data)
    assert ("Tumour boards" in text, "A first talk" in text, "Version 1" in text, "DRAFT" in text) == (
        True,
        True,
        True,
        False,
    )


def test_staff_print_the_draft_or_what_is_published(client: FlaskClient) -> None:
    sign_in(client, Role.VIEWER)
    make_session("Published session", room_id=make_room("Aula"), start=at("09:00"))
    publish_now()
    make_session("Drafted session", room_id=make_room("Aula"), start=at("11:00"))
    draft = client.get("/staff/programme.pdf")
    assert draft.headers["Content-Disposition"] == 'inline; filename="programme-draft.pdf"'
    assert "Drafted session" in text_of(draft.data)
    assert all("DRAFT" in page for page in page_texts(draft.data))
    assert "Drafted session" not in text_of(client.get("/staff/programme.pdf?version=published").data)


def test_own_ticket_and_code(client: FlaskClient) -> None:
    registration_id = register_attendee(make_category("Guest"), given_name="Åsa", family_name="Lind")
    registration = get_registration(registration_id)
    ticket = client.get(own_address(registration_id, "ticket.pdf"))
    assert (ticket.status_code, ticket.content_type) == (200, "application/pdf")
    assert ticket.headers["Content-Disposition"] == f'inline; filename="ticket-{registration.number}.pdf"'
    assert registration.number in text_of(ticket.data)
    assert len(read_pdf(ticket.data).pages) == 1
    code = client.get(own_address(registration_id, "code.svg"))
    assert (code.status_code, code.content_type) == (200, "image/svg+xml; charset=utf-8")
    assert f"<title>Code of registration {registration.number}</title>" in code.text
    assert code.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("page", ["ticket.pdf", "code.svg"])
def test_a_false_link_opens_nothing(client: FlaskClient, page: str) -> None:
    registration_id = register_attendee(make_category("Guest"))
    address = own_address(registration_id, page)
    assert client.get(address.replace("/r/", "/r/9")).status_code == 404
    assert client.get(f"/r/nonsense/{page}").status_code == 404


@pytest.mark.parametrize("page", ["ticket.pdf", "code.svg"])
def test_who_waits_has_no_ticket(client: FlaskClient, page: str) -> None:
    full = make_category("Guest", seats=1)
    register_attendee(full, email="a@x.example")
    waiting = register_attendee(full, email="b@x.example")
    answer = client.get(own_address(waiting, page))
    assert answer.status_code == 404
    assert "There is no ticket" in answer.text


def test_the_ticket_is_made_for_mails(app: Flask) -> None:
    facts = ticket_facts(register_attendee(make_category("Guest")))
    made = attachment_makers.get("ticket")(facts)
    assert (made.content_type, made.content[:5]) == ("application/pdf", b"%PDF-")


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let two badges be too many for a page."""
    for place in ("conference.printing.routes.AT_ONCE", "conference.printing.papers.AT_ONCE"):
        monkeypatch.setattr(place, 1)


def _two(category: CategoryId) -> None:
    register_attendee(category, given_name="Ada", email="a@x.example")
    register_attendee(category, given_name="Bo", email="b@x.example")


def _asked(client: FlaskClient, address: str = "/staff/badges?sheet=a6") -> str:
    """Press the button of the page and return the address of the paper."""
    page = client.get(address).text
    action = re.search(r'action="(/staff/badges/paper[^"]*)"', page)
    assert action is not None
    sent = client.post(unescape(action.group(1)), data={"csrf_token": token_of(client, address)})
    assert sent.status_code == 303
    return sent.headers["Location"]


@pytest.mark.usefixtures("many")
def test_badges_of_many_are_made_by_a_worker_and_fetched(desk: FlaskClient) -> None:
    guests, press = make_category("Guest"), make_category("Press")
    _two(guests)
    register_attendee(press, given_name="Cy", email="c@x.example")
    address = f"/staff/badges?sheet=a6&category={guests}"
    assert desk.get(f"/staff/badges.pdf?sheet=a6&category={guests}").status_code == 303
    paper = _asked(desk, address)
    assert _asked(desk, address) == paper
    waiting = desk.get(paper).text
    assert "Waiting for the worker." in waiting
    assert desk.get(f"{paper}.pdf").status_code == 404
    for one in jobs.claim("worker"):
        jobs.run(one, "worker")
    assert "2 badges are set." in desk.get(paper).text
    answer = desk.get(f"{paper}.pdf")
    assert answer.headers["Content-Disposition"] == "inline; filename=badges-a6.pdf"
    text = text_of(answer.data)
    assert ("Ada" in text, "Bo" in text, "Cy" in text) == (True, True, False)


@pytest.mark.usefixtures("many")
def test_a_paper_tells_its_progress_and_what_failed(desk: FlaskClient) -> None:
    _two(make_category("Guest"))
    paper = _asked(desk)
    (job_id,) = jobs.claim("worker")
    tell(JobId(job_id), "worker", 1, 2)
    assert "1 of 2 badges are set." in desk.get(paper).text
    values: dict[str, object] = {"last_answer": "OSError"}
    transact(
        lambda session: settle(session, JobRow, job_id, owner="worker", state=JobState.FAILED, values=values)
    )
    assert "The badges could not be set (OSError)." in desk.get(paper).text


@pytest.mark.usefixtures("many")
def test_a_paper_takes_a_token_and_leaves_after_a_day(desk: FlaskClient, app: Flask) -> None:
    _two(make_category("Guest"))
    assert desk.post("/staff/badges/paper").status_code == 400
    paper = _asked(desk)
    for one in jobs.claim("worker"):
        jobs.run(one, "worker")
    folder = app.extensions["conference.settings"].instance / "papers"
    (file,) = folder.iterdir()
    yesterday = time.time() - 25 * 3600
    os.utime(file, (yesterday, yesterday))
    forget_papers()
    assert list(folder.iterdir()) == [file]
    transact(
        lambda session: session.execute(update(JobRow).values(created_at=real_now() - timedelta(hours=25)))
    )
    forget_papers()
    assert list(folder.iterdir()) == []
    assert desk.get(f"{paper}.pdf").status_code == 404


@pytest.mark.parametrize("query", ["", "?text=nobody", "?begin_at=99", "?which=new"])
def test_the_other_pages_of_badges_are_reached_whatever_is_chosen(desk: FlaskClient, query: str) -> None:
    page = desk.get(f"/staff/badges{query}").text
    for address in (
        "/staff/preview/badges/outline.pdf",
        "/staff/preview/badges/blanks.pdf",
        "/staff/designs",
        "/staff/sheets",
        "/staff/badges/others",
        "/staff/boxes",
        "/staff/badges/runs",
        "/staff/signs",
    ):
        assert page.count(f'href="{address}"') + page.count(f'href="{address}?') == 1, address


def test_a_choice_that_cannot_be_promises_no_badges(desk: FlaskClient) -> None:
    register_attendee(make_category("Guest"), email="a@x.example")
    assert "badge will be printed" not in desk.get("/staff/badges?begin_at=99").text
    assert "1 badge will be printed." in desk.get("/staff/badges").text


def test_a_finding_leads_to_where_it_is_mended(desk: FlaskClient) -> None:
    known = register_attendee(make_category("Guest"), given_name="李", email="a@x.example")
    link = f'href="/staff/registrations/{known}/change"'
    assert link in desk.get("/staff/badges").text
    assert link in desk.get(f"/staff/registrations/{known}/badge").text
