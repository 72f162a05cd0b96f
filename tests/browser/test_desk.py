"""The desk by keyboard alone, a mail to many, the tags, and many approvals at once; axe looks at each page."""

import os
import time

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Demo
from tests.browser.walking import check


def shot(page: Page, name: str) -> None:
    if os.environ.get("SHOTS"):
        page.screenshot(path=f"{os.environ['SHOTS']}/{name}.png", full_page=True)


class Keyboard:
    """Presses keys and counts them; a word typed counts by its letters."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.count = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self._page.keyboard.press(key)
            self.count += 1

    def type(self, text: str) -> None:
        self._page.keyboard.type(text)
        self.count += len(text)


def test_a_walk_in_by_keyboard_alone(
    shared_demo: Demo, office: Page, capsys: pytest.CaptureFixture[str]
) -> None:
    office.goto(f"{shared_demo.site}/staff/")
    keys, begun = Keyboard(office), time.monotonic()
    keys.press("w")
    expect(office.get_by_label("Given name")).to_be_focused()
    for text in ("Siv", "Skrivbord", "KI"):
        keys.type(text)
        keys.press("Enter")
    keys.type("Swed")
    keys.press("Enter", "Enter")  # without an address
    expect(office.get_by_role("radio").first).to_be_focused()
    keys.press("Enter", "Enter")  # the first category, and may be photographed
    expect(office.get_by_role("button", name="Print badge")).to_be_focused()
    with office.context.expect_page() as opened:
        keys.press("Enter")
    took = time.monotonic() - begun
    opened.value.close()
    with capsys.disabled():
        print(f"\nWalk-in: {keys.count} keys, {took:.1f} s, the badge asked for")
    form = office.locator("form", has=office.get_by_role("button", name="Print badge"))
    token = form.locator("input[name=csrf_token]").input_value()
    address = f"{shared_demo.site}{form.get_attribute('action')}"
    answer = office.request.post(address, form={"csrf_token": token})
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    check(office)
    shot(office, "walk-in-done")
    keys.press("n")
    expect(office.get_by_label("Given name")).to_be_focused()
    check(office)
    shot(office, "walk-in")


def test_a_code_is_scanned_printed_and_marked_by_two_keys(shared_demo: Demo, office: Page) -> None:
    office.goto(f"{shared_demo.site}/staff/registrations?state=confirmed&order=name")
    office.locator("tbody th a").first.click()
    code = office.locator("dt:has-text('Badge code') + dd").inner_text().strip()
    office.goto(f"{shared_demo.site}/staff/desk")
    box = office.get_by_role("searchbox")
    expect(box).to_be_focused()
    # A scanner is a keyboard that ends with Enter; this one writes small letters, which would be keys elsewhere.
    office.keyboard.type(code.lower())
    office.keyboard.press("Enter")
    expect(office.get_by_role("heading", level=1)).to_contain_text("Badge of")
    expect(box).to_be_focused()
    check(office)
    shot(office, "desk-badge")
    with office.context.expect_page() as opened:
        office.keyboard.press("Enter")
    opened.value.close()
    office.reload()
    expect(office.get_by_text("Printed so far")).to_be_visible()
    office.keyboard.press("Space")
    expect(office.get_by_role("status")).to_contain_text("is here.")
    expect(box).to_be_focused()
    check(office)
    shot(office, "desk")
    office.get_by_role("button", name="Undo").click()
    expect(office.get_by_role("status")).to_contain_text("is not marked as here any more.")
    office.keyboard.type("an")
    office.keyboard.press("Enter")
    expect(office.locator(".desk-lines li").first).to_contain_text("box")


def test_who_types_at_once_is_understood_however_late_the_scripts_come(
    shared_demo: Demo, office: Page
) -> None:
    office.route("**/*.js", _late)
    office.goto(f"{shared_demo.site}/staff/walk-in", wait_until="commit")
    expect(office.get_by_label("Given name")).to_be_focused()
    office.keyboard.press("Enter")
    expect(office.get_by_label("Family name")).to_be_focused()
    office.goto(f"{shared_demo.site}/staff/", wait_until="commit")
    expect(office.get_by_role("heading", level=1)).to_be_visible()
    office.keyboard.press("w")
    expect(office).to_have_url(f"{shared_demo.site}/staff/walk-in")


def _late(route: Route) -> None:
    time.sleep(0.5)
    route.continue_()


def test_a_double_is_shown_before_it_is_made(shared_demo: Demo, office: Page) -> None:
    office.goto(f"{shared_demo.site}/staff/walk-in")
    for attempt in range(2):
        office.get_by_label("Given name").fill("Tove")
        office.get_by_label("Family name").fill("Två")
        office.get_by_label("Affiliation").fill("KI")
        office.get_by_label("Country").select_option("SE")
        office.get_by_role("button", name="Register").click()
        if not attempt:
            expect(office.get_by_role("button", name="Print badge")).to_be_focused()
            office.keyboard.press("n")
    expect(office.get_by_role("alert")).to_contain_text("is registered already")
    check(office)
    shot(office, "walk-in-double")
    office.get_by_label("This is somebody else").check()
    office.get_by_role("button", name="Register").click()
    expect(office.get_by_role("button", name="Print badge")).to_be_visible()


def test_a_full_category_asks_the_desk(shared_demo: Demo, office: Page) -> None:
    office.goto(f"{shared_demo.site}/staff/walk-in")
    office.get_by_label("Given name").fill("Vera")
    office.get_by_label("Family name").fill("Väntar")
    office.get_by_label("Affiliation").fill("KI")
    office.get_by_label("Country").select_option("SE")
    office.get_by_role("radio", name="(waiting list)").first.check()
    office.get_by_role("button", name="Register").click()
    expect(office.get_by_role("alert")).to_contain_text("has no free place for a newcomer")
    check(office)
    shot(office, "walk-in-full")
    office.get_by_label("Give a place over the limit").check()
    office.get_by_label("Reason").fill("the speaker's assistant")
    office.get_by_role("button", name="Register").click()
    expect(office.get_by_text("over the limit")).to_be_visible()


def test_no_key_acts_while_somebody_types(shared_demo: Demo, office: Page) -> None:
    office.goto(f"{shared_demo.site}/staff/walk-in")
    expect(office.get_by_label("Given name")).to_be_focused()
    office.keyboard.type("w1n?/")
    expect(office.get_by_label("Given name")).to_have_value("w1n?/")
    expect(office).to_have_url(f"{shared_demo.site}/staff/walk-in")
    expect(office.get_by_role("dialog")).to_be_hidden()
    office.get_by_label("Given name").blur()
    office.keyboard.press("?")
    expect(office.get_by_role("dialog")).to_contain_text("Register a walk-in")
    check(office)
    shot(office, "keys")


def test_a_mail_to_those_ticked(shared_demo: Demo, office: Page) -> None:
    office.goto(f"{shared_demo.site}/staff/registrations?text=Exempel&state=confirmed")
    check(office)
    shot(office, "list")
    boxes = office.get_by_role("checkbox", name="", exact=False).and_(office.locator("[name=chosen]"))
    for place in range(2):
        boxes.nth(place).check()
    office.get_by_role("button", name="With those ticked").click()
    check(office)
    shot(office, "many")
    office.get_by_role("link", name="Write a mail to 2").click()
    office.get_by_label("Subject").fill("Where to hang your coat, {given_name}")
    office.get_by_label("Text").fill("Dear {name},\n\n{link}\n")
    office.get_by_role("button", name="Show it").click()
    expect(office.get_by_role("alert")).to_contain_text("There is no placeholder {name}.")
    check(office)
    office.get_by_label("Text").fill(
        "Dear {given_name} {family_name},\n\nyour number is {number}.\nAll else: {link}\n"
    )
    office.get_by_role("button", name="Show it").click()
    expect(office.locator("#preview")).to_contain_text("(personal link)")
    check(office)
    shot(office, "mail")
    office.get_by_role("button", name="Send to 2 people").click()
    expect(office.get_by_role("status")).to_contain_text("2 mails are on their way.")


def test_the_tags(shared_demo: Demo, office: Page) -> None:
    office.goto(f"{shared_demo.site}/staff/registrations/many?state=waiting")
    office.get_by_label("Tag", exact=True).fill("Überraschung")
    office.get_by_role("button", name="Tag ", exact=False).first.click()
    expect(office.get_by_role("status")).to_contain_text("Done for")
    office.goto(f"{shared_demo.site}/staff/tags")
    check(office)
    shot(office, "tags")
    office.get_by_label("New name of Überraschung").fill("")
    office.get_by_role("button", name="Rename Überraschung").click()
    expect(office.get_by_role("alert")).to_contain_text("Write the new name of Überraschung.")
    check(office)
    office.get_by_role("button", name="Take Überraschung off").click()
    expect(office.get_by_role("status")).to_contain_text("Überraschung is taken off")


def test_the_head_of_a_long_list_stays(shared_demo: Demo, office: Page) -> None:
    office.goto(f"{shared_demo.site}/staff/registrations")
    office.mouse.wheel(0, 2500)
    office.wait_for_function("scrollY > 500")
    assert office.locator("thead th").first.evaluate("cell => cell.getBoundingClientRect().top") == 0
    every = "&".join(
        f"column={name}"
        for name in ("affiliation", "country", "email", "profession", "category", "state", "tags")
    )
    office.goto(f"{shared_demo.site}/staff/registrations?{every}")
    check(office)


def test_what_waits_is_counted_on_the_first_page(shared_demo: Demo, office: Page) -> None:
    office.goto(f"{shared_demo.site}/staff/")
    check(office)
    shot(office, "home")
    told = " ".join(office.locator(".home-counts").inner_text().split())
    for words in (
        "waiting for approval",
        "offered places without an answer",
        "mails refused or held back",
        "speakers and committee overdue",
        "conflicts in the draft",
        "changes of the draft not public",
    ):
        assert words in told
