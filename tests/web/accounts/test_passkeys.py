"""Passkeys: added by their owner, used to sign in, refused where anything is not as it must be."""

import base64
import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from conference.accounts.factors import factors_of
from conference.accounts.model import MOST_PASSKEYS
from conference.accounts.passkeys import site_of
from conference.accounts.service import open_session, suspend
from conference.accounts.tables import ChallengeRow, PasskeyRow
from conference.audit.model import BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.clock import real_now
from conference.core.ids import StaffId
from conference.db.base import db
from conference.db.work import transact
from conference.mail.tables import OutboxRow
from conference.web.access import Role
from tests.factories.accounts import add_app, make_member, sign_in
from tests.factories.passkeys import PRESENT, VERIFIED, Device, text_of
from tests.factories.web import token_of

GUARDS = "/staff/me/guards"
# A page with a form that shows to who is signed in too.
OPEN = "/staff/desk-sign-in"


def asked(client: FlaskClient, *, new: bool) -> dict[str, Any]:
    """Return what a browser is asked, for a new passkey or for any."""
    page, url = (GUARDS, "/staff/me/passkeys/begin") if new else (OPEN, "/staff/passkey/begin")
    answer = client.post(url, data={"csrf_token": token_of(client, page)})
    assert answer.status_code == 200
    told: dict[str, Any] = json.loads(answer.text)
    return told


def send_new(client: FlaskClient, credential: str, name: str = "Laptop") -> TestResponse:
    data = {"csrf_token": token_of(client, GUARDS), "credential": credential, "name": name}
    return client.post("/staff/me/passkeys", data=data)


def add(client: FlaskClient, device: Device, name: str = "Laptop") -> TestResponse:
    return send_new(client, device.make(asked(client, new=True)), name)


def send(client: FlaskClient, credential: str, target: str = "") -> TestResponse:
    data = {"csrf_token": token_of(client, OPEN), "credential": credential, "next": target}
    return client.post("/staff/passkey", data=data)


def use(client: FlaskClient, device: Device, target: str = "") -> TestResponse:
    return send(client, device.use(asked(client, new=False)), target)


def is_in(client: FlaskClient) -> bool:
    return client.get("/staff/").status_code == 200


def refused(answer: TestResponse) -> bool:
    return answer.status_code == 401 and "This passkey was not accepted" in answer.text


def owner(client: FlaskClient, device: Device) -> StaffId:
    me = sign_in(client, Role.DESK)
    assert add(client, device).status_code == 200
    return me


def test_a_passkey_is_added_and_signs_in_without_a_password(app: Flask, client: FlaskClient) -> None:
    me = sign_in(client, Role.DESK)
    device = Device()
    options = asked(client, new=True)
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert (options["rp"]["id"], options["user"]["name"]) == ("localhost", "desk@staff.example")
    page = send_new(client, device.make(options)).text
    assert ("The passkey is added." in page, page.count("<code>")) == (True, 10)
    assert "Laptop" in client.get(GUARDS).text
    assert history_of("staff", me)[0].action == "passkey added"
    browser = app.test_client()
    assert asked(browser, new=False)["userVerification"] == "required"
    assert use(browser, device, "/staff/password").location == "/staff/password"
    assert is_in(browser)
    assert "passkey" in browser.get("/staff/me").text
    # A second one is offered no more codes; the first is not made twice on its device.
    excluded = asked(client, new=True)["excludeCredentials"]
    assert [one["id"] for one in excluded] == [text_of(device.credential_id)]
    assert add(client, Device(credential_id=b"second"), "Key").location == GUARDS
    assert [key.name for key in factors_of(me).passkeys] == ["Laptop", "Key"]


def test_without_a_name_only_the_name_is_asked_for(client: FlaskClient) -> None:
    """The browser was not asked for a passkey yet: that it gave none would be untrue."""
    sign_in(client, Role.DESK)
    no_name = send_new(client, "", "")
    assert (no_name.status_code, "Enter a name" in no_name.text) == (400, True)
    assert "The browser gave no passkey" not in no_name.text
    no_key = send_new(client, "")
    assert (no_key.status_code, "The browser gave no passkey" in no_key.text) == (400, True)


def test_a_page_with_recovery_codes_that_is_loaded_again_says_what_is(client: FlaskClient) -> None:
    """To send the form again is no refusal: the passkey is there, and the codes are shown once."""
    me = sign_in(client, Role.DESK)
    credential = Device().make(asked(client, new=True))
    assert send_new(client, credential).text.count("<code>") == 10
    assert send_new(client, credential).location == GUARDS
    page = client.get(GUARDS).text
    assert ("This passkey is added already." in page, "shown only once" in page) == (True, True)
    assert (len(factors_of(me).passkeys), factors_of(me).codes_left) == (1, 10)
    refusal = send_new(
        client, Device(credential_id=b"other").make({**asked(client, new=True), "challenge": "AA"})
    )
    assert (refused(refusal), "sign in with your password" in refusal.text) == (True, False)


@pytest.mark.parametrize("target", ["//other.example", "/\\other.example", "https://other.example"])
def test_a_passkey_leads_nowhere_else(app: Flask, client: FlaskClient, target: str) -> None:
    device = Device()
    owner(client, device)
    assert use(app.test_client(), device, target).location == "/staff/"


@pytest.mark.parametrize(
    "changed",
    [
        {"origin": "https://localhost"},
        {"origin": "http://localhost.evil.example"},
        {"host": "evil.example"},
        {"flags": PRESENT},
        {"flags": VERIFIED},
    ],
)
def test_neither_a_new_nor_a_known_passkey_counts_from_elsewhere_or_unseen(
    app: Flask, client: FlaskClient, changed: dict[str, Any]
) -> None:
    device = Device()
    me = owner(client, device)
    browser = app.test_client()
    assert refused(use(browser, device.copy(**changed)))
    assert not is_in(browser)
    assert refused(add(client, Device(credential_id=b"second").copy(**changed)))
    assert len(factors_of(me).passkeys) == 1


def test_another_key_or_another_account_is_refused(app: Flask, client: FlaskClient) -> None:
    device = Device()
    me = owner(client, device)
    browser = app.test_client()
    assert refused(use(browser, Device(handle=device.handle)))
    assert refused(use(browser, device.copy(handle=b"staff-999")))
    assert refused(use(browser, device.copy(handle=b"")))
    assert refused(use(browser, device.copy(credential_id=b"unknown")))
    other = app.test_client()
    sign_in(other, Role.VIEWER)
    # One key belongs to one account.
    assert refused(add(other, device.copy()))
    assert len(factors_of(me).passkeys) == 1


def test_a_challenge_counts_once_and_in_the_browser_that_asked(app: Flask, client: FlaskClient) -> None:
    device = Device(counts=False)
    owner(client, device)
    browser, thief = app.test_client(), app.test_client()
    answer = device.use(asked(browser, new=False))
    asked(thief, new=False)
    assert refused(send(thief, answer))
    # Whoever tried it elsewhere has spent nothing of its owner's.
    assert send(browser, answer).status_code == 303
    assert refused(send(browser, answer))
    broken = json.loads(device.use(asked(browser, new=False)))
    again = json.dumps(broken)
    broken["response"]["signature"] = "AAAA"
    assert [refused(send(browser, json.dumps(broken))), refused(send(browser, again))] == [True, True]


def test_a_challenge_ends_after_five_minutes_and_is_cleared_away(app: Flask, client: FlaskClient) -> None:
    device = Device()
    owner(client, device)
    browser = app.test_client()
    answer = device.use(asked(browser, new=False))
    past = {"expires_at": real_now()}
    transact(lambda session: session.execute(update(ChallengeRow).values(past)))
    assert refused(send(browser, answer))
    asked(browser, new=False)
    assert len(list(db.session.scalars(select(ChallengeRow.id)))) == 1


def test_an_answer_for_one_purpose_is_none_for_the_other(app: Flask, client: FlaskClient) -> None:
    device = Device()
    owner(client, device)
    assert refused(
        send_new(
            client, Device(credential_id=b"second").make(asked(client, new=True) | {"challenge": "AAAA"})
        )
    )
    options = asked(client, new=True)
    assert refused(send(client, device.use(options)))


def test_a_counter_that_goes_back_is_refused_and_its_owner_told(app: Flask, client: FlaskClient) -> None:
    device = Device()
    me = owner(client, device)
    copy = device.copy()
    browser = app.test_client()
    assert [use(browser, device).status_code for _ in range(2)] == [303, 303]
    answer = use(app.test_client(), copy)
    assert (answer.status_code, "may have been copied" in answer.text) == (401, True)
    assert history_of("staff", me)[0].action == "passkey copied"
    last = db.session.scalars(select(OutboxRow.text).order_by(OutboxRow.id.desc())).first()
    assert "somebody else may hold a copy of it" in (last or "")
    assert use(app.test_client(), device).status_code == 303


def test_a_passkey_that_is_synced_does_not_count(app: Flask, client: FlaskClient) -> None:
    device = Device(counts=False)
    owner(client, device)
    assert [use(app.test_client(), device).status_code for _ in range(3)] == [303] * 3


def test_a_passkey_that_is_removed_opens_nothing(app: Flask, client: FlaskClient) -> None:
    device = Device()
    me = owner(client, device)
    key = factors_of(me).passkeys[0].id
    other = app.test_client()
    sign_in(other, Role.VIEWER)
    data = {"csrf_token": token_of(other, GUARDS)}
    other.post(f"/staff/me/passkeys/{key}/remove", data=data)
    db.session.rollback()
    assert len(factors_of(me).passkeys) == 1
    assert client.post(f"/staff/me/passkeys/{key}/remove", data={}).status_code == 400
    mine = {"csrf_token": token_of(client, GUARDS)}
    for _ in range(2):
        assert client.post(f"/staff/me/passkeys/{key}/remove", data=mine).status_code == 303
    db.session.rollback()
    assert (factors_of(me).is_any, factors_of(me).codes_left) == (False, 0)
    assert refused(use(app.test_client(), device))
    assert [act.action for act in history_of("staff", me)].count("passkey removed") == 1


def test_a_suspended_account_has_no_passkey(app: Flask, client: FlaskClient) -> None:
    device = Device()
    me = owner(client, device)
    transact(lambda session: suspend(session, me, 1, actor=BY_SYSTEM, now=real_now()))
    assert refused(use(app.test_client(), device))


def test_the_app_stays_where_a_passkey_is_removed(client: FlaskClient) -> None:
    me = owner(client, Device())
    add_app(me)
    key = factors_of(me).passkeys[0].id
    client.post(f"/staff/me/passkeys/{key}/remove", data={"csrf_token": token_of(client, GUARDS)})
    db.session.rollback()
    assert (factors_of(me).has_totp, factors_of(me).codes_left) == (True, 10)


@pytest.mark.parametrize(
    "answer",
    [
        "x", "[]", "null", "1", "{}", '{"response": 1}', '{"response": {"clientDataJSON": "*"}}', "[" * 5000, "a" * 30_000,
        '{"rawId": "AA", "response": {"clientDataJSON": "eyJjaGFsbGVuZ2UiOiAiQUFBQSJ9"}}',
        '{"rawId": 1, "response": {"clientDataJSON": "W10"}}', '{"response": {"clientDataJSON": "å"}}',
    ],
)  # fmt: skip
def test_what_is_no_answer_of_a_browser_is_refused(client: FlaskClient, answer: str) -> None:
    assert refused(send(client, answer))
    sign_in(client, Role.DESK)
    assert refused(send_new(client, answer))


@pytest.mark.parametrize("part", ["attestationObject", "authenticatorData", "signature", "userHandle"])
@pytest.mark.parametrize("text", ["", "AA", "*", "oA", 7, None, "/" * 400])
def test_an_answer_that_is_broken_inside_is_refused(
    app: Flask, client: FlaskClient, part: str, text: Any
) -> None:
    device = Device()
    owner(client, device)
    made = part == "attestationObject"
    browser = client if made else app.test_client()
    maker = Device(credential_id=b"second").make if made else device.use
    told = json.loads(maker(asked(browser, new=made)))
    told["response"][part] = text
    assert refused((send_new if made else send)(browser, json.dumps(told)))


def test_a_passkey_needs_a_name_and_an_answer(client: FlaskClient) -> None:
    sign_in(client, Role.DESK)
    nameless = send_new(client, "{}", "")
    assert (nameless.status_code, "Enter a name that you will know it by" in nameless.text) == (400, True)
    empty = send_new(client, "")
    assert (
        empty.status_code,
        "The browser gave no passkey" in empty.text,
        'value="Laptop"' in empty.text,
    ) == (400, True, True)
    signing = send(client.application.test_client(), "")
    assert (signing.status_code, "The browser gave no passkey" in signing.text) == (400, True)


def test_a_script_without_its_token_is_told_so(client: FlaskClient) -> None:
    for url in ("/staff/passkey/begin", "/staff/me/passkeys/begin"):
        sign_in(client, Role.DESK)
        answer = client.post(url, data={})
        assert (answer.status_code, answer.content_type) == (400, "application/problem+json")


def test_an_account_has_twenty_passkeys_at_most(client: FlaskClient) -> None:
    sign_in(client, Role.DESK)
    for number in range(MOST_PASSKEYS - 1):
        add(client, Device(credential_id=f"key {number}".encode()))
    early = Device(credential_id=b"early").make(asked(client, new=True))
    add(client, Device(credential_id=b"last"))
    late = client.post("/staff/me/passkeys/begin", data={"csrf_token": token_of(client, GUARDS)})
    assert (late.status_code, "at most 20 passkeys" in late.text) == (409, True)
    assert early
    assert len(list(db.session.scalars(select(PasskeyRow.id)))) == MOST_PASSKEYS


@pytest.mark.parametrize(
    ("address", "host", "origin", "takes"),
    [
        ("https://conference.example", "conference.example", "https://conference.example", True),
        ("https://Conference.example:8443/x", "conference.example", "https://conference.example:8443", True),
        ("http://localhost:8000/", "localhost", "http://localhost:8000", True),
        ("http://127.0.0.1:8000/", "127.0.0.1", "http://127.0.0.1:8000", False),
        ("http://[::1]:8000/", "::1", "http://[::1]:8000", False),
    ],
)
def test_passkeys_belong_to_the_sites_own_name(address: str, host: str, origin: str, takes: bool) -> None:
    site = site_of(address)
    assert (site.host, site.origin, site.takes_passkeys) == (host, origin, takes)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("http://127.0.0.1:8000", "http://localhost:8000"),
        ("http://[::1]", "http://localhost"),
        ("http://localhost:8000", ""),
        ("https://10.0.0.5", ""),
    ],
)
def test_a_site_on_this_machine_is_told_by_its_name_too(address: str, name: str) -> None:
    assert site_of(address).by_name == name


def test_a_page_by_a_bare_address_leads_to_where_passkeys_are_made(client: FlaskClient) -> None:
    sign_in(client, Role.DESK)
    assert ("localhost:8000" in client.get(GUARDS).text, "Add a passkey" in client.get(GUARDS).text) == (
        False,
        True,
    )
    with client.session_transaction(base_url="http://127.0.0.1:8000") as cookie:
        cookie["staff"] = transact(
            lambda session: open_session(session, make_member(Role.DESK), now=real_now())
        )
    page = client.get(GUARDS, base_url="http://127.0.0.1:8000").text
    assert 'href="http://localhost:8000/staff/me/guards"' in page
    assert "Add a passkey" not in page


@pytest.mark.parametrize(
    "inner", ["[" * 10_000, '{"challenge":' * 900, "null", '{"challenge": 7}', "\\ud800"]
)
def test_whatever_a_stranger_puts_into_an_answer_is_a_refusal(client: FlaskClient, inner: str) -> None:
    packed = base64.urlsafe_b64encode(inner.encode()).decode().rstrip("=")
    told = json.dumps({"rawId": "AA", "response": {"clientDataJSON": packed}})
    data = {"csrf_token": token_of(client, "/staff/sign-in"), "credential": told}
    answer = client.post("/staff/passkey", data=data)
    assert refused(answer)
