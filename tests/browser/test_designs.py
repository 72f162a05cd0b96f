"""A badge design made by staff, over its live preview, and one badge looked at before it is printed."""

import os
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Demo
from tests.browser.walking import check


def shot(page: Page, name: str) -> None:
    if os.environ.get("SHOTS"):
        page.screenshot(path=f"{os.environ['SHOTS']}/{name}.png", full_page=True)


def drawn(page: Page) -> Locator:
    """Return the first sample's picture: another preview has another address."""
    return page.locator(".design-samples img").first


def address_of(picture: Locator) -> str:
    return picture.get_attribute("src") or ""


@pytest.fixture
def logo(tmp_path: Path) -> Path:
    path = tmp_path / "logo.png"
    Image.new("RGB", (400, 100), "#ff0000").save(path)
    return path


def test_a_design_is_made_over_its_preview(shared_demo: Demo, office: Page, logo: Path) -> None:
    office.goto(f"{shared_demo.site}/staff/badges")
    office.get_by_role("link", name="Designs").click()
    expect(office.get_by_role("heading", level=1)).to_have_text("Badge designs")
    check(office)
    shot(office, "designs")
    office.get_by_role("link", name="A6, upright").click()
    office.get_by_label("Name of the copy").fill("Our A6")
    check(office)
    office.get_by_role("button", name="Make a copy").click()
    expect(office.get_by_role("status").first).to_contain_text("The copy is there.")
    type_before_the_script(office)
    choose_colours(office)
    choose_logo(office, logo)
    office.get_by_role("button", name="Save", exact=True).click()
    expect(office.get_by_role("status").first).to_contain_text("The design is saved.")
    expect(office.get_by_label("Text", exact=True)).to_have_value("#203040")
    expect(office.get_by_alt_text("The picture for “logo”")).to_be_visible()
    look(office)
    office.goto(f"{shared_demo.site}/staff/designs")
    office.get_by_label("Design for A6, 4 on A4").select_option("Our A6")
    row = office.get_by_role("row").filter(has_text="A6, 4 on A4")
    row.get_by_role("button", name="Use it").click()
    expect(office.get_by_role("status").first).to_contain_text("are printed in the design chosen")


def look(office: Page) -> None:
    """Look at the page once its preview stands still: what is on its way out is shown fainter."""
    expect(office.locator("#seen[aria-busy]")).to_have_count(0)
    check(office)


def type_before_the_script(office: Page) -> None:
    """What was typed before the page's script came is in the preview too."""
    held: list[Route] = []
    office.route("**/design.js*", lambda route: held.append(route))  # noqa: PLW0108 -- Playwright marks the function
    office.goto(office.url, wait_until="commit")
    office.get_by_label("Text", exact=True).fill("#cccccc")
    expect(office.locator("#seen")).to_contain_text("Every text can be read")
    assert len(held) == 1
    held[0].continue_()
    office.unroute("**/design.js*")
    expect(office.locator("#seen")).to_contain_text("#cccccc on #ffffff has a contrast of 1.6")
    expect(office.locator("#seen[aria-busy]")).to_have_count(0)


def choose_colours(office: Page) -> None:
    """A colour that cannot be read is said in words, one that is none at its field; what was typed stays."""
    before = address_of(drawn(office))
    ink = office.get_by_label("Text", exact=True)
    ink.fill("#dddddd")
    expect(office.locator("#seen")).to_contain_text("#dddddd on #ffffff has a contrast of 1.4")
    expect(drawn(office)).not_to_have_attribute("src", before)
    look(office)
    shot(office, "design-faint")
    ink.fill("blau")
    expect(office.get_by_text("“blau” is no colour.")).to_be_visible()
    expect(ink).to_have_attribute("aria-invalid", "true")
    expect(ink).to_be_focused()
    look(office)
    shot(office, "design-refused")
    # Typed quickly, the last word counts: no answer to an earlier one takes its place.
    ink.fill("")
    ink.press_sequentially("#102030", delay=20)
    expect(office.get_by_text("“blau” is no colour.")).to_be_hidden()
    expect(office.locator("#seen")).to_contain_text("Every text can be read")
    office.get_by_label("Text, as a swatch", exact=True).fill("#203040")
    expect(ink).to_have_value("#203040")
    expect(office.locator("#seen")).to_contain_text("#203040")


def choose_logo(office: Page, logo: Path) -> None:
    before = address_of(drawn(office))
    office.get_by_label("Picture for “logo”").set_input_files(logo)
    expect(office.get_by_alt_text("The picture for “logo”")).to_be_visible()
    expect(office.get_by_label("Show “logo”")).to_be_checked()
    expect(drawn(office)).not_to_have_attribute("src", before)
    expect(office.locator("#design-status")).to_contain_text("It is not saved yet.")
    shot(office, "design-logo")


def test_one_badge_is_seen_before_it_is_printed(shared_demo: Demo, office: Page) -> None:
    office.goto(f"{shared_demo.site}/staff/registrations?state=confirmed")
    address = office.locator("tbody a[href^='/staff/registrations/']").first.get_attribute("href")
    assert address
    badge = f"{shared_demo.site}{address.partition('?')[0]}/badge"
    office.goto(badge)
    with office.expect_response(re.compile(r"/staff/previews/.*\.pdf")) as file:
        office.get_by_role("link", name="Preview").click()
    assert (file.value.status, file.value.headers["content-type"]) == (200, "application/pdf")
    expect(office.get_by_text("Nothing is printed yet.")).to_be_visible()
    check(office)
    shot(office, "preview-pdf")
    # Where no PDF comes, pictures stand in its place without any script.
    office.route(re.compile(r"/staff/previews/.*\.pdf"), lambda route: route.fulfill(status=400))
    office.reload()
    expect(office.get_by_text("This browser shows no PDF in a page")).to_be_visible()
    expect(office.get_by_role("img", name="Page 1 of 1").first).to_be_visible()
    office.unroute_all()
    # A telephone has pictures at once, and does not fetch the PDF.
    asked: list[str] = []
    office.on("request", lambda request: asked.append(request.url))
    office.set_viewport_size({"width": 390, "height": 844})
    office.reload()
    picture = office.get_by_role("img", name="Page 1 of 1").first
    expect(picture).to_be_visible()
    assert picture.evaluate("one => one.decode().then(() => one.naturalWidth)") > 600
    assert [url for url in asked if url.endswith(".pdf") and "/previews/" in url] == []
    check(office)
    shot(office, "preview-phone")
    office.goto(badge)
    expect(office.get_by_text("Not printed, box ").first).to_be_visible()
    office.goto(f"{shared_demo.site}/staff/preview/signs/doors.pdf?as=pages")
    office.keyboard.press("n")
    expect(office.get_by_text("Pages 5–8 of").first).to_be_visible()
    office.keyboard.press("p")
    expect(office.get_by_text("Pages 1–4 of").first).to_be_visible()
    check(office)
