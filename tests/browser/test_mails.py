"""The office's mails as a person works on them: axe finds nothing, wide and narrow."""

import sqlite3

from playwright.sync_api import Page, expect

from tests.browser.conftest import Demo
from tests.browser.walking import check

MANY = "Many mails were refused or held back"


def open_first(page: Page, demo: Demo, query: str) -> None:
    page.goto(f"{demo.site}/staff/mails?{query}")
    page.locator("tbody th a").first.click()
    check(page)


def test_the_list_is_filtered_and_says_so(shared_demo: Demo, office: Page) -> None:
    office.goto(f"{shared_demo.site}/staff/mails")
    check(office)
    wider = office.locator(".scroll").first.evaluate("box => box.scrollWidth - box.clientWidth")
    assert wider <= 0, "the list is cut"
    office.get_by_label("Kind").select_option("Confirmation")
    office.get_by_label("Language").select_option("English")
    office.get_by_role("button", name="Search").click()
    office.get_by_role("link", name="Held back: 1").click()
    expect(office).to_have_url(f"{shared_demo.site}/staff/mails?state=held&kind=confirmation&language=en")
    expect(office.locator("tbody tr")).to_have_count(1)
    expect(office.get_by_text("keep it as a bookmark")).to_be_visible()
    check(office)


def test_one_mail_is_read_in_its_frame(shared_demo: Demo, office: Page) -> None:
    open_first(office, shared_demo, "state=retrying")
    expect(office.get_by_role("region", name="Tries").get_by_role("row")).to_have_count(3)
    address = office.url
    frame = office.frame_locator("iframe.mail-html")
    expect(frame.get_by_text("You are registered for").first).to_be_visible()
    frame.get_by_role("link", name="View, change or withdraw").click()
    expect(frame.get_by_text("You are registered for").first).to_be_visible()
    expect(office).to_have_url(address)
    office.get_by_text("Ticket: ticket-").click()
    with office.expect_download() as taken:
        office.get_by_role("link", name="Download ticket-").click()
    assert taken.value.suggested_filename.endswith(".pdf")


def test_a_mail_that_came_back_leads_to_the_address(shared_demo: Demo, office: Page) -> None:
    office.goto(f"{shared_demo.site}/staff/")
    office.get_by_role("link", name="registrations whose mails came back").click()
    expect(office.locator("tbody tr")).to_have_count(1)
    check(office)
    open_first(office, shared_demo, "only=came-back")
    office.get_by_role("link", name="Correct the address").click()
    expect(office.get_by_role("textbox", name="E-mail address")).to_be_in_viewport()


def test_a_refused_mail_and_the_way_to_another_address(shared_demo: Demo, office: Page) -> None:
    open_first(office, shared_demo, "state=failed")
    office.goto(f"{office.url}/resend")
    expect(office.get_by_role("link", name="Correct the address of")).to_be_visible()
    check(office)
    open_first(office, shared_demo, "kind=invitation&state=done")
    office.get_by_role("link", name="Send to a corrected address").click()
    office.get_by_label("E-mail address").fill("nobody")
    office.get_by_role("button", name="Send").click()
    expect(office.get_by_role("alert")).to_contain_text("This is no e-mail address.")
    check(office)


def test_the_banner_stands_on_each_page(shared_demo: Demo, office: Page) -> None:
    with sqlite3.connect(shared_demo.instance / "demo.sqlite3") as database:
        for _ in range(6):
            database.execute(
                "INSERT INTO mail_attempt (mail_id, owner, began_at, ended_at, state, answer) "
                "VALUES (1, 'w', datetime('now'), datetime('now'), 'failed', '550 no')"
            )
    database.close()
    office.goto(f"{shared_demo.site}/staff/people")
    expect(office.get_by_text(MANY)).to_be_visible()
    check(office)
    office.get_by_role("link", name="Mails refused or held back").click()
    expect(office.locator("tbody tr")).to_have_count(2)
