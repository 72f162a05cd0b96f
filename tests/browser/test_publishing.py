"""A version is published by keyboard with the difference and the mails in view, and the mail arrives; axe looks at each page."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Demo
from tests.browser.scheduling import OPENING
from tests.browser.walking import check, letter_to

NAME = "After the committee’s meeting"
SUBJECT = "Another time or room: your part in"


def test_who_is_told_what_is_seen_before_publishing_and_sent_by_it(
    shared_demo: Demo, wide_page: Page
) -> None:
    page, office = wide_page, f"{shared_demo.site}/staff/programme"
    page.goto(office)
    page.get_by_role("link", name=OPENING).first.click()
    page.get_by_label("Start, such as 09:30").fill("17:10")
    page.get_by_role("button", name="Move").click()
    expect(page.get_by_role("status")).to_be_visible()
    page.goto(f"{office}/publish")
    moved = page.locator("#changes-moved-in-time + table").get_by_role("row").filter(has_text=OPENING)
    expect(moved).to_contain_text("Thu 22 Sep, 09:00–09:30")
    expect(moved).to_contain_text("Thu 22 Sep, 17:10–17:40")
    letter = page.locator("details.letter").first
    address = letter.locator("summary .soft").first.inner_text()
    expect(letter.get_by_text(SUBJECT)).to_be_hidden()
    letter.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(letter.get_by_text(SUBJECT)).to_be_visible()
    expect(letter.locator(".mail-as-sent")).to_contain_text("17:10")
    check(page)
    page.get_by_label("Name of the version (optional)").fill(NAME)
    page.get_by_role("button", name="Publish version").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("row").filter(has_text=NAME)).to_contain_text("Public")
    expect(page.get_by_text("whom version 2 concerns was told.")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Withdraw").click()
    expect(page.get_by_role("button", name="Withdraw version 2")).to_be_visible()
    check(page)
    letter_to(page, shared_demo, address)
    expect(page.get_by_role("heading", name=SUBJECT)).to_be_visible()
    # What stands in the way leads to its session in the editor, chosen.
    page.goto(f"{shared_demo.site}/staff/schedule#session-1")
    expect(page.locator(".s-block[aria-selected=true]")).to_have_count(1)
