"""The programme's papers by HTTP: for staff each kind with what it cannot show, for everybody kept by version."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from conference.core.ids import SessionId
from conference.printing import programme_papers
from conference.printing.drawing_ahead import PapersToDraw
from conference.programme.model import Kind, PartRole
from conference.programme.printings import find_printing
from conference.web.access import Role
from conference.web.settings import current_settings
from tests.factories.accounts import sign_in
from tests.factories.pages import text_of as page_text
from tests.factories.paper import page_texts, read_pdf, text_of
from tests.factories.programme import (
    at,
    make_person,
    make_room,
    make_session,
    make_talk,
    part,
    publish_now,
    withdraw_version,
)
from tests.factories.telling import rename

PRINT = "/staff/programme/print"


@pytest.fixture
def editor(client: FlaskClient) -> FlaskClient:
    sign_in(client, Role.PROGRAMME)
    return client


def a_published_programme() -> SessionId:
    person = make_person()
    session = make_session(
        "Tumour boards",
        room_id=make_room("Aula"),
        start=at("09:00"),
        people=[part(make_person("Bo", "Ek"), PartRole.CHAIR)],
    )
    make_talk(session, "A talk about boards", people=[part(person)])
    publish_now()
    return session


def test_the_page_leads_to_every_paper(editor: FlaskClient) -> None:
    a_published_programme()
    make_session("Drafted only", room_id=make_room("Aula"), start=at("14:00"))
    page = editor.get(PRINT)
    assert "Papers of version 1, in English." in page_text(page)
    for name in ("folded", "a4", "a5", "card", "cards"):
        answer = editor.get(f"{PRINT}/{name}.pdf?of=published&in=de")
        assert (answer.status_code, answer.content_type) == (200, "application/pdf")
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert f"/{name}.pdf?" in page.text
        text = text_of(answer.data)
        assert ("Tumour boards" in text, "Drafted only" in text, "Donnerstag" in text) == (True, False, True)
    plan = editor.get(f"{PRINT}/plan.pdf?day=2022-09-22&size=a3&of=draft&in=sv")
    assert ("Drafted only" in text_of(plan.data), "torsdag" in text_of(plan.data).lower()) == (True, True)
    assert editor.get(f"{PRINT}/poster.pdf").status_code == 404
    assert editor.get(f"{PRINT}/plan.pdf?day=nonsense").status_code == 404
    assert "The programme has no such day." in page_text(editor.get(f"{PRINT}/plan.pdf?day=2021-01-01"))


def test_before_the_first_version_the_page_shows_the_draft(editor: FlaskClient) -> None:
    page = page_text(editor.get(PRINT))
    assert "Papers of the draft, in English." in page
    assert "A printer gets what is published. Publish the programme first." in page
    answer = editor.get(f"{PRINT}/printer.zip")
    assert answer.status_code == 409
    assert "There is no published version to send to a printer: publish the programme first." in page_text(
        answer
    )


def test_a_day_of_too_many_rooms_is_told_with_its_remedy(editor: FlaskClient) -> None:
    for number in range(12):
        make_session(
            f"Session {number}", room_id=make_room(f"Room {number:02}", place=number + 1), start=at("09:00")
        )
    page = page_text(editor.get(PRINT))
    assert "A4: 12 columns stand side by side on this day, and A4 shows 10 that can be read. Take A3." in page
    assert editor.get(f"{PRINT}/plan.pdf?day=2022-09-22&size=a4").status_code == 422
    assert len(page_texts(editor.get(f"{PRINT}/plan.pdf?day=2022-09-22&size=a3").data)) == 1


def test_what_a_card_and_a_plan_leave_out_is_named(editor: FlaskClient) -> None:
    for number in range(70):
        make_session(
            f"Number {number}", room_id=make_room(f"Room {number % 4}", place=number % 4 + 1),
            start=at(f"{8 + number // 8:02}:{number // 4 % 2 * 30:02}"), duration_min=30, kind=Kind.WORKSHOP,
        )  # fmt: skip
    assert "Not on the side of Thursday 22 September 2022: " in page_text(editor.get(PRINT))


def test_the_printer_s_files_come_in_one_zip_with_what_was_typed(editor: FlaskClient) -> None:
    a_published_programme()
    answer = editor.get(
        f"{PRINT}/printer.zip", query_string={"copies": "500", "paper": "115 g silk", "in": "en"}
    )
    assert (answer.status_code, answer.content_type) == (200, "application/zip")
    with zipfile.ZipFile(BytesIO(answer.data)) as archive:
        assert archive.namelist() == ["programme.pdf", "job-sheet.pdf"]
        pages, sheet = (archive.read(name) for name in archive.namelist())
    assert len(read_pdf(pages).pages) % 4 == 0
    told = " ".join(text_of(sheet).split())
    for said in (
        "Trim 148 × 210 mm",
        f"Pages {len(read_pdf(pages).pages)}",
        "Copies 500",
        "Paper 115 g silk",
        "Binding saddle stitch, two staples",
        "Version Version 1, Monday 5 September 2022",
        "Date Monday 5 September 2022",
        "Fonts embedded: Roboto-",
        "Pictures none under 300 dpi",
    ):
        assert said in told


@pytest.mark.parametrize("copies", ["many", "0", "1000001", "-4"])
def test_copies_that_cannot_be_are_refused_with_what_was_typed(editor: FlaskClient, copies: str) -> None:
    a_published_programme()
    answer = editor.get(f"{PRINT}/printer.zip", query_string={"copies": copies, "paper": "115 g silk"})
    assert answer.status_code == 400
    assert f"“{copies}” cannot be: enter a number of copies from 1 to 1000000." in page_text(answer)
    assert ('value="115 g silk"' in answer.text, f'value="{copies}"' in answer.text) == (True, True)


def test_a_version_is_marked_and_its_changes_are_told_in_three_languages(editor: FlaskClient) -> None:
    session = a_published_programme()
    token = {"csrf_token": _token(editor)}
    marked = editor.post(f"{PRINT}/sent", data=token | {"number": "1"})
    assert (marked.status_code, marked.location) == (303, PRINT)
    assert "Nothing has changed: what is printed is right." in page_text(editor.get(PRINT))
    rename(session, "Boards of tumours")
    publish_now()
    page = page_text(editor.get(PRINT))
    assert "Changes since printing 1" in page
    assert "New title: Boards of tumours. Printed: Tumour boards" in page
    for tongue, word in (("en", "New title"), ("sv", "Ny titel"), ("de", "Neuer Titel")):
        text = text_of(editor.get(f"{PRINT}/changes.pdf?of=published&in={tongue}").data)
        assert word in text
        assert "Boards of tumours" in text
    again = editor.post(f"{PRINT}/sent", data=token | {"number": "1"})
    assert again.status_code == 409
    assert "Version 1 was marked as sent to print already" in page_text(again)
    stale = editor.post(f"{PRINT}/back", data=token | {"number": "1", "revision": "7"})
    assert stale.status_code == 409
    back = editor.post(f"{PRINT}/back", data=token | {"number": "1", "revision": "1"})
    assert (back.status_code, find_printing()) == (303, None)
    assert editor.get(f"{PRINT}/changes.pdf?of=published").status_code == 404


def _token(client: FlaskClient) -> str:
    page = client.get(PRINT).text
    return page.partition('name="csrf_token" value="')[2].partition('"')[0]


def test_marks_are_the_programme_committee_s(client: FlaskClient) -> None:
    a_published_programme()
    sign_in(client, Role.DESK)
    assert "Mark as sent to print" not in page_text(client.get(PRINT))


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count how often a public paper is drawn."""
    drawn: list[str] = []
    for name, maker in list(programme_papers.PLAIN.items()):

        def counting(programme: object, name: str = name, maker: object = maker) -> bytes:
            drawn.append(name)
            return maker(programme)  # type: ignore[operator, no-any-return]  # a maker of PLAIN

        monkeypatch.setitem(programme_papers.PLAIN, name, counting)
    return drawn


def test_a_public_paper_is_drawn_once_a_version_and_language(client: FlaskClient, counted: list[str]) -> None:
    assert client.get("/programme/pocket-card.pdf").status_code == 404
    session = a_published_programme()
    first = client.get("/programme/pocket-card.pdf")
    assert (first.status_code, first.content_type) == (200, "application/pdf")
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert client.get("/programme/pocket-card.pdf").data == first.data
    again = client.get("/programme/pocket-card.pdf", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, counted) == (304, b"", ["card"])
    german = client.get("/programme/pocket-card.pdf", headers={"Accept-Language": "de"})
    assert ("Donnerstag" in text_of(german.data), counted) == (True, ["card", "card"])
    rename(session, "Boards of tumours")
    publish_now()
    assert "Boards of tumours" in text_of(client.get("/programme/pocket-card.pdf").data)
    assert counted == ["card"] * 3


def public_files() -> set[str]:
    folder: Path = current_settings().instance / "public-papers"
    return {path.name for path in folder.iterdir()}


def test_what_is_of_another_state_is_deleted_with_the_names_in_it(client: FlaskClient) -> None:
    session = a_published_programme()
    client.get("/programme/pocket-card.pdf")
    client.get("/programme/plan/2022-09-22-a4.pdf")
    before = public_files()
    rename(session, "Boards of tumours")
    publish_now()
    client.get("/programme/pocket-card.pdf")
    after = public_files()
    assert (len(before), len(after), before & after) == (2, 1, set())


@pytest.mark.parametrize("name", ["2022-09-22-a4", "2022-09-23-a3", "2022-09-22"])
def test_the_plan_of_a_day_is_public(client: FlaskClient, name: str) -> None:
    a_published_programme()
    assert "/programme/plan/2022-09-22.pdf" in client.get("/programme/2022-09-22").text
    answer = client.get(f"/programme/plan/{name}.pdf")
    assert (answer.status_code, len(page_texts(answer.data))) == (200, 1)


@pytest.mark.parametrize("name", ["2022-09-22-a5", "2022-99-22-a4", "x", "2021-01-01-a4", "2021-01-01"])
def test_a_plan_that_there_is_not_is_unknown(client: FlaskClient, name: str) -> None:
    a_published_programme()
    assert client.get(f"/programme/plan/{name}.pdf").status_code == 404


def test_changes_are_public_once_something_was_sent_to_print(editor: FlaskClient) -> None:
    session = a_published_programme()
    address = "/programme/changes-since-printing.pdf"
    assert (editor.get(address).status_code, address in editor.get("/programme").text) == (404, False)
    editor.post(f"{PRINT}/sent", data={"csrf_token": _token(editor), "number": "1"})
    assert address in editor.get("/programme").text
    same = text_of(editor.get(address).data)
    assert "Nothing has changed" in same
    rename(session, "Boards of tumours")
    publish_now()
    assert "Boards of tumours" in text_of(editor.get(address).data)


def test_a_worker_draws_what_readers_will_ask_for(client: FlaskClient, counted: list[str]) -> None:
    source = PapersToDraw(looks_each_s=0)
    assert PapersToDraw(looks_each_s=3600).claim("worker") == []
    a_published_programme()
    assert source.claim("worker") == [1]
    source.run(1, "worker")
    assert counted == ["card"] * 3
    for tongue in ("en", "sv", "de"):
        for address in ("/programme/pocket-card.pdf", "/programme/plan/2022-09-22-a3.pdf", "/programme.pdf"):
            assert client.get(address, headers={"Accept-Language": tongue}).status_code == 200
    assert (counted, len(public_files())) == (["card"] * 3, 18)
    assert source.claim("worker") == []
    withdraw_version(1)
    assert source.claim("worker") == [1]
    source.run(1, "worker")
    assert (public_files(), source.claim("worker")) == (set(), [])
