"""An attendee in German on a phone: from the form to the mailbox and the personal page, with axe, nothing cut."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Demo
from tests.browser.walking import check, letter_to


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A phone whose browser asks for German."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, locale="de-DE")
    yield context.new_page()
    context.close()


def nothing_is_cut(page: Page) -> None:
    """Let no word of a button, a link or a heading stick out of its own box."""
    cut = page.evaluate(
        """[...document.querySelectorAll("main :is(h1, h2, label, button, a.button, legend, .state, dt, dd)")]
        .filter(one => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline")
        .map(one => one.textContent.trim())"""
    )
    assert cut == [], page.url


def test_an_attendee_registers_in_german_on_a_phone(phone: Page, demo: Demo) -> None:
    phone.goto(demo.site + "/")
    check(phone, 390)
    nothing_is_cut(phone)
    phone.get_by_role("navigation", name="Hauptmenü").get_by_role("link", name="Anmelden").click()
    phone.get_by_role("button", name="Anmelden").click()
    expect(phone.get_by_role("alert")).to_contain_text("Geben Sie Ihren Vornamen ein.")
    check(phone, 390)
    nothing_is_cut(phone)
    phone.get_by_label("Vorname").fill("Jürgen")
    phone.get_by_label("Nachname").fill("Straßenberger")
    phone.get_by_label("E-Mail-Adresse", exact=True).fill("juergen@klinik.example")
    phone.get_by_label("Einrichtung", exact=True).fill("Klinikum Muster")
    phone.get_by_label("Land", exact=True).select_option("DE")
    phone.locator("input[name=category]:enabled").first.check()
    phone.get_by_role("button", name="Anmelden").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Die Antwort ist in Ihrer Mail")
    check(phone, 390)
    nothing_is_cut(phone)
    letter_to(phone, demo, "juergen@klinik.example")
    text = phone.locator("pre.letter").inner_text()
    assert "Guten Tag Jürgen Straßenberger," in text
    link = re.search(rf"{re.escape(demo.site)}/r/\S+", text)
    assert link
    phone.goto(link.group(0))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Meine Anmeldung")
    expect(phone.get_by_role("link", name="Meine Anmeldung stornieren")).to_be_visible()
    check(phone, 390)
    nothing_is_cut(phone)
    phone.get_by_role("navigation", name="Sprache").get_by_role("link", name="Svenska").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Min anmälan")
    phone.get_by_role("link", name="Avboka min anmälan").click()
    expect(phone.get_by_role("button", name="Avboka min anmälan")).to_be_visible()
    check(phone, 390)
