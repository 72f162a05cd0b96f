"""What a drag in the schedule's editor costs in Chromium, by its own trace: script a frame, and the longest task.

`--count` sessions are drawn and one is dragged over the paper, its heat painted. `frame_ms` is the script of the dearest
of 100 frames in which something was drawn and `rate` how many of the middle one a second of script would give; the floor
is the same drag among ten sessions. `long_tasks` counts tasks over 50 ms while it lasts, `data_kib` is the draft's JSON
compressed. The first tenth of the frames is left out: there the heat is painted once.
"""

import argparse
import gzip
import json
import resource
import shutil
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Route, sync_playwright

from conference.app import create_app
from conference.core.ids import SessionId
from conference.editor.payload import plain_conflict, plain_days, plain_heat, plain_session
from conference.editor.words import page_words
from conference.programme.board import Board
from conference.programme.checking import check
from conference.programme.heat import heatmap
from conference.web.access import Role
from tests.benchmarks.schedule_data import TALKS_A_SESSION, crowded
from tests.browser.conftest import FLAGS, demonstration_in
from tests.conftest import settings_for

FLOOR = 10
MOVES = 110
SCRIPT = {"FunctionCall", "EvaluateScript", "FireAnimationFrame", "EventDispatch", "TimerFire"}
LONG_US = 50_000


def main(argv: Sequence[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="schedule-page")
    parser.add_argument("--count", type=int, default=1000)
    count = parser.parse_args(argv).count
    with _signed_in() as (context, site):
        floor, _, _ = _drag(context, site, _answers(FLOOR))
        answers = _answers(count)
        frames, long_tasks, sessions = _drag(context, site, answers)
    packed = gzip.compress(answers["data"].encode(), 6)
    return {
        "name": "schedule-page",
        "count": sessions,
        "rate": round(1000 / statistics.median(frames), 1),
        "floor_rate": round(1000 / statistics.median(floor), 1),
        "ratio": round(statistics.median(floor) / statistics.median(frames), 2),
        "peak_rss_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "queries": 0,
        "frame_ms": round(max(frames), 2),
        "long_tasks": long_tasks,
        "data_kib": round(len(packed) / 1024, 1),
    }


@contextmanager
def _signed_in() -> Iterator[tuple[BrowserContext, str]]:
    """Yield a browser that is signed in to a demonstration."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        with contextmanager(demonstration_in)(Path(folder)) as demo:
            page = context.new_page()
            page.goto(demo.sign_in)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url("**/staff/")
            page.close()
            yield context, demo.site
        browser.close()


def _answers(count: int) -> dict[str, str]:
    """Return what the server would answer of so many sessions: the draft, and one session's heat."""
    programme, facts = crowded(count * TALKS_A_SESSION)
    board = Board(programme, facts)
    app = create_app(settings_for("sqlite://", Path(tempfile.mkdtemp())))
    with app.test_request_context():
        told = {
            "revision": 1,
            "now": 0,
            "undo": None,
            "redo": None,
            "me": 1,
            "may_edit": True,
            "here": [],
            "kinds": {},
            "roles": {role.value: role.value for role in Role},
            "talk_roles": [],
            "conflict_words": {},
            "snaps": [5, 10, 15],
            "days": plain_days(programme),
            "rooms": [{"id": room.id, "name": room.name, "seats": room.seats} for room in programme.rooms],
            "tracks": [{"id": one.id, "name": one.name, "colour": one.colour} for one in programme.tracks],
            "sessions": [plain_session(one) for one in programme.sessions],
            "conflicts": [plain_conflict(one) for one in check(board)],
            "words": page_words(),
        }
        first = next(one.id for one in programme.sessions if one.span)
        heat = plain_heat(heatmap(board, SessionId(first), 5))
    return {"data": json.dumps(told), "heat": json.dumps(heat)}


def _drag(context: BrowserContext, site: str, answers: dict[str, str]) -> tuple[list[float], int, int]:
    """Return the script of each frame in ms, how many tasks were long, and how many sessions are drawn."""
    page = context.new_page()

    def answer(name: str) -> Any:
        return lambda route: _fulfil(route, answers[name])

    page.route("**/staff/schedule/data", answer("data"))
    page.route("**/staff/schedule/heat/*", answer("heat"))
    page.route("**/staff/schedule/changes/*", lambda route: route.fulfill(status=304))
    page.goto(f"{site}/staff/schedule")
    page.wait_for_selector("#schedule[data-ready]")
    page.get_by_role("button", name="All days").click()
    drawn = page.locator(".s-list .s-block").count()
    trace = _traced(context, page)
    page.close()
    return (*_figures(trace), drawn)


def _fulfil(route: Route, body: str) -> None:
    route.fulfill(status=200, content_type="application/json", body=body)


def _traced(context: BrowserContext, page: Page) -> list[dict[str, Any]]:
    box = page.locator(".s-list .s-block").first.bounding_box()
    assert box is not None
    x, y = box["x"] + 30, box["y"] + 8
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 20, y + 20)
    page.wait_for_selector(".s-slot")
    tracing = context.new_cdp_session(page)
    events: list[dict[str, Any]] = []
    tracing.on("Tracing.dataCollected", lambda told: events.extend(told["value"]))
    done: list[bool] = []
    tracing.on("Tracing.tracingComplete", lambda _: done.append(True))
    tracing.send("Tracing.start", {"traceConfig": {"includedCategories": ["devtools.timeline", "toplevel"]}})
    for number in range(MOVES):
        page.mouse.move(x + 40 + number * 7 % 600, y + 40 + number * 11 % 500)
        page.wait_for_timeout(16)
    tracing.send("Tracing.end")
    while not done:
        page.wait_for_timeout(50)
    page.keyboard.press("Escape")
    page.mouse.up()
    return events


def _figures(events: list[dict[str, Any]]) -> tuple[list[float], int]:
    """Return the script between two animation frames in ms, and the number of long tasks, of the page's own thread."""
    frames = [one for one in events if one["name"] == "FireAnimationFrame" and "dur" in one]
    thread = (frames[0]["pid"], frames[0]["tid"])
    own = [one for one in events if (one["pid"], one["tid"]) == thread and "dur" in one]
    long_tasks = sum(one["name"] == "RunTask" and one["dur"] > LONG_US for one in own)
    begins = sorted(one["ts"] for one in frames)
    scripts = _outermost(one for one in own if one["name"] in SCRIPT)
    sums = dict.fromkeys(begins, 0.0)
    for begin, spent in scripts:
        before = [one for one in begins if one <= begin]
        if before:
            sums[before[-1]] += spent / 1000
    return list(sums.values())[MOVES // 10 :], long_tasks


def _outermost(events: Iterator[dict[str, Any]]) -> list[tuple[float, float]]:
    """Return (begin, duration) of events that lie in no other one: a call within a call is counted once."""
    found: list[tuple[float, float]] = []
    end = 0.0
    for one in sorted(events, key=lambda event: (event["ts"], -event["dur"])):
        if one["ts"] >= end:
            # The thread's own time, where Chromium tells it: others use the machine too.
            found.append((one["ts"], one.get("tdur", one["dur"])))
            end = one["ts"] + one["dur"]
    return found
