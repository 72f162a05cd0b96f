"""What is about to be printed, in the browser: as PDF and as pictures, for whom it is, and noted by nobody."""

import re
from html import unescape
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image

from conference.core.ids import RegistrationId
from conference.db.base import db
from conference.printing import preview_parts, preview_routes
from conference.printing.picking import Picking, Which
from conference.printing.runs import runs
from conference.printing.service import people_to_print
from conference.registration.filters import ListFilters
from conference.web.access import Role
from conference.web.headers import POLICY
from tests.factories.accounts import sign_in
from tests.factories.paper import page_texts, text_of
from tests.factories.programme import at, make_room, make_session, publish_now
from tests.factories.registration import make_category, register_attendee
from tests.factories.registration_acts import withdraw
from tests.factories.web import token_of

FILES = re.compile(r'data="(/staff/previews/[^"#]+)')
PICTURES = re.compile(r'<img src="(/staff/previews/[^"]+)"')


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    sign_in(client, Role.DESK)
    return client


def guests(count: int) -> list[RegistrationId]:
    category = make_category("Guest")
    return [
        register_attendee(
            category, given_name=f"Anna{n:02d}", family_name=f"Berg{n:02d}", email=f"{n}@x.example"
        )
        for n in range(count)
    ]


def shown(client: FlaskClient, address: str) -> tuple[str, bytes]:
    """Return the preview's page and the PDF in it."""
    page = client.get(address)
    assert page.status_code == 200
    return page.text, client.get(FILES.findall(page.text)[0]).data


def test_badges_are_seen_as_they_will_be_printed_and_not_noted(desk: FlaskClient) -> None:
    guests(3)
    link = re.findall(r'href="(/staff/preview/badges\.pdf[^"]*)"', desk.get("/staff/badges?sheet=a6").text)[0]
    page, pdf = shown(desk, unescape(link))
    assert [f"Anna{n:02d}" in text_of(pdf) for n in range(3)] == [True] * 3
    assert runs() == []
    assert len(people_to_print(ListFilters(), Picking(which=Which.NEW))) == 3
    print_here = unescape(re.findall(r'action="(/staff/badges/paper[^"]*)"', page)[0])
    assert "sheet=a6" in print_here
    answer = desk.post(print_here, data={"csrf_token": token_of(desk, unescape(link))})
    db.session.rollback()
    assert page_texts(desk.get(answer.location).data) == page_texts(pdf)
    assert [run.count for run in runs()] == [3]


def test_pictures_show_the_pages_by_number(desk: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    guests(6)
    whole = desk.get("/staff/preview/badges.pdf?sheet=99015&as=pages").text
    assert (len(PICTURES.findall(whole)), 'rel="next"' in whole) == (6, False)
    monkeypatch.setattr(preview_routes, "AT_ONCE_SMALL", 4)
    page = desk.get("/staff/preview/badges.pdf?sheet=99015&as=pages&at=2").text
    assert "6 pages, 54 × 70 mm." in page
    assert "Pages 2–5 of 6" in page
    assert re.findall(r'alt="(Page [^,"]+)', page) == [f"Page {n} of 6" for n in (2, 3, 4, 5)]
    assert FILES.findall(page) == []
    pictures = PICTURES.findall(page)
    answer = desk.get(pictures[0])
    assert (len(pictures), answer.content_type) == (4, "image/png")
    with Image.open(BytesIO(answer.data)) as picture:
        size = re.search(r'width="(\d+)"\s+height="(\d+)"', page)
        assert size is not None
        assert picture.size == (int(size[1]), int(size[2]))
    texts = re.findall(r'paper-text" dir="auto">([^<]+)', page)
    assert [f"Anna{n:02d}" in text for n, text in enumerate(texts, 1)] == [True] * 4


def test_a_page_that_there_is_not_is_the_last_one(desk: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    guests(6)
    monkeypatch.setattr(preview_routes, "AT_ONCE_SMALL", 4)
    for typed, told in (
        ("99", "Page 6 of 6"),
        ("x", "Pages 1–4 of 6"),
        ("0", "Pages 1–4 of 6"),
        ("9" * 40, "Pages 1–4 of 6"),
    ):
        assert told in desk.get(f"/staff/preview/badges.pdf?sheet=99015&as=pages&at={typed}").text


def test_of_a_large_batch_only_the_part_looked_at_is_drawn(
    desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview_parts, "PART_BADGES", 2)
    guests(5)
    page, pdf = shown(desk, "/staff/preview/badges.pdf?sheet=99015&as=pdf&at=4")
    assert "Pages 3–4 of 5" in page
    assert [[n for n in range(5) if f"Anna{n:02d}" in text] for text in page_texts(pdf)] == [[2], [3]]
    assert "at=5" in re.findall(r'href="([^"]+)"\s+rel="next"', page)[0]


def test_a_run_is_seen_again_without_being_noted_again(desk: FlaskClient) -> None:
    guests(2)
    desk.post("/staff/badges/paper", data={"csrf_token": token_of(desk, "/staff/badges")})
    link = re.findall(r'href="(/staff/preview/badges/runs/[^"]+)"', desk.get("/staff/badges/runs").text)[0]
    page, pdf = shown(desk, link)
    assert "Anna01" in text_of(pdf)
    assert f'href="{link.replace("/preview", "")}"' in page
    assert len(runs()) == 1


def test_one_person_s_badge_is_seen_before_it_is_printed(desk: FlaskClient) -> None:
    first, second = guests(2)
    here = f"/staff/registrations/{second}/badge"
    link = re.findall(
        r'href="(/staff/preview/registrations/[^"]+)"', desk.get(f"{here}?sheet=l4785&begin_at=7").text
    )[0]
    page, pdf = shown(desk, unescape(link))
    assert ("Anna01" in text_of(pdf), "Anna00" in text_of(pdf), runs()) == (True, False, [])
    form = page.partition(f'action="{here}"')[2].partition("</form>")[0]
    hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    assert (hidden["sheet"], hidden["begin_at"]) == ("l4785", "7")
    desk.post(here, data=hidden)
    db.session.rollback()
    assert [(run.count, run.choice) for run in runs()] == [(1, "sheet=l4785&begin_at=7")]
    withdraw(first)
    assert (
        desk.get(f"/staff/preview/registrations/{first}/badge.pdf").location
        == f"/staff/registrations/{first}/badge"
    )


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("signs/doors.pdf", "Opening"),
        ("signs/ways.pdf?direction=left", "Aula"),
        ("signs/seats.pdf?words=Speakers&count=2&in=sv", "Reserverat"),
        ("signs/photographs.pdf?in=de", "fotografi"),
        ("lists/door.pdf", "Anna00"),
        ("lists/speakers.pdf", "Speakers"),
        ("programme.pdf", "Opening"),
        ("programme.pdf?version=published", "Opening"),
        ("badges/outline.pdf?sheet=l4785", "Avery"),
        ("badges/blanks.pdf?sheet=a6", "Guest"),
        ("tickets/sample.pdf?in=sv", "Åsa Exempel"),
    ],
)
def test_every_paper_can_be_seen_first(desk: FlaskClient, address: str, words: str) -> None:
    guests(1)
    make_session("Opening", room_id=make_room("Aula"), start=at("09:00"))
    publish_now()
    page, pdf = shown(desk, f"/staff/preview/{address}")
    assert pdf.startswith(b"%PDF")
    assert words.lower() in text_of(pdf).lower()
    printed = unescape(re.findall(r'<a class="button" href="([^"]+)">Print</a>', page)[0])
    assert printed.partition("?")[0] == f"/staff/{address.partition('?')[0]}"
    assert page_texts(desk.get(printed).data) == page_texts(pdf)


def test_what_is_refused_says_why_instead(desk: FlaskClient) -> None:
    refused = desk.get("/staff/preview/signs/seats.pdf?count=0&words=Speakers")
    assert (refused.status_code, "enter a number of signs from 1 to 100" in refused.text) == (422, True)
    assert 'value="Speakers"' in refused.text
    sent_back = desk.get("/staff/preview/badges.pdf?begin_at=99")
    assert "begin_at=99" in sent_back.location
    assert desk.get("/staff/preview/programme.pdf?version=published").status_code == 404


@pytest.mark.parametrize(
    "paper", ["", "x.pdf", "badges", "signs/nothing.pdf", "people", "../programme.pdf", "previews/sign.0.pdf", "preview/signs/doors.pdf", "badges/runs/99.pdf", "registrations/99/badge.pdf"]
)  # fmt: skip
def test_what_is_no_paper_is_not_found(desk: FlaskClient, paper: str) -> None:
    assert desk.get(f"/staff/preview/{paper}").status_code == 404


def test_who_may_not_print_a_paper_may_not_look_at_it_either(client: FlaskClient) -> None:
    guests(1)
    sign_in(client, Role.DESK)
    page = client.get("/staff/preview/lists/door.pdf").text
    file, picture = FILES.findall(page)[0], PICTURES.findall(page)[0]
    assert client.get(file).status_code == client.get(picture).status_code == 200
    sign_in(client, Role.VIEWER)
    assert client.get("/staff/preview/signs/ways.pdf").status_code == 200
    for address in ("/staff/preview/lists/door.pdf", "/staff/preview/badges.pdf", file, picture):
        assert client.get(address).status_code == 403
    assert client.get(file.replace("list.", "sign.")).status_code == 404
    assert client.get(file.replace("list.", "nothing.")).status_code == 403


def test_the_page_may_hold_its_own_file_and_nothing_else(desk: FlaskClient) -> None:
    page = desk.get("/staff/preview/signs/photographs.pdf")
    file = FILES.findall(page.text)[0]
    only = f"http://localhost{file}"
    assert page.headers["Content-Security-Policy"] == f"{POLICY}; object-src {only}; frame-src {only}"
    answer = desk.get(file)
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'self'"
    assert (answer.content_type, answer.headers["Cache-Control"]) == ("application/pdf", "private, no-store")
    assert (
        "frame-ancestors 'none'"
        in desk.get("/staff/signs/photographs.pdf").headers["Content-Security-Policy"]
    )


def test_an_old_address_is_gone(desk: FlaskClient) -> None:
    key = f"sign.{'0' * 32}"
    assert desk.get(f"/staff/previews/{key}.pdf").status_code == 404
    assert desk.get(f"/staff/previews/{key}/1.png").status_code == 404
    page = desk.get("/staff/preview/signs/photographs.pdf").text
    assert desk.get(PICTURES.findall(page)[0].replace("/1.png", "/2.png")).status_code == 404
