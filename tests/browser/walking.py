"""What each walk through the site does: look at a page with axe, register, read the mail, sign in."""

import time

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Demo


def check(page: Page) -> None:
    """Let axe find nothing, and nothing stick out sideways."""
    page.wait_for_load_state(
        "load"
    )  # a click returns once the next page is under way, while it is still empty
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == [], page.url
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{page.url} is {wider} px wider than the window"


def register(page: Page, demo: Demo, family_name: str, email: str) -> None:
    page.goto(demo.site + "/")
    check(page)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Register").click()
    expect(page).to_have_url(demo.site + "/register")
    check(page)
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter your given name.")
    check(page)  # the summary of what is missing
    page.get_by_label("Given name").fill("Åsa")
    page.get_by_label("Family name (optional)", exact=True).fill(family_name)
    page.get_by_label("E-mail address", exact=True).fill(email)
    page.get_by_label("Affiliation", exact=True).fill("Example University Hospital")
    page.get_by_label("Country", exact=True).select_option("SE")
    page.get_by_label("Participant", exact=True).check()
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_text(email)).to_be_visible()
    check(page)


def fill_invoice(page: Page) -> None:
    """Say whom the invoice goes to, which the form asks of who chose something that costs something."""
    for label, words in {
        "Organisation or person": "Example University Hospital",
        "Street and number": "Invented Street 2",
        "Postcode": "123 45",
        "Town": "Exampleville",
    }.items():
        page.get_by_label(label, exact=True).fill(words)
    page.get_by_label("Country of the invoice").select_option("SE")


def letter_to(page: Page, demo: Demo, email: str) -> None:
    """Open the newest mail to the address, which the worker sends within seconds."""
    deadline = time.monotonic() + 60
    while True:
        page.goto(demo.mailbox)
        row = page.get_by_role("row").filter(has_text=email)
        if row.count():
            break
        assert time.monotonic() < deadline, "no mail has arrived"
        time.sleep(0.3)
    check(page)
    row.first.get_by_role("link").click()
    expect(page.locator("pre.letter")).to_be_visible()
    check(page)


def sign_in(page: Page, demo: Demo) -> None:
    page.goto(demo.sign_in)
    check(page)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(demo.site + "/staff/")
    check(page)
