"""An organiser changes what the confirmation says, looks at it, sends a test and goes back; axe looks at each page."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Demo
from tests.browser.test_desk import shot
from tests.browser.walking import check, letter_to

ADDED = "The cloakroom is on the first floor: https://www.example.org/plan."


def _opened(demo: Demo, office: Page) -> str:
    """Open the editor of the confirmation from the list of mails, and return what it says."""
    office.goto(f"{demo.site}/staff/mails")
    office.get_by_role("link", name="What the mails say").first.click()
    expect(office.get_by_role("heading", name="What the mails say")).to_be_visible()
    check(office)
    shot(office, "wordings")
    office.get_by_role("link", name="Confirmation, English: original").click()
    first = office.get_by_label("Text", exact=True).input_value()
    check(office)
    shot(office, "wording-original")
    return first


def _seen(office: Page) -> None:
    """Look at the preview, part by part."""
    expect(office.locator("#preview")).to_contain_text(ADDED)
    part = office.frame_locator("iframe.mail-html")
    expect(part.get_by_text("The cloakroom")).to_be_visible()
    expect(part.get_by_role("link", name="https://www.example.org/plan")).to_be_visible()
    check(office)
    shot(office, "wording-preview")
    # Nothing is kept yet.
    stored = office.request.get(office.url.partition("#")[0]).text()
    assert "Today this mail goes out in its original words." in stored


def _tested(office: Page) -> str:
    """Send a test mail and return the address that it goes to."""
    office.get_by_role("button", name="Send a test mail to me").click()
    told = office.locator("#preview").get_by_role("status")
    expect(told).to_contain_text("is in the queue")
    return told.inner_text().split(" to ", 1)[1].split(" is ", 1)[0]


def _put_back(office: Page, first: str) -> None:
    office.get_by_text("What it said before").first.click()
    office.get_by_text("Show the original words").click()
    check(office)
    shot(office, "wording-history")
    office.get_by_role("button", name="Back to the original").click()
    expect(office.get_by_role("status")).to_contain_text("The mail has its original words again.")
    expect(office.get_by_label("Text", exact=True)).to_have_value(first)
    check(office)


def test_the_confirmation_is_changed_seen_sent_as_a_test_and_put_back(
    shared_demo: Demo, office: Page
) -> None:
    first, text = _opened(shared_demo, office), office.get_by_label("Text", exact=True)
    assert first.startswith("Dear {name},\n\nYou are registered for {event}.")
    text.fill(first.replace("{link}", "{lnik}"))
    office.get_by_role("button", name="Preview").click()
    expect(office.get_by_role("alert")).to_contain_text("there is no placeholder {lnik} here")
    check(office)
    shot(office, "wording-refused")
    office.get_by_label("Subject", exact=True).fill("Come in, {given_name}")
    text.fill(first.replace("{facts}", f"{ADDED}\n\n{{facts}}"))
    office.get_by_role("button", name="Preview").click()
    _seen(office)
    address = _tested(office)
    office.get_by_role("button", name="Save").click()
    expect(office.get_by_role("status")).to_contain_text("The wording is saved.")
    check(office)
    editor = office.url
    letter_to(office, shared_demo, address)
    expect(office.get_by_role("heading", name="[Test] Come in")).to_be_visible()
    expect(office.locator("pre.letter")).to_contain_text("The cloakroom is on the first floor")
    office.goto(editor)
    _put_back(office, first)
