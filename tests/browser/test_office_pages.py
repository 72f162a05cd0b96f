"""The pages beside the whole path, as a person sees them: axe finds nothing, wide and narrow, light and dark."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import WIDTHS, Demo
from tests.browser.walking import check, letter_to, register

SESSION = "Posters with a glass of something"


def look(page: Page, address: str) -> None:
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, address
    check(page)


def follow_first(page: Page, link: str) -> None:
    """Follow the first of the links whose address begins like this, and look at what it opens."""
    page.locator(f"main a[href^='{link}']").first.click()
    expect(page.locator(".crumbs")).to_be_visible()
    check(page)


def test_a_session_is_moved_and_published(shared_demo: Demo, office: Page) -> None:
    look(office, f"{shared_demo.site}/staff/programme")
    office.get_by_role("link", name=SESSION).first.click()
    office.get_by_label("Start, such as 09:30").fill("17:10")
    office.get_by_role("button", name="Move").click()
    expect(office.get_by_role("status")).to_be_visible()
    check(office)
    expect(office.locator("main .button:not(.second):not(.danger), main button:not(.second)")).to_have_count(
        1
    )
    office.get_by_role("link", name="History").click()
    expect(office.get_by_role("row").nth(1)).to_contain_text("Moved")
    check(office)
    look(office, f"{shared_demo.site}/staff/programme/print")
    look(office, f"{shared_demo.site}/staff/programme/publish")
    office.get_by_role("button", name="Publish version").click()
    expect(office.get_by_role("heading", level=1)).to_have_text("Versions of the programme")
    check(office)
    look(office, f"{shared_demo.site}/staff/programme/publish")
    expect(office.get_by_text("The draft and the public programme are the same.")).to_be_visible()


def test_a_filtered_list_and_one_registration(shared_demo: Demo, office: Page) -> None:
    look(office, f"{shared_demo.site}/staff/registrations?text=Exempel&state=confirmed")
    expect(office.get_by_role("link", name="Clear the filter")).to_be_visible()
    wider = office.locator(".scroll").first.evaluate("box => box.scrollWidth - box.clientWidth")
    assert wider <= 0, "the list is cut"
    office.locator("tbody th a").first.click()
    check(office)
    expect(office.get_by_role("heading", name="History")).to_be_visible()
    look(office, f"{shared_demo.site}/staff/registrations?category=99")
    expect(office.get_by_text("a category or state that there is not")).to_be_visible()


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("/staff/badges", None),
        ("/staff/people", "/staff/people/"),
        ("/staff/mails", "/staff/mails/"),
        ("/staff/speakers", "/staff/speakers/"),
        ("/staff/accounts", None),
        ("/staff/api-tokens", None),
        ("/api", None),
        ("/staff/categories", "/staff/categories/"),
        ("/staff/event", "/staff/rooms/"),
    ],
)
def test_a_list_and_one_of_it(shared_demo: Demo, office: Page, path: str, link: str | None) -> None:
    look(office, shared_demo.site + path)
    if path == "/staff/categories":
        office.locator("tbody a").first.click()
        check(office)
    elif link is not None:
        follow_first(office, link)


def test_fewer_places_than_are_taken_are_asked_about(shared_demo: Demo, office: Page) -> None:
    look(office, f"{shared_demo.site}/staff/categories/1")
    office.get_by_label("Places").fill("1")
    office.get_by_role("button", name="Save").click()
    expect(office.get_by_role("alert")).to_contain_text("fewer than are confirmed")
    check(office)


def test_a_speakers_own_page(shared_demo: Demo, office: Page) -> None:
    look(office, f"{shared_demo.site}/staff/speakers?standing=open")
    office.get_by_role("row").get_by_role("link", name="Open").first.click()
    office.locator(".personal-link a").click()
    expect(office.get_by_role("button", name="Confirm")).to_be_visible()
    check(office)


def test_a_speaker_from_the_link_to_the_disclosure(shared_demo: Demo, office: Page) -> None:
    look(office, shared_demo.site + "/staff/speakers?standing=invited")
    office.get_by_role("row").get_by_role("link", name="Open").first.click()
    own = office.locator(".personal-link a").get_attribute("href")
    assert own is not None
    page = office
    look(page, own)
    page.get_by_role("link", name="Times when I cannot").click()
    check(page)
    page.get_by_label("08:00", exact=True).first.check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="My profile").click()
    check(page)
    page.get_by_role("textbox", name="Biography").fill("Four")
    expect(page.get_by_text("4 / 1500")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Disclosure of interests").click()
    page.get_by_label("I have nothing to disclose").check()
    page.get_by_label("Your name, as your signature").fill("Åsa Lind")
    check(page)
    page.get_by_role("button", name="Sign").click()
    expect(page.get_by_text("Your disclosure is signed.")).to_be_visible()
    expect(page.get_by_text("Write your biography")).to_have_count(0)
    look(page, shared_demo.site + "/staff/speakers/overdue")
    look(page, shared_demo.site + "/staff/speakers/1")


def test_an_attendee_changes_and_withdraws(shared_demo: Demo, page: Page) -> None:
    email = "wanderer@demo.example"
    register(page, shared_demo, "Vandrare", email, look=lambda _: None)
    letter_to(page, shared_demo, email)
    found = re.search(rf"{re.escape(shared_demo.site)}/r/\S+", page.locator("pre.letter").inner_text())
    assert found
    look(page, f"{found.group(0)}/change")
    page.get_by_label("Affiliation", exact=True).fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()
    check(page)
    look(page, f"{found.group(0)}/withdraw")
    page.get_by_role("button", name="Cancel my registration").click()
    expect(page.get_by_text("This registration is withdrawn.")).to_be_visible()
    check(page)


def test_the_menu_and_its_keys(shared_demo: Demo, office: Page) -> None:
    look(office, f"{shared_demo.site}/staff/registrations")
    menu = office.get_by_role("navigation", name="Office")
    across, down = WIDTHS["phone"]
    office.set_viewport_size({"width": across, "height": down})
    expect(menu).to_be_hidden()
    office.get_by_text("Menu", exact=True).click()
    check(office, across)
    across, down = WIDTHS["desktop"]
    office.set_viewport_size({"width": across, "height": down})
    expect(menu.get_by_role("link", name="Registrations")).to_have_attribute("aria-current", "page")
    office.keyboard.press("/")
    expect(office.get_by_role("searchbox")).to_be_focused()
    office.get_by_role("searchbox").blur()
    office.keyboard.press("?")
    expect(office.get_by_role("dialog")).to_contain_text("Event")
    check(office)
    office.get_by_role("button", name="Close").click()
    # The tenth entry; those behind it have no digit.
    office.keyboard.press("0")
    expect(office).to_have_url(f"{shared_demo.site}/staff/event")


@pytest.mark.parametrize("path", ["/", "/register", "/staff/registrations", "/programme", "/staff/programme"])
def test_the_dark_colours(
    shared_demo: Demo, dark_page: Page, signed_in: list[dict[str, str]], path: str
) -> None:
    dark_page.context.add_cookies(signed_in)  # type: ignore[arg-type]  # the shape that cookies() answers
    look(dark_page, shared_demo.site + path)
    ground = dark_page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert ground == "rgb(18, 22, 28)"
