"""The desk: a scanned code opens its registration, a badge is printed, a person is marked as here and unmarked."""

import pytest
from flask.testing import FlaskClient

from conference.audit.model import BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.clock import clock
from conference.core.ids import PersonId, RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.privacy.queries import everything_held
from conference.privacy.service import erase_person
from conference.registration.lost_badges import replace_code
from conference.registration.model import State
from conference.registration.queries import badge_people, get_registration
from conference.registration.scanning import scanned_code
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.paper import page_texts, text_of
from tests.factories.registration import make_category, register_attendee
from tests.factories.registration_acts import withdraw
from tests.factories.web import token_of
from tests.web.printing.test_runs import press

CODE = "7K3M9QABCDEFGHJKMNPQ"


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    sign_in(client, Role.DESK)
    return client


def one() -> RegistrationId:
    return register_attendee(
        make_category("Guest"), given_name="Åsa", family_name="Lind", email="a@x.example"
    )


def followed(client: FlaskClient, page: str, **query: str) -> tuple[str, str]:
    """Return where asking for the page leads, and what is said there."""
    answer = client.get(page, query_string=query or None)
    assert answer.status_code == 303
    return answer.location.partition("?")[0], client.get(answer.location).text


def badge_address(registration_id: RegistrationId) -> str:
    return f"/staff/registrations/{registration_id}/badge"


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        CODE.lower(),
        f"*{CODE}*",
        f"]Q1{CODE}",
        f" {CODE[:10]}\r\n{CODE[10:]}\t",
        f"{CODE[:4]}-{CODE[4:12]}-{CODE[12:]}",
        f"\x02{CODE}\x03",
        CODE.replace("0", "o"),
    ],
)
def test_a_code_is_read_however_a_scanner_sends_it(typed: str) -> None:
    assert scanned_code(typed) == CODE


@pytest.mark.parametrize("typed", ["", "7K3M9Q", CODE + "7", "Lind", "李" * 20, CODE[:19] + "U"])
def test_what_is_no_whole_code_is_none(typed: str) -> None:
    assert scanned_code(typed) == ""


@pytest.mark.parametrize("page", ["/staff/desk", "/staff/registrations"])
def test_a_scanned_code_opens_the_registration(desk: FlaskClient, page: str) -> None:
    known = one()
    code = get_registration(known).badge_code
    if page != "/staff/desk":
        page, code = desk.get(page, query_string={"text": code}).location, ""
    where, said = followed(desk, page, **({"text": f"]Q1{code.lower()}"} if code else {}))
    assert (where, "old one" in said) == (badge_address(known), False)


def test_a_viewer_searches_on(client: FlaskClient) -> None:
    known = one()
    sign_in(client, Role.VIEWER)
    answer = client.get("/staff/registrations", query_string={"text": get_registration(known).badge_code})
    assert (answer.status_code, "Åsa Lind" in answer.text) == (200, True)


def test_an_old_code_says_so(desk: FlaskClient) -> None:
    known = one()
    before = get_registration(known)
    transact(lambda session: replace_code(session, known, before.revision, actor=BY_SYSTEM))
    db.session.rollback()
    where, said = followed(desk, "/staff/desk", text=before.badge_code)
    assert (where, "This code is an old one" in said) == (badge_address(known), True)
    now = get_registration(known).badge_code
    assert "old one" not in followed(desk, "/staff/desk", text=now)[1]


def test_a_code_of_nobody_is_told(desk: FlaskClient) -> None:
    assert "No badge or ticket of this conference has this code" in desk.get(f"/staff/desk?text={CODE}").text


def test_the_only_one_found_is_opened_and_several_are_listed_with_their_boxes(desk: FlaskClient) -> None:
    category = make_category("Guest")
    known = register_attendee(category, given_name="Åsa", family_name="Lind", email="a@x.example")
    register_attendee(category, given_name="Bo", family_name="Lindh", email="b@x.example")
    assert "Bo Lindh" in followed(desk, "/staff/desk?text=Lindh")[1]
    page = desk.get("/staff/desk?text=Lind").text
    assert (page.count("Not printed, box"), "2 match." in page) == (2, True)
    press(desk, badge_address(known), badge_address(known))
    page = desk.get("/staff/desk?text=Lind").text
    assert (page.count("Not printed, box"), page.count("Printed ")) == (1, 1)


def test_a_word_that_nobody_has_leads_to_the_walk_in(desk: FlaskClient) -> None:
    assert "Nobody matches" in desk.get("/staff/desk?text=xyz").text


def test_who_is_here_is_marked_once_and_the_mark_can_be_undone(desk: FlaskClient) -> None:
    known = one()
    answer = press(desk, badge_address(known), f"/staff/registrations/{known}/here")
    page = desk.get(answer.location).text
    assert "Åsa Lind is here." in page
    marked = get_registration(known)
    assert (marked.state, marked.attended_at is not None) == (State.ATTENDED, True)
    token = {"csrf_token": token_of(desk, "/staff/desk?text=xyz")}
    again = desk.post(f"/staff/registrations/{known}/here", data=token)
    assert "was marked as here already" in desk.get(again.location).text
    assert get_registration(known).attended_at == marked.attended_at
    press(desk, f"/staff/desk?last={known}", f"/staff/registrations/{known}/not-here")
    unmarked = get_registration(known)
    assert (unmarked.state, unmarked.attended_at) == (State.CONFIRMED, None)
    acts = [entry.action for entry in history_of("registration", known)]
    assert {"attended", "attendance undone"} <= set(acts)
    token = {"csrf_token": token_of(desk, badge_address(known))}
    assert desk.post(f"/staff/registrations/{known}/not-here", data=token).status_code == 303


def test_who_has_no_place_is_not_marked(desk: FlaskClient) -> None:
    known = one()
    token = {"csrf_token": token_of(desk, badge_address(known))}
    withdraw(known)
    answer = desk.post(f"/staff/registrations/{known}/here", data=token)
    assert (answer.status_code, "Only who has a place" in answer.text) == (409, True)
    assert desk.post(f"/staff/registrations/{known}/here").status_code == 400


def test_who_is_here_keeps_badge_and_ticket(desk: FlaskClient) -> None:
    known = one()
    press(desk, badge_address(known), f"/staff/registrations/{known}/here")
    assert [person.registration_id for person in badge_people()] == [known]
    assert press(desk, badge_address(known), badge_address(known)).status_code == 303


def test_attendance_and_old_codes_are_handed_out_and_old_codes_are_erased(desk: FlaskClient) -> None:
    known = one()
    before = get_registration(known)
    transact(lambda session: replace_code(session, known, before.revision, actor=BY_SYSTEM))
    db.session.rollback()
    press(desk, badge_address(known), f"/staff/registrations/{known}/here")
    person = PersonId(before.person_id)
    held = everything_held(person)["registrations"][0]
    assert held["attended"] == get_registration(known).attended_at.isoformat()  # type: ignore[union-attr]  # just marked
    assert [old["code"] for old in held["replaced codes"]] == [before.badge_code]
    db.session.rollback()
    transact(lambda session: erase_person(session, person, actor=BY_SYSTEM, now=clock.now()))
    answer = desk.get("/staff/desk", query_string={"text": before.badge_code})
    assert "No badge or ticket" in answer.text


def test_the_sort_key_moves_badge_box_and_list(desk: FlaskClient) -> None:
    category = make_category("Guest")
    first = register_attendee(category, given_name="Kim", family_name="van der Berg", email="k@x.example")
    register_attendee(category, given_name="Ed", family_name="Dahl", email="d@x.example")
    person = get_registration(first).person_id
    page = f"/staff/people/{person}/sorting"
    data = {"csrf_token": token_of(desk, page), "revision": "1", "sort_as": "Berg, van der"}
    answer = desk.post(page, data=data)
    assert "is sorted under “Berg, van der”" in desk.get(answer.location).text
    names = text_of(desk.get("/staff/lists/door.pdf").data)
    assert names.index("van der Berg") < names.index("Dahl")
    listed = desk.get("/staff/registrations?order=name&column=badge").text
    assert listed.index("van der Berg") < listed.index("Dahl")
    assert "Not printed, box A" in listed
    assert history_of("person", person)[0].changes == {"sort_as": ("", "Berg, van der")}


def test_the_boxes_are_set_and_printed(desk: FlaskClient) -> None:
    one()
    page = "/staff/boxes"
    form = {"csrf_token": token_of(desk, page), "revision": "1", "count": "4", "language": "sv"}
    wrong = desk.post(page, data=form | {"starts": "K E"})
    assert (wrong.status_code, "“E” cannot begin a box here" in wrong.text) == (
        409,
        True,
    ) or wrong.status_code in {400, 422}
    assert desk.post(page, data=form | {"starts": "A, E, M"}).status_code == 303
    assert "A–D" in desk.get(page).text
    assert [text.split()[0] for text in page_texts(desk.get("/staff/boxes.pdf").data)] == [
        "A–D",
        "E–L",
        "M–Ö",
    ]
    none = desk.post(page, data=form | {"revision": "2", "starts": "", "count": "0"})
    assert "enter a number from 1 to 26" in none.text
