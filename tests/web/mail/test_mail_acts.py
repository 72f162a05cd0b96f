"""One mail as its recipient sees it, and what the office does with it."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.audit.queries import history_of
from conference.core.clock import real_now
from conference.core.ids import MailId
from conference.db.base import db
from conference.db.work import transact
from conference.mail.bounces import note
from conference.mail.model import Attachment, AttachmentOrder, LinkOrder
from conference.mail.outbox import deliver
from conference.mail.queries import mails_about
from conference.mail.registry import attachment_makers
from conference.mail.reports import read_report
from conference.mail.rules import LOST_TOO_OFTEN
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.mail import make_due, outbox_row, queue_note
from tests.factories.programme import make_person
from tests.factories.registration import make_category, register_attendee
from tests.factories.reports import report_of
from tests.factories.web import token_of


def press(client: FlaskClient, mail_id: int, act: str, **fields: str) -> tuple[int, str]:
    """Press a button of the mail's page; return status and address, or the page's text."""
    url = f"/staff/mails/{mail_id}"
    answer = client.post(f"{url}/{act}", data={"csrf_token": token_of(client, url)} | fields)
    return answer.status_code, answer.location or answer.text


def come_back(mail_id: MailId) -> None:
    report = read_report(report_of(mail_id))
    db.session.rollback()
    transact(lambda session: note(session, report, now=real_now()))


def acts_on(mail_id: int) -> list[str]:
    db.session.rollback()
    return sorted(entry.action for entry in history_of("mail", mail_id))


def test_the_html_part_stands_alone_under_a_policy_of_its_own(app: Flask, client: FlaskClient) -> None:
    mail_id = queue_note(app, name="<script>x</script>", link=LinkOrder(kind="nobody", ref={}))
    sign_in(client, Role.DESK)
    page = client.get(f"/staff/mails/{mail_id}")
    assert f'src="/staff/mails/{mail_id}/html"' in page.text
    assert "sandbox></iframe>" in page.text
    assert page.headers["Content-Security-Policy"].endswith("; frame-src 'self'")
    part = client.get(f"/staff/mails/{mail_id}/html")
    assert part.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
        "frame-ancestors 'self'; sandbox"
    )
    assert part.headers["Cache-Control"] == "no-store"
    assert "Dear &lt;script&gt;" in part.text
    assert re.search(r'<a href="#"[^>]*>\(personal link\)</a>', part.text)
    assert str(outbox_row(mail_id)["link_slot"]) not in part.text


@pytest.fixture
def notes_maker() -> Iterator[str]:
    """A maker of attachments: of facts with words a text file, of others none."""

    def make(facts: dict[str, str]) -> Attachment:
        return Attachment(
            filename="note.txt", content_type="text/plain; charset=utf-8", content=facts["words"].encode()
        )

    attachment_makers.fill("test note", make)  # type: ignore[arg-type]  # facts of text alone
    yield "test note"
    del attachment_makers._entries["test note"]


def test_attachments_are_named_with_what_they_hold_and_are_made(
    app: Flask, client: FlaskClient, notes_maker: str
) -> None:
    orders = (
        AttachmentOrder(kind=notes_maker, facts={"words": "Hej <då>", "nothing": ""}),
        AttachmentOrder(kind=notes_maker, facts={}),
        AttachmentOrder(kind="ufo", facts={}),
    )
    mail_id = queue_note(app, attachments=orders)
    sign_in(client, Role.PROGRAMME)
    page = " ".join(client.get(f"/staff/mails/{mail_id}").text.split())
    for shown in (
        "Test note: note.txt, 0.0 kB",
        "<dt>Words</dt> <dd> Hej &lt;då&gt; </dd>",
        "Test note: cannot be made now (KeyError: &#39;words&#39;)",
        "Ufo: cannot be made now (LookupError: no attachment maker is called &#39;ufo&#39;)",
    ):
        assert shown in page
    assert "<dt>Nothing</dt>" not in page
    file = client.get(f"/staff/mails/{mail_id}/attachments/1")
    assert (file.text, file.headers["Content-Disposition"]) == ("Hej <då>", "attachment; filename=note.txt")
    refused = client.get(f"/staff/mails/{mail_id}/attachments/2")
    assert refused.status_code == 409
    assert "cannot be made now (KeyError" in refused.text
    assert client.get(f"/staff/mails/{mail_id}/attachments/4").status_code == 404


@pytest.mark.parametrize(
    "values",
    [
        {"state": "held", "last_answer": LOST_TOO_OFTEN},
        {"state": "queued", "last_answer": LOST_TOO_OFTEN},
        {"state": "running", "attempts": 2, "last_answer": ""},
    ],
)
def test_what_workers_did_not_survive_is_not_tried_in_the_web(
    app: Flask, client: FlaskClient, notes_maker: str, values: dict[str, object]
) -> None:
    mail_id = queue_note(app, attachments=(AttachmentOrder(kind=notes_maker, facts={"words": "x"}),))
    make_due(mail_id, **values)
    sign_in(client, Role.DESK)
    assert "Test note: cannot be made now (5 workers" in " ".join(
        client.get(f"/staff/mails/{mail_id}").text.split()
    )
    assert client.get(f"/staff/mails/{mail_id}/attachments/1").status_code == 409


def test_a_viewer_sees_no_part_of_the_mail(app: Flask, client: FlaskClient) -> None:
    mail_id = queue_note(app, attachments=(AttachmentOrder(kind="ufo", facts={"secret": "x"}),))
    sign_in(client, Role.VIEWER)
    page = client.get(f"/staff/mails/{mail_id}").text
    assert [
        word for word in ("iframe", "ufo", "secret", "this is a note", "Cancel this mail") if word in page
    ] == []
    assert client.get(f"/staff/mails/{mail_id}/html").status_code == 403
    assert client.get(f"/staff/mails/{mail_id}/attachments/1").status_code == 403


def test_who_has_a_mail_in_hand_is_told(app: Flask, client: FlaskClient) -> None:
    mail_id = queue_note(app)
    make_due(mail_id, state="running", lease_owner="host:7:abc", lease_until=real_now())
    sign_in(client, Role.VIEWER)
    page = " ".join(client.get(f"/staff/mails/{mail_id}").text.split())
    assert "<dt>In hand of</dt> <dd> host:7:abc, since " in page
    assert "If that worker ends without a word" in page


@pytest.mark.parametrize("state", ["queued", "retrying", "held"])
def test_what_waits_can_be_cancelled(app: Flask, client: FlaskClient, state: str) -> None:
    mail_id = queue_note(app)
    make_due(mail_id, state=state)
    sign_in(client, Role.DESK)
    assert "Cancel this mail" in client.get(f"/staff/mails/{mail_id}").text
    assert press(client, mail_id, "cancel") == (303, f"/staff/mails/{mail_id}")
    assert outbox_row(mail_id)["state"] == "cancelled"
    assert acts_on(mail_id) == ["cancelled"]
    assert "cancelled by a member of staff" in " ".join(client.get(f"/staff/mails/{mail_id}").text.split())


@pytest.mark.parametrize("state", ["running", "done", "failed", "cancelled"])
def test_what_does_not_wait_cannot_be_cancelled(app: Flask, client: FlaskClient, state: str) -> None:
    mail_id = queue_note(app)
    make_due(mail_id, state=state)
    sign_in(client, Role.DESK)
    status, text = press(client, mail_id, "cancel")
    assert (status, "This mail is being sent or has ended already." in text) == (409, True)
    assert (outbox_row(mail_id)["state"], acts_on(mail_id)) == (state, [])


def test_a_mail_is_written_anew_to_a_corrected_address(app: Flask, client: FlaskClient) -> None:
    link = LinkOrder(kind="invitation", ref={"a": 1})
    mail_id = queue_note(app, recipient="asa@clinik.example", link=link, about=("invitation", 7))
    make_due(mail_id, state="failed", last_answer="550 no", attempts=1)
    before = outbox_row(mail_id)
    sign_in(client, Role.DESK)
    for _ in range(2):  # as a double click
        status, address = press(client, mail_id, "resend", email=" asa@clinic.example ")
        assert (status, address) == (303, f"/staff/mails/{mail_id + 1}")
    assert outbox_row(mail_id) == before
    copy = outbox_row(mail_id + 1)
    same = (
        "kind",
        "recipient_name",
        "subject",
        "text",
        "html",
        "link_slot",
        "link",
        "attachments",
        "language",
    )
    assert [copy[name] for name in same] == [before[name] for name in same]
    assert (copy["recipient"], copy["state"], copy["attempts"], copy["copy_of"], copy["about_id"]) == (
        "asa@clinic.example", "queued", 0, mail_id, 7,
    )  # fmt: skip
    assert copy["message_id"] != before["message_id"]
    assert len(mails_about("invitation", 7)) == 2
    assert (acts_on(mail_id), acts_on(mail_id + 1)) == (["sent to another address"], ["repeats another mail"])
    assert f'href="/staff/mails/{mail_id + 1}"' in client.get(f"/staff/mails/{mail_id}").text
    assert f'href="/staff/mails/{mail_id}"' in client.get(f"/staff/mails/{mail_id + 1}").text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Enter the corrected address."),
        ("asa", "This is no e-mail address."),
        ("a b@clinic.example", "This is no e-mail address."),
        ("asa@ö-.example", "This is no e-mail address."),
        ("Asa@clinic.example", "The mail went to this address already."),
        ("a" * 250 + "@b.example", "254 fit"),
    ],
)
def test_an_address_that_is_none_is_refused(app: Flask, client: FlaskClient, typed: str, words: str) -> None:
    mail_id = queue_note(app, about=("invitation", 7))
    make_due(mail_id, state="failed")
    sign_in(client, Role.DESK)
    status, text = press(client, mail_id, "resend", email=typed)
    assert (status, words in text) == (400, True)
    assert f'value="{typed}"' in text
    assert len(mails_about("invitation", 7)) == 1


@pytest.mark.parametrize("state", ["queued", "retrying", "running"])
def test_a_mail_that_is_on_its_way_is_cancelled_before_it_goes_elsewhere(
    app: Flask, client: FlaskClient, state: str
) -> None:
    mail_id = queue_note(app, about=("invitation", 7))
    make_due(mail_id, state=state)
    sign_in(client, Role.DESK)
    assert "Send to a corrected address" not in client.get(f"/staff/mails/{mail_id}").text
    status, text = press(client, mail_id, "resend", email="bo@clinic.example")
    assert (status, "Cancel it first." in text) == (409, True)
    assert len(mails_about("invitation", 7)) == 1


def test_an_erased_mail_goes_nowhere(app: Flask, client: FlaskClient) -> None:
    mail_id = queue_note(app, about=("invitation", 7))
    make_due(mail_id, state="done", recipient="", text="", html="", subject="")
    sign_in(client, Role.DESK)
    assert client.get(f"/staff/mails/{mail_id}/resend").status_code == 200
    status, text = press(client, mail_id, "resend", email="bo@clinic.example")
    assert (status, "There is nothing to send." in text) == (409, True)


def test_the_mail_of_a_registration_leads_to_its_address(app: Flask, client: FlaskClient) -> None:
    registration_id = register_attendee(make_category())
    (mail,) = mails_about("registration", registration_id)
    make_due(mail.id, state="failed")
    sign_in(client, Role.DESK)
    change = f'href="/staff/registrations/{registration_id}/change#email"'
    assert change in client.get(f"/staff/mails/{mail.id}").text
    lead = client.get(f"/staff/mails/{mail.id}/resend").text
    assert change in lead
    assert 'name="email"' not in lead
    status, text = press(client, mail.id, "resend", email="bo@clinic.example")
    assert (status, "Correct the address in the record" in text) == (409, True)
    assert len(mails_about("registration", registration_id)) == 1


def test_the_mail_of_a_registration_that_has_another_address_goes_to_one(
    app: Flask, client: FlaskClient
) -> None:
    registration_id = register_attendee(make_category())
    mail_id = queue_note(app, recipient="old@clinic.example", about=("registration", registration_id))
    make_due(mail_id, state="done")
    sign_in(client, Role.DESK)
    assert f'href="/staff/registrations/{registration_id}"' in client.get(f"/staff/mails/{mail_id}").text
    assert press(client, mail_id, "resend", email="bo@clinic.example")[0] == 303


def test_the_mail_of_a_person_leads_to_them(app: Flask, client: FlaskClient) -> None:
    person_id = make_person("Zoë", "Muster")
    mail_id = queue_note(app, about=("person", person_id))
    gone = queue_note(app, about=("person", 987))
    sign_in(client, Role.PROGRAMME)
    assert f'<a href="/staff/people/{person_id}">Zoë Muster</a>' in client.get(f"/staff/mails/{mail_id}").text
    assert "<dt>About</dt>" not in client.get(f"/staff/mails/{gone}").text


def test_a_mail_that_came_back_says_so_until_its_address_is_trusted(app: Flask, client: FlaskClient) -> None:
    mail_id = queue_note(app)
    make_due(mail_id, state="done")
    come_back(mail_id)
    sign_in(client, Role.DESK)
    assert '<span class="state error">Came back</span>' in client.get("/staff/mails?only=came-back").text
    page = client.get(f"/staff/mails/{mail_id}").text
    assert "the address takes no mails" in page
    assert "550 No such user" in page
    assert press(client, mail_id, "trust")[0] == 303
    page = client.get(f"/staff/mails/{mail_id}").text
    assert "The office said afterwards that the address is right." in page
    assert acts_on(mail_id) == ["address trusted", "came back"]
    assert press(client, mail_id, "trust")[0] == 404


def test_a_mail_refused_for_what_is_ours_marks_nobody(app: Flask, client: FlaskClient) -> None:
    mail_id = queue_note(app)
    make_due(mail_id, state="done")
    report = read_report(report_of(mail_id, status="5.7.1", diagnostic="smtp; 550 SPF check failed"))
    db.session.rollback()
    transact(lambda session: note(session, report, now=real_now()))
    sign_in(client, Role.DESK)
    page = client.get(f"/staff/mails/{mail_id}").text
    assert ("for a reason that is not its address" in page, "SPF check failed" in page) == (True, True)
    for words in ("the address takes no mails", "said afterwards", "The address is right"):
        assert words not in page
    assert press(client, mail_id, "trust")[0] == 404


@pytest.mark.parametrize("act", ["cancel", "trust", "resend"])
def test_a_stale_token_does_nothing(app: Flask, client: FlaskClient, act: str) -> None:
    mail_id = queue_note(app, about=("invitation", 7))
    come_back(mail_id)
    before = outbox_row(mail_id)
    sign_in(client, Role.DESK)
    answer = client.post(f"/staff/mails/{mail_id}/{act}", data={"csrf_token": "x", "email": "b@c.example"})
    assert answer.status_code == 400
    assert (outbox_row(mail_id), acts_on(mail_id)) == (before, ["came back"])


@pytest.mark.parametrize("act", ["retry", "cancel", "trust", "resend"])
def test_no_act_on_a_mail_that_is_not_there(client: FlaskClient, act: str) -> None:
    sign_in(client, Role.ORGANISER)
    token = token_of(client, "/staff/mails")
    answer = client.post(f"/staff/mails/999/{act}", data={"csrf_token": token, "email": "b@c.example"})
    assert answer.status_code == 404


def test_no_worker_takes_up_a_cancelled_mail(app: Flask, client: FlaskClient) -> None:
    mail_id = queue_note(app)
    sign_in(client, Role.DESK)
    press(client, mail_id, "cancel")
    db.session.rollback()
    assert deliver(mail_id, "worker") is None
    assert outbox_row(mail_id)["state"] == "cancelled"
