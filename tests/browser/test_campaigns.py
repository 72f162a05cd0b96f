"""An organiser writes a campaign from the list, looks at it, schedules, starts, pauses and ends it; its reader unsubscribes."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Demo
from tests.browser.test_desk import shot
from tests.browser.walking import check, letter_to, sign_in

TEXT = "Dear {name},\n\nthere are twelve places left for posters: https://www.example.org/posters."


@pytest.fixture(scope="module")
def cookies(browser: Browser, shared_demo: Demo) -> list[dict[str, str]]:
    """The cookies of the demonstration's organiser: its link signs in once."""
    with browser.new_context() as context:
        page = context.new_page()
        sign_in(page, shared_demo)
        return [dict(cookie) for cookie in context.cookies()]  # type: ignore[arg-type]  # its values are text and numbers


@pytest.fixture
def office(desk_page: Page, cookies: list[dict[str, str]]) -> Page:
    desk_page.context.add_cookies(cookies)  # type: ignore[arg-type]  # the shape that cookies() answers
    return desk_page


def _begun(demo: Demo, office: Page, title: str) -> None:
    """Go from the list, filtered, to a draft for those whom it shows."""
    office.goto(f"{demo.site}/staff/registrations?state=waiting")
    office.get_by_role("link", name="Write a campaign to these").click()
    check(office)
    office.get_by_role("button", name="Go on").click()
    expect(office.get_by_role("alert")).to_contain_text("Give the campaign a name.")
    check(office)
    office.get_by_label("Name of the campaign").fill(title)
    office.get_by_label("News", exact=True).check()
    shot(office, "campaign-new")
    office.get_by_role("button", name="Go on").click()


def _written(office: Page) -> None:
    office.get_by_label("Subject", exact=True).first.fill("Posters, {given_nmae}")
    office.get_by_label("Text", exact=True).first.fill(TEXT)
    office.get_by_role("button", name="Preview").click()
    expect(office.get_by_role("alert")).to_contain_text("there is no placeholder {given_nmae} here")
    check(office)
    office.get_by_label("Subject", exact=True).first.fill("Posters, {given_name}")
    office.get_by_role("button", name="Preview").click()
    part = office.frame_locator("iframe.mail-html")
    expect(part.get_by_role("link", name="Get no more news of this conference")).to_be_visible()
    check(office)
    shot(office, "campaign-preview")
    office.get_by_role("button", name="Send a test mail to me").click()
    expect(office.locator("#preview").get_by_role("status")).to_contain_text("is in the queue")
    office.get_by_role("button", name="Save").click()
    expect(office.get_by_role("status")).to_contain_text("The words are saved.")
    check(office)


def _widened(office: Page) -> None:
    """Let it go to speakers too, and to those of a day, which is taken out again."""
    office.get_by_text("Add an audience").click()
    office.get_by_label("Declined").check()
    check(office)
    shot(office, "campaign-audiences")
    office.get_by_role("button", name="Add speakers").click()
    office.get_by_text("Add an audience").click()
    office.get_by_label("What changed").select_option(label="Thursday 22 September 2022")
    office.get_by_role("button", name="Add people affected").click()
    office.get_by_role("button", name="Take out: Affected by: Thursday 22 September 2022").click()
    expect(office.locator(".audiences")).not_to_contain_text("Affected by")
    shot(office, "campaign-draft")


def _sent(office: Page) -> None:
    at = office.get_by_label("Day and time, Stockholm")
    at.fill("2022-09-01T09:00")
    office.get_by_role("button", name="Schedule").click()
    expect(office.get_by_role("alert")).to_contain_text("2022-09-01 09:00 is over.")
    check(office)
    at.fill("2022-09-20T09:00")
    # Enter does what the button at the field does, and sends nothing.
    at.press("Enter")
    expect(office.get_by_text("for 20 September 2022, 09:00, Stockholm time")).to_be_visible()
    check(office)
    shot(office, "campaign-scheduled")
    office.get_by_role("button", name="Back to draft").click()
    office.get_by_role("button", name="Send to ").click()
    expect(office.get_by_role("heading", name="How far it is")).to_be_visible()
    shot(office, "campaign-sending")


def _ended(office: Page) -> None:
    """Whatever the worker has sent meanwhile: pausing and ending tell where the campaign stands."""
    expect(office.locator("main")).to_contain_text("Done")
    check(office)
    shot(office, "campaign-done")


def _unsubscribed(office: Page, demo: Demo, address: str) -> None:
    letter_to(office, demo, address)
    expect(office.get_by_role("heading", name="Posters, ")).to_be_visible()
    letter = office.locator("pre.letter").inner_text()
    link = next(line for line in letter.splitlines() if "/unsubscribe/" in line)
    office.goto(link)
    check(office)
    shot(office, "unsubscribe")
    office.get_by_role("button").first.click()
    check(office)
    shot(office, "unsubscribed")
    # The undo.
    office.get_by_role("button").first.click()
    check(office)


def test_a_campaign_from_the_list_to_its_last_mail(shared_demo: Demo, office: Page) -> None:
    _begun(shared_demo, office, "Posters")
    _written(office)
    _widened(office)
    address = office.locator("#sample li").first.inner_text().rpartition(", ")[2].strip()
    _sent(office)
    _ended(office)
    _unsubscribed(office, shared_demo, address)


def test_a_campaign_is_paused_goes_on_and_is_ended(shared_demo: Demo, office: Page) -> None:
    """To everybody, so that the worker is still busy when the button is pressed."""
    office.goto(f"{shared_demo.site}/staff/registrations?state=confirmed")
    office.get_by_role("link", name="Write a campaign to these").click()
    office.get_by_label("Name of the campaign").fill("The hall")
    office.get_by_role("button", name="Go on").click()
    office.get_by_label("Subject", exact=True).first.fill("The hall")
    office.get_by_label("Text", exact=True).first.fill("Dear {name},\n\n{link}")
    office.get_by_role("button", name="Save").click()
    office.get_by_role("button", name="Send to ").click()
    office.get_by_role("button", name="Pause").click()
    expect(office.get_by_role("button", name="Resume")).to_be_visible()
    check(office)
    shot(office, "campaign-paused")
    office.get_by_role("button", name="Resume").click()
    office.get_by_role("button", name="Cancel ").click()
    expect(office.locator("main")).to_contain_text("Ended before all was sent", use_inner_text=False)
    check(office)
    shot(office, "campaign-cancelled")
