"""Mails that hold a key: nobody but an organiser finds one to a member of staff, and no link goes to somebody else."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.accounts.letters import mail_reset
from conference.accounts.queries import member_at
from conference.core.clock import real_now
from conference.core.ids import MailId
from conference.db.base import db
from conference.db.work import transact
from conference.mail.model import LinkOrder
from conference.mail.queries import mails_about
from conference.web.access import Role
from tests.factories.accounts import make_member, sign_in
from tests.factories.mail import make_due, outbox_row, queue_note
from tests.factories.registration import make_category, register_attendee
from tests.factories.web import token_of

OTHERS = [role for role in Role if role is not Role.ORGANISER]


def reset_mail() -> MailId:
    """A mail, sent to an organiser who forgot the password; return its id."""
    staff_id = make_member(Role.ORGANISER)
    transact(
        lambda session: mail_reset(session, member_at("organiser@staff.example", session), now=real_now())
    )
    db.session.rollback()
    (mail,) = mails_about("staff", staff_id)
    make_due(mail.id, state="done")
    return mail.id


@pytest.mark.parametrize("role", OTHERS)
def test_a_mail_into_an_account_is_hidden_from_all_but_organisers(
    app: Flask, client: FlaskClient, role: Role
) -> None:
    mail_id = reset_mail()
    make_due(queue_note(app), state="done")
    before = outbox_row(mail_id)
    sign_in(client, role)
    for query in ("", "?q=organiser@staff.example", "?kind=password_reset", "?state=done"):
        assert f"/staff/mails/{mail_id}" not in client.get(f"/staff/mails{query}").text
    assert "Sent: 1<" in client.get("/staff/mails").text
    token = token_of(client, "/staff/mails")
    tried = 0
    for rule in app.url_map.iter_rules():
        if "mail_id" not in rule.arguments or not rule.endpoint.startswith("mail."):
            continue
        url = rule.rule.replace("<int:mail_id>", str(mail_id)).replace("<int:place>", "1")
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            answer = client.open(
                url, method=method, data={"csrf_token": token, "email": "thief@evil.example"}
            )
            assert answer.status_code == (
                403 if role is Role.VIEWER and rule.endpoint != "mail.office_page" else 404
            )
            assert "organiser@staff.example" not in answer.text
            tried += 1
    assert tried == 8
    assert outbox_row(mail_id) == before


def test_an_organiser_sees_it_with_the_link_masked_and_sends_it_nowhere(
    app: Flask, client: FlaskClient
) -> None:
    mail_id = reset_mail()
    sign_in(client, Role.ORGANISER)
    assert "organiser@staff.example" in client.get("/staff/mails?kind=password_reset").text
    page = client.get(f"/staff/mails/{mail_id}").text
    assert ("(personal link)" in page, "Send to a corrected address" in page) == (True, False)
    assert str(outbox_row(mail_id)["link_slot"]) not in page
    lead = client.get(f"/staff/mails/{mail_id}/resend").text
    assert ("a key for its reader alone" in lead, 'name="email"' in lead) == (True, False)
    answer = client.post(
        f"/staff/mails/{mail_id}/resend",
        data={"csrf_token": token_of(client, f"/staff/mails/{mail_id}"), "email": "thief@evil.example"},
    )
    assert (answer.status_code, "send a new link from there" in answer.text) == (409, True)
    assert len(mails_about("staff", make_member(Role.ORGANISER))) == 1


@pytest.mark.parametrize(
    ("kind", "role", "status"),
    [
        ("invitation", Role.DESK, 303),
        ("group", Role.ORGANISER, 303),
        ("group", Role.PROGRAMME, 409),
        ("invitation", Role.PROGRAMME, 409),
        ("registration", Role.DESK, 409),
        ("speaker", Role.ORGANISER, 409),
        ("of a later room", Role.ORGANISER, 409),
    ],
)
def test_a_link_goes_to_another_address_only_where_its_kind_says_so(
    app: Flask, client: FlaskClient, kind: str, role: Role, status: int
) -> None:
    mail_id = queue_note(app, link=LinkOrder(kind=kind, ref={}), about=("meeting", 7))
    make_due(mail_id, state="failed")
    sign_in(client, role)
    url = f"/staff/mails/{mail_id}"
    assert ("Send to a corrected address" in client.get(url).text) == (status == 303)
    token = token_of(client, url)
    answer = client.post(f"{url}/resend", data={"csrf_token": token, "email": "bo@clinic.example"})
    assert answer.status_code == status
    assert len(mails_about("meeting", 7)) == (2 if status == 303 else 1)


def test_the_link_of_a_registration_goes_to_nobody_else_though_its_address_was_changed(
    app: Flask, client: FlaskClient
) -> None:
    registration_id = register_attendee(make_category())
    (mail,) = mails_about("registration", registration_id)
    make_due(mail.id, state="failed", recipient="old@clinic.example")
    sign_in(client, Role.DESK)
    url = f"/staff/mails/{mail.id}"
    token = token_of(client, url)
    answer = client.post(f"{url}/resend", data={"csrf_token": token, "email": "bo@clinic.example"})
    assert (answer.status_code, "a key for its reader alone" in answer.text) == (409, True)
    assert len(mails_about("registration", registration_id)) == 1
