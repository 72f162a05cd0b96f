"""Everything by keyboard, and what happened in the live region."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Demo
from tests.browser.scheduling import BLOOD, MICROBES, OPENING, RARE, TUMOURS, Desk


def test_arrows_go_from_session_to_session(shared_demo: Demo, wide_page: Page) -> None:
    desk = Desk(wide_page, shared_demo)
    desk.block(TUMOURS).focus()
    for key, title in (
        ("ArrowRight", BLOOD),
        ("ArrowRight", RARE),
        ("ArrowLeft", BLOOD),
        ("ArrowLeft", TUMOURS),
        ("ArrowUp", "Keynotes: equal access, by way of example"),
        ("ArrowUp", OPENING),
    ):
        desk.press(key)
        expect(desk.block(title)).to_be_focused()
    # One stop of the Tab key, where the focus was last.
    expect(wide_page.locator(".s-list .s-block[tabindex='0']")).to_have_count(1)
    expect(desk.block(OPENING)).to_have_attribute("tabindex", "0")


def test_enter_picks_up_arrows_move_and_enter_drops(shared_demo: Demo, wide_page: Page) -> None:
    desk = Desk(wide_page, shared_demo)
    desk.block(RARE).focus()
    desk.press("Enter")
    desk.expect_spoken(f"You hold “{RARE}”. Thursday 22 September 2022 11:00–12:30, Room Sample.")
    desk.expect_spoken("Free here.")
    desk.press("ArrowRight")
    desk.expect_spoken("11:00–12:30, Room Przykład. Room taken")
    desk.press("PageUp", "ArrowUp")
    desk.expect_spoken("09:55–11:25, Room Przykład. Room taken")
    desk.press("PageUp")
    desk.expect_spoken("08:55–10:25, Room Przykład. Free here.")
    desk.press("Enter")
    desk.expect_spoken(f"“{RARE}” now stands: Thursday 22 September 2022 08:55–10:25, Room Przykład.")
    desk.expect_at(RARE, "08:55–10:25, Room Przykład")
    expect(desk.block(RARE)).to_be_focused()
    desk.expect_saved()
    desk.press("ControlOrMeta+z")
    desk.expect_at(RARE, "11:00–12:30, Room Sample")
    desk.expect_spoken("Undo: done.")


def test_escape_truly_restores(shared_demo: Demo, wide_page: Page) -> None:
    desk = Desk(wide_page, shared_demo)
    before, box, revision = desk.told(RARE), style(desk, RARE), draft(desk)
    desk.block(RARE).focus()
    desk.press("Enter", "ArrowDown", "ArrowDown", "ArrowLeft", "Shift+ArrowDown")
    expect(wide_page.locator(".s-ghost .s-when")).to_have_text("11:10–12:45")
    desk.press("Escape")
    desk.expect_spoken(f"Cancelled. “{RARE}” is where it was.")
    assert (desk.told(RARE), style(desk, RARE), draft(desk)) == (before, box, revision)
    expect(desk.block(RARE)).to_be_focused()
    expect(wide_page.locator(".s-ghost, .is-held, .s-slot")).to_have_count(0)


def style(desk: Desk, title: str) -> str:
    """Return where the block stands on the paper, wherever that is scrolled to."""
    return desk.block(title).get_attribute("style") or ""


def draft(desk: Desk) -> int:
    """Return the draft's revision as the server has it."""
    answer = desk.page.request.get(desk.address + "/data")
    revision: int = answer.json()["revision"]
    return revision


def test_shift_and_an_arrow_resize(shared_demo: Demo, wide_page: Page) -> None:
    desk = Desk(wide_page, shared_demo)
    wide_page.get_by_label("Steps of").select_option("10")
    desk.block(MICROBES).focus()
    desk.press("Shift+ArrowUp")
    desk.expect_at(MICROBES, "11:00–12:20")
    desk.expect_saved()
    desk.press("Shift+ArrowUp")
    desk.expect_at(MICROBES, "11:00–12:10")
    desk.expect_saved()
    desk.put_back(2)
    desk.expect_at(MICROBES, "11:00–12:30")


def test_delete_takes_off_and_enter_in_the_tray_places_again(shared_demo: Demo, wide_page: Page) -> None:
    desk = Desk(wide_page, shared_demo)
    desk.block(BLOOD).focus()
    desk.press("Delete")
    desk.expect_at(BLOOD, "Not scheduled, 90 minutes")
    expect(desk.block(BLOOD)).to_be_focused()
    expect(wide_page.get_by_role("listbox", name="Not scheduled 1")).to_be_visible()
    desk.expect_saved()
    desk.press("Enter", "ArrowRight", "ArrowDown")
    desk.expect_spoken("09:05–10:35, Hörsal Muster")
    desk.press("Enter")
    desk.expect_at(BLOOD, "09:05–10:35, Hörsal Muster")
    desk.expect_saved()
    desk.put_back(2)


def test_beyond_the_last_room_is_the_next_day(shared_demo: Demo, wide_page: Page) -> None:
    desk = Desk(wide_page, shared_demo)
    desk.block(MICROBES).focus()
    desk.press("Enter", "ArrowRight")
    desk.expect_spoken("Friday 23 September 2022 11:00–12:30, Aula Exempel.")
    expect(wide_page.get_by_role("button", name="Fri 23 Sep")).to_have_attribute("aria-pressed", "true")
    desk.press("Escape")
    wide_page.get_by_role("button", name="Thu 22 Sep").click()
    desk.expect_at(MICROBES, "11:00–12:30, Room Przykład")


def test_the_search_box_jumps_to_a_session(shared_demo: Demo, wide_page: Page) -> None:
    desk = Desk(wide_page, shared_demo)
    desk.press("/")
    expect(wide_page.get_by_label("Search")).to_be_focused()
    wide_page.keyboard.type("spela primerova")
    expect(wide_page.locator("#schedule-found")).to_have_text("0 found")
    wide_page.get_by_label("Search").fill("MICROBIOLOGY from")
    expect(wide_page.locator("#schedule-found")).to_have_text("1 found")
    expect(desk.block(MICROBES)).to_have_class(re.compile("is-found"))
    desk.press("Enter")
    expect(desk.block(MICROBES)).to_be_focused()
    wide_page.get_by_label("Search").focus()
    desk.press("Escape")
    expect(wide_page.locator(".is-found")).to_have_count(0)


def test_the_keys_are_listed(shared_demo: Demo, wide_page: Page) -> None:
    desk = Desk(wide_page, shared_demo)
    desk.press("?")
    for words in ("Pick the session up; drop it", "Shorten and lengthen", "Cancel: all is as it was"):
        expect(wide_page.get_by_role("dialog")).to_contain_text(words)


def test_undo_after_a_reload(shared_demo: Demo, wide_page: Page) -> None:
    desk = Desk(wide_page, shared_demo)
    desk.block(TUMOURS).focus()
    desk.press("Enter", "ArrowDown", "Enter")
    desk.expect_at(TUMOURS, "11:05–12:35")
    desk.expect_saved()
    desk.open()
    expect(wide_page.locator("#schedule-undo")).to_have_text("Undo: Move")
    desk.press("ControlOrMeta+z")
    desk.expect_at(TUMOURS, "11:00–12:30")
    expect(wide_page.locator("#schedule-redo")).to_have_text("Redo: Move")
    desk.press("ControlOrMeta+Shift+z")
    desk.expect_at(TUMOURS, "11:05–12:35")
    desk.expect_saved()
    desk.put_back()
