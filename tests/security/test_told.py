"""What README's Security section tells is what the program does: its figures are those of the code, and nothing is left out."""

import ast
import base64
import hashlib
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from gunicorn.config import Config
from gunicorn.http.parser import RequestParser
from sqlalchemy import func, select

from conference.accounts import attempts, desk_codes, factors, model, passkeys, totp
from conference.accounts.model import Means
from conference.accounts.passwords import hash_password, password_fits
from conference.accounts.tables import StaffRow
from conference.accounts.tokens import token_hash
from conference.api import model as api_model
from conference.api.tables import ApiTokenRow
from conference.app import MAX_POST_BYTES, create_app
from conference.config import SPECS, load_settings
from conference.core import ids, links
from conference.core.sealing import is_newest, seal, unseal
from conference.db.base import db
from conference.db.engines import BUSY_TIMEOUT_S
from conference.mail import reports
from conference.printing import papers
from conference.programme import guide_routes
from conference.registration import file_model
from conference.running.limits import WEB_TIMEOUT_S
from conference.speakers import pictures, slide_kinds
from conference.web import importing_files, numbers
from conference.web.access import Role, public
from conference.web.errors import _on_fault
from tests.factories.accounts import make_member
from tests.security.test_lines import SETTINGS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SECTION = README.split("\n## Security\n", 1)[1].split("\n## ", 1)[0]


def part(name: str) -> str:
    """Return what stands under a name in bold, to the next one."""
    return SECTION.split(f"**{name}", 1)[1].split("\n\n**", 1)[0]


def rows(name: str) -> list[list[str]]:
    """Return the cells of the first table under a name, its heading left out."""
    return table(part(name))


def table(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.startswith(("| ", "|--"))]
    head = next(place for place, line in enumerate(lines) if line.startswith("|--"))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[head + 1 :]]


def hours_of(life: timedelta) -> str:
    hours = life.total_seconds() / 3600
    if hours > 1:
        return f"{hours:g} hours"
    return f"{life.total_seconds() / 60:g} minutes"


def usual(name: str) -> int:
    """Return a setting's usual number for the office's roles."""
    spec = next(one for one in SPECS if one.name == name)
    return int(spec.default.partition(",")[0])


def test_the_readme_tells_the_lives_of_sessions_and_links() -> None:
    lives = [cells[:2] for cells in table(SECTION.split("| what lives", 1)[1].split("\n\n", 1)[0])]
    told = {what.partition(",")[0]: life for what, life in lives}
    assert told == {
        "sign-in": hours_of(timedelta(hours=usual("SESSION_HOURS"))),
        "sign-in that nobody uses": hours_of(timedelta(minutes=usual("SESSION_IDLE_MINUTES"))),
        "fresh sign-in": hours_of(model.FRESH),
        "password given": hours_of(model.PENDING_LIFE),
        "passkey's challenge": hours_of(passkeys.CHALLENGE_LIFE),
        "link of an invitation": hours_of(model.LINK_LIFE),
        "link for a new password": hours_of(model.RESET_LIFE),
    }
    assert "signed in in any number of browsers" in SECTION


def test_the_readme_tells_how_people_sign_in() -> None:
    """Each way that the code knows, each word that no password is made of, and nothing that asks for a mother's name."""
    ways = " ".join(cells[0] for cells in rows("Ways in."))
    for means, words in {
        Means.PASSWORD: "password alone",
        Means.LINK: "mailed sign-in link",
        Means.PASSKEY: "passkey",
        Means.TOTP: "code of an app",
        Means.RECOVERY: "recovery code",
        Means.DESK_CODE: "desk code",
    }.items():
        assert words in ways, means
    assert len(Means) == 6
    assert f"and {', '.join(model.OFFICE_WORDS)}." in " ".join(part("Ways in.").split())
    assert f"{model.PASSWORD_MIN} to {model.PASSWORD_MAX} characters" in SECTION
    names = [name for _, name in personal_names()]
    assert not [name for name in names if re.search(r"hint|secret_question|maiden|security_answer", name)]


def personal_names() -> Iterator[tuple[str, str]]:
    return ((table.name, column.name) for table in db.metadata.tables.values() if table.name.startswith("staff") for column in table.columns)  # fmt: skip


def test_no_password_runs_out(app: Flask) -> None:
    assert "passwords do not run out" in " ".join(SECTION.split())
    assert not [name for _, name in personal_names() if re.search(r"password.*(at|until|expires)$", name)]


def test_a_new_database_has_no_account(app: Flask) -> None:
    assert db.session.scalar(select(func.count()).select_from(StaffRow)) == 0
    assert db.session.scalar(select(func.count()).select_from(ApiTokenRow)) == 0


def test_the_readme_tells_the_limits() -> None:
    text = README.split("| what is tried |", 1)[1].split("\n\n", 1)[0]
    told = {cells[0]: cells[1:] for cells in table("| what is tried |" + text)}
    quarter = "in 15 min"
    assert told["signing in with a password"] == [
        f"{attempts.SIGN_IN_ACCOUNT.most} {quarter}",
        f"{attempts.SIGN_IN_ADDRESS.most} {quarter}",
    ]
    assert told["second factor"][0].startswith(f"{attempts.FACTOR_ACCOUNT.most} {quarter};")
    assert f"{attempts.DESK_ALL.most:,} an hour" in told["desk code"][0]


def mb(count: int) -> str:
    return f"{count // 1_000_000:,} MB"


def test_the_readme_tells_every_upload_with_its_size() -> None:
    told = {cells[0]: " ".join(cells[2:]) for cells in rows("Uploads.")}
    assert told == {
        "any form without a file": f"{mb(MAX_POST_BYTES)} ",
        "files that answer questions": f"{mb(file_model.MOST_BYTES)} drawn anew",
        "portraits": f"{mb(pictures.MOST_BYTES)} {pictures.MOST_PIXELS // 1_000_000} million pixels, drawn anew",
        "slides": f"{mb(slide_kinds.MOST_BYTES)} {mb(slide_kinds.MOST_UNPACKED_BYTES)} in {slide_kinds.MOST_PARTS:,} parts",
        "lists and schedules": f"{mb(importing_files.MAX_BYTES)} {mb(importing_files.MAX_UNPACKED)}, {importing_files.MAX_ROWS:,} rows of {importing_files.MAX_COLUMNS} columns",
        "reports of mails that came back": f"{mb(reports.MOST_BYTES)} ",
    }


def test_the_readme_tells_the_rules_of_input() -> None:
    text = part("Rules of input.")
    assert f"{'ten' if numbers._MOST_DIGITS == 10 else numbers._MOST_DIGITS} digits" in text
    for word in ("NFC", "direction", "IDNA 2008", "zone", "lock", "revision", "remedy"):
        assert word in text


def test_the_readme_tells_the_heavy_work() -> None:
    text = part("Heavy work")
    assert f"({api_model.MOST} in the API)" in text
    assert f"{guide_routes.MOST_HITS} hits" in text
    assert f"{importing_files.MAX_ROWS:,} rows" in text
    assert f"ends after {WEB_TIMEOUT_S} s" in text
    assert f"not had in {BUSY_TIMEOUT_S} s" in text
    assert f"badges beyond {papers.AT_ONCE:,}" in text


def test_the_readme_tells_the_kinds_of_data() -> None:
    kinds = [cells[0].partition(":")[0] for cells in rows("Data by kind.")]
    assert kinds == ["secrets", "sensitive", "personal", "public"]
    assert all(len(cells) == 3 and all(cells) for cells in rows("Data by kind."))


def test_the_readme_tells_every_line_to_others() -> None:
    """Each setting that names a place elsewhere is there, and each library that speaks to one stands in its list of places."""
    told = set(re.findall(r"`CONFERENCE_(\w+)`", part("Lines to others.")))
    elsewhere = {"MAIL_SERVER", "MAIL_OAUTH_TOKEN_URL", "DATABASE_URL", "BROKER_URL", "UPLOADS", "BASE_URL"}
    settings = {name for name in _setting_names() if re.search(r"(SERVER|_URL|_ENDPOINT)$", name)}
    assert settings | elsewhere == told


def _setting_names() -> set[str]:
    from conference.config import SPECS  # beside `load_settings`, its own place for a test

    return {spec.name for spec in SPECS}


def test_the_readme_tells_the_logs() -> None:
    text = part("Logs.")
    loggers = set(re.findall(r"`(conference\.\w+)`", text))
    assert loggers == {"conference.security", "conference.requests"}
    handlers = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "conference").rglob("*.py")
        if re.search(r"logging\.(handlers|FileHandler|\w*Handler)\b|syslog", path.read_text(encoding="utf-8"))
    }
    # Nothing writes a log anywhere but to standard output.
    assert handlers == {"conference/web/logs.py", "conference/web/server_logs.py"}
    assert re.search(r"keep \d+ days", text)


def test_the_readme_tells_how_libraries_are_kept() -> None:
    text = part("Libraries")
    assert re.search(r"within \d+ days, another within \d+", text)
    assert "python -m tests.security audit" in text
    for risky in re.findall(r"Those that .*: (.+)\.", text)[0].split(", "):
        assert risky.lower() in (ROOT / "pyproject.toml").read_text(encoding="utf-8").lower()


# What makes a file one that uses cryptography: keys, digests of integrity, ciphers; not names of kept pages and tags.
_CRYPTO = re.compile(
    r"\bhmac\.new\(|\bFernet\b|AESGCM|PasswordHasher|import webauthn|verify_\w+_response|SessionInterface"
)


def test_the_inventory_of_cryptography_is_whole() -> None:
    told = {place for cells in rows("Keys and algorithms.") for place in cells[2].split(", ")}
    used = {
        path.relative_to(ROOT / "conference").as_posix()
        for path in (ROOT / "conference").rglob("*.py")
        if _CRYPTO.search(path.read_text(encoding="utf-8"))
    }
    assert used - told == set()
    assert {place for place in told if not (ROOT / "conference" / place).is_file()} == set()
    # No other digest is called anywhere: SHA-1 is the app's codes' alone.
    digests: dict[str, set[str]] = {}
    for path in (ROOT / "conference").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id == "hashlib"
            ):
                digests.setdefault(node.attr, set()).add(path.relative_to(ROOT / "conference").as_posix())
    assert set(digests) == {"sha256", "blake2b", "sha1"}
    assert digests["sha1"] == {"accounts/totp.py"}


def test_secrets_have_the_bits_that_are_told() -> None:
    told = {cells[0]: cells[1] for cells in rows("Keys and algorithms.")}
    assert len(ids.CROCKFORD) == 2**5
    assert told["recovery codes"].startswith(f"{factors._CODE_LENGTH * 5} random bits")
    assert factors._CODE_LENGTH * 5 >= 112
    assert told["desk codes"].startswith(f"{desk_codes.LENGTH * 5} random bits")
    assert told["codes of an app"].startswith(f"{totp.SECRET_BYTES * 8} random bits")
    assert told["session, link and API tokens"].startswith("256 random bits")
    assert len(ids.new_token()) == 43
    assert links._MAC_BYTES * 8 >= 160
    assert 10**totp.DIGITS > 2**19
    assert (len(token_hash("x")), totp.STEP_S) == (64, 30)
    assert password_fits(hash_password("one sentence"), "one sentence")


def test_what_is_sealed_cannot_be_changed() -> None:
    sealed, key = seal("k" * 40, "needs a ramp"), "k" * 40
    assert unseal(key, sealed) == "needs a ramp"
    for place in range(0, len(sealed), 7):
        other = "A" if sealed[place] != "A" else "B"
        assert unseal(key, sealed[:place] + other + sealed[place + 1 :]) != "needs a ramp"
    assert unseal("o" * 40, sealed) is None
    assert unseal(key, Fernet(Fernet.generate_key()).encrypt(b"needs a ramp").decode()) is None
    for broken in ("", "2.", "2.AAAA", "2.ä", "2." + "A" * 36, "2.\0", "gAAAA"):
        assert unseal(key, broken) is None


def test_what_is_sealed_is_of_the_form_that_is_told() -> None:
    """AES-256-GCM: 12 bytes of nonce, the text's length, 16 of tag; never the same twice; of two keys each opens its own."""
    told = {cells[0]: cells[1] for cells in rows("Keys and algorithms.")}
    assert told["sensitive answers, passports, seeds of apps"].startswith("AES-256-GCM")
    old, new = "o" * 40, "n" * 40
    sealed = [seal(new, "needs a ramp") for _ in range(50)]
    assert len({one[:18] for one in sealed}) == 50
    assert {len(base64.urlsafe_b64decode(one[2:])) for one in sealed} == {12 + len("needs a ramp") + 16}
    assert unseal(f"{new},{old}", seal(old, "x")) == "x"
    assert (is_newest(f"{new},{old}", seal(old, "x")), is_newest(f"{new},{old}", sealed[0])) == (False, True)


def test_what_an_earlier_version_sealed_is_read_and_is_not_the_newest() -> None:
    key = "k" * 40
    digest = base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())
    earlier = Fernet(digest).encrypt("behöver en ramp".encode()).decode()
    assert unseal(f"{'n' * 40},{key}", earlier) == "behöver en ramp"
    assert not is_newest(key, earlier)
    assert is_newest(key, seal(key, "behöver en ramp"))


def test_production_has_no_debugger() -> None:
    app = create_app(load_settings(SETTINGS, "production"))
    assert (app.debug, app.testing) == (False, False)
    assert app.config["TRAP_HTTP_EXCEPTIONS"] is False
    assert not [
        rule for rule in app.url_map.iter_rules() if "debug" in rule.rule or rule.endpoint.startswith("demo.")
    ]
    for path in ("wsgi.py", "conference/serve.py"):
        assert not re.search(
            r"debug\s*=\s*True|\.run\(|use_reloader", (ROOT / path).read_text(encoding="utf-8")
        )


def test_an_unexpected_error_shows_a_page_without_its_words(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    @public
    def breaks() -> str:
        raise RuntimeError("SELECT secret FROM staff -- /srv/office/conference.py")

    monkeypatch.setitem(app.view_functions, "event.home", breaks)
    app.register_error_handler(Exception, _on_fault)
    answer = client.get("/")
    assert answer.status_code == 500
    assert not re.search(r"SELECT|secret|RuntimeError|Traceback|/srv|\.py", answer.text)
    assert answer.headers["X-Request-ID"] in answer.text


# What a server in front and the office could read as requests of different lengths (RFC 9112, 6.3).
TWO_LENGTHS = (
    b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
    b"Content-Length: 5\r\nContent-Length: 6\r\n",
    b"Transfer-Encoding: gzip, chunked, identity\r\n",
    b"Transfer-Encoding: xchunked\r\n",
    b"Transfer-Encoding : chunked\r\n",
    b"Content-Length: +5\r\n",
)


@pytest.mark.parametrize("lines", TWO_LENGTHS)
def test_a_request_of_two_lengths_is_refused(lines: bytes) -> None:
    raw = b"POST / HTTP/1.1\r\nHost: office.example\r\n" + lines + b"\r\n0\r\n\r\n"
    with pytest.raises(Exception, match=r"(?i)header|transfer|content"):
        next(RequestParser(Config(), iter([raw]), ("127.0.0.1", 1)))


def test_a_request_of_one_length_is_read() -> None:
    """The control."""
    raw = b"POST / HTTP/1.1\r\nHost: office.example\r\nContent-Length: 5\r\n\r\nhello"
    assert next(RequestParser(Config(), iter([raw]), ("127.0.0.1", 1))).body.read() == b"hello"


def test_no_account_is_as_usual(app: Flask) -> None:
    """Names that strangers try first are no accounts, and an account that is made has no password of its own."""
    me = make_member(Role.ORGANISER)
    assert db.session.get(StaffRow, me).password_hash is None  # type: ignore[union-attr]  # it was just made
