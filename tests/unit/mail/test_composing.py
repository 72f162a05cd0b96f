import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from conference.core.clock import real_now
from conference.mail.composing import Letter, Message, wire_address
from conference.mail.delivery import init_delivery
from conference.mail.rules import name_and_address, one_line
from tests.factories.mail import name_shown, read_back, taken_of

NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=120)


@pytest.fixture(scope="module")
def bare() -> Flask:
    """Flask-Mail composes only where there is an application; this one has nothing else."""
    app = Flask("bare")
    init_delivery(app)
    return app


def _letter(recipient_name: str = "", subject: str = "s", text: str = "") -> Letter:
    return Letter(
        sender="Åsa, the office <office@conference.example>",
        reply_to="",
        recipient="asa@clinic.example",
        recipient_name=recipient_name,
        subject=subject,
        text=text,
        html=text,
        message_id="<1@conference.example>",
        written_at=real_now(),
    )


@settings(max_examples=200, deadline=None)
@given(name=NAMES)
def test_any_name_survives_the_way_to_the_reader(bare: Flask, name: str) -> None:
    line = one_line(f"x {name} y")
    with bare.app_context():
        content = Message(_letter(line, line, line)).as_bytes()
    mail = read_back(content)
    assert (name_shown(mail), mail["To"].addresses[0].addr_spec) == (
        line,
        "asa@clinic.example",
    )
    assert mail["From"].addresses[0].display_name == "Åsa, the office"
    assert str(mail["Subject"]) == line
    assert taken_of(mail, "plain").rstrip("\n") == line
    assert content.isascii()
    assert max(len(wire) for wire in content.splitlines()) <= 998


def test_bad_headers_are_refused_wherever_they_stand(bare: Flask) -> None:
    with bare.app_context():
        message = Message(_letter())
    assert not message.has_bad_headers()
    message.extra_headers = {"X-Note": "a\r\nBcc: e@f.example"}
    assert message.has_bad_headers()


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("a@b.example", ("", "a@b.example")),
        ("Office <a@b.example>", ("Office", "a@b.example")),
        ('"Office, the" <a@b.example>', ("Office, the", "a@b.example")),
        ("Office, the <a@b.example>", ("Office, the", "a@b.example")),
    ],
)
def test_a_sender_may_be_written_with_a_name(written: str, parts: tuple[str, str]) -> None:
    assert name_and_address(written) == parts


def test_a_domain_goes_by_idna_2008() -> None:
    assert wire_address("jörg@straße.example") == "jörg@xn--strae-oqa.example"
    assert wire_address("a@Clinic.example") == "a@Clinic.example"
