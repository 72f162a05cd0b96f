"""The production server as a process: refusals in one sentence, and what it watches."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.factories.forked import command

ROOT = Path(__file__).parents[3]


def environment(database_url: str, instance: Path, **more: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CONFERENCE_")}
    settings = {
        "CONFERENCE_DATABASE_URL": database_url,
        "CONFERENCE_INSTANCE": str(instance),
        "CONFERENCE_SECRET_KEY": "serve-test-key-of-more-than-32-characters",
        "CONFERENCE_BASE_URL": "http://127.0.0.1",
        "CONFERENCE_MAIL_SERVER": "127.0.0.1",
        "CONFERENCE_MAIL_PORT": "9",
        "CONFERENCE_MAIL_TLS": "none",
        "CONFERENCE_MAIL_SENDER": "office@conference.example",
    }
    return clean | settings | more


def conference(arguments: list[str], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return command(arguments, env)


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


def sqlite(folder: Path) -> str:
    return f"sqlite:///{folder / 'conference.sqlite3'}"


@pytest.mark.parametrize("which", ["serve", "demo"])
def test_a_taken_port_is_one_sentence(which: str, taken_port: int, tmp_path: Path, sqlite_url: str) -> None:
    env = environment(sqlite_url, tmp_path)
    answer = conference([which, "--port", str(taken_port)], env)
    assert answer.returncode == 2
    assert (
        answer.stderr.strip()
        == f"Port {taken_port} of 127.0.0.1 cannot be used (Address already in use): stop what uses it, or choose another with --port."
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["demo", "--no-serve"],
        ["serve"],
        ["db", "upgrade"],
        ["staff", "invite", "a@conference.example", "--role", "desk"],
    ],
)
def test_a_database_that_cannot_be_written_is_one_sentence(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "conference.sqlite3").mkdir()
    answer = conference(arguments, environment(sqlite(tmp_path), tmp_path))
    assert answer.returncode == 2
    assert answer.stderr.startswith("The database cannot be used: unable to open database file")
    assert len(answer.stderr.strip().splitlines()) == 1


def test_an_unsafe_setting_stops_the_server(tmp_path: Path) -> None:
    answer = conference(["serve"], environment(sqlite(tmp_path), tmp_path, CONFERENCE_SECRET_KEY="short"))
    assert answer.returncode == 2
    assert (
        answer.stderr.strip()
        == "Set CONFERENCE_SECRET_KEY to at least 32 random characters, for example from `openssl rand -hex 32`."
    )


@pytest.mark.parametrize(
    ("arguments", "setting", "words"),
    [
        (["demo", "--now", "yesterday"], {}, "--now yesterday is no time"),
        (["demo", "--now", "2022-09-22T08:00"], {}, "has no offset"),
        (["db", "current"], {"CONFERENCE_FOO": "1"}, "CONFERENCE_FOO is not a setting"),
        (["check"], {"CONFERENCE_DATABASE_URL": "mysql://a/b"}, "must begin with sqlite:///"),
        (["serve"], {}, "run `conference db upgrade`"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(
    arguments: list[str], setting: dict[str, str], words: str, tmp_path: Path
) -> None:
    answer = conference(arguments, environment(sqlite(tmp_path), tmp_path, **setting))
    assert answer.returncode == 2
    assert words in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_port_that_is_none_is_refused(tmp_path: Path) -> None:
    answer = conference(["serve", "--port", "99999"], environment(sqlite(tmp_path), tmp_path))
    assert answer.returncode == 2
    assert "99999 is not in the range" in answer.stderr


@pytest.mark.parametrize("which", ["demo", "serve", "worker", "badges"])
def test_a_missing_font_is_one_sentence(which: str, tmp_path: Path, sqlite_url: str) -> None:
    arguments = [which, "--out", str(tmp_path / "b.pdf")] if which == "badges" else [which]
    program = (
        "from pathlib import Path; from conference.printing import fonts; from conference.cli import main; "
        f"fonts.FONT_FILES['bold'] = Path('/nowhere/bold.ttf'); main({arguments!r})"
    )
    env = environment(sqlite_url, tmp_path)
    answer = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert answer.returncode == 2
    assert "/nowhere/bold.ttf" in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1


def test_a_damaged_state_of_the_demonstration_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "demo.json").write_text('{"secret_key": "ab', encoding="utf-8")
    answer = conference(["check"], environment(sqlite(tmp_path), tmp_path))
    assert answer.returncode == 2
    assert "demo.json cannot be read" in answer.stderr


def test_an_unsafe_setting_stops_wsgi(tmp_path: Path) -> None:
    env = environment(sqlite(tmp_path), tmp_path, CONFERENCE_NOW="2022-09-05T08:00+02:00")
    answer = subprocess.run(
        [sys.executable, "-c", "import wsgi"], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert (answer.returncode, answer.stderr.strip()) == (
        2,
        "Unset CONFERENCE_NOW: a pretended present is for demonstrations.",
    )


def test_check_shows_sources_and_hides_secrets(tmp_path: Path) -> None:
    env = environment(sqlite(tmp_path), tmp_path, CONFERENCE_MAIL_PASSWORD="geheimnis")
    answer = conference(["check"], env)
    assert "geheimnis" not in answer.stdout
    assert "CONFERENCE_MAIL_PASSWORD     environment    (set, hidden)" in answer.stdout
    assert "CONFERENCE_MAIL_TIMEOUT_S    default        30" in answer.stdout
    assert "run `conference db upgrade`" in answer.stdout
    assert answer.returncode == 1  # the database is not ready
    assert "0 unsafe" in answer.stdout
    unsafe = conference(["check"], env | {"CONFERENCE_BASE_URL": ""})
    assert unsafe.returncode == 1
    assert "1 unsafe" in unsafe.stdout


def children(process: subprocess.Popen[bytes], word: str) -> list[psutil.Process]:
    found = []
    for child in psutil.Process(process.pid).children():
        with contextlib.suppress(psutil.NoSuchProcess):  # it died meanwhile, or waits to be collected
            if word in child.cmdline():
                found.append(child)
    return found


def wait_for(condition: object, seconds: float = 60.0) -> None:
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_serve_answers_and_starts_its_worker_again(sqlite_url: str, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = environment(sqlite_url, tmp_path)
    server = subprocess.Popen(
        [sys.executable, "-m", "conference.cli", "serve", "--port", str(port)],
        cwd=ROOT,
        env=env,
        stderr=subprocess.DEVNULL,
    )

    def ready() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
                return bool(answer.read() == b'{"status":"ok"}\n')
        except (urllib.error.URLError, OSError):
            return False

    try:
        wait_for(ready)
        wait_for(lambda: children(server, "worker"))
        first = children(server, "worker")[0]
        first.kill()
        wait_for(lambda: [child.pid for child in children(server, "worker")] not in ([], [first.pid]))
    finally:
        server.send_signal(signal.SIGTERM)
        code = server.wait(120)
    assert code == 0
    assert not ready()
