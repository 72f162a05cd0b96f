"""A mail that kills its worker each time is held after five of them; other mails outlive a killed worker."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.core.clock import real_now
from conference.core.ids import MailId
from conference.jobs.model import JobState
from conference.mail import outbox
from conference.mail.model import Attachment, AttachmentOrder
from conference.mail.outbox import deliver
from conference.mail.registry import attachment_makers
from conference.mail.rules import LOST_TOO_OFTEN, MOST_LOST_LEASES
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.mail import make_due, outbox_row, queue_note
from tests.factories.smtp import mailserver, send_through
from tests.factories.web import token_of

DEADLY = AttachmentOrder(kind="deadly", facts={})


@pytest.fixture
def deadly(app: Flask) -> Iterator[MailId]:
    """A mail whose attachment ends the process that makes it: nothing is settled, as with a kill."""

    def die(_facts: object) -> Attachment:
        raise SystemExit

    attachment_makers.fill("deadly", die)
    yield queue_note(app, attachments=(DEADLY,))
    attachment_makers._entries.pop("deadly")


def lose(mail_id: MailId, times: int = 1) -> None:
    """Let so many workers die with this mail in hand, and their leases run out."""
    for number in range(times):
        with pytest.raises(SystemExit):
            deliver(mail_id, f"worker {number}")
        assert outbox_row(mail_id)["state"] == "running"
        make_due(mail_id, lease_until=real_now() - timedelta(seconds=1))


def fate(mail_id: MailId) -> tuple[object, ...]:
    row = outbox_row(mail_id)
    return row["state"], row["attempts"], row["last_answer"], row["lease_owner"]


def test_after_five_lost_leases_a_mail_is_held_and_says_why(app: Flask, deadly: MailId) -> None:
    lose(deadly, MOST_LOST_LEASES)
    assert deliver(deadly, "the next") == JobState.HELD
    assert fate(deadly) == ("held", 5, LOST_TOO_OFTEN, None)
    assert deliver(deadly, "another") is None


def test_control_without_the_limit_it_costs_a_sixth_worker(
    app: Flask, deadly: MailId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "MOST_LOST_LEASES", 100)
    lose(deadly, MOST_LOST_LEASES + 1)


def test_a_held_mail_is_released_by_the_office_and_has_five_lives_again(
    app: Flask, client: FlaskClient, deadly: MailId
) -> None:
    lose(deadly, MOST_LOST_LEASES)
    deliver(deadly, "the next")
    sign_in(client, Role.ORGANISER)
    url = f"/staff/mails/{deadly}"
    page = client.get(url).text
    assert LOST_TOO_OFTEN in page
    assert "the last answer says why. Once the cause is mended, send it again." in page
    assert client.post(f"{url}/retry", data={"csrf_token": token_of(client, url)}).status_code == 303
    lose(deadly, MOST_LOST_LEASES)
    assert deliver(deadly, "the last") == JobState.HELD


def test_four_lost_leases_hold_nothing(app: Flask) -> None:
    mail_id = queue_note(app)
    make_due(mail_id, state="running", attempts=4, lease_until=real_now() - timedelta(seconds=1))
    with mailserver() as server:
        send_through(app, server.port)
        assert deliver(mail_id, "me") == JobState.DONE
    assert fate(mail_id) == ("done", 5, "250 taken", None)


def test_tries_that_a_server_answered_are_no_lost_leases(app: Flask, deadly: MailId) -> None:
    make_due(deadly, state="retrying", attempts=30, last_answer="421 closing")
    lose(deadly, MOST_LOST_LEASES)
    assert deliver(deadly, "the next") == JobState.HELD


def test_an_answer_ends_the_row_of_lost_leases(app: Flask, deadly: MailId) -> None:
    lose(deadly, MOST_LOST_LEASES - 1)
    make_due(deadly, state="retrying", last_answer="421 closing")
    lose(deadly, MOST_LOST_LEASES)
    assert deliver(deadly, "the next") == JobState.HELD
