"""A fee from the form to the finance office: the invoice appears with what costs something, and is noted as paid."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Demo
from tests.browser.walking import check, fill_invoice, letter_to, sign_in

EMAIL = "payer@demo.example"


def _fill(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.site}/register")
    page.get_by_label("Given name").fill("Åsa")
    page.get_by_label("Family name (optional)", exact=True).fill("Payer")
    page.get_by_label("E-mail address", exact=True).fill(EMAIL)
    page.get_by_label("Affiliation", exact=True).fill("Example University Hospital")
    page.get_by_label("Country", exact=True).select_option("SE")
    page.get_by_label("Participant", exact=True).check()


@pytest.mark.usefixtures("demo")
def test_a_fee_is_asked_told_and_noted(page: Page, demo: Demo) -> None:
    _fill(page, demo)
    invoice = page.get_by_role("group", name="Invoice")
    expect(invoice).to_be_hidden()
    page.get_by_label("Conference dinner").check()
    expect(invoice).to_be_visible()
    check(page)
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the town for the invoice.")
    check(page)
    fill_invoice(page)
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_text(EMAIL)).to_be_visible()
    letter_to(page, demo, EMAIL)
    expect(page.locator("pre.letter")).to_contain_text("Fee: 65 EUR. An invoice follows")
    sign_in(page, demo)
    page.goto(f"{demo.site}/staff/fees?text=payer")
    check(page)
    page.get_by_label("Åsa Payer has paid").check()
    page.get_by_role("button", name="Note the ticked as paid in full").click()
    expect(page.get_by_text("Noted as paid for 1, not for 0.")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Åsa Payer").click()
    expect(page.get_by_label("Amount")).to_have_value("65")
    check(page)
    page.goto(f"{demo.site}/staff/fees/import")
    check(page)
