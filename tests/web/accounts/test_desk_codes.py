"""Helpers at the desk come in by a code of the day, each under their own name, in the desk's role."""

import re
from datetime import date, datetime, time, timedelta, tzinfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from conference.accounts.desk_codes import come_in, day_span, desk_codes, make_code, revoke_code
from conference.accounts.errors import DeskCodeRefusedError
from conference.accounts.model import Browser
from conference.accounts.queries import find_credentials, find_principal, staff_members, staff_names
from conference.accounts.tables import DeskCodeRow, StaffRow, StaffSessionRow
from conference.accounts.tokens import token_hash
from conference.audit.model import by_staff
from conference.audit.queries import history_of
from conference.core.clock import STOCKHOLM, real_now
from conference.core.errors import NotFoundError
from conference.core.ids import StaffId
from conference.db.base import db
from conference.db.work import transact
from conference.web.access import Principal, Role
from tests.factories.accounts import make_member, sign_in
from tests.factories.registration import make_category, register_attendee
from tests.factories.web import token_of

DAY = date(2026, 9, 22)
NOON = datetime(2026, 9, 22, 12, tzinfo=STOCKHOLM)
HERE = Browser()


class _AtNoon(datetime):
    """The time since the file was read, from noon on: a code of today ends at midnight, which may be now."""

    _apart = datetime.combine(real_now().astimezone(STOCKHOLM).date(), time(12), STOCKHOLM) - real_now()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # a plain datetime
        return datetime.now(tz) + cls._apart


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conference.core.clock.datetime", _AtNoon)


def a_code(label: str = "Entrance", *, day: date = DAY, now: datetime = NOON) -> str:
    maker = make_member(Role.ORGANISER)
    return transact(lambda session: make_code(session, label, day, staff_id=maker, now=now))


def enter(code: str, name: str = "Eva", *, now: datetime = NOON) -> Principal | None:
    token = transact(lambda session: come_in(session, code, name, now=now, browser=HERE))
    db.session.rollback()
    return find_principal(token_hash(token), now)


def make_on_page(client: FlaskClient, label: str = "Entrance", day: str = "today") -> str:
    data = {"csrf_token": token_of(client, "/staff/desk-codes"), "label": label, "day": day}
    found = re.search(
        r"desk-code\">([0-9A-Z]{4}-[0-9A-Z]{4})<", client.post("/staff/desk-codes", data=data).text
    )
    assert found
    return found[1]


def come(client: FlaskClient, code: str, name: str = "Eva Ek") -> tuple[int, str]:
    data = {"csrf_token": token_of(client, "/staff/desk-sign-in"), "code": code, "name": name}
    answer = client.post("/staff/desk-sign-in", data=data)
    return answer.status_code, answer.headers.get("Location", answer.text)


def test_a_helper_does_the_desks_work_under_the_name_that_was_typed(app: Flask, client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    code = make_on_page(client)
    assert code not in client.get("/staff/desk-codes").text
    registration = register_attendee(make_category())
    helper = app.test_client()
    assert come(helper, f" {code.lower().replace('-', ' ')} ") == (303, "/staff/")
    url = f"/staff/registrations/{registration}"
    assert helper.get(url).status_code == 200
    answer = helper.post(f"{url}/send-again", data={"csrf_token": token_of(helper, url)})
    assert answer.status_code == 303
    assert "Eva Ek (desk code: Entrance)" in client.get(url).text
    assert ">Eva Ek</bdi>" in client.get("/staff/desk-codes").text


def test_a_code_opens_what_its_page_promises_and_no_account(client: FlaskClient) -> None:
    """Neither less nor more than the words say: the role's pages, and nothing that only an account has."""
    said = client.get("/staff/desk-sign-in").text
    assert "work with it on registrations and badges, and see people, speakers, programme and mails" in said
    assert come(client, a_code(day=real_now().astimezone(STOCKHOLM).date(), now=real_now()))[0] == 303
    shown = (
        "registrations",
        "registrations/export?format=csv",
        "badges",
        "people",
        "speakers",
        "programme",
        "mails",
        "me",
    )
    hidden = ("password", "me/guards")
    found = {page: client.get(f"/staff/{page}").status_code for page in (*shown, *hidden)}
    assert found == dict.fromkeys(shown, 200) | dict.fromkeys(hidden, 403)


@pytest.mark.parametrize(
    "path", ["/staff/accounts", "/staff/desk-codes", "/staff/tracks/new", "/staff/campaigns"]
)
def test_a_helper_has_the_desks_role_alone(client: FlaskClient, path: str) -> None:
    today = real_now().astimezone(STOCKHOLM).date()
    assert come(client, a_code(day=today, now=real_now()))[0] == 303
    assert client.get(path).status_code == 403


@pytest.mark.parametrize("path", ["/staff/password", "/staff/me/guards", "/staff/me/authenticator"])
def test_a_helper_has_no_account_to_guard(client: FlaskClient, path: str) -> None:
    today = real_now().astimezone(STOCKHOLM).date()
    come(client, a_code(day=today, now=real_now()))
    answer = client.get(path)
    assert (answer.status_code, "You came in by a desk code" in answer.text) == (403, True)
    page = client.get("/staff/me").text
    assert ("as <bdi>Eva Ek (desk code: Entrance)</bdi>" in page, "Change the password" in page) == (
        True,
        False,
    )


def test_a_helper_is_no_account(app: Flask) -> None:
    helper = enter(a_code())
    assert helper is not None
    assert (helper.role, helper.is_by_code, helper.email) == (Role.DESK, True, "")
    assert [one.role for one in staff_members()] == [Role.ORGANISER]
    key = db.session.scalar(select(StaffRow.email_key).where(StaffRow.id == helper.id))
    assert [find_credentials(text) for text in ("", key or "")] == [None, None]
    client = app.test_client()
    sign_in(client, Role.ORGANISER)
    assert client.get(f"/staff/accounts/{helper.id}").status_code == 404


def test_the_same_name_is_one_helper_and_another_name_another(app: Flask) -> None:
    code = a_code()
    seen = [enter(code, name) for name in ("Eva", "Eva", "Bo")]
    ids = [one.id for one in seen if one]
    assert (ids[0] == ids[1], ids[0] == ids[2]) == (True, False)
    assert staff_names(ids) == {ids[0]: "Eva (desk code: Entrance)", ids[2]: "Bo (desk code: Entrance)"}
    assert desk_codes(NOON)[0].people == ("Eva", "Bo")


@pytest.mark.parametrize(
    ("at", "is_in"),
    [
        ("2026-09-21T23:59:59", False),
        ("2026-09-22T00:00:00", True),
        ("2026-09-22T23:59:59", True),
        ("2026-09-23T00:00:00", False),
    ],
)
def test_a_code_counts_from_midnight_to_midnight_in_stockholm(app: Flask, at: str, is_in: bool) -> None:
    code = a_code(now=NOON - timedelta(days=1))
    now = datetime.fromisoformat(at).replace(tzinfo=STOCKHOLM)
    if is_in:
        assert enter(code, now=now) is not None
    else:
        with pytest.raises(DeskCodeRefusedError):
            enter(code, now=now)


def test_the_day_on_which_the_clock_changes_ends_at_its_own_midnight() -> None:
    begin, end = day_span(date(2026, 10, 25))
    assert end.astimezone(real_now().tzinfo) - begin.astimezone(real_now().tzinfo) == timedelta(hours=25)


def test_who_came_in_is_out_at_midnight(app: Flask) -> None:
    late = NOON.replace(hour=22)
    code = a_code()
    token = transact(lambda session: come_in(session, code, "Eva", now=late, browser=HERE))
    db.session.rollback()
    midnight = datetime(2026, 9, 23, tzinfo=STOCKHOLM)
    seen = [find_principal(token_hash(token), midnight - timedelta(seconds=s)) is not None for s in (1, 0)]
    assert seen == [True, False]


def test_a_revoked_code_puts_everybody_out_and_lets_nobody_in(app: Flask, client: FlaskClient) -> None:
    me = sign_in(client, Role.ORGANISER)
    code, kept = make_on_page(client), make_on_page(client, "Room 2")
    helpers = [app.test_client() for _ in range(2)]
    assert [come(one, which)[0] for one, which in zip(helpers, (code, kept), strict=True)] == [303, 303]
    revoked = transact(
        lambda session: session.scalar(select(DeskCodeRow.id).where(DeskCodeRow.label == "Entrance"))
    )
    url = f"/staff/desk-codes/{revoked}/revoke"
    assert client.post(url, data={}).status_code == 400
    data = {"csrf_token": token_of(client, "/staff/desk-codes")}
    assert [client.post(url, data=data).status_code for _ in range(2)] == [303, 303]
    assert [one.get("/staff/").status_code for one in helpers] == [303, 200]
    status, text = come(app.test_client(), code)
    assert (status, "not one of today" in text) == (422, True)
    assert revoked is not None
    acts = [(act.action, act.actor.id) for act in history_of("desk_code", revoked)]
    assert (acts[0], acts[-1]) == (("desk code revoked", me), ("desk code made", me))
    assert client.post("/staff/desk-codes/999/revoke", data=data).status_code == 404


def test_who_is_put_out_is_told_why_and_how_to_come_in_again(app: Flask, client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    helper, left = app.test_client(), app.test_client()
    assert [come(one, make_on_page(client))[0] for one in (helper, left)] == [303, 303]
    transact(
        lambda session: session.execute(delete(StaffSessionRow).where(StaffSessionRow.means == "desk code"))
    )
    left.post("/staff/sign-out", data={"csrf_token": token_of(left, "/staff/desk-sign-in")})

    def told(browser: FlaskClient) -> list[str]:
        led = browser.get("/staff/registrations")
        page = browser.get(led.location).text
        return [words for words in ENDS if words in page]

    assert told(helper) == ["Your code still counts."]
    set_code({"expires_at": real_now()})
    assert told(helper) == ["has ended"]
    set_code({"revoked_at": real_now()})
    assert told(helper) == ["was revoked"]
    # Who signed out, or never was there, is told nothing.
    assert [told(left), told(app.test_client())] == [[], []]


ENDS = ("was revoked", "has ended", "Your code still counts.")


def set_code(values: dict[str, datetime]) -> None:
    transact(lambda session: session.execute(update(DeskCodeRow).values(values)))


def test_a_code_of_tomorrow_waits_until_then(app: Flask, client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    code = make_on_page(client, day="tomorrow")
    assert come(app.test_client(), code)[0] == 422


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ({"code": "", "name": "Eva"}, 400, "Type the code that an organiser gave you."),
        ({"code": "7KQ2-M4XD", "name": ""}, 400, "what you do is noted under it"),
        ({"code": "7KQ2-M4XD", "name": "E" * 61}, 400, "61 characters; 60 fit"),
        ({"code": "7KQ2-M4XD", "name": "Eva"}, 422, "This code is not one of today"),
    ],
)
def test_what_is_missing_or_wrong_is_said_in_words(
    client: FlaskClient, typed: dict[str, str], status: int, sentence: str
) -> None:
    answer = client.post(
        "/staff/desk-sign-in", data={"csrf_token": token_of(client, "/staff/desk-sign-in"), **typed}
    )
    assert (answer.status_code, sentence in answer.text) == (status, True)
    assert f'value="{typed["name"]}"' in answer.text


def test_a_code_needs_a_place(client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    data = {"csrf_token": token_of(client, "/staff/desk-codes"), "label": "", "day": "today"}
    answer = client.post("/staff/desk-codes", data=data)
    assert (answer.status_code, "Enter where the code is used" in answer.text) == (400, True)


def test_only_hashes_of_codes_are_stored(app: Flask) -> None:
    code = a_code()
    enter(code)
    tables = (DeskCodeRow.__table__, StaffSessionRow.__table__)
    stored = " ".join(str(row) for table in tables for row in db.session.execute(select(table)))
    assert (code in stored, code.replace("-", "") in stored) == (False, False)


def test_what_its_maker_leaves_stays(app: Flask) -> None:
    code = a_code()
    with pytest.raises(NotFoundError):
        transact(lambda session: revoke_code(session, 999, actor=by_staff(StaffId(1)), now=NOON))
    assert enter(code) is not None
    assert [(one.maker, one.is_alive) for one in desk_codes(NOON)] == [("Test organiser", True)]
    assert [one.is_over for one in desk_codes(NOON + timedelta(days=1))] == [True]
