import smtplib
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.app import create_app
from conference.demo.letters import letters
from conference.demo.mailbox import start_mailbox, stop_mailbox
from conference.jobs.model import JobState
from conference.mail.outbox import deliver
from tests.conftest import settings_for
from tests.factories.mail import queue_note
from tests.factories.smtp import send_through


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    number = start_mailbox(tmp_path / "mailbox")
    yield number
    stop_mailbox(number)


def _put(port: int, folder: Path, **parts: str) -> str:
    """Send a mail to the mailbox by SMTP and return its name there."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@b.example", "c@d.example", parts.get("subject", "A letter")
    mail.set_content(parts.get("text", "Plain words"))
    mail.add_alternative(parts.get("html", "<head></head><p>Rich words</p>"), subtype="html")
    mail.add_attachment(b"<script>alert(1)</script>", maintype="text", subtype="html", filename="x.html")
    with smtplib.SMTP("127.0.0.1", port, "localhost", timeout=60) as server:
        server.send_message(mail)
    return letters(folder / "mailbox")[0].name


def test_a_mail_of_the_outbox_arrives_and_is_shown(
    app: Flask, client: FlaskClient, port: int, tmp_path: Path
) -> None:
    assert "No mail has arrived." in client.get("/demo/mailbox").text
    send_through(app, port)
    name = "Maximiliane-Sophie Exempelberger-Musterhausen-von-Beispielstätten, MD"
    assert deliver(queue_note(app, name=name), "me") == JobState.DONE
    (letter,) = letters(tmp_path / "mailbox")
    assert (letter.to, letter.subject) == (f"{name} <asa@clinic.example>", f"Note for {name}")
    assert f"Note for {name}" in client.get("/demo/mailbox").text
    page = client.get(f"/demo/mailbox/{letter.name}")
    assert f"Dear {name}," in page.text
    assert letter.message_id.strip("<>") in page.text


def test_an_address_beyond_ascii_arrives(app: Flask, port: int, tmp_path: Path) -> None:
    send_through(app, port)
    assert deliver(queue_note(app, recipient="jörg@clinic.example"), "me") == JobState.DONE
    assert letters(tmp_path / "mailbox")[0].to == "Åsa Lind <jörg@clinic.example>"


def test_links_of_the_text_can_be_followed_and_markup_cannot_act(
    client: FlaskClient, port: int, tmp_path: Path
) -> None:
    name = _put(
        port, tmp_path, text="Open http://localhost/r/abc now <script>alert(1)</script>", subject="<i>"
    )
    page = client.get(f"/demo/mailbox/{name}")
    assert '<a href="http://localhost/r/abc"' in page.text
    assert "<script>" not in page.text
    assert "&lt;i&gt;" in page.text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]


def test_the_html_part_is_shown_without_rights(client: FlaskClient, port: int, tmp_path: Path) -> None:
    name = _put(port, tmp_path)
    part = client.get(f"/demo/mailbox/{name}/html")
    assert part.text.strip() == '<head><base target="_top"></head><p>Rich words</p>'
    policy = part.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert policy.endswith("sandbox allow-top-navigation-by-user-activation")


def test_an_attachment_is_a_download(client: FlaskClient, port: int, tmp_path: Path) -> None:
    name = _put(port, tmp_path)
    file = client.get(f"/demo/mailbox/{name}/attachment/1")
    assert file.data == b"<script>alert(1)</script>"
    assert file.headers["Content-Disposition"] == "attachment; filename=x.html"
    assert client.get(f"/demo/mailbox/{name}/attachment/2").status_code == 404
    assert client.get(f"/demo/mailbox/{name}/attachment/0").status_code == 404


@pytest.mark.parametrize("name", ["nothing", "20220905-080000-000000-0", "..", "%2e%2e%2fconference"])
def test_what_is_no_letter_is_not_found(client: FlaskClient, name: str) -> None:
    assert client.get(f"/demo/mailbox/{name}").status_code == 404


def test_production_has_no_mailbox(tmp_path: Path) -> None:
    settings = settings_for(f"sqlite:///{tmp_path / 'none.sqlite3'}", tmp_path)
    paths = {rule.rule for rule in create_app(replace(settings, mode="production")).url_map.iter_rules()}
    assert "/staff/mails" in paths
    assert not {path for path in paths if path.startswith("/demo")}
