"""The office's list, the page of one registration and the categories: what each role may, and what each button does."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.core.ids import CategoryId, RegistrationId
from conference.db.base import db
from conference.db.work import counted_statements
from conference.mail.queries import mails_about
from conference.registration.category_queries import categories, get_category
from conference.registration.filters import ListFilters
from conference.registration.links import link_of
from conference.registration.model import Registration, State
from conference.registration.queries import badge_people, get_registration
from conference.web.access import Role
from tests.benchmarks.servers import hidden_fields
from tests.factories.accounts import sign_in
from tests.factories.registration import make_category, register_attendee
from tests.factories.web import token_of

ONE = "/staff/registrations/1"


def stored(number: int = 1) -> Registration:
    db.session.rollback()
    return get_registration(RegistrationId(number))


def numbers(page: str) -> list[str]:
    return re.findall(r'<td class="nowrap"[^>]*>([0-9A-Z]{6})</td>', page)


@pytest.fixture
def three(app: Flask) -> list[Registration]:
    """Åsa, and Юлия and Bo of whom Bo waits."""
    category, student = make_category(place=1), make_category("Student", seats=1, place=2)
    register_attendee(category, letters="MD")
    register_attendee(
        student, given_name="Юлия", family_name="Straße", email="y@x.example", affiliation="Łódź"
    )
    register_attendee(student, given_name="Bo", family_name="Ek", email="bo@x.example")
    return [stored(number) for number in (1, 2, 3)]


GUARDED = [
    ("GET", "/staff/registrations", {Role.ORGANISER, Role.DESK, Role.VIEWER}),
    ("GET", ONE, {Role.ORGANISER, Role.DESK}),
    ("GET", f"{ONE}/change", {Role.ORGANISER, Role.DESK}),
    ("GET", f"{ONE}/end", {Role.ORGANISER, Role.DESK}),
    ("POST", f"{ONE}/send-again", {Role.ORGANISER, Role.DESK}),
    ("GET", "/staff/categories", {Role.ORGANISER}),
    ("GET", "/staff/categories/new", {Role.ORGANISER}),
    ("GET", "/staff/categories/1", {Role.ORGANISER}),
    ("POST", "/staff/categories/1/delete", {Role.ORGANISER}),
]


@pytest.mark.parametrize(("method", "url", "roles"), GUARDED)
def test_who_may_open_what(
    app: Flask, three: list[Registration], method: str, url: str, roles: set[Role]
) -> None:
    assert app.test_client().open(url, method=method).status_code == (303 if method == "GET" else 401)
    for role in Role:
        client = app.test_client()
        sign_in(client, role)
        # A POST without its token reaches the view and is refused there.
        expected = (200 if method == "GET" else 400) if role in roles else 403
        assert client.open(url, method=method).status_code == expected, role


def test_unknown_ids_are_404(app: Flask, client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    for url in ("registrations/9", "registrations/9/change", "registrations/9/end", "categories/9"):
        assert client.get(f"/staff/{url}").status_code == 404


def test_the_list_is_newest_first_with_counts(client: FlaskClient, three: list[Registration]) -> None:
    sign_in(client, Role.VIEWER)
    page = client.get("/staff/registrations").text
    assert numbers(page) == [one.number for one in reversed(three)]
    assert re.findall(r"(Confirmed|Waiting list|Withdrawn|Cancelled): (\d+)", page) == [
        ("Confirmed", "2"),
        ("Waiting list", "1"),
        ("Withdrawn", "0"),
        ("Cancelled", "0"),
    ]
    assert "Åsa Lindström, MD" in page
    assert "/staff/registrations/1" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"text": "asa LINDSTROM"}, [1]),
        ({"text": "strasse"}, [2]),
        ({"text": "lodz юлия"}, [2]),
        ({"text": "x.example"}, [3, 2]),
        ({"text": "%"}, []),
        ({"text": "nobody"}, []),
        ({"category": "2"}, [3, 2]),
        ({"category": "2", "state": "waiting"}, [3]),
        ({"state": "confirmed", "text": "lind"}, [1]),
        ({"state": "nonsense", "category": "x", "page": "x"}, [3, 2, 1]),
        ({"page": "99999999999999999999"}, [3, 2, 1]),
        ({"category": "99999999999999999999"}, [3, 2, 1]),
    ],
)
def test_search_and_filters(
    client: FlaskClient, three: list[Registration], query: dict[str, str], found: list[int]
) -> None:
    sign_in(client, Role.DESK)
    page = client.get("/staff/registrations", query_string=query).text
    assert numbers(page) == [three[number - 1].number for number in found]
    if not found:
        assert "Nobody matches." in page


def test_a_registration_is_found_by_number_and_by_badge_code(
    client: FlaskClient, three: list[Registration]
) -> None:
    # To the desk a code opens its registration: tests/web/printing/test_desk_routes.py.
    sign_in(client, Role.VIEWER)
    for text in (
        three[1].number.lower(),
        three[1].badge_code,
        f"{three[1].number[:3]}-{three[1].number[3:]}",
    ):
        page = client.get("/staff/registrations", query_string={"text": text}).text
        assert numbers(page) == [three[1].number]


def test_the_list_pages_by_50_and_keeps_its_filters(client: FlaskClient) -> None:
    category = make_category()
    for number in range(52):
        register_attendee(category, given_name=f"N{number}", email=f"n{number}@x.example")
    sign_in(client, Role.DESK)
    first = client.get("/staff/registrations?text=lind").text
    assert (len(numbers(first)), "Page 1 of 2, 52 registrations" in first) == (50, True)
    assert re.search(r'href="/staff/registrations\?page=2&amp;text=lind"\s+rel="next"', first)
    assert len(numbers(client.get("/staff/registrations?text=lind&page=2").text)) == 2


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_statements_for_one_and_three_rows(client: FlaskClient, rows: int) -> None:
    category = make_category()
    for number in range(rows):
        register_attendee(category, email=f"n{number}@x.example")
    sign_in(client, Role.VIEWER)
    client.get("/staff/registrations")  # the draft's banner is made once for each of its revisions
    db.session.remove()
    with counted_statements() as statements:
        page = client.get("/staff/registrations").text
    assert len(numbers(page)) == rows
    # Who asks, counts, categories, lines, people, their tags, all tags, the event, the draft's revision, whether mails go out.
    assert len([one for one in statements if not one.startswith("BEGIN")]) == 10, "\n".join(statements)


def test_badges_are_those_of_the_list_who_are_confirmed(
    client: FlaskClient, three: list[Registration]
) -> None:
    sign_in(client, Role.DESK)
    page = client.get("/staff/registrations?category=2&text=x.example").text
    assert 'href="/staff/badges?text=x.example&amp;category=2"' in page
    badges = badge_people(ListFilters(text="x.example", category_id=CategoryId(2)))
    assert [badge.given_name for badge in badges] == ["Юлия"]
    with counted_statements() as statements:
        assert [badge.family_name for badge in badge_people()] == ["Lindström", "Straße"]
    assert len([one for one in statements if not one.startswith("BEGIN")]) == 3


def test_one_page_shows_mails_with_the_link_masked_and_the_history(
    client: FlaskClient, three: list[Registration]
) -> None:
    sign_in(client, Role.DESK)
    page = client.get(ONE).text
    for part in (
        three[0].number,
        three[0].badge_code,
        "You are registered:",
        "asa@lab.example",
        "The public form",
        "Registered",
    ):
        assert part in page
    assert link_of(1, 1) not in page


def test_the_confirmation_is_sent_again(client: FlaskClient, three: list[Registration]) -> None:
    sign_in(client, Role.DESK)
    token = token_of(client, ONE)
    answer = client.post(f"{ONE}/send-again", data={"csrf_token": token})
    assert (answer.status_code, answer.headers["Location"]) == (303, ONE)
    db.session.rollback()
    assert [mail.kind for mail in mails_about("registration", 1)] == ["confirmation", "confirmation"]
    assert "Test desk" in client.get(ONE).text


def test_the_desk_ends_a_registration_with_a_reason(client: FlaskClient, three: list[Registration]) -> None:
    sign_in(client, Role.DESK)
    url = "/staff/registrations/2/end"
    token = token_of(client, url)
    assert client.post(url, data={"csrf_token": token}).status_code == 400
    sent = hidden_fields(client.get(url).text) | {"state": "cancelled", "reason": "double"}
    answer = client.post(url, data=sent)
    assert answer.status_code == 303
    assert (stored(2).state, stored(3).state) == (State.CANCELLED, State.OFFERED)
    assert "double" in client.get("/staff/registrations/2").text
    assert client.post(url, data=sent).status_code == 303  # pressed twice, it ends once
    again = client.post(url, data=sent | {"state": "withdrawn"})
    assert (again.status_code, stored(2).state) == (409, State.CANCELLED)
    assert client.post("/staff/registrations/2/send-again", data={"csrf_token": token}).status_code == 409


def test_the_desk_changes_details_and_address(client: FlaskClient, three: list[Registration]) -> None:
    sign_in(client, Role.DESK)
    page = client.get(f"{ONE}/change").text
    fields = {"given_name": "Åse", "family_name": "", "affiliation": "KI", "country": "SE", "profession": ""}
    taken = client.post(f"{ONE}/change", data=hidden_fields(page) | fields | {"email": "BO@x.example"})
    assert taken.status_code == 409
    assert "Another registration has this address." in taken.text
    answer = client.post(f"{ONE}/change", data=hidden_fields(page) | fields | {"email": "new@x.example"})
    assert answer.status_code == 303
    assert (stored().email, stored().link_version) == ("new@x.example", 2)
    stale = client.post(f"{ONE}/change", data=hidden_fields(page) | fields | {"email": "new@x.example"})
    assert stale.status_code == 409


CATEGORY = {
    "name": "Guest",
    "badge_word": "Guest",
    "badge_colour": "2",
    "place": "3",
    "access": "public",
    "currency": "EUR",
    "seats": "10",
}


def test_an_organiser_makes_edits_and_deletes_a_category(client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    new = client.get("/staff/categories/new").text
    assert client.post("/staff/categories/new", data=hidden_fields(new) | CATEGORY).status_code == 303
    db.session.rollback()
    (made,) = categories()
    assert (made.name, made.ledger.seats, made.details.badge_colour) == ("Guest", 10, 2)
    url = f"/staff/categories/{made.id}"
    page = client.get(url).text
    edited = client.post(url, data=hidden_fields(page) | CATEGORY | {"seats": ""})
    assert edited.status_code == 303
    stale = client.post(url, data=hidden_fields(page) | CATEGORY | {"seats": "5", "taken": "9"})
    assert stale.status_code == 409
    assert re.findall(
        r'<th scope="row"[^>]*>(.*?)</th>\s*<td[^>]*>(.*?)</td>\s*<td[^>]*>(.*?)</td>', stale.text
    ) == [("Places", "–", "5")]
    db.session.rollback()
    assert (get_category(made.id).ledger.seats, get_category(made.id).ledger.taken) == (None, 0)
    gone = client.post(f"{url}/delete", data=hidden_fields(client.get(url).text))
    assert (gone.status_code, gone.headers["Location"]) == (303, "/staff/categories")
    db.session.rollback()
    assert categories() == ()


def test_a_category_in_use_stays_and_fewer_seats_are_a_warning(
    client: FlaskClient, three: list[Registration]
) -> None:
    sign_in(client, Role.ORGANISER)
    url = "/staff/categories/1"
    page = client.get(url).text
    answer = client.post(f"{url}/delete", data=hidden_fields(page))
    assert answer.status_code == 409
    assert "Participant has 1 registrations, so it stays." in answer.text
    fewer = hidden_fields(page) | CATEGORY | {"seats": "0"}
    asked = client.post(url, data=fewer)
    assert (asked.status_code, "That is 1 fewer than are confirmed." in asked.text) == (409, True)
    db.session.rollback()
    assert get_category(stored().category_id).ledger.seats is None
    assert client.post(url, data=fewer | {"fewer_are_meant": "y"}).status_code == 303
    assert "1 more are confirmed or held than there are places." in client.get(url).text
    assert "1 too many" in client.get("/staff/categories").text
    assert stored().state is State.CONFIRMED


@pytest.mark.parametrize(
    ("fields", "status", "message"),
    [
        ({"name": ""}, 400, "Enter a name for the category."),
        ({"name": "Student"}, 409, "Another category is called Student. Choose another name."),
        ({"seats": "-1"}, 400, "Enter a whole number from 0 to 1000000, or nothing."),
        ({"seats": "many"}, 400, "Not a valid integer value."),
        ({"badge_word": "x" * 31}, 400, "This text has 31 characters; 30 fit. Shorten it."),
        ({"revision": ""}, 428, "Open the page again and repeat it."),
    ],
)
def test_a_wrong_category_is_refused_with_a_remedy(
    client: FlaskClient, three: list[Registration], fields: dict[str, str], status: int, message: str
) -> None:
    sign_in(client, Role.ORGANISER)
    page = client.get("/staff/categories/1").text
    answer = client.post("/staff/categories/1", data=hidden_fields(page) | CATEGORY | fields)
    assert (answer.status_code, message in answer.text) == (status, True)
    assert "Guest" in answer.text
