"""The audit of what is installed finds a planted hole, and says aloud that it did not run where it did not."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.security import __main__ as command
from tests.security.audit import REQUIREMENTS, Outcome, State, audit, judged, pins_of

HASH = f"--hash=sha256:{'0' * 64}"
# A release that was never made, with a hole that nobody has: the answers below are ours alone.
PINNED = (
    f"example-office==1.0.0 \\\n    {HASH}\nanother-office==2.0.0 \\\n    {HASH}\n    # via example-office\n"
)


def hole_of(library: str, version: str) -> dict[str, object]:
    """Return what a database of holes says of an example, in the form of OSV."""
    ranges = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.0.1"}]}]
    package = {"name": library, "ecosystem": "PyPI"}
    affected = [{"package": package, "ranges": ranges, "versions": [version]}]
    return {"id": "EXAMPLE-2022-1", "aliases": [], "summary": "An example", "affected": affected}


class _Service(BaseHTTPRequestHandler):
    """Answers as a database of holes does, in the form of OSV."""

    asked: list[str]
    holes: dict[str, object]

    def do_POST(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append(sent["package"]["name"])
        found = self.holes.get(sent["package"]["name"])
        body = json.dumps({"vulns": [found]} if found else {}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the signature is the library's
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[type[_Service]]:
    kind = type("Service", (_Service,), {"asked": [], "holes": {}})
    with ThreadingHTTPServer(("127.0.0.1", 0), kind) as server:
        kind.port = server.server_address[1]  # type: ignore[attr-defined]  # a test's own
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield kind
        server.shutdown()
        thread.join()


def asked_of(service: type[_Service], folder: Path) -> Outcome:
    file = folder / "requirements.txt"
    file.write_text(PINNED, encoding="utf-8")
    address = f"http://127.0.0.1:{service.port}/query"  # type: ignore[attr-defined]  # as above
    return audit(file, ("--vulnerability-service", "osv", "--osv-url", address))


def test_a_planted_hole_is_found_and_named_with_its_remedy(service: type[_Service], tmp_path: Path) -> None:
    service.holes = {"another-office": hole_of("another-office", "2.0.0")}
    outcome = asked_of(service, tmp_path)
    assert outcome.state is State.HOLES
    (line,) = outcome.holes
    assert line.startswith("another-office 2.0.0: ")
    assert "EXAMPLE-2022-1" in line
    assert line.endswith("closed by 2.0.1")
    # The first pin was asked about by itself, and nobody else was.
    assert service.asked == ["example-office", "example-office", "another-office"]


def test_without_a_hole_it_is_clean(service: type[_Service], tmp_path: Path) -> None:
    outcome = asked_of(service, tmp_path)
    assert (outcome.state, outcome.asked, outcome.holes) == (State.CLEAN, 2, ())


def test_a_service_that_cannot_be_reached_is_not_run_and_not_clean(tmp_path: Path) -> None:
    file = tmp_path / "requirements.txt"
    file.write_text(PINNED, encoding="utf-8")
    outcome = audit(file, ("--vulnerability-service", "osv", "--osv-url", "http://127.0.0.1:9/query"))
    assert (outcome.state, outcome.asked) == (State.NOT_RUN, 2)
    assert outcome.in_words().startswith("DEPENDENCY AUDIT NOT RUN: pip-audit gave no result")
    assert "connect" in outcome.why.lower()
    assert "127.0.0.1" not in outcome.as_line()


SKIPPED = {"name": "a", "skip_reason": "Dependency not found"}
CLEAR = {"name": "b", "version": "1", "vulns": []}
HOLED = {"name": "c", "version": "1", "vulns": [{"id": "X-1", "fix_versions": [], "aliases": ["Y-1"]}]}


@pytest.mark.parametrize(
    ("libraries", "state"),
    [
        ([CLEAR], State.CLEAN),
        ([CLEAR, SKIPPED], State.NOT_RUN),
        ([SKIPPED], State.NOT_RUN),
        ([], State.NOT_RUN),
        ([HOLED, SKIPPED], State.HOLES),
    ],
)
def test_what_the_service_did_not_know_is_not_run(libraries: list[object], state: State) -> None:
    assert judged(json.dumps({"dependencies": libraries}), "", pins=2).state is state


@pytest.mark.parametrize("told", ["", "no JSON", "[]", '{"x": 1}', "null"])
def test_an_answer_that_is_none_is_not_run(told: str) -> None:
    outcome = judged(told, "WARNING: a\nERROR: host='db.example' said no", pins=2)
    assert (outcome.state, outcome.why) == (
        State.NOT_RUN,
        "pip-audit gave no result (ERROR: [address] said no).",
    )


@pytest.mark.parametrize("state", list(State))
def test_the_command_ends_with_a_code_of_its_own_for_each(
    state: State, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = Outcome(
        state=state, asked=3, holes=("a 1: X-1",) if state is State.HOLES else (), why="No answer."
    )
    monkeypatch.setattr(command, "audit", lambda **_: outcome)
    assert command.main(["audit"]) == state == {"CLEAN": 0, "HOLES": 1, "NOT_RUN": 2}[state.name]
    told = capsys.readouterr()
    assert json.loads(told.out)["audit"] == state.name.lower()
    assert ("NOT RUN" in told.err) is (state is State.NOT_RUN)


def test_what_is_no_command_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main([])
    assert ended.value.code == 2
    assert "audit" in capsys.readouterr().err


def test_every_pin_is_asked_about() -> None:
    pins = pins_of(REQUIREMENTS.read_text(encoding="utf-8"))
    assert len(pins) > 60
    assert all("--hash=sha256:" in pin for pin in pins)


def test_no_pin_of_ours_has_a_known_hole() -> None:
    """In CI too: a hole is red; where nobody answers the summary says NOT RUN, which is no pass and no fault of ours."""
    outcome = audit()
    if outcome.state is State.NOT_RUN:
        pytest.skip(outcome.in_words())
    assert outcome.state is State.CLEAN, outcome.in_words()
