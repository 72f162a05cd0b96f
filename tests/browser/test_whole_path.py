"""Register, confirm, be seen by the desk, get a badge; move a session, publish, print: as a person would, with axe."""

import re
from io import BytesIO

from icalendar import Calendar
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.browser.conftest import Demo
from tests.browser.walking import check, letter_to, register, sign_in


def pdf_text(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def download(page: Page, address: str) -> bytes:
    answer = page.request.get(address)
    assert answer.status == 200, address
    return answer.body()


def read_letter(page: Page, demo: Demo, email: str, name: str) -> str:
    """Check the mail and what is attached to it; return the personal link."""
    letter_to(page, demo, email)
    check(page)
    text = page.locator("pre.letter").inner_text()
    assert "Genomic Medicine Sweden" in text
    assert "Centers for Personalized Medicine" in text
    files = {link.inner_text(): link.get_attribute("href") for link in page.locator("dd a").all()}
    ticket = next(address for label, address in files.items() if label.endswith(".pdf"))
    calendar = next(address for label, address in files.items() if label.endswith(".ics"))
    assert name in pdf_text(download(page, f"{demo.site}{ticket}"))
    events = Calendar.from_ical(download(page, f"{demo.site}{calendar}").decode()).walk("VEVENT")
    assert len(events) == 2
    found = re.search(rf"{re.escape(demo.site)}/r/\S+", text)
    assert found
    return found.group(0)


def badge(page: Page, demo: Demo, family_name: str) -> None:
    """Find the registration as the desk does, and print its badge."""
    page.goto(demo.site + "/staff/registrations")
    check(page)
    page.get_by_role("searchbox").fill(family_name.upper())
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("main").get_by_role("link", name="Badges", exact=True).click()
    expect(page.get_by_role("button", name="Print 1 badge")).to_be_visible()
    check(page)
    address = page.get_by_role("link", name="Preview").get_attribute("href")
    assert address
    printed = pdf_text(download(page, demo.site + address.replace("/staff/preview/", "/staff/", 1)))
    assert "Åsa" in printed
    assert family_name in printed
    page.go_back()
    page.locator("tbody tr").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(family_name)
    check(page)


def move_and_publish(page: Page, demo: Demo, time_text: str) -> None:
    """Move the poster session; the public page and paper follow when it is published, and not before."""
    title = "Posters with a glass of something"
    page.goto(demo.site + "/staff/programme")
    check(page)
    page.get_by_role("link", name=title).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    check(page)
    page.get_by_label("Start, such as 09:30").fill(time_text)
    page.get_by_role("button", name="Move").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    span = page.locator("dl.facts dd").first.inner_text()
    assert time_text in span
    public = f"{demo.site}/programme/2022-09-22"
    assert f"{time_text}–" not in page.request.get(public).text()
    page.goto(demo.site + "/staff/programme/publish")
    check(page)
    expect(page.get_by_role("row").filter(has_text=title)).to_be_visible()
    page.get_by_role("button", name="Publish version").click()
    expect(page.get_by_role("row").filter(has_text=title)).to_have_count(0)
    page.goto(public)
    check(page)
    expect(page.get_by_role("listitem").filter(has_text=title).first).to_contain_text(time_text)
    assert time_text in pdf_text(download(page, demo.site + "/programme.pdf"))
    page.get_by_role("link", name=title).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    check(page)


def test_whole_path(shared_demo: Demo, page: Page) -> None:
    demo = shared_demo
    family_name = "Vägfarande"
    email = "asa.wayfarer@demo.example"
    register(page, demo, family_name, email)
    link = read_letter(page, demo, email, f"Åsa {family_name}")
    page.goto(link)
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    check(page)
    page.goto(demo.mailbox)
    check(page)
    page.goto(demo.sign_in)
    check(page)
    sign_in(page, demo)
    check(page)
    badge(page, demo, family_name)
    move_and_publish(page, demo, "17:10")
    # The lists of the office and the speakers are looked at in test_office_pages.py and test_speakers_files.py.
    for path in ("/privacy", "/accessibility"):
        answer = page.goto(demo.site + path)
        assert answer is not None
        assert answer.status == 200, path
        check(page)


def test_the_form_works_without_scripts_and_by_keyboard(shared_demo: Demo, browser: Browser) -> None:
    demo = shared_demo
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(demo.site + "/register")
    page.get_by_label("Given name").focus()
    for typed in ("Exempla", "Tangentbord", "tangent@demo.example", "Example Hospital"):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.keyboard.type("Sweden")
    page.keyboard.press("Tab")  # the profession stays unanswered
    page.keyboard.press("Tab")  # and so does the career stage
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # the first category
    page.keyboard.press("Enter")
    expect(page.get_by_text("tangent@demo.example")).to_be_visible()
    context.close()
    with browser.new_context() as scripted:
        letter_to(scripted.new_page(), demo, "tangent@demo.example")
