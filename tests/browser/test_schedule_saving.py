"""What happens to an edit that cannot be saved: it is loud, it stays, it is tried again, and it is never done twice."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.conftest import Demo
from tests.browser.scheduling import BLOOD, MICROBES, RARE, TUMOURS, Desk

STEPS = re.compile("/staff/schedule/steps")


@contextmanager
def quiet_context(browser: Browser, cookies: list[dict[str, str]]) -> Iterator[BrowserContext]:
    """A browser whose console may complain: failures are the point here."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies(cookies)  # type: ignore[arg-type]  # the shape that cookies() answers
    yield context
    context.close()


def nudge(desk: Desk, title: str) -> None:
    desk.block(title).focus()
    desk.press("Enter", "ArrowDown", "Enter")


def test_a_failed_save_is_loud_keeps_the_edit_and_recovers_with_the_same_key(
    shared_demo: Demo, browser: Browser, signed_in: list[dict[str, str]]
) -> None:
    with quiet_context(browser, signed_in) as context:
        desk = Desk(context.new_page(), shared_demo)
        keys: list[str] = []

        def fail_twice(route: Route) -> None:
            keys.append(json.loads(route.request.post_data or "{}")["key"])
            if len(keys) == 1:
                route.fulfill(status=503, body="", content_type="text/plain")
            elif len(keys) == 2:
                route.fetch()  # it is done, and the answer is lost on the way
                route.fulfill(status=502, body="", content_type="text/plain")
            else:
                route.continue_()

        desk.page.route(STEPS, fail_twice)
        nudge(desk, RARE)
        bar = desk.page.get_by_role("alert")
        expect(bar).to_contain_text("Not saved: the server is in trouble.")
        desk.expect_at(RARE, "11:05–12:35")
        expect(desk.page.locator("#schedule-state")).to_have_text("Not saved: 1")
        expect(bar).to_be_hidden()
        desk.expect_saved()
        assert len(keys) == 3
        assert len(set(keys)) == 1
        desk.open()
        desk.expect_at(RARE, "11:05–12:35")
        desk.put_back()
        desk.expect_at(RARE, "11:00–12:30")


def test_try_now_does_not_wait(shared_demo: Demo, browser: Browser, signed_in: list[dict[str, str]]) -> None:
    with quiet_context(browser, signed_in) as context:
        desk = Desk(context.new_page(), shared_demo)
        desk.page.route(
            STEPS, lambda route: route.fulfill(status=503, headers={"Retry-After": "60"}, body="")
        )
        nudge(desk, RARE)
        expect(desk.page.get_by_role("alert")).to_contain_text("tried again in 60 s")
        desk.page.unroute(STEPS)
        desk.page.get_by_role("button", name="Try now").click()
        desk.expect_saved()
        desk.put_back()


def test_what_is_not_saved_outlives_a_reload(
    shared_demo: Demo, browser: Browser, signed_in: list[dict[str, str]]
) -> None:
    with quiet_context(browser, signed_in) as context:
        desk = Desk(context.new_page(), shared_demo)
        desk.page.route(STEPS, lambda route: route.fulfill(status=503, body=""))
        nudge(desk, BLOOD)
        expect(desk.page.get_by_role("alert")).to_be_visible()
        desk.page.on("dialog", lambda dialog: dialog.accept())  # the browser asks before the page is left
        desk.page.unroute(STEPS)
        desk.open()
        desk.expect_at(BLOOD, "11:05–12:35")
        desk.expect_saved()
        desk.put_back()


def test_without_a_network_it_is_read_only_and_loses_nothing(
    shared_demo: Demo, browser: Browser, signed_in: list[dict[str, str]]
) -> None:
    with quiet_context(browser, signed_in) as context:
        desk = Desk(context.new_page(), shared_demo)
        desk.block(RARE).focus()
        desk.press("Enter", "ArrowDown")
        context.set_offline(True)
        bar = desk.page.get_by_role("alert")
        expect(bar).to_contain_text("There is no connection. You can look, but not edit")
        desk.press("Enter")  # what was in hand may be put down, and waits
        desk.expect_at(RARE, "11:05–12:35")
        before = desk.told(BLOOD)
        desk.block(BLOOD).focus()
        desk.press("Enter", "ArrowDown", "Enter")
        assert desk.told(BLOOD) == before
        desk.expect_spoken("There is no connection.")
        expect(bar).to_be_visible()
        context.set_offline(False)
        expect(bar).to_be_hidden()
        desk.expect_saved()
        desk.expect_at(RARE, "11:05–12:35")
        desk.expect_connection()
        desk.put_back()


def test_a_stale_page_says_to_load_again_and_keeps_the_edit(
    shared_demo: Demo, browser: Browser, signed_in: list[dict[str, str]]
) -> None:
    with quiet_context(browser, signed_in) as context:
        desk = Desk(context.new_page(), shared_demo)
        desk.page.route(
            STEPS,
            lambda route: route.continue_(headers=route.request.headers | {"x-csrf-token": "old"}),
        )
        nudge(desk, MICROBES)
        expect(desk.page.get_by_role("alert")).to_contain_text("This page was open too long.")
        desk.page.unroute(STEPS)
        desk.page.get_by_role("button", name="Load again").click()
        desk.ready()
        desk.expect_at(MICROBES, "11:05–12:35")
        desk.expect_saved()
        desk.put_back()


def test_quick_edits_of_one_session_are_saved_one_after_the_other(shared_demo: Demo, wide_page: Page) -> None:
    desk = Desk(wide_page, shared_demo)
    desk.block(TUMOURS).focus()
    for _ in range(4):
        desk.press("Shift+ArrowDown")
        desk.settle()
    desk.expect_at(TUMOURS, "11:00–12:50")
    desk.expect_saved()
    expect(wide_page.get_by_role("dialog")).to_have_count(0)
    desk.open()
    desk.expect_at(TUMOURS, "11:00–12:50")
    desk.put_back(4)
    desk.expect_at(TUMOURS, "11:00–12:30")


def test_a_refusal_puts_it_back_and_says_why(shared_demo: Demo, wide_page: Page) -> None:
    desk = Desk(wide_page, shared_demo)
    told = {"status": 422, "detail": "Aula Exempel is closed then.", "conflicts": [{"text": "Closed."}]}
    answer = json.dumps(told)
    wide_page.route(
        STEPS, lambda route: route.fulfill(status=422, body=answer, content_type="application/problem+json")
    )
    nudge(desk, RARE)
    bar = wide_page.get_by_role("alert")
    expect(bar).to_contain_text("Aula Exempel is closed then. Closed.")
    desk.expect_at(RARE, "11:00–12:30")
    wide_page.get_by_role("button", name="Understood").click()
    expect(bar).to_be_hidden()


def test_who_is_signed_out_meanwhile_is_told(
    shared_demo: Demo, browser: Browser, signed_in: list[dict[str, str]]
) -> None:
    with quiet_context(browser, signed_in) as context:
        desk = Desk(context.new_page(), shared_demo)
        context.clear_cookies()
        bar = desk.page.get_by_role("alert")
        expect(bar).to_contain_text("You are signed out, or this page was open too long.")
        nudge(desk, RARE)
        desk.expect_at(RARE, "11:05–12:35")  # it is kept, until somebody signs in again
        expect(bar.get_by_role("button", name="Load again")).to_be_visible()
        kept = desk.page.evaluate("sessionStorage.getItem('conference-schedule-unsaved')")
        assert [edit["path"] for edit in json.loads(kept)] == ["steps"]
