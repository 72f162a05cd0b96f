"""What signing in tells a stranger, by work as by words, and what a browser still may after its account has changed (trust.md 22, 23)."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from conference.accounts import passwords
from conference.accounts.forgotten import password_requests
from conference.accounts.letters import mailed_link
from conference.accounts.queries import get_member
from conference.accounts.service import set_role
from conference.audit.model import BY_SYSTEM
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.mail.tables import OutboxRow
from conference.web.access import Role
from tests.factories.accounts import make_member, sign_in
from tests.factories.web import token_of

URL = "/staff/sign-in"


class CountedHasher:
    """Counts how often a password is compared with a hash, which is what takes the time."""

    def __init__(self, hasher: Any) -> None:
        self.count, self._hasher = 0, hasher

    def hash(self, password: str) -> str:
        made: str = self._hasher.hash(password)
        return made

    def verify(self, stored: str, password: str) -> bool:
        self.count += 1
        fits: bool = self._hasher.verify(stored, password)
        return fits


def test_a_wrong_password_takes_the_same_work_for_known_and_unknown_accounts(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By statements and by hashes: a clock would tell of the machine."""
    make_member(Role.DESK)
    hasher = CountedHasher(passwords._hasher)
    monkeypatch.setattr(passwords, "_hasher", hasher)

    def tried(email: str) -> tuple[int, int, list[str], str]:
        data = {"csrf_token": token_of(client, URL), "email": email, "password": "not the password"}
        before = hasher.count
        with counted_statements() as statements:
            answer = client.post(URL, data=data)
        said = [one for one in statements if not one.startswith("PRAGMA")]
        return answer.status_code, hasher.count - before, said, re.sub(r'value="[^"]*"', "", answer.text)

    tried("first@staff.example")  # the first from an address begins its count
    known, unknown = tried("desk@staff.example"), tried("nobody@staff.example")
    assert known == unknown
    assert known[:2] == (401, 1)


def test_an_open_browser_has_the_new_role_at_once(app: Flask) -> None:
    browser = app.test_client()
    staff_id = sign_in(browser, Role.DESK)
    assert browser.get("/staff/badges/runs").status_code == 200
    db.session.rollback()
    seen = get_member(staff_id).revision
    transact(lambda session: set_role(session, staff_id, seen, Role.VIEWER, actor=BY_SYSTEM))
    assert browser.get("/staff/badges/runs").status_code in {303, 403}
    assert browser.post("/staff/badges/runs").status_code in {401, 403, 405}


@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host", "Forwarded"])
def test_no_header_finds_its_way_into_the_link_of_a_mail(client: FlaskClient, header: str) -> None:
    """Production refuses a foreign Host at all (test_hosts.py); this is where every name is answered."""
    make_member(Role.DESK)
    value = "host=evil.example" if header == "Forwarded" else "evil.example"
    token = token_of(client, "/staff/forgotten")
    data = {"csrf_token": token, "email": "desk@staff.example"}
    client.post("/staff/forgotten", data=data, headers={header: value})
    waiting = password_requests.claim("me")
    if not waiting:
        # Cookies are another host's there, so the form is one of that host's own pages.
        page = client.get("/staff/forgotten", headers={header: value}).text
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert found
        client.post("/staff/forgotten", data=data | {"csrf_token": found[1]}, headers={header: value})
        waiting = password_requests.claim("me")
    for one in waiting:
        password_requests.run(one, "me")
    db.session.rollback()
    (row,) = db.session.scalars(select(OutboxRow))
    assert row.link
    assert mailed_link(row.link["ref"]).startswith("http://localhost/staff/link/")
    assert "evil.example" not in row.text + row.html
