"""A speaker's talk and slides in a browser: with the script, across a break and a reload, and without any script."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import WIDTHS, Demo
from tests.browser.walking import check, sign_in
from tests.factories.slides import a_pdf

PIECE = 4_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Office:
    """The cookies of a member of staff, and the personal links of speakers who have not answered."""

    cookies: list[dict[str, str]]
    links: list[str]


@pytest.fixture(scope="module")
def office(browser: Browser, shared_demo: Demo) -> Office:
    """Sign in, which the demonstration's link does once, and read the links that the office can show."""
    with browser.new_context() as context:
        page = context.new_page()
        sign_in(page, shared_demo)
        page.goto(f"{shared_demo.site}/staff/speakers?standing=invited")
        opened = page.get_by_role("row").get_by_role("link", name="Open")
        pages = [str(one.get_attribute("href")) for one in opened.all()]
        links = []
        for address in pages:
            page.goto(shared_demo.site + address)
            links.append(str(page.locator(".personal-link a").get_attribute("href")))
        return Office(cookies=[dict(one) for one in context.cookies()], links=links)  # type: ignore[arg-type]  # its values are text and numbers


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Page]:
    """A page whose faults on the network are part of the test."""
    across, down = WIDTHS["desktop"]
    with browser.new_context(viewport={"width": across, "height": down}) as context:
        yield context.new_page()


def write_talk(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("link", name=re.compile("^Title, abstract and co-authors of ")).first.click()
    check(page)
    page.get_by_label("Abstract").fill("Nothing, in many words.")
    page.get_by_label("Co-authors").fill("Åsa Lind; Hospital of Example\nÖrnek")
    page.get_by_label("Keywords").fill("one, two, three, four, five, six, seven, eight, nine")
    page.get_by_label("Level").select_option("advanced")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("These are 9 keywords; 8 fit.")
    expect(page.get_by_label("Co-authors")).to_have_value("Åsa Lind; Hospital of Example\nÖrnek")
    check(page)
    page.get_by_label("Keywords").fill("exome, RNA")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your talk is saved.")).to_be_visible()


def open_slides(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("link", name=re.compile("^Slides of ")).first.click()
    check(page)


def send_with_a_break(page: Page, file: Path) -> list[str]:
    """Send the file while the network lets only its first piece pass, load the page anew, and return what was stopped."""
    stopped: list[str] = []

    def stop_the_second(route: Route) -> None:
        if "offset=0" in route.request.url:
            route.continue_()
        else:
            stopped.append(route.request.url)
            route.abort()

    page.route("**/slides/uploads/*?*offset=*", stop_the_second)
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status")).to_contain_text("sending goes on by itself")
    check(page)
    # The page tries by itself: with the network back before it is gone, the rest would arrive.
    page.reload()
    page.unroute("**/slides/uploads/*?*offset=*")
    return stopped


def test_slides_survive_a_break_and_a_reload(
    shared_demo: Demo, office: Office, visitor: Page, tmp_path: Path
) -> None:
    page, link = visitor, office.links[0]
    write_talk(page, link)
    open_slides(page, link)
    file = tmp_path / "my talk.pdf"
    file.write_bytes(a_pdf(2 * PIECE + 1000))
    stopped = send_with_a_break(page, file)
    expect(page.get_by_text("4.0 MB of 8.0 MB have arrived")).to_be_visible()
    check(page)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if "offset=" in request.url else None)
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Your slides are here.")).to_be_visible()
    # What had arrived before the break is not sent again.
    assert stopped
    assert [url.rpartition("=")[2] for url in sent] == [str(PIECE), str(2 * PIECE)]
    with page.expect_download() as loading:
        page.get_by_role("link", name="my talk.pdf").click()
    assert loading.value.path().read_bytes() == file.read_bytes()
    check(page)
    page.context.add_cookies(office.cookies)  # type: ignore[arg-type]  # the shape that cookies() answers
    page.goto(f"{shared_demo.site}/staff/speakers/slides")
    expect(page.get_by_role("link", name="my talk.pdf").first).to_be_visible()
    check(page)


def test_without_a_script_the_form_sends_it_whole(browser: Browser, office: Office, tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(office.links[1])
    plain.get_by_role("link", name=re.compile("^Slides of ")).first.click()
    wrong = tmp_path / "photograph.pdf"
    wrong.write_bytes(b"GIF89a")
    plain.get_by_label("File").set_input_files(wrong)
    plain.get_by_role("button", name="Send").click()
    expect(plain.get_by_role("alert")).to_contain_text("This is not a PDF or a PPTX file.")
    file = tmp_path / "whole.pdf"
    file.write_bytes(a_pdf(3_000_000))
    plain.get_by_label("File").set_input_files(file)
    plain.get_by_role("button", name="Send").click()
    expect(plain.get_by_text("Your slides are here.")).to_be_visible()
    expect(plain.get_by_text("3.0 MB")).to_be_visible()
    context.close()


def test_public_pages_show_faces_and_words(shared_demo: Demo, page: Page) -> None:
    page.goto(f"{shared_demo.site}/speakers")
    face = page.get_by_role("img", name=re.compile("^Portrait of ")).first
    face.scroll_into_view_if_needed()
    expect(face).to_be_visible()
    assert face.evaluate("async (one) => { await one.decode(); return one.naturalWidth }") == 192
    check(page)
    page.locator("li", has=face).locator(".appearances").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Who they are")).to_be_visible()
    check(page)
    assert page.context.cookies() == []
