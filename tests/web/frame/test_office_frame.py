"""What stands around the office's pages, and around what is not found."""

import html
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from conference.core.clock import clock
from conference.db.work import transact
from conference.printing.choice import choice_of
from conference.printing.papers import ask_for_badges
from conference.registration.filters import ListFilters
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.programme import at, make_room, make_session, publish_now
from tests.factories.registration import make_category, register_attendee

CURRENT = re.compile(r'<a href="([^"]*)" aria-current="(page|true)"')


@pytest.mark.parametrize(
    ("url", "current"),
    [
        ("/staff/registrations", ("/staff/registrations", "page")),
        ("/staff/registrations?text=x", ("/staff/registrations", "page")),
        ("/staff/registrations/1", ("/staff/registrations", "true")),
        ("/staff/registrations/1/change", ("/staff/registrations", "true")),
        ("/staff/registrations/1/badge", ("/staff/registrations", "true")),
        ("/staff/desk", ("/staff/registrations", "true")),
        ("/staff/programme/publish", ("/staff/programme", "true")),
        ("/staff/rooms/new", ("/staff/event", "true")),
        ("/staff/tracks/1", ("/staff/event", "true")),
        ("/staff/", ("/staff/", "page")),
        ("/staff/me", ("/staff/me", "page")),
        ("/staff/me/guards", ("/staff/me", "true")),
        ("/staff/password", ("/staff/me", "true")),
    ],
)
def test_a_page_below_an_entry_of_the_menu_marks_it(
    client: FlaskClient, url: str, current: tuple[str, str]
) -> None:
    register_attendee(make_category())
    sign_in(client, Role.ORGANISER)
    assert CURRENT.findall(client.get(url).text) == [current]


def test_a_file_of_badges_in_the_making_is_below_the_badges(client: FlaskClient) -> None:
    sign_in(client, Role.DESK)
    job = transact(lambda session: ask_for_badges(session, ListFilters(), choice_of({}), staff_id=1))
    assert CURRENT.findall(client.get(f"/staff/papers/{job}").text) == [("/staff/badges", "true")]


def test_a_public_page_marks_its_entry_and_nothing_lies_below_the_home_page(client: FlaskClient) -> None:
    session_id = make_session("Opening", room_id=make_room("Aula"), start=at("09:00"))
    publish_now()
    found = {
        url: CURRENT.findall(client.get(url).text)
        for url in ("/", f"/programme/session/{session_id}", "/privacy", "/no-such-page")
    }
    assert found == {
        "/": [("/", "page")],
        f"/programme/session/{session_id}": [("/programme", "true")],
        "/privacy": [],
        "/no-such-page": [],
    }


@pytest.mark.parametrize(
    ("role", "leads_to", "not_to"),
    [
        (Role.ORGANISER, {"walk-in", "approvals", "tags", "fees", "figures", "extras", "questions", "invitations", "codes", "erasures"}, set()),
        (Role.DESK, {"walk-in"}, {"approvals", "fees", "codes", "erasures"}),
        (Role.VIEWER, {"registrations"}, {"walk-in", "approvals", "invitations"}),
    ],
)  # fmt: skip
def test_the_home_page_leads_to_each_page_that_may_be_opened(
    client: FlaskClient, role: Role, leads_to: set[str], not_to: set[str]
) -> None:
    sign_in(client, role)
    found = set(re.findall(r'href="/staff/([a-z-]+)"', client.get("/staff/").text))
    assert leads_to <= found
    assert not not_to & found


def test_the_list_of_keys_names_each_entry_with_its_digit(client: FlaskClient) -> None:
    sign_in(client, Role.DESK)
    assert 'data-key="a"' not in client.get("/staff/").text
    sign_in(client, Role.ORGANISER)
    assert '<a href="/staff/accounts" data-key="a">Accounts</a>' in client.get("/staff/").text
    listed = re.findall(r"<dt><kbd>(.)</kbd></dt>\s*<dd>(.*?)</dd>", client.get("/staff/").text)
    entries = [
        "Office",
        "Registrations",
        "Programme",
        "Schedule",
        "Categories",
        "People",
        "Speakers",
        "Badges",
        "Mails",
        "Event",
    ]  # fmt: skip -- the eleventh, Accounts, has a letter
    assert listed[:2] == [("/", "Go to the search box"), ("?", "Show this list")]
    assert listed[2:] == list(zip("1234567890", entries, strict=True))


@pytest.mark.parametrize(
    "url",
    [
        "/staff/registrations",
        "/staff/programme",
        "/staff/speakers",
        "/staff/people",
        "/staff/mails",
        "/staff/badges",
    ],
)
def test_the_search_box_follows_the_heading_on_each_list(client: FlaskClient, url: str) -> None:
    room = make_room("Aula")
    make_session("Opening", room_id=room, start=at("09:00"))
    register_attendee(make_category())
    sign_in(client, Role.ORGANISER)
    page = client.get(url).text
    main = page[page.index("<h1>") :]
    if url != "/staff/speakers":  # which has nobody to search before somebody has a part
        assert re.match(r'<h1>[^<]*</h1>\s*<form class="filters"[^>]*role="search"', main)
        assert re.search(r'<button type="submit" class="second">Search</button>', main)


def test_what_is_not_found_still_says_of_which_event(client: FlaskClient) -> None:
    page = html.unescape(client.get("/no-such-page").text)
    title = "Cutting Edge Implementation of Precision Medicine in Europe"
    assert f"<title>There is nothing here – {title}</title>" in page
    assert f'<a class="brand" href="/">{title}</a>' in page


def test_the_demonstration_says_which_times_are_real(client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    pages = ("/staff/mails", "/staff/accounts", "/staff/accounts/1", "/demo/mailbox")
    assert [url for url in pages if "in real time" not in client.get(url).text] == []
    clock.shift(timedelta(0))
    assert [url for url in pages if "in real time" in client.get(url).text] == []
