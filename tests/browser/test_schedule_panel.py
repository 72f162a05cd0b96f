"""The chosen session written in place: by keyboard alone, refused and kept, by two at once, and without a network."""

import os
import re

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Demo
from tests.browser.scheduling import BLOOD, MICROBES, RARE, Desk
from tests.browser.test_schedule_saving import quiet_context
from tests.browser.walking import check

TITLE = "Chairs, talks and their order"


def shot(page: Page, name: str) -> None:
    if os.environ.get("SHOTS"):
        for across in (1440, 1024, 390):
            page.set_viewport_size({"width": across, "height": 900})
            page.screenshot(path=f"{os.environ['SHOTS']}/{name}-{across}.png", full_page=True)
        page.set_viewport_size({"width": 1440, "height": 900})


def panel(desk: Desk) -> Locator:
    return desk.page.get_by_role("region", name="The chosen session")


def titles(desk: Desk) -> list[str]:
    return [one.input_value() for one in panel(desk).get_by_label(re.compile("^Title of talk")).all()]


def write_title(desk: Desk) -> None:
    desk.block(RARE).focus()
    desk.press("e")
    title = panel(desk).get_by_label("Title", exact=True)
    expect(title).to_be_focused()
    expect(title).to_have_value(RARE)
    check(desk.page, 1440, 1024, 390)
    shot(desk.page, "panel")
    desk.page.keyboard.type(TITLE)
    desk.press("Enter")
    desk.expect_spoken(f"“{TITLE}”: saved.")
    desk.expect_saved()
    expect(desk.page.locator("#schedule-undo")).to_have_text("Undo: Edit")


def add_chair(desk: Desk) -> None:
    out = panel(desk).get_by_role("button", name=re.compile("^Take out "))
    before = out.count()
    panel(desk).get_by_label("Add a person, by name").first.focus()
    desk.page.keyboard.type("exem")
    expect(panel(desk).locator(".s-found li").first).to_have_attribute("aria-selected", "true")
    check(desk.page, 1440)
    shot(desk.page, "panel-found")
    desk.press("Enter")
    expect(out).to_have_count(before + 1)
    desk.expect_saved()


def add_talk(desk: Desk, number: int) -> None:
    panel(desk).get_by_role("button", name="Add a talk").press("Enter")
    expect(panel(desk).get_by_label(f"Title of talk {number}")).to_be_focused()
    desk.page.keyboard.type("A talk of one's own")
    desk.press("Tab")
    desk.page.keyboard.type("25")  # upon what is marked
    with desk.page.expect_response("**/staff/schedule/steps"):
        desk.press("Enter")
    desk.expect_saved()


def test_title_chair_and_talks_by_keyboard_alone(shared_demo: Demo, wide_page: Page) -> None:
    desk = Desk(wide_page, shared_demo)
    write_title(desk)
    add_chair(desk)
    first, second, *rest = titles(desk)
    panel(desk).get_by_label("Title of talk 1").focus()
    with wide_page.expect_response("**/staff/schedule/steps"):
        desk.press("Alt+ArrowDown")
    expect(panel(desk).get_by_label("Title of talk 2")).to_be_focused()
    assert titles(desk) == [second, first, *rest]
    number = len(rest) + 3
    add_talk(desk, number)
    desk.open()
    desk.block(TITLE).click()
    expect(panel(desk).get_by_label(f"Title of talk {number}")).to_have_value("A talk of one's own")
    expect(panel(desk).get_by_label("Minutes of A talk of one's own")).to_have_value("25")
    desk.put_back(4)
    desk.block(RARE).focus()
    desk.press("e", "Escape")
    expect(desk.block(RARE)).to_be_focused()
    assert titles(desk) == [first, second, *rest]


def test_what_is_refused_stays_with_its_reason(shared_demo: Demo, wide_page: Page) -> None:
    desk = Desk(wide_page, shared_demo)
    desk.block(BLOOD).click()
    title = panel(desk).get_by_label("Title", exact=True)
    title.fill("\u202eשלום")
    title.press("Enter")
    expect(panel(desk).get_by_role("alert").first).to_contain_text("cannot be printed (U+202E)")
    long = "שלום " + "x" * 2000
    title.fill(long)
    title.press("Enter")
    expect(panel(desk).get_by_role("alert").first).to_contain_text("200 fit. Shorten it.")
    expect(title).to_have_value(long)
    minutes = panel(desk).get_by_label(re.compile("^Minutes of ")).first
    usual = minutes.input_value()
    minutes.fill("0")
    minutes.press("Enter")
    fault = panel(desk).get_by_text("Talk 1: Enter how many minutes it lasts, 1 to 1440.")
    expect(fault).to_be_visible()
    check(wide_page, 1440)
    shot(wide_page, "panel-refused")
    # It waits while another session is looked at.
    desk.block(MICROBES).click()
    expect(title).to_have_value(MICROBES)
    desk.block(BLOOD).click()
    expect(title).to_have_value(long)
    expect(minutes).to_have_value("0")
    minutes.press("Escape")
    expect(minutes).to_have_value(usual)
    title.press("Escape")
    expect(title).to_have_value(BLOOD)
    room = panel(desk).get_by_label("Room", exact=True)
    room.select_option("Room Sample")
    desk.expect_at(BLOOD, "Room Sample")
    desk.expect_saved()
    desk.put_back()


def test_talks_that_are_refused_after_a_reload_are_still_there(
    shared_demo: Demo, browser: Browser, signed_in: list[dict[str, str]]
) -> None:
    with quiet_context(browser, signed_in) as context:
        desk = Desk(context.new_page(), shared_demo)
        steps = re.compile("/staff/schedule/steps")
        desk.page.route(steps, lambda route: route.fulfill(status=503, body=""))
        desk.block(BLOOD).click()
        minutes = panel(desk).get_by_label(re.compile("^Minutes of ")).first
        minutes.fill("1441")
        minutes.press("Enter")
        expect(desk.page.get_by_role("alert").first).to_contain_text("Not saved")
        desk.page.on("dialog", lambda dialog: dialog.accept())  # the browser asks before the page is left
        desk.page.unroute(steps)
        desk.open()
        desk.page.get_by_role("button", name="Show it").click()
        expect(minutes).to_have_value("1441")
        expect(panel(desk).get_by_text("Talk 1: Enter how many minutes it lasts, 1 to 1440.")).to_be_visible()
        minutes.press("Escape")
        expect(minutes).to_have_value("20")


def test_without_a_network_nothing_typed_is_lost(
    shared_demo: Demo, browser: Browser, signed_in: list[dict[str, str]]
) -> None:
    with quiet_context(browser, signed_in) as context:
        desk = Desk(context.new_page(), shared_demo)
        desk.block(MICROBES).click()
        title = panel(desk).get_by_label("Title", exact=True)
        title.fill(TITLE)
        context.set_offline(True)
        expect(desk.page.get_by_role("alert").first).to_contain_text("There is no connection.")
        expect(title).to_have_js_property("readOnly", value=True)
        expect(title).to_have_value(TITLE)
        context.set_offline(False)
        expect(title).to_have_js_property("readOnly", value=False)
        desk.expect_at(TITLE, "11:00–12:30")
        desk.expect_saved()
        desk.expect_connection()
        desk.put_back()
        expect(desk.block(MICROBES)).to_be_visible()
