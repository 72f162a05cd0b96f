"""The schedule's paper: true heights, words beside colours, conflicts that lead to their sessions, and axe at each width."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Demo
from tests.browser.scheduling import BLOOD, OPENING, PX_A_MINUTE, RARE, TUMOURS, Desk
from tests.browser.walking import check

WIDTHS_PX = (1440, 1024, 390)


def test_blocks_stand_at_their_time_in_their_room_at_true_height(shared_demo: Demo, wide_page: Page) -> None:
    desk = Desk(wide_page, shared_demo)
    tumours, blood, opening = desk.box(TUMOURS), desk.box(BLOOD), desk.box(OPENING)
    assert tumours["height"] == 90 * PX_A_MINUTE - 1
    assert opening["height"] == 30 * PX_A_MINUTE - 1
    assert tumours["y"] - opening["y"] == 120 * PX_A_MINUTE
    assert blood["y"] == tumours["y"]
    assert round(blood["x"] - tumours["x"]) == desk.column()
    told = desk.told(TUMOURS)
    for words in (
        TUMOURS,
        "11:00–12:30",
        "Aula Exempel",
        "Solid tumors",
        "conflicts: Blocks a final version",
    ):
        assert words in told
    expect(desk.block(TUMOURS).locator(".s-track")).to_have_text("Solid tumors")


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing(
    shared_demo: Demo, browser: Browser, signed_in: list[dict[str, str]], colours: str
) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme=colours)  # type: ignore[arg-type]  # one of its words
    context.add_cookies(signed_in)  # type: ignore[arg-type]  # the shape that cookies() answers
    desk = Desk(context.new_page(), shared_demo)
    check(desk.page, *WIDTHS_PX)
    desk.page.get_by_role("button", name="All days").click()
    expect(desk.page.locator(".s-day")).to_have_count(2)
    check(desk.page, *WIDTHS_PX)
    desk.block(RARE).focus()
    desk.press("Space", "Enter")
    expect(desk.page.locator("#schedule-strip")).to_be_visible()
    check(desk.page, *WIDTHS_PX)
    desk.press("Escape")
    context.close()


def test_a_conflict_leads_to_its_sessions(shared_demo: Demo, wide_page: Page) -> None:
    desk = Desk(wide_page, shared_demo)
    conflict = wide_page.locator(".s-conflict").first
    expect(conflict).to_contain_text("Nobody chairs it:")
    expect(conflict.locator(".s-cure")).to_have_text("Name a chair or a moderator in the session.")
    title = "Industry symposium: an invented sequencer"
    conflict.get_by_role("button", name=title).click()
    expect(desk.block(title)).to_be_focused()
    expect(desk.block(title)).to_be_in_viewport()
    many = wide_page.get_by_role("button", name=re.compile(r"^Blocks a final version .*: \d{2}$"))
    expect(many).to_have_attribute("aria-expanded", "false")
    before = wide_page.locator(".s-conflict").count()
    many.press("Enter")
    expect(many).to_have_attribute("aria-expanded", "true")
    expect(many).to_be_focused()
    count = int(many.inner_text().rpartition(" ")[2])
    expect(wide_page.locator(".s-conflict")).to_have_count(before + count)
    many.click()
    wide_page.get_by_label("Only of those chosen").check()
    expect(wide_page.locator(".s-conflict").last).to_contain_text(title)
    assert wide_page.locator(".s-conflict").count() < 10


def test_a_conflict_on_another_day_shows_that_day(shared_demo: Demo, wide_page: Page) -> None:
    desk = Desk(wide_page, shared_demo)
    desk.page.get_by_label("Search").fill("data that travel rare")
    expect(wide_page.locator("#schedule-found")).to_have_text("1 found")
    desk.press("Enter")
    expect(desk.block("Rare diseases: data that travel")).to_be_focused()
    expect(wide_page.get_by_role("button", name="Fri 23 Sep")).to_have_attribute("aria-pressed", "true")


def test_what_was_chosen_stays_on_the_device(shared_demo: Demo, wide_page: Page) -> None:
    desk = Desk(wide_page, shared_demo)
    wide_page.get_by_label("Steps of").select_option("15")
    wide_page.get_by_label("Size").select_option("Large")
    wide_page.get_by_role("button", name="All days").click()
    desk.open()
    expect(wide_page.get_by_label("Steps of")).to_have_value("15")
    expect(wide_page.locator(".s-day")).to_have_count(2)
    assert desk.box(OPENING)["height"] == 30 * 3 - 1


def test_without_a_script_the_list_is_offered(
    shared_demo: Demo, browser: Browser, signed_in: list[dict[str, str]]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(signed_in)  # type: ignore[arg-type]  # the shape that cookies() answers
    page = context.new_page()
    page.goto(f"{shared_demo.site}/staff/schedule")
    expect(page.get_by_text("which does not run in this browser")).to_be_visible()
    page.get_by_role("link", name="The list and its forms do the same.").click()
    expect(page).to_have_url(f"{shared_demo.site}/staff/programme")
    context.close()


def test_each_module_is_short() -> None:
    folder = Path(__file__).parents[2] / "conference/web/static"
    lengths = {path.name: len(path.read_text().splitlines()) for path in folder.glob("schedule_*.js")}
    assert len(lengths) > 10
    assert {name: length for name, length in lengths.items() if length >= 300} == {}
