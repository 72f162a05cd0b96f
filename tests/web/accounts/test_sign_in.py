import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.accounts.queries import staff_members
from conference.accounts.service import invite
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.web.access import Role
from tests.factories.accounts import make_member, sign_in
from tests.factories.browsing import forms_in
from tests.factories.web import token_of

PASSWORD = "a sentence of some length"


def new_link(role: Role = Role.DESK, email: str = "anna@example.org") -> str:
    return "/staff/link/" + transact(lambda session: invite(session, email, role, "Anna"))


def set_password(app: Flask, password: str = PASSWORD) -> None:
    client, url = app.test_client(), new_link()
    data = {"csrf_token": token_of(client, url), "password": password, "repeated": password}
    assert client.post(url, data=data).status_code == 303


def enter(client: FlaskClient, email: str, password: str, target: str = "") -> tuple[int, str, str]:
    url = "/staff/sign-in"
    data = {"csrf_token": token_of(client, url), "email": email, "password": password, "next": target}
    answer = client.post(url, data=data)
    return answer.status_code, answer.headers.get("Location", ""), answer.text


def signed_in(client: FlaskClient) -> bool:
    return client.get("/staff/").status_code == 200


def test_a_scanner_that_follows_the_link_uses_nothing_up(client: FlaskClient, app: Flask) -> None:
    url, scanner = new_link(), app.test_client()
    for _ in range(3):
        assert "This link signs you in as" in scanner.get(url).text
        assert scanner.head(url).status_code == 200
    assert not signed_in(scanner)
    answer = client.post(url, data={"csrf_token": token_of(client, url)})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/")
    assert signed_in(client)
    spent = app.test_client().get(url)
    assert (spent.status_code, "has been used or is over" in spent.text) == (410, True)
    assert "<h1>This is not here any more</h1>" in spent.text
    for way in ("/staff/sign-in", "/staff/forgotten"):
        assert f'href="{way}"' in spent.text
    # One that never was is answered alike.
    never = app.test_client().get("/staff/link/" + "A" * 43)
    assert (never.status_code, _lasting(never.text)) == (410, _lasting(spent.text))


def _lasting(page: str) -> str:
    """Return the page without what differs from request to request."""
    return re.sub(r"<code>.*?</code>|nonce-[^\"']+|name=\"csrf_token\"[^>]*", "", page)


def test_link_without_the_csrf_token_signs_nobody_in(client: FlaskClient) -> None:
    url = new_link()
    assert client.post(url, data={}).status_code == 400
    assert not signed_in(client)
    assert client.get(url).status_code == 200


def test_link_refuses_a_short_password_and_stays_usable(client: FlaskClient) -> None:
    url = new_link()
    data = {"csrf_token": token_of(client, url), "password": "short", "repeated": "short"}
    answer = client.post(url, data=data)
    assert (answer.status_code, "at least 12 characters; a sentence" in answer.text) == (422, True)
    assert client.post(url, data=data | {"password": "", "repeated": ""}).status_code == 303


def test_sign_in_with_the_password(client: FlaskClient, app: Flask) -> None:
    set_password(app)
    assert enter(client, "ANNA@example.org", PASSWORD)[:2] == (303, "/staff/")
    assert signed_in(client)


def test_a_password_counts_as_it_was_typed_blanks_and_length_included(client: FlaskClient) -> None:
    url, typed = new_link(), f"  ett Lösenord på {'x' * 84}  "
    data = {"csrf_token": token_of(client, url), "password": typed, "repeated": typed}
    assert client.post(url, data=data).status_code == 303
    client.post("/staff/sign-out", data={"csrf_token": token_of(client, "/staff/me")})
    for wrong in (typed.strip(), typed.lower(), typed[:72]):
        assert enter(client, "anna@example.org", wrong)[0] == 401
    assert enter(client, "anna@example.org", typed)[0] == 303


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("passwordpassword", "Many people have used this password"),
        ("anna-conference-1", "This password is little more than “conference”"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused_in_words(
    client: FlaskClient, password: str, sentence: str
) -> None:
    url = new_link()
    data = {"csrf_token": token_of(client, url), "password": password, "repeated": password}
    answer = client.post(url, data=data)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    client.post(url, data={"csrf_token": token_of(client, url)})
    page = {"csrf_token": token_of(client, "/staff/password"), "password": password, "repeated": password}
    again = client.post("/staff/password", data=page)
    assert (again.status_code, sentence in again.text) == (422, True)


def test_password_fields_hide_and_let_a_manager_fill_them(client: FlaskClient) -> None:
    sign_in(client, Role.VIEWER)
    pages = [client.get(page).text for page in ("/staff/password", new_link())]
    fields = [
        field
        for page in pages
        for field in re.findall(r"<input[^>]*name=\"(?:password|repeated|present)\"[^>]*>", page)
    ]
    assert len(fields) == 4
    for field in fields:
        assert 'type="password"' in field
        assert re.search(r'autocomplete="(new|current)-password"', field)
        assert "maxlength" not in field or 'maxlength="200"' in field
        assert not re.search(r"onpaste|readonly|disabled", field)


def test_unknown_and_wrong_are_answered_alike(client: FlaskClient, app: Flask) -> None:
    set_password(app)

    def page(email: str) -> tuple[int, str]:
        status, _, text = enter(client, email, "not the password")
        return status, re.sub(r'value="[^"]*"', "", text)

    known, unknown = page("anna@example.org"), page("nobody@example.org")
    assert known == unknown
    assert known[0] == 401
    assert "do not belong together" in known[1]


def test_a_wrong_password_is_said_at_its_field_and_the_address_stays(client: FlaskClient, app: Flask) -> None:
    set_password(app)
    text = enter(client, "anna@example.org", "not the password")[2]
    assert re.search(r'<a href="#password">[^<]*type the password again', text)
    assert ('value="anna@example.org"' in text, "both again" in text) == (True, False)


@pytest.mark.parametrize(
    "target", ["//other.example", "/\\other.example", "https://other.example", "/\t/other"]
)
def test_next_stays_home(client: FlaskClient, app: Flask, target: str) -> None:
    set_password(app)
    assert enter(client, "anna@example.org", PASSWORD, target)[:2] == (303, "/staff/")


def test_next_leads_back_to_where_sign_in_was_asked(client: FlaskClient, app: Flask) -> None:
    set_password(app)
    asked = client.get("/staff/password?from=mail")
    assert (asked.status_code, asked.headers["Location"]) == (
        303,
        "/staff/sign-in?next=/staff/password?from%3Dmail",
    )
    assert 'value="/staff/password?from=mail"' in client.get(asked.headers["Location"]).text
    assert enter(client, "anna@example.org", PASSWORD, "/staff/password?from=mail")[1] == (
        "/staff/password?from=mail"
    )


def test_a_cookie_after_sign_out_is_dead(client: FlaskClient, app: Flask) -> None:
    set_password(app)
    enter(client, "anna@example.org", PASSWORD)
    stolen = client.get_cookie("conference")
    assert stolen is not None
    token = token_of(client, "/staff/")
    answer = client.post("/staff/sign-out", data={"csrf_token": token})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/sign-in")
    thief = app.test_client()
    thief.set_cookie("conference", stolen.value)
    assert [signed_in(client), signed_in(thief)] == [False, False]


def test_a_cookie_after_a_password_change_is_dead(client: FlaskClient, app: Flask) -> None:
    set_password(app)
    other = app.test_client()
    enter(client, "anna@example.org", PASSWORD)
    enter(other, "anna@example.org", PASSWORD)
    new = "quite another sentence"
    data = {"csrf_token": token_of(client, "/staff/password"), "password": new, "repeated": new}
    wrong = client.post("/staff/password", data=data | {"present": "wrong"})
    assert (wrong.status_code, "not your present password" in wrong.text) == (422, True)
    answer = client.post("/staff/password", data=data | {"present": PASSWORD})
    assert answer.status_code == 303
    assert [signed_in(client), signed_in(other)] == [True, False]
    assert enter(other, "anna@example.org", PASSWORD)[0] == 401
    assert enter(other, "anna@example.org", new)[0] == 303


def test_sign_in_begins_a_new_browser_session(client: FlaskClient, app: Flask) -> None:
    set_password(app)
    before = token_of(client, "/staff/sign-in")
    enter(client, "anna@example.org", PASSWORD)
    assert token_of(client, "/staff/password") != before


def test_sign_out_needs_the_token_and_takes_a_second_press(client: FlaskClient) -> None:
    sign_in(client, Role.VIEWER)
    client.post("/staff/sign-out", data={})
    assert signed_in(client)
    token = token_of(client, "/staff/")
    client.post("/staff/sign-out", data={"csrf_token": token})
    assert client.post("/staff/sign-out", data={"csrf_token": token}).status_code == 303


def test_who_is_signed_in_costs_one_statement(client: FlaskClient) -> None:
    sign_in(client, Role.VIEWER)
    with counted_statements() as statements:
        client.get("/staff/password")
    assert len([line for line in statements if "staff_session" in line]) == 1


def test_an_organiser_sees_a_new_link_once(client: FlaskClient, app: Flask) -> None:
    sign_in(client, Role.ORGANISER)
    made = make_member(Role.DESK, email="bo@example.org")
    data = {"csrf_token": token_of(client, "/staff/accounts")}
    answer = client.post(f"/staff/accounts/{made}/link", data=data)
    found = re.search(r'value="(http://localhost/staff/link/[^"]+)"', answer.text)
    assert found
    assert ">bo@example.org</td>" in answer.text
    assert "/staff/link/" not in client.get("/staff/accounts").text
    browser, url = app.test_client(), found[1].removeprefix("http://localhost")
    browser.post(url, data={"csrf_token": token_of(browser, url)})
    assert signed_in(browser)


def test_accounts_refuse_in_words(client: FlaskClient) -> None:
    me = sign_in(client, Role.ORGANISER)
    token = token_of(client, "/staff/accounts")
    mistyped = client.post(
        "/staff/accounts/invite", data={"csrf_token": token, "email": "<b>bo", "role": "desk"}
    )
    assert (mistyped.status_code, 'value="&lt;b&gt;bo"' in mistyped.text) == (422, True)
    unknown_role = client.post(
        "/staff/accounts/invite", data={"csrf_token": token, "email": "bo@example.org", "role": "emperor"}
    )
    assert unknown_role.status_code == 400
    known = client.post(
        "/staff/accounts/invite",
        data={"csrf_token": token, "email": "ORGANISER@staff.example", "role": "desk"},
    )
    assert (known.status_code, "There is an account for this address" in known.text) == (422, True)
    own = client.post(f"/staff/accounts/{me}", data={"csrf_token": token, "role": "viewer", "revision": 1})
    assert (own.status_code, "your own account" in own.text) == (409, True)
    removed = client.post(f"/staff/accounts/{me}/remove", data={"csrf_token": token})
    assert (removed.status_code, "your own account" in removed.text) == (409, True)
    assert client.post("/staff/accounts/999/remove", data={"csrf_token": token}).status_code == 404
    db.session.remove()
    assert [member.role for member in staff_members()] == [Role.ORGANISER]


def test_role_change_and_removal(client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    desk = make_member(Role.DESK)
    url = f"/staff/accounts/{desk}"
    data = {"csrf_token": token_of(client, url), "role": "viewer"}
    assert client.post(url, data=data).status_code == 428
    assert client.post(url, data=data | {"revision": "1"}).status_code == 303
    stale = client.post(url, data=data | {"revision": "1", "role": "programme"})
    assert (stale.status_code, "Somebody else changed this" in stale.text) == (409, True)
    assert client.post(f"{url}/remove", data={}).status_code == 400
    assert client.post(f"{url}/remove", data=data).status_code == 428
    assert client.post(f"{url}/remove", data=data | {"revision": "1"}).status_code == 409
    assert client.post(f"{url}/remove", data=data | {"revision": "2"}).status_code == 303
    assert client.get(url).status_code == 404


def test_what_was_typed_while_signed_out_is_sent_again_after_signing_in(
    app: Flask, client: FlaskClient
) -> None:
    """A sign-in ends by itself, and an hour's words must not end with it."""
    url = "/staff/accounts/invite"
    typed = {
        "email": "eva@staff.example",
        "name": "Eva “<b>” Ek",
        "role": "desk",
        "language": "sv",
        "password": "secret",
    }
    sign_in(client, Role.ORGANISER)
    stale = token_of(client, "/staff/accounts")
    client.post("/staff/sign-out", data={"csrf_token": stale})
    ours = {"Sec-Fetch-Site": "same-origin"}
    page = client.post(url, data=typed | {"csrf_token": stale}, headers=ours)
    assert (page.status_code, "Sign in in another tab" in page.text, "secret" in page.text) == (
        401,
        True,
        False,
    )
    (again,) = [one for one in forms_in(page.text, url) if one.action == url]
    sign_in(client, Role.ORGANISER)
    # The page was of a session that is over: its form is shown again, filled, and sent with one more press.
    shown = client.post(again.action, data=again.sent())
    assert (shown.status_code, "What you typed is still here" in shown.text) == (400, True)
    (filled,) = [one for one in forms_in(shown.text, url) if one.action == url]
    assert {name: filled.value(name) for name in ("email", "name", "role", "language")} == {
        name: typed[name] for name in ("email", "name", "role", "language")
    }
    assert client.post(url, data=filled.sent()).status_code == 303


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", ""])
def test_what_another_site_sends_is_kept_on_no_page(client: FlaskClient, site: str) -> None:
    page = client.post(
        "/staff/accounts/invite", data={"email": "x@y.example"}, headers={"Sec-Fetch-Site": site}
    )
    assert (page.status_code, "x@y.example" in page.text) == (401, False)
