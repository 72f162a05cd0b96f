"""The list of accounts and the page of one: what they say before something is done, and what they let be put right."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.accounts.form_pages import FORM_PAGES
from conference.accounts.queries import get_member
from conference.accounts.service import give_link, invite, suspend, use_link
from conference.accounts.tables import StaffLinkRow
from conference.audit.model import BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.clock import real_now
from conference.core.ids import StaffId
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.web.access import Role
from tests.factories.accounts import add_app, make_member, sign_in
from tests.factories.browsing import forms_in

ACCOUNTS = "/staff/accounts"
BUTTON = re.compile(r'<form[^>]*action="[^"]*/remove"')


def saved(client: FlaskClient, staff_id: StaffId, **typed: str) -> str:
    """Save the account's form with what was typed, and return the page that comes next."""
    url = f"{ACCOUNTS}/{staff_id}"
    (form,) = [
        one for one in forms_in(client.get(url).text, url) if one.action == url and "role" in dict(one.sent())
    ]
    answer = client.post(url, data=dict(form.sent()) | typed)
    assert answer.status_code == 303
    return client.get(answer.location).text


def test_removing_says_first_what_goes_and_then_waits_for_the_red_button(client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    desk = make_member(Role.DESK)
    url = f"{ACCOUNTS}/{desk}"
    page = client.get(url).text
    assert (BUTTON.search(page), f'class="button danger" href="{url}/remove"' in page) == (None, True)
    asked = client.get(f"{url}/remove")
    assert asked.status_code == 200
    for told in (
        "Test desk",
        "cannot be undone",
        "passkeys",
        "A former member of staff",
        "suspend the account instead",
    ):
        assert told in asked.text
    assert f'<a href="{url}">Back</a>' in asked.text
    assert client.get(url).status_code == 200
    (form,) = [one for one in forms_in(asked.text, f"{url}/remove") if one.action == f"{url}/remove"]
    assert client.post(form.action, data=form.sent()).status_code == 303
    assert [client.get(one).status_code for one in (url, f"{url}/remove")] == [404, 404]


def test_a_removal_that_is_refused_says_so_on_its_page(client: FlaskClient) -> None:
    me = sign_in(client, Role.ORGANISER)
    desk = make_member(Role.DESK)
    url = f"{ACCOUNTS}/{desk}/remove"
    (form,) = [one for one in forms_in(client.get(url).text, url) if one.action == url]
    saved(client, desk, name="Eva Ek")
    stale = client.post(url, data=form.sent())
    assert (
        stale.status_code,
        'role="alert"' in stale.text,
        "Remove the account of Eva Ek" in stale.text,
    ) == (
        409,
        True,
        True,
    )
    assert client.get(f"{ACCOUNTS}/{me}/remove").location == f"{ACCOUNTS}/{me}"
    transact(lambda session: suspend(session, desk, 2, actor=BY_SYSTEM, now=real_now()))
    assert "The account is suspended already" in client.get(url).text


def test_no_role_is_chosen_before_and_none_is_refused_in_words(client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    url = f"{ACCOUNTS}/invite"
    (form,) = [one for one in forms_in(client.get(ACCOUNTS).text, ACCOUNTS) if one.action == url]
    assert form.value("role") == ""
    answer = client.post(url, data=dict(form.sent()) | {"email": "eva@staff.example", "name": "Eva Ek"})
    assert (answer.status_code, '<a href="#role">Choose what the person may do.</a>' in answer.text) == (
        400,
        True,
    )
    (again,) = [one for one in forms_in(answer.text, url) if one.action == url]
    assert [again.value(name) for name in ("email", "name", "role")] == ["eva@staff.example", "Eva Ek", ""]


def posts_alone(app: Flask) -> set[str]:
    """Return the room's endpoints to which forms are sent that have no page at the same address."""
    takes = {
        rule.endpoint: rule.methods or set()
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("accounts.")
    }
    of_scripts = {"accounts.passkey_begin", "accounts.own_passkey_begin"}
    return {endpoint for endpoint, methods in takes.items() if "GET" not in methods} - of_scripts


def test_each_address_that_stays_in_the_address_bar_leads_to_its_form(
    app: Flask, client: FlaskClient
) -> None:
    assert set(FORM_PAGES) == posts_alone(app)
    sign_in(client, Role.ORGANISER)
    desk = make_member(Role.DESK)
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules()}
    for endpoint, page in FORM_PAGES.items():
        ids: dict[str, Any] = dict.fromkeys(rules[endpoint].arguments, desk)
        same: dict[str, Any] = {name: ids[name] for name in rules[page].arguments}
        with app.test_request_context():
            sent_to, form_is_at = app.url_for(endpoint, **ids), app.url_for(page, **same)
        answer = client.get(sent_to)
        assert (endpoint, answer.status_code, answer.location) == (endpoint, 303, form_is_at)
        assert client.put(sent_to).status_code == 405
    # Of other rooms, and of scripts, nothing is known here.
    assert [client.get(one).status_code for one in ("/staff/passkey/begin", "/staff/erasures/1")] == [
        405,
        405,
    ]


def test_a_role_says_beforehand_that_it_ends_the_open_link_and_what_ends_none_does_not(
    client: FlaskClient,
) -> None:
    sign_in(client, Role.ORGANISER)
    desk = make_member(Role.DESK)
    page = f"{ACCOUNTS}/{desk}"
    warning = "Another role ends it: mail a new link after saving."
    assert warning in client.get(page).text
    assert "The account is saved." in saved(client, desk)
    assert warning in client.get(page).text
    told = saved(client, desk, role="viewer")
    assert "The link that was open no longer works: mail a new one here." in told
    assert (warning in told, "Mail a new sign-in link" in told) == (False, True)
    assert "The role is saved.</p>" in saved(client, desk, role="desk")


def test_a_name_is_put_right_noted_and_forgotten_with_the_account(client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    desk = make_member(Role.DESK)
    url = f"{ACCOUNTS}/{desk}"
    older = next(one for one in forms_in(client.get(url).text, url) if "name" in dict(one.sent()))
    assert "The account is saved." in saved(client, desk, name="Eva Ek")
    (change,) = [entry for entry in history_of("staff", desk) if entry.action == "changed"]
    assert change.changes == {"name": ("Test desk", "Eva Ek")}
    stale = client.post(url, data=dict(older.sent()) | {"name": "Eva Eek"})
    assert (stale.status_code, ">Eva Ek</td>" in stale.text, ">Eva Eek</td>" in stale.text) == (
        409,
        True,
        True,
    )
    assert client.post(url, data=dict(older.sent()) | {"revision": "2", "name": "x" * 121}).status_code == 400
    removing = f"{url}/remove"
    (form,) = [one for one in forms_in(client.get(removing).text, removing) if one.action == removing]
    assert client.post(removing, data=form.sent()).status_code == 303
    db.session.rollback()
    kept = {entry.action: entry.changes for entry in history_of("staff", desk)}
    assert (kept["changed"], kept["invited"]) == ({}, {"role": (None, "desk")})


def test_everybody_may_put_their_own_name_right(client: FlaskClient) -> None:
    me = sign_in(client, Role.VIEWER)
    url = "/staff/me/name"
    assert f'href="{url}"' in client.get("/staff/me").text
    (form,) = [one for one in forms_in(client.get(url).text, url) if "name" in dict(one.sent())]
    assert form.value("name") == "Test viewer"
    answer = client.post(url, data=dict(form.sent()) | {"name": "Eva Ek"})
    assert (answer.status_code, answer.location) == (303, "/staff/me")
    assert "Your name is saved." in client.get("/staff/me").text
    assert get_member(me).name == "Eva Ek"
    stale = client.post(url, data=dict(form.sent()) | {"name": "Eva Eek"})
    assert (stale.status_code, ">Eva Ek</td>" in stale.text, 'value="Eva Eek"' in stale.text) == (
        409,
        True,
        True,
    )
    assert client.post(url, data={"name": "Eva Eek"}).status_code == 400


def came(client: FlaskClient, email: str) -> str:
    """Return what the list says of whether this account's owner has come."""
    page = client.get(ACCOUNTS).text
    row = page[page.index(f">{email}</td>") :]
    found = re.search(r'data-label="Sign-in">(.*?)</td>', row, re.DOTALL)
    assert found
    return " ".join(found[1].split())


def test_the_list_tells_who_has_come_and_whose_link_has_lapsed(client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    email = "bo@staff.example"
    link = transact(lambda session: invite(session, email, Role.DESK, "Bo"))
    assert came(client, email).startswith("invited, link valid until ")
    transact(lambda session: session.query(StaffLinkRow).update({"expires_at": real_now()}))
    assert came(client, email) == "invited, link has lapsed"
    bo = make_member(Role.DESK, email)
    link = transact(lambda session: give_link(session, bo, actor=BY_SYSTEM))
    transact(lambda session: use_link(session, link, None, now=real_now()))
    assert came(client, email).startswith("last signed in ")
    assert "last signed in " in client.get(f"{ACCOUNTS}/{bo}").text


def test_the_list_asks_no_more_for_more_accounts(client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    client.get(ACCOUNTS)
    with counted_statements() as few:
        client.get(ACCOUNTS)
    for number in range(5):
        make_member(Role.DESK, f"desk{number}@staff.example")
    with counted_statements() as many:
        client.get(ACCOUNTS)
    assert len(many) == len(few)


@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "not"])
def test_the_second_factor_is_explained_where_its_button_is(client: FlaskClient, is_guarded: bool) -> None:
    sign_in(client, Role.ORGANISER)
    desk = make_member(Role.DESK)
    if is_guarded:
        add_app(desk)
    page = client.get(f"{ACCOUNTS}/{desk}").text
    assert [
        words in page for words in ("Take the second factor away</button>", "make sure first who asks")
    ] == [
        is_guarded,
        is_guarded,
    ]


def test_pretended_times_say_that_they_are(client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    desk = make_member(Role.DESK)
    token = transact(lambda session: give_link(session, desk, actor=BY_SYSTEM))
    transact(lambda session: use_link(session, token, None, now=real_now()))
    told = [client.get(url).text for url in (f"{ACCOUNTS}/{desk}", ACCOUNTS)]
    assert ["(the conference" in page for page in told] == [True, True]
    assert "The history tells the conference" in told[0]
