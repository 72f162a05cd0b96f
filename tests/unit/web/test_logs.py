"""Nothing that names a person or opens a door reaches the log (trust.md 26)."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.core.links import one_time, sign, sign_word
from conference.web.logs import JsonLines, PlainLines, configure_logs, scrubbed

SECRET = "a-secret-key-of-more-than-32-characters"
# As `core.ids.new_token` makes them, and the same in each process that collects the tests.
TOKEN = "NPt8TZg7s1jaNezM9mJ3NLGY_nT2QrMx4jiXmNynrSc"
LINK = sign(SECRET, "registration", 17, 1)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("Refused: asa.lindstrom+x@lab.example said no", "asa.lindstrom"),
        ("to <åsa@sjukhus.example>: 550", "sjukhus"),
        ("GET /lost?email=asa%40lab.example&x=1", "asa"),
        (f"GET /r/{LINK}/withdraw", LINK),
        (f"GET /speaker/{LINK}?in=sv", LINK),
        (f"broken at {LINK}", LINK),
        (f"GET /staff/link/{TOKEN}", TOKEN),
        ("the word " + one_time(SECRET, "staff", "n"), one_time(SECRET, "staff", "n")),
        ("unsubscribe " + sign_word(SECRET, "news", "a" * 40), sign_word(SECRET, "news", "a" * 40)),
        ("Authorization: Bearer abc.def", "abc.def"),
        ("password=hunter2 was refused", "hunter2"),
        ("postgresql+psycopg://office:s3cret@db/name", "s3cret"),
        ("file 0123456789abcdef0123456789abcdef.pdf", "0123456789abcdef"),
        ("peer 192.0.2.7:5000 closed", "192.0.2.7"),
        ("peer 2001:db8:1:2::77 closed", "2001:db8"),
    ],
)
def test_what_is_personal_or_opens_a_door_is_masked(text: str, secret: str) -> None:
    assert secret not in scrubbed(text)


@pytest.mark.parametrize(
    "text",
    [
        "mail 17 is failed; the office's list of mails says why",
        "conference.jobs.worker: OperationalError, will look again",
        "a_name_of_our_own_with_many_words_in_it is not masked",
        "version 18.6.3 at 2022-09-05T08:00:00+02:00",
    ],
)
def test_what_says_nothing_of_anybody_stays(text: str) -> None:
    assert scrubbed(text) == text


@given(st.text())
def test_a_line_is_one_line_of_plain_letters(text: str) -> None:
    line = JsonLines().format(logging.LogRecord("x", logging.ERROR, "", 0, text.replace("%", ""), (), None))
    assert "\n" not in line
    assert line.isascii()
    assert line.isprintable()
    told = json.loads(line)
    assert all(one.isprintable() or one.isspace() for one in told["message"]) or not text.isprintable()
    assert not set(told["message"]) & set("\r\n\t\x00\x1b\x7f\x85\u2028")


def record(text: str, *arguments: object) -> logging.LogRecord:
    return logging.LogRecord("conference.x", logging.WARNING, "", 0, text, arguments, None)


def test_a_forged_line_stays_within_its_own() -> None:
    forged = "x\r\n2022-09-05 ERROR conference: all is lost\x1b[31m"
    assert json.loads(JsonLines().format(record("name %s", forged)))["trace"] == [
        "2022-09-05 ERROR conference: all is lost [31m"
    ]
    assert PlainLines().format(record("name %s", forged)).splitlines()[1].startswith("    2022-09-05")


def test_a_message_that_does_not_fit_its_arguments_is_still_told() -> None:
    assert json.loads(JsonLines().format(record("%d of", "x")))["message"] == "%d of"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root, ours = logging.getLogger(), logging.getLogger("conference")
    kept = (root.handlers[:], root.level, ours.level)
    stream = io.StringIO()
    configure_logs("json", stream=stream)
    yield stream
    root.handlers[:], root.level, ours.level = kept[0], kept[1], kept[2]
    logging.captureWarnings(capture=False)


def test_an_error_carries_its_trace_and_not_the_databases_words(stream: io.StringIO) -> None:
    class IntegrityError(Exception):
        __module__ = "sqlalchemy.exc"

    def breaking() -> None:
        raise IntegrityError("Key (email)=(asa@lab.example) exists")

    try:
        breaking()
    except IntegrityError:
        logging.getLogger("conference.x").exception("broken")
    told = json.loads(stream.getvalue())
    assert told["message"] == "broken"
    assert told["trace"][-1] == "IntegrityError: sqlstate None"
    assert "lab" not in stream.getvalue()


def test_libraries_tell_from_a_warning_on(stream: io.StringIO) -> None:
    logging.getLogger("werkzeug").info("GET /r/token")
    logging.getLogger("conference.x").info("ours")
    assert [json.loads(line)["message"] for line in stream.getvalue().splitlines()] == ["ours"]
