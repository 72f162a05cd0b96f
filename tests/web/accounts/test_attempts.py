"""Whoever tries to get in again and again is told to wait, by account and by address (trust.md 22)."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from conference.accounts.attempts import (
    DESK_ADDRESS,
    DESK_ALL,
    FACTOR_ACCOUNT,
    FACTOR_ADDRESS,
    LINK_ADDRESS,
    PASSKEY_ADDRESS,
    PASSWORD_ACCOUNT,
    RESET_ADDRESS,
    SIGN_IN_ACCOUNT,
    SIGN_IN_ADDRESS,
    WRONG_CODES,
    Limit,
)
from conference.accounts.desk_codes import make_code
from conference.accounts.forgotten import ask_for_password, password_requests
from conference.accounts.letters import mailed_link
from conference.accounts.notices import note_wrong_code
from conference.accounts.passwords import hash_password
from conference.accounts.service import change_password, invite
from conference.accounts.tables import AttemptCountRow, DeskCodeRow
from conference.audit.queries import history_of
from conference.core.clock import real_now
from conference.core.ids import StaffId
from conference.db.base import db
from conference.db.work import transact
from conference.mail.tables import OutboxRow
from conference.web.access import Role
from tests.factories.accounts import add_app, app_code, make_member, sign_in, use_up
from tests.factories.passkeys import Device
from tests.factories.web import token_of
from tests.web.accounts.test_passkeys import add, use

PASSWORD = "a sentence of some length"
EMAIL = "desk@staff.example"
HERE = "127.0.0.1"


@pytest.fixture
def proxied(app: Flask) -> Iterator[Flask]:
    """The application behind a proxy on this machine."""
    settings = app.extensions["conference.settings"]
    app.extensions["conference.settings"] = replace(settings, trusted_proxies=(ip_network("127.0.0.1/32"),))
    yield app
    app.extensions["conference.settings"] = settings


def with_password() -> StaffId:
    staff_id = make_member(Role.DESK)
    transact(lambda session: change_password(session, staff_id, hash_password(PASSWORD), now=real_now()))
    return staff_id


def enter(client: FlaskClient, email: str, password: str, forwarded: str = "") -> TestResponse:
    token = token_of(client, "/staff/sign-in")
    data = {"csrf_token": token, "email": email, "password": password}
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return client.post("/staff/sign-in", data=data, headers=headers)


def is_told_to_wait(answer: TestResponse) -> bool:
    waits = int(answer.headers.get("Retry-After", "0"))
    return answer.status_code == 429 and "That was tried too often. Wait" in answer.text and 0 < waits <= 3601


def test_after_ten_tries_the_right_password_waits_too(client: FlaskClient) -> None:
    with_password()
    use_up(SIGN_IN_ACCOUNT, EMAIL, left=2)
    assert [enter(client, EMAIL, "wrong").status_code for _ in range(3)] == [401, 401, 429]
    assert is_told_to_wait(enter(client, "  DESK@staff.example", PASSWORD))


def test_known_and_unknown_accounts_wait_alike(client: FlaskClient) -> None:
    with_password()
    seen = []
    for email in (EMAIL, "nobody@staff.example"):
        use_up(SIGN_IN_ACCOUNT, email, left=1)
        answers = [enter(client, email, "wrong") for _ in range(2)]
        assert is_told_to_wait(answers[1])
        seen.append(
            [(one.status_code, re.sub(r'value="[^"]*"|\d+ minutes?', "", one.text)) for one in answers]
        )
    assert seen[0] == seen[1]


def test_getting_in_begins_the_count_of_the_account_anew(client: FlaskClient, app: Flask) -> None:
    with_password()
    use_up(SIGN_IN_ACCOUNT, EMAIL, left=1)
    assert enter(client, EMAIL, PASSWORD).status_code == 303
    assert enter(app.test_client(), EMAIL, "wrong").status_code == 401
    assert enter(app.test_client(), EMAIL, PASSWORD).status_code == 303


def test_one_address_waits_whatever_account_it_tries(client: FlaskClient) -> None:
    with_password()
    use_up(SIGN_IN_ADDRESS, HERE, left=1)
    assert enter(client, "a@x.example", "wrong").status_code == 401
    assert is_told_to_wait(enter(client, EMAIL, PASSWORD))


@pytest.mark.parametrize("forged", ["198.51.100.1", "127.0.0.2, 198.51.100.1", "2001:db8::1", "x"])
def test_a_header_from_a_stranger_changes_nothing(client: FlaskClient, forged: str) -> None:
    use_up(SIGN_IN_ADDRESS, HERE)
    assert is_told_to_wait(enter(client, "a@x.example", "wrong", forged))
    use_up(SIGN_IN_ADDRESS, "198.51.100.9")
    # Nor does it make somebody else wait.
    keys = set(db.session.scalars(select(AttemptCountRow.key)))
    enter(client, "b@x.example", "wrong", forged)
    db.session.rollback()
    assert set(db.session.scalars(select(AttemptCountRow.key))) == keys


def test_behind_a_proxy_that_is_configured_each_visitor_counts_alone(proxied: Flask) -> None:
    client = proxied.test_client()
    use_up(SIGN_IN_ADDRESS, "198.51.100.1")
    assert is_told_to_wait(enter(client, "a@x.example", "wrong", "203.0.113.1, 198.51.100.1"))
    assert enter(client, "a@x.example", "wrong", "198.51.100.2").status_code == 401
    use_up(SIGN_IN_ADDRESS, "2001:db8:0:1::/64")
    assert is_told_to_wait(enter(client, "a@x.example", "wrong", "2001:db8:0:1:ffff::9"))
    assert enter(client, "a@x.example", "wrong", "2001:db8:0:2::9").status_code == 401


@pytest.mark.parametrize("limit", [FACTOR_ACCOUNT, FACTOR_ADDRESS], ids=lambda limit: limit.what)
def test_the_second_step_waits(client: FlaskClient, limit: Limit) -> None:
    staff_id = with_password()
    secret, _ = add_app(staff_id)
    use_up(limit, str(staff_id) if limit is FACTOR_ACCOUNT else HERE, left=1)
    enter(client, EMAIL, PASSWORD)
    data = {"csrf_token": token_of(client, "/staff/second-step"), "code": "000000"}
    assert client.post("/staff/second-step", data=data).status_code == 422
    assert is_told_to_wait(client.post("/staff/second-step", data=data | {"code": app_code(secret)}))


def told() -> list[tuple[str, str]]:
    db.session.rollback()
    found = select(OutboxRow).where(OutboxRow.kind == "second_factor_tried").order_by(OutboxRow.id)
    return [(row.recipient, row.text) for row in db.session.scalars(found)]


def wrong_code(client: FlaskClient) -> int:
    data = {"csrf_token": token_of(client, "/staff/second-step"), "code": "000000"}
    return client.post("/staff/second-step", data=data).status_code


@pytest.mark.parametrize(("left", "mails"), [(1, 0), (0, 2)])
def test_many_wrong_codes_are_told_to_their_owner_and_to_organisers(
    client: FlaskClient, left: int, mails: int
) -> None:
    """Somebody knows the password by then."""
    me = with_password()
    add_app(me)
    make_member(Role.ORGANISER)
    make_member(Role.VIEWER)
    use_up(WRONG_CODES, str(me), left=left)
    enter(client, EMAIL, PASSWORD)
    assert (wrong_code(client), len(told())) == (422, mails)
    if not mails:
        return
    (first, owners), (second, organisers) = told()
    assert (first, second) == (EMAIL, "organiser@staff.example")
    assert ("somebody knows your password" in owners, "suspend the account" in owners) == (True, False)
    assert (EMAIL in organisers.replace("\u2060", ""), "suspend the account" in organisers) == (True, True)
    assert "second factor tried often" in [act.action for act in history_of("staff", me)]


def test_the_tenth_wrong_code_of_a_day_is_told_and_no_mailbox_is_filled(app: Flask) -> None:
    me = make_member(Role.DESK)
    make_member(Role.ORGANISER)
    morning = datetime(2030, 3, 4, 8, tzinfo=UTC)
    by_hour = []
    for number in range(60):
        now = morning + timedelta(minutes=5 * number)
        transact(lambda session, at=now: note_wrong_code(session, me, now=at))  # type: ignore[misc]  # a lambda cannot say its types
        by_hour.append([who for who, _ in told()])
    # The tenth at 8.45, then the owner with the first of each hour, and the organisers no more that day.
    assert [len(one) for one in by_hour[:10]] == [0] * 9 + [2]
    assert (by_hour[-1].count(EMAIL), by_hour[-1].count("organiser@staff.example")) == (5, 1)
    for number in range(10):
        tomorrow = morning + timedelta(days=1, seconds=number)
        transact(lambda session, at=tomorrow: note_wrong_code(session, me, now=at))  # type: ignore[misc]  # a lambda cannot say its types
    assert (len(told()), [who for who, _ in told()].count("organiser@staff.example")) == (8, 2)


def test_asking_for_a_new_password_waits(client: FlaskClient) -> None:
    use_up(RESET_ADDRESS, HERE, left=1)
    data = {"csrf_token": token_of(client, "/staff/forgotten"), "email": "nobody@x.example"}
    assert client.post("/staff/forgotten", data=data).status_code == 303
    answer = client.post("/staff/forgotten", data=data)
    assert (is_told_to_wait(answer), 'value="nobody@x.example"' in answer.text) == (True, True)


def test_guessing_links_waits_even_where_a_guess_is_right(client: FlaskClient) -> None:
    use_up(LINK_ADDRESS, HERE, left=2)
    url = "/staff/link/" + transact(lambda session: invite(session, EMAIL, Role.DESK))
    assert [client.get(path).status_code for path in ("/staff/link/x", url)] == [410, 200]
    assert is_told_to_wait(client.get(url))


def test_trying_passwords_in_a_browser_left_open_waits(client: FlaskClient) -> None:
    staff_id = with_password()
    sign_in(client, Role.DESK)
    use_up(PASSWORD_ACCOUNT, str(staff_id), left=1)
    data = {
        "csrf_token": token_of(client, "/staff/password"),
        "password": "another long one",
        "repeated": "another long one",
    }
    assert client.post("/staff/password", data=data | {"present": "wrong"}).status_code == 422
    assert is_told_to_wait(client.post("/staff/password", data=data | {"present": PASSWORD}))


@pytest.mark.parametrize("limit", [DESK_ADDRESS, DESK_ALL], ids=lambda limit: limit.what)
def test_guessing_desk_codes_waits(client: FlaskClient, limit: Limit) -> None:
    use_up(limit, HERE if limit is DESK_ADDRESS else "", left=1)
    data = {"csrf_token": token_of(client, "/staff/desk-sign-in"), "code": "7KQ2-M4XD", "name": "Eva"}
    assert client.post("/staff/desk-sign-in", data=data).status_code == 422
    assert is_told_to_wait(client.post("/staff/desk-sign-in", data=data))


def test_asking_for_passkeys_waits(client: FlaskClient) -> None:
    use_up(PASSKEY_ADDRESS, HERE, left=1)
    data = {"csrf_token": token_of(client, "/staff/sign-in"), "credential": "{}"}
    assert client.post("/staff/passkey/begin", data=data).status_code == 200
    begun = client.post("/staff/passkey/begin", data=data)
    assert (begun.status_code, int(begun.headers["Retry-After"]) > 0) == (429, True)
    assert begun.content_type == "application/problem+json"
    assert is_told_to_wait(client.post("/staff/passkey", data=data))


def test_who_uses_up_an_accounts_tries_keeps_its_owner_out_of_neither_passkey_nor_link(
    app: Flask, client: FlaskClient
) -> None:
    """A stranger needs only the address to do so, and would do it on the morning."""
    me, device = with_password(), Device()
    sign_in(client, Role.DESK)
    add(client, device)
    use_up(SIGN_IN_ACCOUNT, EMAIL)
    by_passkey = app.test_client()
    assert is_told_to_wait(enter(by_passkey, EMAIL, PASSWORD))
    assert use(by_passkey, device).status_code == 303
    assert by_passkey.get("/staff/").status_code == 200
    # The stranger asks for links too: only three are mailed, and the last of them lets its owner in.
    now = real_now()
    for _ in range(9):
        transact(lambda session: ask_for_password(session, EMAIL, now=now))
    for wish in password_requests.claim("worker"):
        password_requests.run(wish, "worker")
    db.session.rollback()
    sent = db.session.scalars(select(OutboxRow).where(OutboxRow.kind == "password_reset")).all()
    by_link, url = app.test_client(), mailed_link(sent[-1].link["ref"] if sent[-1].link else {})
    new = {"password": f"{PASSWORD}!", "repeated": f"{PASSWORD}!", "csrf_token": token_of(by_link, url)}
    assert (len(sent), by_link.post(url, data=new).location) == (3, "/staff/second-step")
    # And who has used up the codes by the password that was known is out with the first new password.
    use_up(FACTOR_ACCOUNT, str(me))
    assert use(by_link, device).status_code == 303


def test_what_is_stored_tells_neither_account_nor_address(client: FlaskClient) -> None:
    enter(client, "secret@x.example", "wrong")
    stored = " ".join(str(row) for row in db.session.execute(select(AttemptCountRow.key)))
    assert ("secret" in stored, HERE in stored, len(stored) > 100) == (False, False, True)


def test_a_morning_of_thirty_desks_behind_one_address_comes_in(app: Flask) -> None:
    maker = make_member(Role.ORGANISER)
    now = real_now()
    code = transact(lambda session: make_code(session, "Hall", now.date(), staff_id=maker, now=now))
    day = {"begins_at": now - timedelta(hours=1), "expires_at": now + timedelta(hours=1)}
    transact(lambda session: session.execute(update(DeskCodeRow).values(day)))
    use_up(DESK_ADDRESS, HERE, left=1)
    for number in range(3):
        client = app.test_client()
        token = token_of(client, "/staff/desk-sign-in")
        data = {"csrf_token": token, "code": code, "name": f"Helper {number}"}
        assert client.post("/staff/desk-sign-in", data=data).status_code == 303


def test_an_address_that_waits_keeps_nobody_elses_account_out(proxied: Flask) -> None:
    """What it sends meanwhile counts against no account, and leaves no rows behind."""
    with_password()
    stranger, owner = "203.0.113.66", "198.51.100.7"
    use_up(SIGN_IN_ADDRESS, stranger)
    client = proxied.test_client()
    for _ in range(SIGN_IN_ACCOUNT.most):
        assert is_told_to_wait(enter(client, EMAIL, "wrong", forwarded=stranger))
    db.session.rollback()
    assert len(list(db.session.scalars(select(AttemptCountRow.key)))) == 1
    assert enter(proxied.test_client(), EMAIL, PASSWORD, forwarded=owner).status_code == 303


def test_an_address_that_waits_keeps_no_desk_out(proxied: Flask) -> None:
    stranger = "203.0.113.66"
    use_up(DESK_ADDRESS, stranger)
    use_up(DESK_ALL, "", left=1)
    for forwarded, status in ((stranger, 429), (stranger, 429), ("198.51.100.7", 422)):
        client = proxied.test_client()
        data = {"csrf_token": token_of(client, "/staff/desk-sign-in"), "code": "7KQ2-M4XD", "name": "Eva"}
        answer = client.post("/staff/desk-sign-in", data=data, headers={"X-Forwarded-For": forwarded})
        assert answer.status_code == status
