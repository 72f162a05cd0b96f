"""Everybody sees in which browsers they are signed in, and signs out one or all."""

import re
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from conference.accounts.service import invite, open_session
from conference.accounts.tables import StaffSessionRow
from conference.audit.queries import history_of
from conference.core.clock import real_now
from conference.core.ids import StaffId
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.web.access import Role
from tests.factories.accounts import make_member, sign_in, stand_in
from tests.factories.web import token_of

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def session_of(client: FlaskClient) -> int:
    """Return the id of this browser's session, as its own page has it first."""
    found = re.search(r"/staff/me/sessions/(\d+)/end", client.get("/staff/me").text)
    assert found
    return int(found[1])


def is_in(client: FlaskClient) -> bool:
    return client.get("/staff/").status_code == 200


def test_a_browser_is_told_by_its_words_and_no_address_is_kept(client: FlaskClient) -> None:
    make_member(Role.DESK)
    url = "/staff/link/" + transact(lambda session: invite(session, "desk@staff.example", Role.DESK))
    data = {"csrf_token": token_of(client, url)}
    client.post(url, data=data, headers={"User-Agent": FIREFOX})
    page = client.get("/staff/me").text
    assert ("Firefox on Windows" in page, "(this one)" in page, "mailed link" in page) == (True, True, True)
    stored = " ".join(str(row) for row in db.session.execute(select(StaffSessionRow.__table__)))
    assert ("127.0.0.1" in stored, "rv:140" in stored) == (False, False)


def test_one_browser_is_signed_out_and_the_others_stay(app: Flask, client: FlaskClient) -> None:
    me = sign_in(client, Role.DESK)
    other = app.test_client()
    sign_in(other, Role.DESK)
    token, theirs = token_of(client, "/staff/me"), session_of(other)
    assert client.get("/staff/me").text.count("Sign out</button>") == 3  # and the head's own
    assert client.post(f"/staff/me/sessions/{theirs}/end", data={}).status_code == 400
    for _ in range(2):
        answer = client.post(f"/staff/me/sessions/{theirs}/end", data={"csrf_token": token})
        assert answer.location == "/staff/me"
    assert [is_in(client), is_in(other)] == [True, False]
    assert [entry.action for entry in history_of("staff", me)].count("signed out") == 1
    own = client.post(f"/staff/me/sessions/{session_of(client)}/end", data={"csrf_token": token})
    assert (own.location, is_in(client)) == ("/staff/sign-in", False)


def test_nobody_signs_somebody_else_out(app: Flask, client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    other = app.test_client()
    sign_in(other, Role.DESK)
    data = {"csrf_token": token_of(client, "/staff/me")}
    client.post(f"/staff/me/sessions/{session_of(other)}/end", data=data)
    assert is_in(other)
    assert "Sign out</button>" in client.get("/staff/me").text


def test_signing_out_everywhere_ends_this_browser_too_and_nobody_elses(
    app: Flask, client: FlaskClient
) -> None:
    me = sign_in(client, Role.DESK)
    browsers = [app.test_client() for _ in range(2)]
    for browser in browsers:
        sign_in(browser, Role.DESK)
    stranger = app.test_client()
    sign_in(stranger, Role.VIEWER)
    assert client.post("/staff/me/sessions/end", data={}).status_code == 400
    answer = client.post("/staff/me/sessions/end", data={"csrf_token": token_of(client, "/staff/me")})
    assert answer.location == "/staff/sign-in"
    assert [is_in(one) for one in (client, *browsers, stranger)] == [False, False, False, True]
    assert history_of("staff", me)[0].action == "signed out everywhere"


def seen_at(staff_id: StaffId) -> list[timedelta]:
    """Return how long after its beginning each session was seen last."""
    db.session.rollback()
    rows = db.session.execute(
        select(StaffSessionRow.seen_at, StaffSessionRow.created_at).where(
            StaffSessionRow.staff_id == staff_id
        )
    )
    return [seen - created for seen, created in rows]


def test_the_last_use_is_noted_each_quarter_of_an_hour(client: FlaskClient) -> None:
    me = make_member(Role.DESK)
    begun = real_now() - timedelta(hours=2)
    stand_in(client, transact(lambda session: open_session(session, me, now=begun)))
    assert is_in(client)
    (first,) = seen_at(me)
    assert first >= timedelta(hours=2)
    with counted_statements() as statements:
        assert is_in(client)
    assert not [one for one in statements if one.startswith("UPDATE staff_session")]
    earlier = {"seen_at": begun}
    transact(lambda session: session.execute(update(StaffSessionRow).values(earlier)))
    with counted_statements() as statements:
        assert is_in(client)
    assert len([one for one in statements if one.startswith("UPDATE staff_session")]) == 1


def test_sessions_that_are_over_or_wait_for_the_second_step_are_not_listed(client: FlaskClient) -> None:
    me = sign_in(client, Role.DESK)
    long_ago = real_now() - timedelta(days=1)
    # Both ends are written past what clears such rows away.
    transact(lambda session: open_session(session, me, now=real_now(), is_pending=True))
    transact(lambda session: open_session(session, me, now=long_ago))
    assert client.get("/staff/me").text.count('/end"') == 2  # this one's, and all at once
