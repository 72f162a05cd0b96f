"""Invitations of staff and forgotten passwords: the link goes by mail, and is stored nowhere."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select, update

from conference.accounts import service
from conference.accounts.forgotten import OF_ALL, answer_request, ask_for_password, password_requests
from conference.accounts.letters import invite_by_mail, mail_link, mailed_link
from conference.accounts.queries import find_link_owner, staff_members
from conference.accounts.tables import PasswordRequestRow, StaffLinkRow
from conference.accounts.tokens import token_hash
from conference.audit.model import BY_SYSTEM
from conference.core.clock import real_now
from conference.core.ids import MailId, StaffId
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.mail.outbox import deliver
from conference.mail.tables import OutboxRow
from conference.web.access import Role
from conference.web.settings import attach_settings, current_settings
from tests.factories.accounts import make_member, sign_in
from tests.factories.mail import taken_of
from tests.factories.smtp import mailserver, send_through
from tests.factories.web import token_of

PASSWORD = "a sentence of some length"


def mails() -> list[OutboxRow]:
    db.session.rollback()
    return list(db.session.scalars(select(OutboxRow).order_by(OutboxRow.id)))


def path_in(row: OutboxRow) -> str:
    """Return the path of the link as the worker will make it."""
    assert row.link
    return mailed_link(row.link["ref"]).removeprefix("http://localhost")


def ask(client: FlaskClient, email: str) -> int:
    token = token_of(client, "/staff/forgotten")
    return client.post("/staff/forgotten", data={"csrf_token": token, "email": email}).status_code


def work() -> None:
    """Do what the worker would."""
    for one in password_requests.claim("me"):
        password_requests.run(one, "me")
    db.session.rollback()


def test_an_organiser_invites_by_mail_and_the_link_signs_in_once(client: FlaskClient, app: Flask) -> None:
    sign_in(client, Role.ORGANISER)
    data = {
        "csrf_token": token_of(client, "/staff/accounts"),
        "email": "bo@example.org",
        "name": "Bo",
        "role": "desk",
    }
    assert client.post("/staff/accounts/invite", data=data).status_code == 303
    answer = client.get("/staff/accounts")
    assert "The invitation is on its way." in answer.text
    assert ">bo@example.org</td>" in answer.text
    assert "/staff/link/" not in answer.text
    (row,) = mails()
    assert (row.kind, row.recipient, row.about_type) == ("staff_invitation", "bo@example.org", "staff")
    assert "Role: Desk\nLink valid until:" in row.text
    browser, url = app.test_client(), path_in(row)
    browser.post(url, data={"csrf_token": token_of(browser, url)})
    assert browser.get("/staff/password").status_code == 200
    assert app.test_client().get(url).status_code == 410


def test_mails_about_an_account_are_in_the_language_that_was_chosen_for_it(client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    token = token_of(client, "/staff/accounts")
    data = {"csrf_token": token, "email": "bo@example.org", "name": "Bo", "role": "desk", "language": "sv"}
    assert client.post("/staff/accounts/invite", data=data).status_code == 303
    (invited,) = mails()
    assert (invited.language, "Roll: Registrering\n" in invited.text) == ("sv", True)
    bo = next(one for one in staff_members() if one.email == "bo@example.org")
    url = f"/staff/accounts/{bo.id}"
    assert '<option selected value="sv">' in client.get(url).text
    data = {"csrf_token": token, "role": "desk", "language": "de", "revision": str(bo.revision)}
    assert client.post(url, data=data).location == "/staff/accounts"
    assert "The account is saved." in client.get("/staff/accounts").text
    # The language alone ends no link that was given.
    owner = find_link_owner(token_hash(path_in(invited).rpartition("/")[2]), real_now())
    assert owner is not None
    assert owner.id == bo.id
    assert client.post(url, data=data).status_code == 409
    ask(client, "bo@example.org")
    work()
    assert mails()[-1].language == "de"
    assert "Guten Tag Bo" in mails()[-1].text


def test_role_and_language_are_saved_together_and_a_language_may_be_ones_own(client: FlaskClient) -> None:
    me, other = sign_in(client, Role.ORGANISER), make_member(Role.DESK)
    token = token_of(client, f"/staff/accounts/{me}")
    data = {"csrf_token": token, "role": "viewer", "language": "sv", "revision": "1"}
    assert client.post(f"/staff/accounts/{other}", data=data).status_code == 303
    assert client.post(f"/staff/accounts/{me}", data=data | {"role": "organiser"}).status_code == 303
    found = {one.id: (one.role, one.language) for one in staff_members()}
    assert found == {me: (Role.ORGANISER, "sv"), other: (Role.VIEWER, "sv")}
    unknown = client.post(f"/staff/accounts/{other}", data=data | {"language": "fr", "revision": "3"})
    assert (unknown.status_code, "Not a valid choice" in unknown.text) == (400, True)


def test_the_link_is_in_the_mail_that_leaves_and_nowhere_in_the_database(app: Flask) -> None:
    member = make_member(Role.DESK)
    transact(lambda session: mail_link(session, member, actor=BY_SYSTEM))
    (row,) = mails()
    with mailserver() as server:
        send_through(app, server.port)
        deliver(MailId(row.id), "me")
    found = re.search(r"http://localhost/staff/link/([\w-]{43})\s", taken_of(server.mails[0], "plain"))
    assert found
    assert find_link_owner(token_hash(found[1]), real_now()) is not None
    stored = " ".join(
        str(value)
        for table in db.metadata.sorted_tables
        for kept in db.session.execute(select(table))
        for value in kept
    )
    assert found[1] not in stored


def test_another_mail_of_an_account_cancels_the_one_that_waits_and_its_link(app: Flask) -> None:
    member = make_member(Role.DESK)
    for _ in range(2):
        transact(lambda session: mail_link(session, member, actor=BY_SYSTEM))
    first, second = mails()
    assert (first.state, second.state) == ("cancelled", "queued")
    assert app.test_client().get(path_in(first)).status_code == 410
    assert app.test_client().get(path_in(second)).status_code == 200


def test_a_removed_account_gets_no_mail(app: Flask) -> None:
    member = make_member(Role.DESK)
    transact(lambda session: mail_link(session, member, actor=BY_SYSTEM))
    transact(lambda session: service.remove(session, member, 1, actor=BY_SYSTEM))
    assert [row.state for row in mails()] == ["cancelled"]


def test_an_organiser_mails_a_new_link(client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    member = make_member(Role.DESK)
    url = f"/staff/accounts/{member}"
    assert client.post(f"{url}/mail-link", data={}).status_code == 400
    answer = client.post(f"{url}/mail-link", data={"csrf_token": token_of(client, url)})
    assert (answer.status_code, [row.kind for row in mails()]) == (303, ["staff_invitation"])


def test_a_forgotten_password_is_set_anew_by_the_mailed_link(client: FlaskClient, app: Flask) -> None:
    member = make_member(Role.DESK)
    assert ask(client, "DESK@staff.example ") == 303
    work()
    (row,) = mails()
    assert (row.kind, row.about_id) == ("password_reset", member)
    browser, url = app.test_client(), path_in(row)
    page = browser.get(url).text
    # It is headed for what it was asked for, and hides its fields behind nothing.
    assert "<h1>Set a password</h1>" in page
    assert ("<details" in page, "(optional)" in page) == (False, False)
    token = token_of(browser, url)
    without = browser.post(url, data={"csrf_token": token, "password": "", "repeated": ""})
    assert (without.status_code, "Enter a new password." in without.text) == (400, True)
    assert browser.get("/staff/").status_code == 303
    data = {"csrf_token": token, "password": PASSWORD, "repeated": PASSWORD}
    assert browser.post(url, data=data).status_code == 303
    assert service.authenticate("desk@staff.example", PASSWORD).id == member
    assert app.test_client().get(url).status_code == 410


def test_a_link_for_a_new_password_is_dead_after_two_hours(client: FlaskClient, app: Flask) -> None:
    make_member(Role.DESK)
    ask(client, "desk@staff.example")
    work()
    life = transact(lambda session: session.scalar(select(func.min(StaffLinkRow.expires_at)))) - real_now()  # type: ignore[operator]  # there is one
    assert timedelta(minutes=119) < life <= timedelta(hours=2)
    past = {"expires_at": real_now() - timedelta(seconds=1)}
    transact(lambda session: session.execute(update(StaffLinkRow).values(past)))
    assert app.test_client().get(path_in(mails()[0])).status_code == 410


def test_an_invitation_stays_good_whoever_asks_for_a_password(client: FlaskClient, app: Flask) -> None:
    """Two hours instead of 72 would be worse than not to have asked, and a stranger can ask too."""
    transact(
        lambda session: invite_by_mail(
            session, "eva@staff.example", Role.DESK, "Eva Ek", language="en", actor=BY_SYSTEM
        )
    )
    for _ in range(2):
        ask(client, "eva@staff.example")
        work()
    invitation, first, second = mails()
    # The invitation that still waits to be sent goes out; of the links for a password only the newest counts.
    assert [row.state for row in (invitation, first, second)] == ["queued", "cancelled", "queued"]
    opened = [app.test_client().get(path_in(row)).status_code for row in (invitation, first, second)]
    assert opened == [200, 410, 200]
    lives = transact(lambda session: session.scalars(select(StaffLinkRow.expires_at)).all())
    assert max(lives) - real_now() > timedelta(hours=71)
    browser, url = app.test_client(), path_in(invitation)
    data = {"csrf_token": token_of(browser, url), "password": PASSWORD, "repeated": PASSWORD}
    assert browser.post(url, data=data).status_code == 303
    # Whichever is used first, with a password it ends the others.
    assert app.test_client().get(path_in(second)).status_code == 410


def test_a_new_invitation_ends_the_link_for_a_password(client: FlaskClient, app: Flask) -> None:
    member = make_member(Role.DESK)
    ask(client, "desk@staff.example")
    work()
    transact(lambda session: mail_link(session, member, actor=BY_SYSTEM))
    reset, invitation = mails()
    assert (reset.state, app.test_client().get(path_in(reset)).status_code) == ("cancelled", 410)
    assert app.test_client().get(path_in(invitation)).status_code == 200


def test_known_and_unknown_addresses_are_answered_alike_by_the_same_statements(client: FlaskClient) -> None:
    make_member(Role.DESK)
    # The first from an address begins its count, whoever it asks for.
    ask(client, "first@staff.example")
    seen = []
    for email in ("desk@staff.example", "nobody@staff.example"):
        token = token_of(client, "/staff/forgotten")
        with counted_statements() as statements:
            answer = client.post("/staff/forgotten", data={"csrf_token": token, "email": email})
        page = client.get(answer.headers["Location"]).text
        # A connection that is made anew says so first.
        said = [one for one in statements if not one.startswith("PRAGMA")]
        seen.append((answer.status_code, answer.headers["Location"], "on its way" in page, said))
    assert seen[0] == seen[1]
    assert seen[0][:3] == (303, "/staff/forgotten?sent=1", True)
    work()
    assert [row.recipient for row in mails()] == ["desk@staff.example"]


def test_one_address_gets_three_mails_an_hour_and_the_answer_stays_the_same(client: FlaskClient) -> None:
    make_member(Role.DESK)
    assert [ask(client, "desk@staff.example") for _ in range(5)] == [303] * 5
    work()
    assert len(mails()) == 3
    later = real_now() + timedelta(minutes=61)
    transact(lambda session: ask_for_password(session, "desk@staff.example", now=later))
    (waiting,) = password_requests.claim("me")
    transact(lambda session: answer_request(session, waiting, now=later))
    assert len(mails()) == 4
    assert db.session.scalar(select(func.count()).select_from(PasswordRequestRow)) == 1


def test_too_many_for_one_office_are_refused_in_words(client: FlaskClient) -> None:
    rows = [{"email_key": f"a{number}@x.example", "asked_at": real_now()} for number in range(OF_ALL)]
    transact(lambda session: session.execute(insert(PasswordRequestRow), rows))
    token = token_of(client, "/staff/forgotten")
    answer = client.post("/staff/forgotten", data={"csrf_token": token, "email": "b@x.example"})
    assert (answer.status_code, "Too many have asked" in answer.text) == (429, True)
    assert 'value="b@x.example"' in answer.text


@pytest.mark.parametrize(
    ("email", "status", "sentence"),
    [
        ("", 400, "Enter your e-mail address."),
        ("bo", 422, "Enter an e-mail address in the form name@hospital.example."),
    ],
)
def test_what_is_no_address_is_refused_in_words(
    client: FlaskClient, email: str, status: int, sentence: str
) -> None:
    token = token_of(client, "/staff/forgotten")
    answer = client.post("/staff/forgotten", data={"csrf_token": token, "email": email})
    assert (answer.status_code, sentence in answer.text) == (status, True)


def test_a_request_that_is_gone_or_of_nobody_writes_nothing(app: Flask) -> None:
    transact(lambda session: answer_request(session, 999, now=real_now()))
    assert (mails(), [StaffId(one.id) for one in staff_members()]) == ([], [])


def test_a_link_that_waits_while_the_secret_key_is_renewed_lives_until_its_end(app: Flask) -> None:
    member, known = make_member(Role.DESK), current_settings()
    transact(lambda session: mail_link(session, member, actor=BY_SYSTEM))
    (waiting,) = mails()
    attach_settings(
        app, replace(known, secret_key="n" * 40, old_secret_keys=f"{'x' * 40},{known.secret_key}")
    )
    path = path_in(waiting)
    assert app.test_client().get(path).status_code == 200
    # Control: without the key with which it was written nobody can make its token any more.
    attach_settings(app, replace(known, secret_key="n" * 40))
    assert (path_in(waiting) != path, app.test_client().get(path_in(waiting)).status_code) == (True, 410)
    # The token itself needs no key: who has the mail may use it, once, and until its end.
    assert app.test_client().get(path).status_code == 200
    with app.app_context():
        db.session.execute(update(StaffLinkRow).values(expires_at=real_now() - timedelta(seconds=1)))
        db.session.commit()
    attach_settings(app, replace(known, secret_key="n" * 40, old_secret_keys=known.secret_key))
    assert app.test_client().get(path_in(waiting)).status_code == 410


def test_a_link_written_after_the_key_was_renewed_is_of_the_new_one(app: Flask) -> None:
    member, known = make_member(Role.DESK), current_settings()
    attach_settings(app, replace(known, secret_key="n" * 40, old_secret_keys=known.secret_key))
    transact(lambda session: mail_link(session, member, actor=BY_SYSTEM))
    (row,) = mails()
    path = path_in(row)
    attach_settings(app, replace(known, secret_key="n" * 40))
    assert (path_in(row), app.test_client().get(path).status_code) == (path, 200)
