"""Two people, each with an account and a browser, at the same schedule: edits appear, the same session is a question, deletions are told.

How soon is how often a page asks, which test_schedule_modules.py looks at: a machine may be slow.
"""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OTHER, Demo
from tests.browser.scheduling import BLOOD, MICROBES, RARE, TUMOURS, Desk
from tests.browser.test_schedule_saving import nudge


def test_anothers_edit_appears_and_disturbs_nothing_that_is_held(
    shared_demo: Demo, wide_page: Page, second_page: Page
) -> None:
    mine, theirs = Desk(wide_page, shared_demo), Desk(second_page, shared_demo)
    mine.block(RARE).focus()
    mine.press("Enter", "ArrowDown", "ArrowDown")
    nudge(theirs, BLOOD)
    theirs.expect_saved()
    expect(mine.block(BLOOD)).to_have_attribute("aria-label", re.compile("11:05–12:35"))
    expect(wide_page.locator(".s-ghost .s-when")).to_have_text("11:10–12:40")
    expect(mine.block(RARE)).to_be_focused()
    mine.press("Enter")
    mine.expect_at(RARE, "11:10–12:40")
    mine.expect_saved()
    expect(theirs.block(RARE)).to_have_attribute("aria-label", re.compile("11:10–12:40"))
    mine.put_back()
    theirs.put_back()


def test_the_same_session_at_once_shows_both_and_keeps_theirs(
    shared_demo: Demo, wide_page: Page, second_page: Page
) -> None:
    mine, theirs = Desk(wide_page, shared_demo), Desk(second_page, shared_demo)
    mine.block(RARE).focus()
    mine.press("Enter", "ArrowUp", "ArrowRight")
    nudge(theirs, RARE)
    theirs.expect_saved()
    expect(mine.block(RARE)).to_have_attribute("aria-label", re.compile("11:05–12:35"))
    mine.press("Enter")
    dialog = wide_page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"“{RARE}” was changed by somebody else")
    expect(dialog.get_by_role("row", name="Start")).to_contain_text("Thursday 22 September 2022 11:05")
    expect(dialog.get_by_role("row", name="Start")).to_contain_text("Thursday 22 September 2022 10:55")
    expect(dialog.get_by_role("row", name="Room")).to_contain_text("Room Przykład")
    dialog.get_by_role("button", name="Keep theirs").click()
    mine.expect_at(RARE, "11:05–12:35, Room Sample")
    mine.expect_saved()
    theirs.put_back()


def test_one_title_written_by_both_in_the_panel_is_a_question(
    shared_demo: Demo, wide_page: Page, second_page: Page
) -> None:
    mine, theirs = Desk(wide_page, shared_demo), Desk(second_page, shared_demo)
    titles = []
    for desk in (mine, theirs):
        desk.block(RARE).click()
        titles.append(desk.page.locator("#schedule-panel-name"))
        expect(titles[-1]).to_have_value(RARE)
    # So that mine is written upon what theirs was before, however soon a page asks.
    wide_page.route("**/staff/schedule/changes/*", lambda route: route.fulfill(status=304))
    titles[1].fill("Theirs")
    titles[1].press("Enter")
    theirs.expect_at("Theirs", "11:00–12:30")
    theirs.expect_saved()
    titles[0].fill("Mine")
    titles[0].press("Enter")
    dialog = wide_page.get_by_role("dialog")
    expect(dialog.get_by_role("row", name="Title")).to_contain_text("Theirs")
    expect(dialog.get_by_role("row", name="Title")).to_contain_text("Mine")
    wide_page.unroute("**/staff/schedule/changes/*")
    dialog.get_by_role("button", name="Put mine").click()
    mine.expect_at("Mine", "11:00–12:30")
    theirs.expect_at("Mine", "11:00–12:30")
    mine.put_back()
    theirs.expect_at("Theirs", "11:00–12:30")
    theirs.put_back()
    mine.expect_at(RARE, "11:00–12:30")


def test_mine_is_put_again_upon_theirs(shared_demo: Demo, wide_page: Page, second_page: Page) -> None:
    mine, theirs = Desk(wide_page, shared_demo), Desk(second_page, shared_demo)
    mine.block(MICROBES).focus()
    mine.press("Enter", "ArrowUp")
    nudge(theirs, MICROBES)
    theirs.expect_saved()
    mine.press("Enter")
    wide_page.get_by_role("dialog").get_by_role("button", name="Put mine").click()
    mine.expect_at(MICROBES, "10:55–12:25")
    mine.expect_saved()
    expect(theirs.block(MICROBES)).to_have_attribute("aria-label", re.compile("10:55–12:25"))
    mine.put_back()
    theirs.put_back()


def test_a_deletion_appears_and_ends_the_hold(shared_demo: Demo, wide_page: Page, second_page: Page) -> None:
    title = "Speakers' ready room"
    second_page.goto(f"{shared_demo.site}/staff/programme/session/new")
    second_page.get_by_label("Title", exact=True).fill(title)
    second_page.get_by_role("button", name="Save").click()
    address = second_page.url
    mine = Desk(wide_page, shared_demo)
    mine.expect_at(title, "Not scheduled")
    mine.block(title).focus()
    mine.press("Enter", "ArrowDown")
    second_page.goto(f"{address}/delete")
    second_page.get_by_role("button", name="Delete").click()
    expect(mine.block(title)).to_have_count(0)
    mine.expect_spoken("Somebody has deleted what you held.")
    expect(wide_page.locator(".s-ghost")).to_have_count(0)


def test_who_is_where_is_told_until_they_leave(shared_demo: Demo, wide_page: Page, second_page: Page) -> None:
    mine, theirs = Desk(wide_page, shared_demo), Desk(second_page, shared_demo)
    theirs.block(TUMOURS).click()
    expect(mine.block(TUMOURS).locator(".s-here")).to_have_text(OTHER)
    mine.expect_at(TUMOURS, f"{OTHER} is here")
    expect(wide_page.locator("#schedule-here")).to_have_text(f"Also here: {OTHER}")
    second_page.goto(f"{shared_demo.site}/staff/")
    expect(mine.block(TUMOURS).locator(".s-here")).to_have_text("")


def test_nothing_new_costs_no_body(shared_demo: Demo, wide_page: Page) -> None:
    Desk(wide_page, shared_demo)
    changes = re.compile("/staff/schedule/changes/")
    answers = []
    for _ in range(3):
        with wide_page.expect_response(changes) as found:
            pass
        answers.append(found.value.status)
    assert answers[-1] == 304, answers
