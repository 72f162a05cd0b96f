import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.audit.model import Actor
from conference.audit.queries import history_of
from conference.db.base import db
from conference.db.work import counted_statements
from conference.mail.model import LinkOrder
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.mail import make_due, outbox_row, queue_note
from tests.factories.web import token_of


def test_the_list_shows_each_mail_with_its_fate(app: Flask, client: FlaskClient) -> None:
    failed = queue_note(app, recipient="jan@lab.example", name="Jan <b>")
    make_due(failed, state="failed", last_answer="550 no such user", attempts=3)
    sign_in(client, Role.VIEWER)
    page = client.get("/staff/mails")
    for shown in (
        "Jan &lt;b&gt;",
        "jan@lab.example",
        "550 no such user",
        '<span class="state error">Refused</span>',
        "1 mail\n",
        "Refused: 1",
    ):
        assert shown in page.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=LAB.example", ["jan@lab.example"]),
        ("q=lind", ["asa@clinic.example"]),
        ("q=%25", []),
        ("state=failed", ["jan@lab.example"]),
        ("state=nonsense", ["asa@clinic.example", "jan@lab.example"]),
        ("q=jan&state=queued", []),
        ("q=note+jan", ["jan@lab.example"]),
        ("state=failed&state=queued", ["asa@clinic.example", "jan@lab.example"]),
        ("kind=note&language=en&state=failed", ["jan@lab.example"]),
        ("kind=confirmation", []),
        ("language=sv", []),
        ("from=2020-01-01&to=9998-12-31", ["asa@clinic.example", "jan@lab.example"]),
        ("to=2020-01-01", []),
        ("from=9998-01-01", []),
        ("from=0001-01-01&to=9999-12-31", ["asa@clinic.example", "jan@lab.example"]),
        ("q=%00lab%00&kind=%00", ["jan@lab.example"]),
        ("q=%5C", []),
        ("q=_", []),
        ("only=late", []),
        ("only=came-back", []),
        ("page=99", ["asa@clinic.example", "jan@lab.example"]),
        ("page=x", ["asa@clinic.example", "jan@lab.example"]),
    ],
)
def test_the_list_is_searched_and_filtered(
    app: Flask, client: FlaskClient, query: str, found: list[str]
) -> None:
    queue_note(app)
    make_due(queue_note(app, recipient="jan@lab.example", name="Jan"), state="failed")
    sign_in(client, Role.DESK)
    text = client.get(f"/staff/mails?{query}").text
    shown = [address for address in ("asa@clinic.example", "jan@lab.example") if address in text]
    assert shown == found
    assert ("No mail matches." in text) == (not found)


def test_the_list_asks_as_often_for_one_mail_as_for_sixty(app: Flask, client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    client.get("/staff/mails")  # the page's frame keeps some facts from here on
    counts = []
    for number in (1, 59):
        for _ in range(number):
            queue_note(app)
        with counted_statements() as statements:
            page = client.get("/staff/mails")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 6
    assert "Page 1 of 2" in page.text
    assert "/staff/mails?page=2" in page.text
    assert client.get("/staff/mails?page=2").text.count("Note for") == 10


@pytest.mark.parametrize("query", ["state=nonsense", "only=x", "from=yesterday", "to=9999-12-31"])
def test_a_filter_that_cannot_be_read_is_told(app: Flask, client: FlaskClient, query: str) -> None:
    queue_note(app)
    sign_in(client, Role.DESK)
    assert "Clear the filter</a>" in client.get(f"/staff/mails?{query}").text
    assert "Clear the filter</a>" not in client.get("/staff/mails").text


def test_counts_and_pages_keep_the_other_filters(app: Flask, client: FlaskClient) -> None:
    for _ in range(51):
        queue_note(app)
    make_due(queue_note(app, recipient="jan@lab.example", name="Jan"), state="failed")
    sign_in(client, Role.DESK)
    text = client.get("/staff/mails?q=note&kind=note&from=2020-01-01").text
    assert ("In the queue: 51" in text, "Refused: 1" in text, "52 mails" in text) == (True, True, True)
    kept = "q=note&amp;{}kind=note&amp;from=2020-01-01"
    assert f'href="/staff/mails?{kept.format("state=failed&amp;")}"' in text
    assert f'href="/staff/mails?page=2&amp;{kept.format("")}"' in text
    assert "In the queue: 51" in client.get("/staff/mails?state=failed&q=note").text


def test_an_empty_list_says_what_comes_here(client: FlaskClient) -> None:
    sign_in(client, Role.VIEWER)
    assert "No mail has been written yet." in client.get("/staff/mails").text


def test_one_mail_is_shown_with_its_link_masked(app: Flask, client: FlaskClient) -> None:
    mail_id = queue_note(app, name="{{7*7}} <i>", link=LinkOrder(kind="nobody", ref={}))
    sign_in(client, Role.DESK)
    page = client.get(f"/staff/mails/{mail_id}")
    assert "Dear {{7*7}} &lt;i&gt;," in page.text
    assert "(personal link)" in page.text
    assert str(outbox_row(mail_id)["link_slot"]) not in page.text


def test_a_viewer_sees_the_fate_but_not_the_text(app: Flask, client: FlaskClient) -> None:
    mail_id = queue_note(app)
    make_due(mail_id, state="held", last_answer="OSError: no font")
    sign_in(client, Role.VIEWER)
    page = client.get(f"/staff/mails/{mail_id}")
    assert "OSError: no font" in page.text
    assert "this is a note" not in page.text
    assert "Send again now" not in page.text


def test_an_unknown_mail_is_not_found(client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    assert client.get("/staff/mails/999").status_code == 404
    token = token_of(client, "/staff/mails")
    assert client.post("/staff/mails/999/retry", data={"csrf_token": token}).status_code == 404


@pytest.mark.parametrize("state", ["failed", "held", "retrying"])
def test_a_mail_that_did_not_go_is_sent_again(app: Flask, client: FlaskClient, state: str) -> None:
    mail_id = queue_note(app)
    make_due(mail_id, state=state, attempts=7)
    staff_id = sign_in(client, Role.DESK)
    url = f"/staff/mails/{mail_id}"
    answer = client.post(f"{url}/retry", data={"csrf_token": token_of(client, url)})
    assert (answer.status_code, answer.location) == (303, url)
    row = outbox_row(mail_id)
    assert (row["state"], row["attempts"]) == ("queued", 0)
    (entry,) = history_of("mail", mail_id)
    assert (entry.action, entry.actor) == ("sent again", Actor(kind="staff", id=staff_id))


@pytest.mark.parametrize("state", ["queued", "running", "done"])
def test_a_mail_that_is_on_its_way_is_not_sent_again(app: Flask, client: FlaskClient, state: str) -> None:
    mail_id = queue_note(app)
    make_due(mail_id, state=state, attempts=1)
    sign_in(client, Role.ORGANISER)
    token = token_of(client, f"/staff/mails/{mail_id}")
    answer = client.post(f"/staff/mails/{mail_id}/retry", data={"csrf_token": token})
    assert answer.status_code == 409
    assert "This mail is sent or is in the queue already." in answer.text
    assert (outbox_row(mail_id)["state"], outbox_row(mail_id)["attempts"]) == (state, 1)


def test_a_stale_token_sends_nothing(app: Flask, client: FlaskClient) -> None:
    mail_id = queue_note(app)
    make_due(mail_id, state="failed")
    sign_in(client, Role.DESK)
    assert client.post(f"/staff/mails/{mail_id}/retry", data={"csrf_token": "x"}).status_code == 400
    assert outbox_row(mail_id)["state"] == "failed"


@pytest.mark.parametrize(
    ("role", "status"), [(None, 401), (Role.VIEWER, 403), (Role.DESK, 303), (Role.PROGRAMME, 303)]
)
def test_who_may_send_again(app: Flask, client: FlaskClient, role: Role | None, status: int) -> None:
    mail_id = queue_note(app)
    make_due(mail_id, state="failed")
    if role is not None:
        sign_in(client, role)
    with client.session_transaction() as cookie:
        cookie["csrf"] = "known"
    answer = client.post(f"/staff/mails/{mail_id}/retry", data={"csrf_token": "known"})
    assert answer.status_code == status
    db.session.rollback()
    assert outbox_row(mail_id)["state"] == ("queued" if status == 303 else "failed")


@pytest.mark.parametrize("path", ["/staff/mails", "/staff/mails/1"])
def test_nobody_reads_mails_without_signing_in(app: Flask, client: FlaskClient, path: str) -> None:
    queue_note(app)
    answer = client.get(path)
    assert (answer.status_code, answer.location) == (303, f"/staff/sign-in?next={path}")
