"""A group of three without a script: the form, the mails, the group's page, and a place that is passed on."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import WIDTHS, Demo
from tests.browser.walking import check, letter_to, sign_in


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    """A page whose site may run no script; axe brings its own past that."""
    across, down = WIDTHS["phone"]
    context = browser.new_context(viewport={"width": across, "height": down}, bypass_csp=True)
    page = context.new_page()
    page.route("**/*.js", lambda route: route.abort())
    yield page
    context.close()


def link_in_letter(page: Page, pattern: str) -> str:
    text = page.locator("pre.letter").first.inner_text()
    found = re.search(pattern, text)
    assert found, text
    return found.group(0)


def letters_to(page: Page, demo: Demo, email: str, count: int) -> None:
    """Wait until as many mails have arrived."""
    deadline = time.monotonic() + 60
    while True:
        page.goto(demo.mailbox)
        if page.get_by_role("row").filter(has_text=email).count() >= count:
            return
        assert time.monotonic() < deadline, "the mails have not arrived"
        time.sleep(0.3)


def fill_form(page: Page, demo: Demo, coordinator: str, domain: str) -> None:
    """Register Ana and Cy, who have addresses in the domain, and Bo, who has none."""
    page.goto(demo.site + "/register")
    page.get_by_role("link", name="Register a group").click()
    check(page)
    page.get_by_role("button", name="Register the group").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter your given name.")
    check(page)
    you = page.get_by_role("group", name="You, the coordinator")
    you.get_by_label("Given name").fill("Kim")
    you.get_by_label("E-mail address").fill(coordinator)
    you.get_by_label("Affiliation").fill("Example Hospital")
    you.get_by_label("Country").select_option("SE")
    page.get_by_label("Participant", exact=True).check()
    for number, (name, email) in enumerate((("Ana", f"ana@{domain}"), ("Bo", ""), ("Cy", f"cy@{domain}")), 1):
        person = page.get_by_role("group", name=f"Person {number}", exact=True)
        person.get_by_label("Given name").fill(name)
        person.get_by_label("E-mail address").fill(email)
    page.get_by_role("button", name="Add five more rows").click()
    expect(page.get_by_role("group", name="Person 8", exact=True)).to_be_visible()
    expect(page.locator("#people-2-email")).to_have_value(f"cy@{domain}")
    check(page)
    page.get_by_role("button", name="Register the group").click()
    expect(page.get_by_text(coordinator)).to_be_visible()
    check(page)


def test_a_group_of_three_without_a_script(plain_page: Page, shared_demo: Demo) -> None:
    page, demo, kim = plain_page, shared_demo, "kim@hospital.example"
    fill_form(page, demo, kim, "x.example")
    letters_to(page, demo, kim, 2)
    letters_to(page, demo, "ana@x.example", 1)
    letters_to(page, demo, "cy@x.example", 1)
    page.get_by_role("row").filter(has_text="Your group").filter(has_text=kim).get_by_role("link").click()
    page.goto(link_in_letter(page, r"http\S+/g/\S+"))
    expect(page.get_by_role("row").filter(has_text="Bo")).to_contain_text("Confirmed")
    expect(page.get_by_role("row").filter(has_text="Ana")).to_contain_text("Answered by mail")
    check(page)
    group = page.url
    page.get_by_role("link", name="Add a person").click()
    check(page)
    page.get_by_label("Given name").fill("Dee")
    page.get_by_role("button", name="Add the person").click()
    expect(page.get_by_role("row").filter(has_text="Dee")).to_contain_text("Confirmed")
    page.get_by_role("link", name="Withdraw Dee").click()
    check(page)
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_role("row").filter(has_text="Dee")).to_contain_text("Withdrawn")
    page.get_by_role("link", name="Pass on the place of Bo").click()
    check(page)
    page.get_by_label("Given name").fill("Eva")
    page.get_by_role("button", name="Pass on the place").click()
    expect(page).to_have_url(group)
    expect(page.get_by_role("row").filter(has_text="Eva")).to_contain_text("Confirmed")


def test_a_member_shows_the_place_and_passes_it_on(plain_page: Page, shared_demo: Demo) -> None:
    page, demo = plain_page, shared_demo
    fill_form(page, demo, "kit@hospital.example", "y.example")
    letter_to(page, demo, "ana@y.example")
    page.goto(link_in_letter(page, r"http\S+/r/\S+"))
    check(page)
    page.get_by_role("button", name="Let the coordinator see and manage my place").click()
    expect(page.get_by_role("button", name="Hide it from the coordinator")).to_be_visible()
    page.get_by_role("link", name="Pass on my place").click()
    check(page)
    page.get_by_role("button", name="Pass on the place").click()
    check(page)
    page.get_by_label("Given name").fill("Fay")
    page.get_by_label("E-mail address").fill("fay@y.example")
    page.get_by_role("button", name="Pass on the place").click()
    expect(page).to_have_url(demo.site + "/r/passed-on")
    check(page)
    letters_to(page, demo, "fay@y.example", 1)
    letters_to(page, demo, "ana@y.example", 2)
    sign_in(page, demo)
    page.goto(demo.site + "/staff/registrations?text=fay")
    page.get_by_role("link", name="Fay").click()
    expect(page.get_by_role("heading", name="Group", exact=True)).to_be_visible()
    check(page)
    page.get_by_role("link", name="Pass on", exact=True).click()
    check(page)
