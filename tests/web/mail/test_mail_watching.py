"""The banner of the office's pages, and the same figures at /readyz and /metrics."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.app import create_app
from conference.core.clock import real_now
from conference.core.ids import MailId
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.mail.bounces import note
from conference.mail.model import Rank
from conference.mail.reports import read_report
from conference.mail.rules import MOST_FAILURES_AN_HOUR, mails_pile_up
from conference.mail.tables import AttemptRow
from conference.web.access import Role
from tests.conftest import FreshClient, settings_for
from tests.factories.accounts import sign_in
from tests.factories.mail import make_due, queue_note
from tests.factories.reports import report_of

TOKEN = "a-token-of-a-prometheus-server-0123456789"
LATE, MANY = "and are not sent: no worker runs", "Many mails were refused or held back"


_METRICS = [
    "# HELP conference_mails Mails in the outbox, by state.",
    "# TYPE conference_mails gauge",
    'conference_mails{state="queued"} 0',
    'conference_mails{state="sending"} 0',
    'conference_mails{state="retrying"} 0',
    'conference_mails{state="sent"} 1',
    'conference_mails{state="failed"} 0',
    'conference_mails{state="cancelled"} 0',
    'conference_mails{state="held"} 0',
    'conference_mails{state="paused"} 0',
    "# HELP conference_mail_oldest_due_seconds For how long the oldest mail about one's own registration has been due that no worker took up.",
    "# TYPE conference_mail_oldest_due_seconds gauge",
    "conference_mail_oldest_due_seconds 0.0",
    "# HELP conference_mail_campaign_oldest_due_seconds The same of mails to many, which the limits of a minute may keep for hours.",
    "# TYPE conference_mail_campaign_oldest_due_seconds gauge",
    "conference_mail_campaign_oldest_due_seconds 0.0",
    "# HELP conference_mail_late Whether mails wait that should have gone: 1 as the banner and /readyz say it, or 0.",
    "# TYPE conference_mail_late gauge",
    "conference_mail_late 0",
    "# HELP conference_mail_attempts_last_hour Tries to send a mail that ended within the last hour, by what the mail was after it.",
    "# TYPE conference_mail_attempts_last_hour gauge",
    'conference_mail_attempts_last_hour{outcome="sent"} 2',
    'conference_mail_attempts_last_hour{outcome="retrying"} 0',
    'conference_mail_attempts_last_hour{outcome="failed"} 0',
    'conference_mail_attempts_last_hour{outcome="held"} 0',
    "# HELP conference_mail_bounces Mails reported back, by kind.",
    "# TYPE conference_mail_bounces gauge",
    'conference_mail_bounces{kind="hard"} 1',
    'conference_mail_bounces{kind="noted"} 0',
]


def try_to_send(mail_id: MailId, state: str, minutes_ago: float, times: int = 1) -> None:
    ended = real_now() - timedelta(minutes=minutes_ago)
    rows = [
        AttemptRow(mail_id=mail_id, owner="w", began_at=ended, ended_at=ended, state=state, answer="550 no")
        for _ in range(times)
    ]
    transact(lambda session: session.add_all(rows))


def banners(client: FlaskClient, url: str = "/staff/mails") -> list[str]:
    text = client.get(url).text
    return [words for words in (LATE, MANY) if words in text]


@pytest.mark.parametrize(
    ("state", "minutes", "shown"), [("queued", 11, True), ("queued", 9, False), ("retrying", 11, True), ("held", 11, False), ("done", 11, False)]
)  # fmt: skip
def test_a_queue_that_is_late_is_told_on_each_page(
    app: Flask, client: FlaskClient, state: str, minutes: int, shown: bool
) -> None:
    make_due(queue_note(app), state=state, due_at=real_now() - timedelta(minutes=minutes))
    sign_in(client, Role.VIEWER)
    assert banners(client) == ([LATE] if shown else [])
    assert banners(client, "/staff/") == ([LATE] if shown else [])
    listed = client.get("/staff/mails?only=late").text
    assert ("Note for" in listed) == shown
    assert ('href="/staff/mails?only=late"' in client.get("/staff/").text) == shown


def test_a_lease_that_is_long_over_is_late_too(app: Flask, client: FlaskClient) -> None:
    past = real_now() - timedelta(minutes=11)
    make_due(queue_note(app), state="running", lease_owner="w", lease_until=past, due_at=past)
    sign_in(client, Role.VIEWER)
    assert banners(client) == [LATE]


@pytest.mark.parametrize(
    ("settled_minutes_ago", "is_in_hand", "is_late"),
    [(1, False, False), (9, False, False), (11, True, False), (11, False, True), (None, False, True)],
)
def test_a_campaign_within_its_limits_is_not_late_and_one_that_nobody_sends_is(
    app: Flask, client: FlaskClient, settled_minutes_ago: float | None, *, is_in_hand: bool, is_late: bool
) -> None:
    long_ago = real_now() - timedelta(minutes=25)
    mail_id = queue_note(app, rank=Rank.CAMPAIGN)
    make_due(mail_id, due_at=long_ago)
    sent = queue_note(app, rank=Rank.CAMPAIGN)
    make_due(sent, state="done", due_at=long_ago)
    if settled_minutes_ago is not None:
        try_to_send(sent, "done", settled_minutes_ago)
    if is_in_hand:
        later = real_now() + timedelta(minutes=1)
        make_due(sent, state="running", lease_owner="w", lease_until=later)
    sign_in(client, Role.VIEWER)
    assert banners(client) == ([LATE] if is_late else [])
    answer = client.get("/readyz")
    assert answer.json is not None
    figures = answer.json["figures"]["mail"]
    assert (answer.status_code, figures["late"]) == ((503, 1) if is_late else (200, 0))
    assert (figures["oldest_due_s"], 1500 <= figures["campaign_oldest_due_s"] < 1600) == (0.0, True)
    assert f"conference_mail_late {int(is_late)}\n" in client.get("/metrics").text


def test_a_confirmation_is_late_however_busily_a_campaign_is_sent(app: Flask, client: FlaskClient) -> None:
    mail_id = queue_note(app)
    try_to_send(queue_note(app, rank=Rank.CAMPAIGN), "done", 0.1)
    make_due(mail_id, due_at=real_now() - timedelta(minutes=11))
    sign_in(client, Role.VIEWER)
    assert (banners(client), client.get("/readyz").status_code) == ([LATE], 503)


def test_failures_are_told_when_they_are_many_and_recent(app: Flask, client: FlaskClient) -> None:
    mail_id = queue_note(app)
    sign_in(client, Role.DESK)
    try_to_send(mail_id, "failed", 61, times=9)
    try_to_send(mail_id, "retrying", 1, times=9)
    try_to_send(mail_id, "failed", 1, times=MOST_FAILURES_AN_HOUR)
    assert banners(client) == []
    try_to_send(mail_id, "held", 1)
    assert banners(client) == [MANY]
    assert 'href="/staff/mails?state=failed&amp;state=held"' in client.get("/staff/").text


def test_the_rule_of_many() -> None:
    assert [mails_pile_up(count) for count in (0, 5, 6)] == [False, False, True]


def test_the_banner_costs_one_statement_and_nothing_in_public(app: Flask, client: FlaskClient) -> None:
    sign_in(client, Role.VIEWER)
    for url, most in (("/staff/password", 1), ("/", 0), ("/staff/sign-in", 0)):
        client.get(url)
        with counted_statements() as statements:
            client.get(url)
        assert len([one for one in statements if "mail_attempt" in one or "outbox" in one]) == most, url


def test_readyz_tells_the_same_figures_and_failures_stop_nothing(app: Flask, client: FlaskClient) -> None:
    mail_id = queue_note(app)
    make_due(mail_id, due_at=real_now() - timedelta(minutes=5))
    try_to_send(mail_id, "failed", 1, times=9)
    answer = client.get("/readyz")
    assert answer.json is not None
    figures = answer.json["figures"]["mail"]
    assert (answer.status_code, answer.json["status"], figures["given_up_last_hour"]) == (200, "ready", 9)
    assert 300 <= figures["oldest_due_s"] < 400


def test_metrics_are_figures_that_prometheus_reads(app: Flask, client: FlaskClient) -> None:
    mail_id = queue_note(app)
    report = read_report(report_of(mail_id))
    db.session.rollback()
    transact(lambda session: note(session, report, now=real_now()))
    make_due(mail_id, state="done")
    try_to_send(mail_id, "done", 1, times=2)
    try_to_send(mail_id, "done", 61)
    sign_in(client, Role.VIEWER)
    answer = client.get("/metrics")
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.text.splitlines()[: len(_METRICS)] == _METRICS


@pytest.mark.parametrize(
    ("set_to", "sent", "status"),
    [
        (TOKEN, f"Bearer {TOKEN}", 200),
        (TOKEN, f"bearer {TOKEN} ", 200),
        (TOKEN, f"Bearer {TOKEN}x", 401),
        (TOKEN, "Bearer ", 401),
        (TOKEN, "Bearer å", 401),
        (TOKEN, f"Basic {TOKEN}", 303),
        (TOKEN, "", 303),
        ("", "Bearer ", 401),
        ("", f"Bearer {TOKEN}", 401),
    ],
)
def test_metrics_are_for_staff_and_for_the_token(
    sqlite_url: str, tmp_path: Path, set_to: str, sent: str, status: int
) -> None:
    app = create_app(settings_for(sqlite_url, tmp_path, METRICS_TOKEN=set_to))
    app.test_client_class = FreshClient
    with app.app_context():
        client = app.test_client()
        headers = {"Authorization": sent} if sent else {}
        assert client.get("/metrics", headers=headers).status_code == status
        # The token opens nothing else.
        assert client.get("/staff/mails", headers=headers).status_code == 303
        db.session.remove()
        db.engine.dispose()
