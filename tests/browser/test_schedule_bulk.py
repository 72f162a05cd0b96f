"""Gestures of many from the page, and its history."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Demo
from tests.browser.scheduling import BLOOD, MICROBES, RARE, TUMOURS, Desk
from tests.browser.walking import check


def test_two_are_swapped(shared_demo: Demo, wide_page: Page) -> None:
    desk = Desk(wide_page, shared_demo)
    desk.block(RARE).click()
    desk.block(MICROBES).click(modifiers=["ControlOrMeta"])
    wide_page.get_by_role("button", name="Swap").click()
    desk.expect_at(RARE, "Room Przykład")
    desk.expect_at(MICROBES, "Room Sample")
    desk.expect_saved()
    desk.put_back()
    desk.expect_at(RARE, "Room Sample")


def test_a_room_moves_and_it_is_said_how_many(shared_demo: Demo, wide_page: Page) -> None:
    desk = Desk(wide_page, shared_demo)
    wide_page.get_by_role("button", name="Many at once…").click()
    dialog = wide_page.get_by_role("dialog")
    check(wide_page)
    dialog.get_by_label("Room", exact=True).select_option("Hörsal Muster")
    dialog.get_by_label("Minutes later").fill("5")
    told = dialog.get_by_role("status").inner_text()
    count = int(told.split()[0])
    assert count > 1
    with wide_page.expect_response("**/staff/schedule/steps") as answer:
        dialog.get_by_role("button", name="Do it").click()
    assert len(answer.value.json()["sessions"]) == count
    desk.expect_at(BLOOD, "11:05–12:35")
    desk.put_back()
    desk.expect_at(BLOOD, "11:00–12:30")


def test_what_follows_is_pushed(shared_demo: Demo, wide_page: Page) -> None:
    desk = Desk(wide_page, shared_demo)
    desk.block("Opening of the invented conference").click()
    wide_page.get_by_role("button", name="Push what follows…").click()
    dialog = wide_page.get_by_role("dialog")
    expect(dialog.get_by_role("status")).to_have_text("2 sessions move.")
    dialog.get_by_label("Minutes later").fill("0")
    expect(dialog.get_by_role("button", name="Do it")).to_be_disabled()
    dialog.get_by_label("Minutes later").fill("10")
    dialog.get_by_role("button", name="Do it").click()
    desk.expect_at("Opening of the invented conference", "09:10–09:40")
    desk.expect_at("Keynotes: equal access, by way of example", "09:40–10:40")
    desk.expect_saved()
    desk.put_back()


def test_a_longer_break_a_track_and_a_days_frame(shared_demo: Demo, wide_page: Page) -> None:
    """Each is carried out by the server for as many sessions as the page has told before."""
    desk = Desk(wide_page, shared_demo)
    dialog = wide_page.get_by_role("dialog")

    def carried_out() -> int:
        told = int(dialog.get_by_role("status").inner_text().split()[0])
        assert told > 0
        with wide_page.expect_response("**/staff/schedule/steps") as answer:
            dialog.get_by_role("button", name="Do it").click()
        assert len(answer.value.json()["sessions"]) == told
        desk.expect_saved()
        return told

    desk.block("Coffee").first.click()
    wide_page.get_by_role("button", name="Lengthen for all…").click()
    dialog.get_by_label("Minutes later").fill("10")
    assert carried_out() > 1
    desk.expect_at(TUMOURS, "11:10–12:40")
    desk.put_back()
    desk.expect_at(TUMOURS, "11:00–12:30")

    wide_page.get_by_role("button", name="Many at once…").click()
    dialog.get_by_label("What").select_option("Move all of a track")
    dialog.get_by_label("Track", exact=True).select_option("Rare diseases")
    dialog.get_by_label("Minutes later").fill("-5")
    carried_out()
    desk.expect_at(RARE, "10:55–12:25")
    desk.put_back()
    desk.expect_at(RARE, "11:00–12:30")

    before = wide_page.evaluate("document.querySelectorAll('.s-list .s-block').length")
    wide_page.get_by_role("button", name="Many at once…").click()
    dialog.get_by_label("What").select_option("Copy a day's frame")
    dialog.get_by_label("Day", exact=True).select_option("Friday 23 September 2022")
    dialog.get_by_label("Onto").select_option("Thursday 22 September 2022")
    added = carried_out()
    expect(wide_page.locator(".s-list .s-block")).to_have_count(before + added)
    desk.put_back()
    expect(wide_page.locator(".s-list .s-block")).to_have_count(before)


def test_the_history_tells_it_and_leads_to_the_schedule_then(shared_demo: Demo, wide_page: Page) -> None:
    desk = Desk(wide_page, shared_demo)
    desk.block(TUMOURS).focus()
    desk.press("Enter", "ArrowDown", "Enter")
    desk.expect_saved()
    desk.put_back()
    wide_page.get_by_role("link", name="History").click()
    row = wide_page.get_by_role("row").nth(2)
    expect(row).to_contain_text("Move")
    expect(row).to_contain_text("Undone")
    expect(row).to_contain_text("Start: Thu 22 Sep 11:00 → Thu 22 Sep 11:05")
    check(wide_page)
    row.get_by_role("link", name="After this step").click()
    expect(wide_page.get_by_role("row").filter(has_text=TUMOURS)).to_contain_text("11:05–12:35")
    check(wide_page)
