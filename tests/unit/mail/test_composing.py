import quopri
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conference.core.clock import real_now
from conference.mail.composing import Letter, Message, wire_address
from conference.mail.model import Attachment
from conference.mail.rules import name_and_address, one_line
from conference.mail.wire import text_part
from tests.factories.mail import name_shown, read_back, taken_of

NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=120)


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
def test_any_name_survives_the_way_to_the_reader(name: str) -> None:
    line = one_line(f"x {name} y")
    content = Message(_letter(line, line, line)).wire()
    mail = read_back(content)
    assert (name_shown(mail), mail["To"].addresses[0].addr_spec) == (
        line,
        "asa@clinic.example",
    )
    assert mail["From"].addresses[0].display_name == "Åsa, the office"
    assert str(mail["Subject"]) == line
    assert taken_of(mail, "plain").rstrip("\n") == line
    assert content.isascii()
    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r")
    assert max(len(wire) for wire in content.split(b"\r\n")) <= 998


BREAKS = st.sampled_from(["\r\nBcc: e@f.example", "\n", "\r", "\r\n folded", "\r\n\r\nbody"])


@given(
    end=BREAKS, place=st.sampled_from(["recipient", "recipient_name", "subject", "message_id", "reply_to"])
)
def test_a_line_end_in_a_header_is_refused_wherever_it_stands(end: str, place: str) -> None:
    letter = replace(_letter(), **{place: f"a{end}@b.example"})  # type: ignore[arg-type]  # one of the texts
    if place == "reply_to":  # a setting: name_and_address makes one line of it
        assert read_back(Message(letter).wire())["Bcc"] is None
        return
    with pytest.raises(ValueError, match="line end"):
        Message(letter).wire()


@given(end=BREAKS, place=st.sampled_from(["filename", "content_type"]))
def test_a_line_end_in_a_file_s_name_or_type_is_refused(end: str, place: str) -> None:
    usual = {"filename": "a.txt", "content_type": "text/plain"}
    told = usual | {place: f"text/a{end}"}
    file = Attachment(filename=told["filename"], content_type=told["content_type"], content=b"a")
    with pytest.raises(ValueError, match="line end"):
        Message(replace(_letter(), attachments=[file])).wire()


WRITTEN = st.text(max_size=300)


@settings(max_examples=200, deadline=None)
@given(text=WRITTEN)
def test_any_text_arrives_in_short_lines_of_ascii_but_for_blanks_at_their_ends(text: str) -> None:
    content = text_part("plain", text)
    body = content.partition(b"\r\n\r\n")[2]
    lines = re.split("\r\n|\r|\n", text.rstrip(" \t\r\n\x0b\x0c"))
    assert quopri.decodestring(body).decode().split("\r\n")[:-1] == [line.rstrip(" \t") for line in lines]
    assert content.isascii()
    assert body.count(b"\n") == body.count(b"\r\n")
    assert max(len(line) for line in body.split(b"\r\n")) <= 76


@pytest.mark.parametrize("filename", ["ticket-7.pdf", "räkning 7.pdf", 'a"b.pdf'])
def test_files_stand_beside_what_is_said_and_the_calendar_within(filename: str) -> None:
    paper = Attachment(filename=filename, content_type="application/pdf", content=bytes(range(256)) * 20)
    event = Attachment(
        filename="", content_type="text/calendar; method=REQUEST", content=b"BEGIN", is_beside=True
    )
    mail = read_back(Message(replace(_letter(text="å"), attachments=[paper, event])).wire())
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        *("text/plain", "text/html", "text/calendar"),
        "application/pdf",
    ]
    assert [(part.get_filename(), part.get_content()) for part in mail.iter_attachments()] == [
        (filename, paper.content)
    ]


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


@pytest.mark.parametrize(
    ("changes", "needs"),
    [
        ({}, False),
        ({"recipient": "asa@straße.example", "sender": "Büro <office@müller.example>"}, False),
        ({"recipient": "åsa@clinic.example"}, True),
        ({"envelope_from": "büro@conference.example"}, True),
        ({"sender": "büro@conference.example", "envelope_from": "office@conference.example"}, True),
        ({"reply_to": "Büro <büro@conference.example>"}, True),
    ],
)
def test_smtputf8_is_needed_where_ascii_cannot_write_an_address(changes: dict[str, str], needs: bool) -> None:
    letter = replace(_letter(), **changes)  # type: ignore[arg-type]  # fields that are texts
    assert Message(letter).needs_utf8 is needs
