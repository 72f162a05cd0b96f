"""A demonstration of its own for the browser, and Debian's Chromium to drive it."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Demo:
    """The addresses that `conference demo` printed, and the folder it keeps its data in."""

    site: str
    sign_in: str
    mailbox: str
    instance: Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        reason = "NOT RUN: the browser tests need Debian's package chromium (apt-get install chromium)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """A fresh demonstration on a free port."""
    command = [sys.executable, "-m", "conference.cli", "demo", "--port", str(free_port())]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CONFERENCE_")}
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=clean | {"CONFERENCE_INSTANCE": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    printed = ""
    for line in process.stdout:
        printed += line
        if line.startswith("Stop with"):
            break
    found = re.search(r"Site:\s+(\S+)/\nStaff sign-in:\s+(\S+)\nMailbox:\s+(\S+)\n", printed)
    assert found, printed
    yield Demo(site=found.group(1), sign_in=found.group(2), mailbox=found.group(3), instance=tmp_path)
    process.send_signal(signal.SIGINT)
    process.wait(30)
    process.stdout.close()
