"""A demonstration of its own for the browser, and Debian's Chromium to drive it."""

import os
import re
import shutil
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.factories.forked import command, command_begun
from tests.factories.ports import free_port

WIDTHS = {"desktop": (1280, 900), "phone": (390, 844)}
SIZES = WIDTHS | {"wide": (1440, 900)}
STARTS_WITHIN_S = 300
OTHER = "second@conference.example"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# How long a page may take on a machine that does other things beside; what a test proves is what comes, not when.
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Demo:
    """The addresses that `conference demo` printed, and the folder it keeps its data in."""

    site: str
    sign_in: str
    mailbox: str
    instance: Path


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


def opened(browser: Browser, width: str, colours: Literal["light", "dark"]) -> Iterator[Page]:
    """Open a page of that width; when it is left, nothing may have gone wrong in its scripts."""
    across, down = SIZES[width]
    context = browser.new_context(
        viewport={"width": across, "height": down}, has_touch=width == "phone", color_scheme=colours
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))

    def note(message: ConsoleMessage) -> None:
        # A refused form answers 400, 409 or 422, which Chromium reports as a fault of its own.
        if message.type == "error" and not re.search("status of 4(00|03|09|22)", message.text):
            faults.append(message.text)

    page.on("console", note)
    yield page
    context.close()
    assert faults == []


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A phone, as attendees and speakers have. `check` looks at each page in the width of a desk too."""
    yield from opened(browser, "phone", "light")


@pytest.fixture
def desk_page(browser: Browser) -> Iterator[Page]:
    """A desk's window, as the office has. `check` looks at each page in the width of a phone too."""
    yield from opened(browser, "desktop", "light")


@pytest.fixture
def dark_page(browser: Browser) -> Iterator[Page]:
    """A page for a reader who asked for the dark colours."""
    yield from opened(browser, "desktop", "dark")


def _environment(folder: Path) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CONFERENCE_")}
    return clean | {"CONFERENCE_INSTANCE": str(folder)}


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demonstration that was filled and never served: filling takes seconds, a copy none."""
    folder = tmp_path_factory.mktemp("filled")
    answer = command(["demo", "--no-serve"], _environment(folder))
    assert answer.returncode == 0, answer.stderr
    return folder


@pytest.fixture
def wide_page(browser: Browser, signed_in: list[dict[str, str]]) -> Iterator[Page]:
    """A wide window of somebody signed in, for what is one test at one width."""
    for page in opened(browser, "wide", "light"):
        page.context.add_cookies(signed_in)  # type: ignore[arg-type]  # the shape that cookies() answers
        yield page


@pytest.fixture(scope="module")
def other_signed_in(browser: Browser, shared_demo: Demo) -> list[dict[str, str]]:
    """The cookies of another member of staff, who was invited by the command and plans the programme."""
    told = command(["staff", "invite", OTHER, "--role", "programme"], _environment(shared_demo.instance))
    assert told.returncode == 0, told.stderr
    link = re.search(r"/staff/link/\S+", told.stdout)
    assert link
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(shared_demo.site + link.group(0))
        page.get_by_role("button", name="Sign in").click()
        expect(page).to_have_url(shared_demo.site + "/staff/")
        return [dict(cookie) for cookie in context.cookies()]  # type: ignore[arg-type]  # its values are text and numbers


@pytest.fixture
def second_page(browser: Browser, other_signed_in: list[dict[str, str]]) -> Iterator[Page]:
    """Another browser, of another account, beside the first."""
    for page in opened(browser, "wide", "light"):
        page.context.add_cookies(other_signed_in)  # type: ignore[arg-type]  # the shape that cookies() answers
        yield page


@pytest.fixture
def demo(filled: Path, tmp_path: Path) -> Iterator[Demo]:
    """A fresh demonstration on a free port."""
    yield from demonstration_of(filled, tmp_path / "demo")


@pytest.fixture(scope="module")
def shared_demo(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One demonstration for tests that look more than they change."""
    yield from demonstration_of(filled, tmp_path_factory.mktemp("shared") / "demo")


def demonstration_of(filled: Path, folder: Path) -> Iterator[Demo]:
    """Run a copy of a demonstration that was filled."""
    shutil.copytree(filled, folder)
    yield from demonstration_in(folder)


def demonstration_in(folder: Path) -> Iterator[Demo]:
    """Run a demonstration that keeps its data in the folder."""
    out, err = (folder.with_name(f"{folder.name}.{name}") for name in ("out", "err"))
    process = command_begun(["demo", "--port", str(free_port())], _environment(folder), out, err)
    end, printed = time.monotonic() + STARTS_WITHIN_S, ""
    while "\nStop with" not in printed:
        assert process.is_alive(), err.read_text("utf-8")
        assert time.monotonic() < end, printed
        time.sleep(0.02)
        printed = out.read_text("utf-8") if out.is_file() else ""
    found = re.search(r"Site:\s+(\S+)/\nStaff sign-in:\s+(\S+)\nMailbox:\s+(\S+)\n", printed)
    assert found, printed
    yield Demo(site=found.group(1), sign_in=found.group(2), mailbox=found.group(3), instance=folder)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGINT)
    process.join(120)
    process.kill()


@pytest.fixture(scope="module")
def signed_in(browser: Browser, shared_demo: Demo) -> list[dict[str, str]]:
    """The cookies of a member of staff: the link that the demonstration prints signs in once."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(shared_demo.sign_in)
        page.get_by_role("button", name="Sign in").click()
        expect(page).to_have_url(shared_demo.site + "/staff/")
        return [dict(cookie) for cookie in context.cookies()]  # type: ignore[arg-type]  # its values are text and numbers


@pytest.fixture
def office(desk_page: Page, signed_in: list[dict[str, str]]) -> Page:
    desk_page.context.add_cookies(signed_in)  # type: ignore[arg-type]  # the shape that cookies() answers
    return desk_page
