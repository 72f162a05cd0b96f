"""Asks pip-audit whether a pin of requirements.txt has a known hole, and never takes silence for a yes.

pip-audit ends with 0 when its service did not know a library at all: it then only says that it was skipped. Here an audit
is one of three things: clean, holes found, or NOT RUN.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

REQUIREMENTS = Path(__file__).parents[2] / "requirements.txt"
# All of it; a service that does not answer is given up long before CI waits for it.
WITHIN_S = 120
ANSWERS_WITHIN_S = 5
_PIN = re.compile(r"^[A-Za-z0-9._-]+==", re.MULTILINE)


class State(IntEnum):
    """How an audit ended, as the exit code of the command."""

    CLEAN = 0
    HOLES = 1
    NOT_RUN = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """`holes`: one line for each, with library, release, hole and the releases that close it. `why`: why it did not run."""

    state: State
    asked: int
    holes: tuple[str, ...] = ()
    why: str = ""

    def as_line(self) -> str:
        """Return the outcome as one line of JSON."""
        told = {
            "audit": self.state.name.lower(),
            "pins": self.asked,
            "holes": list(self.holes),
            "why": self.why,
        }
        return json.dumps(told)

    def in_words(self) -> str:
        if self.state is State.NOT_RUN:
            return f"DEPENDENCY AUDIT NOT RUN: {self.why} Nothing is known of {self.asked} pins."
        if self.state is State.HOLES:
            return "\n".join(("DEPENDENCY AUDIT: known holes", *(f"  {hole}" for hole in self.holes)))
        return f"Dependency audit: {self.asked} pins, no known hole."


def pins_of(text: str) -> list[str]:
    """Return the blocks of a requirements file, each with its hashes, the first one first."""
    starts = [found.start() for found in _PIN.finditer(text)]
    return [text[begin:end] for begin, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def audit(requirements: Path = REQUIREMENTS, service: Sequence[str] = ()) -> Outcome:
    """Return what is known of the file's pins. `service` are pip-audit's own arguments, as in ("--vulnerability-service", "osv").

    One pin is asked about first: where that gets no answer, nobody is asked about the others.
    """
    pins = pins_of(requirements.read_text(encoding="utf-8"))
    if not pins:
        return Outcome(state=State.NOT_RUN, asked=0, why=f"{requirements.name} pins nothing.")
    with tempfile.TemporaryDirectory() as folder:
        first = Path(folder) / "first.txt"
        first.write_text(pins[0], encoding="utf-8")
        probe = judged(*_asked(first, service, Path(folder)), pins=1)
        if probe.state is State.NOT_RUN:
            return Outcome(state=State.NOT_RUN, asked=len(pins), why=probe.why)
        return judged(*_asked(requirements, service, Path(folder)), pins=len(pins))


def _asked(requirements: Path, service: Sequence[str], cache: Path) -> tuple[str, str]:
    """Return what pip-audit wrote to standard output and to standard error."""
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "--requirement",
        str(requirements),
        "--disable-pip",
        "--no-deps",
    ]
    command += ["--format", "json", "--desc", "off", "--progress-spinner", "off", "--cache-dir", str(cache)]
    command += ["--timeout", str(ANSWERS_WITHIN_S), *service]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=WITHIN_S)
    except subprocess.TimeoutExpired:
        return "", f"no end after {WITHIN_S} s"
    return done.stdout, done.stderr


def judged(told: str, complaint: str, *, pins: int) -> Outcome:
    """Return what pip-audit's answer means for so many pins; whatever leaves one of them open is NOT RUN.

    A hole that was found is one, even if others were not asked about.
    """
    try:
        libraries: list[dict[str, Any]] = json.loads(told)["dependencies"]
    except (ValueError, KeyError, TypeError):
        last = (complaint.strip().splitlines() or ["no answer"])[-1]
        return Outcome(state=State.NOT_RUN, asked=pins, why=f"pip-audit gave no result ({_plain(last)}).")
    holes = tuple(_hole(one, hole) for one in libraries for hole in one.get("vulns", ()))
    if holes:
        return Outcome(state=State.HOLES, asked=pins, holes=holes)
    skipped = [str(one["name"]) for one in libraries if "vulns" not in one]
    # A pin whose marker does not fit this Python or system is left out by pip-audit, and is asked about elsewhere.
    if skipped or not libraries:
        names = f" ({', '.join(skipped[:3])}{' …' if len(skipped) > 3 else ''})" if skipped else ""
        return Outcome(
            state=State.NOT_RUN, asked=pins, why=f"The service knew nothing of {len(skipped) or pins}{names}."
        )
    return Outcome(state=State.CLEAN, asked=pins)


def _hole(library: dict[str, Any], hole: dict[str, Any]) -> str:
    names = " ".join((hole["id"], *hole.get("aliases", ())))
    closed = ", ".join(hole.get("fix_versions", ())) or "no release yet"
    return f"{library['name']} {library['version']}: {names}; closed by {closed}"


def _plain(words: str) -> str:
    """Return the words without addresses, shortened: the service's own is no matter of ours."""
    return re.sub(r"\S*://\S+|host='[^']*'", "[address]", words)[:160]
