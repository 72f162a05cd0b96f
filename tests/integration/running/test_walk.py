"""A new user pastes the README's commands on a bare Debian machine, and registers through what they made.

PostgreSQL, Celery with Redis, two web processes behind nginx with TLS from a local authority: Debian's programs, on
loopback, in a folder that stands for the machine. What the commands write is run as it was written.
"""

import http.client
import os
import re
import socket
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookies import Morsel, SimpleCookie
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from conference.accounts.attempts import SIGN_IN_ADDRESS, key_of
from conference.accounts.tables import AttemptCountRow
from conference.app import create_app
from conference.audit.model import BY_SYSTEM
from conference.config import load_settings
from conference.core.clock import real_now
from conference.db.base import db
from conference.db.work import transact
from conference.event.model import EventDetails
from conference.event.queries import get_event
from conference.event.service import edit_event
from tests.benchmarks.servers import hidden_fields
from tests.factories.debian import Machine, blocks, debian, missing_programs, wait_for
from tests.factories.pictures import a_picture
from tests.factories.registration import make_category
from tests.factories.smtp import Mailserver, mailserver
from tests.factories.speakers import make_speaker, speaker_url

HOST = "conference.example"
WEB, OTHER = "conference-web@{web}", "conference-web@{other}"

# In CI it runs all the same, and fails.
pytestmark = pytest.mark.skipif(
    bool(missing_programs()) and not os.environ.get("CI"),
    reason=f"NOT RUN: it needs Debian's packages {' '.join(missing_programs())} (apt-get install them)",
)


@dataclass(slots=True)
class Browser:
    """Trusts the local authority and no other, follows redirects, and keeps cookies as a browser does."""

    authority: Path
    port: int
    # The address on loopback that it comes from.
    address: str = "127.0.0.1"
    cookies: dict[str, "Morsel[str]"] = field(default_factory=dict)
    url: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> tuple[int, bytes]:
        return self._ask("GET", urljoin(f"https://{HOST}:{self.port}", path))

    def post(self, path: str, fields: Mapping[str, object], **headers: str) -> tuple[int, bytes]:
        if any(not isinstance(value, str) for value in fields.values()):
            boundary, body = encode_multipart(dict(fields))
            kind = f"multipart/form-data; boundary={boundary}"
        else:
            body, kind = (
                urlencode({name: str(value) for name, value in fields.items()}).encode(),
                "application/x-www-form-urlencoded",
            )
        return self._ask(
            "POST", urljoin(f"https://{HOST}:{self.port}", path), body, {"Content-Type": kind} | headers
        )

    def _ask(
        self, method: str, url: str, body: bytes | None = None, more: Mapping[str, str] | None = None
    ) -> tuple[int, bytes]:
        for _ in range(5):
            self.url, parts = url, urlsplit(url)
            assert (parts.scheme, parts.hostname, parts.port) == ("https", HOST, self.port), url
            sent = {"Cookie": "; ".join(f"{name}={one.value}" for name, one in self.cookies.items())} | dict(
                more or {}
            )
            status, self.headers, content = over_tls(
                self, method, parts._replace(scheme="", netloc="").geturl(), body, sent
            )
            if status not in {301, 302, 303}:
                return status, content
            method, body, more, url = "GET", None, None, urljoin(url, self.headers["Location"])
        raise AssertionError("redirected without end")


def over_tls(
    browser: Browser, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
) -> tuple[int, dict[str, str], bytes]:
    """Ask once; the name is the site's, the address loopback."""
    context = ssl.create_default_context(cafile=str(browser.authority))
    line = socket.create_connection(("127.0.0.1", browser.port), 30, source_address=(browser.address, 0))
    with context.wrap_socket(line, server_hostname=HOST) as secure:
        connection = http.client.HTTPConnection(HOST, browser.port)
        connection.sock = secure
        connection.request(method, path, body, {**headers, "Connection": "close"})
        answer = connection.getresponse()
        content = answer.read()
        for value in answer.headers.get_all("Set-Cookie", ()):
            browser.cookies |= SimpleCookie(value)
        return answer.status, dict(answer.headers), content


def directly(port: int, path: str) -> tuple[int, bytes]:
    """Ask one web process by itself, as nginx does."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Host": HOST})
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


@pytest.fixture(scope="module")
def mails() -> Iterator[Mailserver]:
    with mailserver() as server:
        yield server


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory, mails: Mailserver) -> Iterator[Machine]:
    """The machine after the whole README was pasted, with everything running."""
    with debian(tmp_path_factory.mktemp("debian")) as made:
        ports = made.ports
        made.changes |= {
            "127.0.0.1:5432": f"127.0.0.1:{ports['postgres']}",
            "127.0.0.1:6379": f"127.0.0.1:{ports['redis']}",
            f"=https://{HOST}": f"=https://{HOST}:{ports['https']}",
            "=smtp.example": f"=127.0.0.1\nCONFERENCE_MAIL_PORT={mails.port}\nCONFERENCE_MAIL_TLS=none",
            "--port 8000 --port 8001": f"--port {ports['web']} --port {ports['other']}",
            "@8000": f"@{ports['web']}",
            "@8001": f"@{ports['other']}",
            "deploy systemd nginx": f"deploy systemd nginx --http-port {ports['http']} --environment /etc/conference/conference.env"
            " --cache /var/cache/nginx/conference --access-log /var/log/nginx/access.log --error-log /var/log/nginx/error.log"
            " --certificate /etc/ssl/conference/fullchain.pem --certificate-key /etc/ssl/conference/key.pem",
            # One process below each unit, so that the two units are the two that answer.
            "CONFERENCE_INSTANCE=": "CONFERENCE_WEB_WORKERS=1\nCONFERENCE_INSTANCE=",
        }  # fmt: skip
        told = blocks()
        # Packages and libraries are what .ci/run and the test's own command have installed.
        assert list(told) == ["1", "2", "3", "4", "5a", "5b", "6", "7"]
        made.paste(told["1"])
        said = made.paste(told["3"] + told["4"])
        (made.root / "invited").write_text(said.splitlines()[-1], encoding="utf-8")
        seed(made)
        made.paste(told["5a"] + office_of(told["4"]) + told["6"])
        start(made)
        (made.root / "doctor").write_text(made.paste(office_of(told["4"]) + told["7"]), encoding="utf-8")
        yield made


def office_of(block: str) -> str:
    """Return the line that says what `office` means, as a shell that is still open knows it."""
    return "\n" + next(line for line in block.splitlines() if line.startswith("office()")) + "\n"


def start(machine: Machine) -> None:
    """Start what was enabled, as systemd would."""
    redis = [
        "redis-server",
        "--bind",
        "127.0.0.1",
        "--port",
        str(machine.ports["redis"]),
        "--save",
        "",
        "--dir",
        str(machine.root),
    ]
    own = {"redis-server": redis, "nginx": [str(machine.root / "shims" / "nginx")]}
    for unit in machine.enabled():
        if unit in own:
            machine.running[unit] = subprocess.Popen(
                own[unit], stdout=subprocess.DEVNULL, start_new_session=True
            )
        elif not unit.endswith(".timer"):
            machine.start(unit)
    for name in ("web", "other"):
        wait_for(lambda port=machine.ports[name]: answers(port), name)  # type: ignore[misc]  # a default is how a loop is kept


def answers(port: int) -> bool:
    try:
        return directly(port, "/healthz")[0] == 200
    except OSError:
        return False


def settings_of(machine: Machine) -> dict[str, str]:
    lines = machine.place("/etc/conference/conference.env").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines)


def seed(machine: Machine) -> None:
    """Do what organisers do in their first hour: the event's days, a category that is open, and a speaker with a talk."""
    app = create_app(load_settings(settings_of(machine)))
    with app.app_context():
        make_category("Participant", seats=10)
        person_id = make_speaker()
        # What is years ago a worker erases, and with it the speaker.
        first = real_now().date() + timedelta(days=60)
        named = {name: getattr(get_event(), name) for name in EventDetails.__dataclass_fields__}
        wanted = EventDetails(**named | {"first_day": first, "last_day": first + timedelta(days=1)})
        transact(
            lambda session: edit_event(session, 1, wanted, sessions_may_lie_outside=True, actor=BY_SYSTEM)
        )
        (machine.root / "speaker").write_text(speaker_url(person_id), encoding="utf-8")
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def browser(machine: Machine) -> Browser:
    return Browser(authority=machine.place("/etc/ssl/conference/authority.pem"), port=machine.ports["https"])


def test_what_the_readme_installs_and_enables_is_what_runs_here(machine: Machine) -> None:
    wanted = {"python3-venv", "postgresql", "redis-server", "nginx-light", "openssl"}
    assert {word for line in machine.noted("apt-get") for word in line.split()} >= wanted
    web, other = (one.format(**machine.ports) for one in (WEB, OTHER))
    assert machine.enabled() == [
        "redis-server",
        web,
        other,
        "conference-worker",
        "conference-backup.timer",
        "nginx",
    ]
    assert all(process.poll() is None for process in machine.running.values())
    assert "worker --broker" in "".join(machine._unit("conference-worker")["ExecStart"])


def test_the_doctor_finds_nothing_that_does_not_work(machine: Machine) -> None:
    said = (machine.root / "doctor").read_text(encoding="utf-8")
    for name in ("database", "broker", "uploads", "mail", "proxies"):
        assert re.search(rf"(?m)^OK +{name}:", said), said


def test_nobody_else_can_read_the_secrets(machine: Machine) -> None:
    folder = machine.place("/etc/conference")
    assert {path.stat().st_mode & 0o077 for path in folder.iterdir() if path.is_file()} == {0}
    assert folder.stat().st_mode & 0o007 == 0


def test_a_name_that_is_not_ours_and_plain_http_come_no_further(machine: Machine, browser: Browser) -> None:
    def said_without_tls(path: str) -> str:
        with socket.create_connection(("127.0.0.1", machine.ports["http"]), 30) as line:
            line.sendall(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
            return line.makefile("rb").read().decode()

    said = said_without_tls("/register?a=b")
    assert re.search(
        rf"(?i)^HTTP/1.1 301 .*\nLocation: https://{HOST}:{browser.port}/register\?a=b\r", said, re.DOTALL
    )
    # A program would go on sending its token where everybody can read it.
    assert said_without_tls("/api/v1/registrations").startswith("HTTP/1.1 403 ")
    context = ssl.create_default_context(cafile=str(browser.authority))
    with socket.create_connection(("127.0.0.1", browser.port), 30) as line, pytest.raises(ssl.SSLError):
        context.wrap_socket(line, server_hostname="other.example")


def test_the_first_organisers_link_opens_here(machine: Machine, browser: Browser) -> None:
    (link,) = re.findall(r"https://\S+", (machine.root / "invited").read_text(encoding="utf-8"))
    status, page = browser.get(link)
    assert (status, b"you@conference.example" in page or b"password" in page.lower()) == (200, True)


def test_somebody_registers_and_celery_sends_the_mail(
    machine: Machine, browser: Browser, mails: Mailserver
) -> None:
    status, page = browser.get("/")
    assert status == 200
    status, page = browser.get("/register")
    assert status == 200
    person = {
        "given_name": "Åsa",
        "family_name": "Ek",
        "affiliation": "KI",
        "country": "SE",
        "email": "asa@clinic.example",
    }
    status, page = browser.post("/register", hidden_fields(page.decode()) | person | {"category": "1"})
    assert (status, browser.url.startswith(f"https://{HOST}:{browser.port}/")) == (200, True), page.decode()
    assert "The answer is in your mail" in page.decode()
    assert {bool(one["secure"] and one["httponly"]) for one in browser.cookies.values()} == {True}
    assert browser.headers["Strict-Transport-Security"].startswith("max-age=")
    wait_for(lambda: any(b"asa@clinic.example" in raw for raw in mails.raw), "the mail")
    (link,) = re.findall(
        rb"https://" + HOST.encode() + rb":\d+/r/[\w-]+", b"".join(mails.raw).replace(b"=\r\n", b"")
    )[:1]
    status, page = browser.get(link.decode())
    assert (status, "Åsa" in page.decode()) == (200, True)


def test_both_processes_answer(machine: Machine, browser: Browser) -> None:
    for name in ("web", "other"):
        assert directly(machine.ports[name], "/readyz")[0] == 200
    seen = {browser.get("/register")[0] for _ in range(4)}
    assert seen == {200}


def test_where_a_request_comes_from_is_what_nginx_saw(machine: Machine, browser: Browser) -> None:
    """A header that the visitor wrote counts for nothing, what nginx adds to it does (trust.md 22)."""
    browser.address = "127.0.0.2"
    _, page = browser.get("/staff/sign-in")
    forged = {"X-Forwarded-For": "203.0.113.9"}
    wrong = hidden_fields(page.decode()) | {"email": "nobody@x.example", "password": "wrong-password"}
    status, _ = browser.post("/staff/sign-in", wrong, **forged)
    assert status in {200, 400, 401, 422}
    app = create_app(load_settings(settings_of(machine)))
    with app.app_context():
        keys = set(db.session.scalars(select(AttemptCountRow.key)))
        assert key_of(SIGN_IN_ADDRESS, "127.0.0.2") in keys
        assert key_of(SIGN_IN_ADDRESS, "203.0.113.9") not in keys
        db.session.remove()
        db.engine.dispose()


def test_a_picture_that_one_process_took_the_other_shows(machine: Machine, browser: Browser) -> None:
    url = (machine.root / "speaker").read_text(encoding="utf-8")
    web, other = (one.format(**machine.ports) for one in (WEB, OTHER))
    # Each alone for one half: what is sent through the one is read through the other.
    assert machine.stop(other) == 0
    status, page = browser.get(f"{url}/portrait")
    assert status == 200
    square = {"left": "50", "top": "50", "side": "100"}
    sent = hidden_fields(page.decode()) | square | {"picture": FileStorage(BytesIO(a_picture()), "me.jpg")}
    status, page = browser.post(f"{url}/portrait", sent)
    assert (status, b"Your portrait is saved." in page) == (200, True), page.decode()
    machine.start(other)
    wait_for(lambda: answers(machine.ports["other"]), "the second web process")
    assert machine.stop(web) == 0
    status, picture = browser.get(f"{url}/portrait.jpg")
    assert (status, picture[:3], browser.headers["X-Content-Type-Options"]) == (
        200,
        b"\xff\xd8\xff",
        "nosniff",
    )
    # And the session that the one gave is the other's too.
    status, page = browser.get(f"{url}/portrait")
    assert (status, b"Your portrait as it is stored" in page) == (200, True)


def test_the_timers_unit_makes_a_backup_by_debians_pg_dump(machine: Machine) -> None:
    machine.start("conference-backup")
    assert machine.running.pop("conference-backup").wait(60) == 0, machine.log("conference-backup")
    (archive,) = machine.place("/var/backups/conference").glob("*.tar.gz")
    assert archive.stat().st_mode & 0o077 == 0
