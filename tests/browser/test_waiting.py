"""From a full category to a place, and ten approvals at once by keyboard: as people do it, axe on each page."""

import re
import time

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Demo
from tests.browser.walking import check, fill_invoice, letter_to


def register_as(page: Page, demo: Demo, given_name: str, email: str, category: str) -> None:
    page.goto(demo.site + "/register")
    page.get_by_label("Given name").fill(given_name)
    page.get_by_label("E-mail address", exact=True).fill(email)
    page.get_by_label("Affiliation", exact=True).fill("Example University Hospital")
    page.get_by_label("Country", exact=True).select_option("SE")
    page.get_by_role("radio", name=category).first.check()
    if category == "Industry":  # the one that has a fee
        fill_invoice(page)
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_text(email)).to_be_visible()


def own_link(page: Page, demo: Demo, email: str) -> str:
    """Open the newest mail to the address and return the personal link in it."""
    letter_to(page, demo, email)
    found = re.search(rf"{re.escape(demo.site)}/r/\S+", page.locator("pre.letter").inner_text())
    assert found
    return found.group(0)


def letter_saying(page: Page, demo: Demo, email: str, words: str) -> str:
    """Open the newest mail to the address once it holds the words, and return the personal link in it."""
    deadline = time.monotonic() + 60
    while True:
        link = own_link(page, demo, email)
        if words in page.locator("pre.letter").inner_text():
            return link
        assert time.monotonic() < deadline, f"no mail says {words}"
        page.wait_for_timeout(300)


def withdraw(page: Page, link: str) -> None:
    page.goto(f"{link}/withdraw")
    check(page)
    page.get_by_role("button", name="Cancel my registration").click()
    expect(page.get_by_text("This registration is withdrawn.")).to_be_visible()


def fill_category(page: Page, demo: Demo, name: str, places: str) -> None:
    """Fill the form of a new category, as an organiser does."""
    page.goto(demo.site + "/staff/categories/new")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Word on the badge").fill(name)
    page.get_by_label("Places").fill(places)


def test_from_the_waiting_list_to_the_confirmation(shared_demo: Demo, office: Page) -> None:
    demo, page = shared_demo, office
    fill_category(page, demo, "Observer", "1")
    check(page)
    page.get_by_role("button", name="Save").click()
    register_as(page, demo, "Anna", "first@demo.example", "Observer")
    first = own_link(page, demo, "first@demo.example")
    register_as(page, demo, "Bertil", "second@demo.example", "Observer")
    second = own_link(page, demo, "second@demo.example")
    expect(page.locator("pre.letter")).to_contain_text("waiting list")
    page.goto(second)
    expect(page.get_by_text("Waiting list, place 1")).to_be_visible()
    check(page)
    withdraw(page, first)
    offered = letter_saying(page, demo, "second@demo.example", "Accept the place")
    page.goto(offered)
    check(page)
    page.get_by_role("button", name="Accept the place").click()
    expect(page.get_by_text("Confirmed", exact=True)).to_be_visible()
    check(page)
    letter_saying(page, demo, "second@demo.example", "Your ticket")
    expect(page.locator("dd a", has_text=".pdf")).to_be_visible()


def test_ten_are_approved_at_once_by_keyboard(shared_demo: Demo, office: Page) -> None:
    demo, page = shared_demo, office
    for number in range(10):
        register_as(page, demo, f"Nio {number}", f"ten{number}@demo.example", "Industry")
    page.goto(demo.site + "/staff/approvals")
    check(page)
    rows = page.locator("tbody tr", has_text="Nio ")
    expect(rows).to_have_count(10)
    boxes = page.locator("tbody input[type=checkbox]")
    boxes.first.focus()
    pressed = 0
    while pressed < 200:
        focused = page.locator(":focus")
        label = focused.get_attribute("aria-label") or ""
        if focused.get_attribute("type") == "checkbox" and label.startswith("Nio "):
            page.keyboard.press("Space")
        if focused.get_attribute("value") == "approve":
            break
        page.keyboard.press("Tab")
        pressed += 1
    expect(page.locator("tbody input[type=checkbox]:checked")).to_have_count(10)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("10 answered, each by a mail.")
    check(page)
    page.goto(demo.site + "/staff/registrations?text=nio&column=state")
    expect(page.locator("tbody .state", has_text=re.compile("Confirmed|Waiting list"))).to_have_count(10)


@pytest.fixture
def plain_page(browser: Browser) -> Page:
    """A page whose browser runs no script."""
    return browser.new_context(java_script_enabled=False).new_page()


def test_an_attendee_goes_the_whole_way_without_a_script(
    shared_demo: Demo, page: Page, plain_page: Page
) -> None:
    """Register, read the mail, change, withdraw; beside it the same page with scripts, for axe alone."""
    demo = shared_demo
    register_as(plain_page, demo, "Skriptlös", "plain@demo.example", "Participant")
    link = own_link(page, demo, "plain@demo.example")
    plain_page.goto(link)
    expect(plain_page.get_by_role("img", name="QR code")).to_be_visible()
    plain_page.get_by_role("link", name="Change").first.click()
    plain_page.get_by_label("Affiliation", exact=True).fill("")
    plain_page.get_by_role("button", name="Save").click()
    expect(plain_page.get_by_role("alert")).to_be_visible()
    expect(plain_page.get_by_label("Given name")).to_have_value("Skriptlös")
    plain_page.get_by_label("Affiliation", exact=True).fill("Another Hospital")
    plain_page.get_by_role("button", name="Save").click()
    expect(plain_page.get_by_text("Another Hospital")).to_be_visible()
    page.goto(link)
    check(page)
    plain_page.goto(f"{link}/withdraw")
    plain_page.get_by_role("button", name="Cancel my registration").click()
    expect(plain_page.get_by_text("This registration is withdrawn.")).to_be_visible()
    page.goto(link)
    check(page)
    plain_page.context.close()
