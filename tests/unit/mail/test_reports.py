from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.mail.reports import MOST_BYTES, NotAReportError, Report, Reported, read_report
from tests.factories.reports import a_report, block

ID = "<0123456789abcdef@conference.example>"


def said(*addresses: str, **values: str) -> Reported:
    usual = {"action": "failed", "status": "5.1.1", "diagnostic": "550 No such user"}
    return Reported(addresses=frozenset(addresses), **(usual | values))


@pytest.mark.parametrize("whole", [False, True])
def test_a_report_names_mail_recipient_and_fate(whole: bool) -> None:
    read = read_report(a_report(ID, [block("Asa@Clinic.example")], whole=whole))
    assert read == Report(message_id=ID, recipients=(said("asa@clinic.example"),))
    assert read.recipients[0].is_hard


def test_each_recipient_is_read_with_its_original_address() -> None:
    first = "Original-Recipient: rfc822;asa@clinic.example\r\n" + block("<asa@inner.example>")
    second = block("bo@clinic.example", "delayed", "4.4.1 (no answer)", "smtp; 421 wait")
    read = read_report(a_report(ID, [first, second]))
    assert read.recipients == (
        said("asa@clinic.example", "asa@inner.example"),
        said("bo@clinic.example", action="delayed", status="4.4.1", diagnostic="421 wait"),
    )


@pytest.mark.parametrize(
    "recipient",
    ["utf-8; Åsa@Klinik.example", r"utf-8; \x{C5}sa@klinik.example", "rfc822; Åsa@klinik.example"],
)
def test_an_address_beyond_ascii_is_read_from_a_global_report(recipient: str) -> None:
    """RFC 6533, with an answer in its own letters."""
    fields = f"Final-Recipient: {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 finns inte: åsa\r\n"
    written = a_report(ID, [fields]).replace(b"message/delivery-status", b"Message/Global-Delivery-Status")
    (found,) = read_report(written).recipients
    assert found == said("åsa@klinik.example", diagnostic="550 finns inte: åsa")


@pytest.mark.parametrize("number", ["D800", "DFFF", "110000", "FFFFFF"])
def test_a_number_that_is_no_letter_stays_as_it_was_written(number: str) -> None:
    fields = f"Final-Recipient: utf-8; a\\x{{{number}}}@klinik.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    (found,) = read_report(a_report(ID, [fields])).recipients
    assert found.addresses == {f"a\\x{{{number.lower()}}}@klinik.example"}


@pytest.mark.parametrize(
    ("action", "status", "is_hard", "weight"),
    [
        ("failed", "5.1.1", True, 2),
        ("failed", "5.1.2", True, 2),
        ("failed", "5.1.10", True, 2),
        ("failed", "5.2.1", True, 2),
        ("failed", "5.1.7", False, 1),
        ("failed", "5.1.8", False, 1),
        ("failed", "5.2.2", False, 1),
        ("failed", "5.2.10", False, 1),
        ("failed", "5.3.4", False, 1),
        ("failed", "5.4.1", False, 1),
        ("failed", "5.6.1", False, 1),
        ("failed", "5.7.1", False, 1),
        ("failed", "5.0.0", False, 1),
        ("failed", "4.4.7", False, 1),
        ("delayed", "4.2.2", False, 0),
        ("delayed", "5.0.0", False, 0),
        ("delivered", "2.0.0", False, 0),
    ],
)
def test_only_what_failed_for_good_is_hard(action: str, status: str, is_hard: bool, weight: int) -> None:
    one = said("a@b.example", action=action, status=status)
    assert (one.is_hard, one.weight) == (is_hard, weight)


def test_a_report_that_was_sent_on_as_an_attachment_is_found() -> None:
    inner = a_report(ID, [block("asa@clinic.example")]).decode()
    outer = (
        'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="outer"\r\n\r\n'
        f"--outer\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--outer--\r\n"
    )
    assert read_report(outer.encode()).message_id == ID


GARBAGE = {
    "nothing": (b"", "it is no delivery status notification"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "it is no delivery status notification"),
    "a plain mail": (b"Subject: Hej\r\n\r\nHej", "it is no delivery status notification"),
    "no headers returned": (
        a_report(ID, [block("a@b.example")]).replace(b"text/rfc822-headers", b"text/plain"),
        "it returns no headers with a Message-ID",
    ),
    "an ID of nonsense": (
        a_report("<\x00 >", [block("a@b.example")]),
        "it returns no headers with a Message-ID",
    ),
    "an unknown action": (
        a_report(ID, [block("a@b.example", "exploded")]),
        "it names no recipient with an action and a status",
    ),
    "a status of words": (
        a_report(ID, [block("a@b.example", status="bad")]),
        "it names no recipient with an action and a status",
    ),
    "a disposition": (
        a_report(ID, [block("a@b.example")]).replace(b"=delivery-status", b"=disposition-notification"),
        "it is no delivery status notification",
    ),
    "too large": (b"x" * (MOST_BYTES + 1), "it is larger than 2 MB"),
}


@pytest.mark.parametrize("what", GARBAGE)
def test_what_is_no_report_is_refused_in_words(what: str) -> None:
    content, words = GARBAGE[what]
    with pytest.raises(NotAReportError, match=words):
        read_report(content)


def test_multiparts_in_multiparts_end_in_words() -> None:
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(2000)
    )
    with pytest.raises(NotAReportError):
        read_report(nested)


def test_words_of_a_server_are_one_line_that_a_database_takes() -> None:
    raw = a_report(ID, [block("a@b.example", diagnostic="smtp; 550 DIAG")])
    read = read_report(raw.replace(b"DIAG", b"\xff\x00\x07 " + b"x" * 2000))
    words = read.recipients[0].diagnostic
    words.encode()
    assert len(words) == 1000
    assert words.isprintable()


@given(st.binary(max_size=400), st.integers(0, 700))
def test_damaged_reports_are_read_or_refused_and_nothing_else(noise: bytes, place: int) -> None:
    whole = a_report(ID, [block("asa@clinic.example")])
    with suppress(NotAReportError):
        read_report(whole[:place] + noise + whole[place:])
