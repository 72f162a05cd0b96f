"""Everybody sees in which browsers they are signed in, and signs out one or all."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, true, update

from conference.accounts.own_sessions import open_sessions
from conference.accounts.service import invite, open_session
from conference.accounts.tables import StaffSessionRow
from conference.audit.queries import history_of
from conference.core.clock import real_now
from conference.core.ids import StaffId
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.setting_values import by_role
from conference.web.access import Role
from conference.web.settings import current_settings
from tests.factories.accounts import make_member, sign_in, stand_in
from tests.factories.web import token_of
from tests.web.editor.test_editor_api import Editor

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


def test_the_last_use_is_noted_each_five_minutes(client: FlaskClient) -> None:
    me = make_member(Role.VIEWER)  # the desk's would end at midnight
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


@pytest.mark.parametrize(("role", "minutes"), [(Role.ORGANISER, 60), (Role.DESK, 240)])
def test_a_browser_that_nobody_uses_is_signed_out_by_its_role(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, role: Role, minutes: int
) -> None:
    limits = replace(current_settings(), session_idle_minutes=by_role(10, 1440)("60,desk=240"))
    monkeypatch.setitem(app.extensions, "conference.settings", limits)
    me = sign_in(client, role)
    mine = session_of(client)
    last_used(minutes - 5)
    assert is_in(client)
    last_used(minutes)
    other = app.test_client()
    sign_in(other, role)
    last_used(minutes, of=mine)
    assert [is_in(client), is_in(other)] == [False, True]
    assert other.get("/staff/me").text.count('/end"') == 2  # this one's, and all at once
    assert len(open_sessions(me, role, None, real_now())) == 1


def last_used(minutes: int, of: int | None = None) -> None:
    which = StaffSessionRow.id == of if of else true()
    earlier = {"seen_at": real_now() - timedelta(minutes=minutes)}
    transact(lambda session: session.execute(update(StaffSessionRow).where(which).values(earlier)))
    db.session.rollback()


def test_an_open_editor_alone_keeps_nobody_signed_in(client: FlaskClient) -> None:
    """It asks every two seconds: that says nothing about who is there."""
    editor = Editor(client)
    last_used(30)
    before = seen()
    assert editor.get(f"changes/{editor.revision}").status_code == 200
    assert (editor.post("here", {"tab": "abcdefgh", "session": None}).status_code, seen()) == (204, before)
    client.get("/staff/schedule")
    assert seen() > before


def seen() -> datetime:
    db.session.rollback()
    return db.session.scalars(select(StaffSessionRow.seen_at)).one()


def test_a_sign_in_lasts_as_long_as_is_set_for_its_role(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = replace(current_settings(), session_hours=by_role(1, 24)("12,organiser=8"))
    monkeypatch.setitem(app.extensions, "conference.settings", limits)
    now = real_now()
    for role, hours in ((Role.ORGANISER, 8), (Role.VIEWER, 12)):
        member = make_member(role)
        transact(lambda session, one=member: open_session(session, one, now=now))  # type: ignore[misc]  # a lambda cannot say its types
        end = select(StaffSessionRow.expires_at).where(StaffSessionRow.staff_id == member)
        assert transact(lambda session, wanted=end: session.scalar(wanted)) == now + timedelta(hours=hours)  # type: ignore[misc]  # a lambda cannot say its types


def test_sessions_that_are_over_or_wait_for_the_second_step_are_not_listed(client: FlaskClient) -> None:
    me = sign_in(client, Role.DESK)
    long_ago = real_now() - timedelta(days=1)
    # Both ends are written past what clears such rows away.
    transact(lambda session: open_session(session, me, now=real_now(), is_pending=True))
    transact(lambda session: open_session(session, me, now=long_ago))
    assert client.get("/staff/me").text.count('/end"') == 2  # this one's, and all at once
