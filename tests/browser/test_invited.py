"""An invited person from the mail to the confirmation, the office that invites, and a code, with axe on each page."""

import re
import time
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Demo
from tests.browser.walking import check, letter_to

EMAIL = "ehrengast@demo.example"


def invite(page: Page, demo: Demo) -> None:
    """Invite somebody in German with a held place, as the office does."""
    page.goto(demo.site + "/staff/invitations")
    check(page)
    page.get_by_role("link", name="New invitation").click()
    check(page)
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose what the person is invited as.")
    check(page)
    page.get_by_label("Category").select_option("Invited guest")
    page.get_by_label("Register by").fill("2022-09-12 18:00")
    page.get_by_label("E-mail address (optional)").fill(EMAIL)
    page.get_by_label("Language of the mail").select_option("Deutsch")
    page.get_by_label("Hold a place until then").check()
    page.get_by_label("Given name (optional)").fill("Erika")
    page.get_by_label("Family name (optional)").fill("Beispielgast")
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Erika Beispielgast")
    check(page)


def await_letters(page: Page, demo: Demo, count: int) -> None:
    """Wait until the worker has sent so many mails to the guest: the newest is not the first one any more."""
    deadline = time.monotonic() + 60
    page.goto(demo.mailbox)
    while page.get_by_role("row").filter(has_text=EMAIL).count() < count:
        assert time.monotonic() < deadline, "no mail has arrived"
        time.sleep(0.3)
        page.goto(demo.mailbox)


def link_in(page: Page, demo: Demo, path: str) -> str:
    text = page.locator("pre.letter").inner_text()
    found = re.search(rf"{re.escape(demo.site)}{path}\S+", text)
    assert found, text
    return found.group(0)


def register(page: Page, demo: Demo, link: str) -> None:
    page.goto(link)
    check(page)
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_label("Vorname")).to_have_value("Erika")
    expect(page.get_by_text(EMAIL)).to_be_visible()
    expect(page.get_by_role("radio", name="Geladener Gast")).to_be_checked()
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_role("alert")).to_be_visible()
    check(page)
    page.locator("#affiliation").fill("Beispielklinikum")
    page.locator("#country").select_option("DE")
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_text(EMAIL)).to_be_visible()
    expect(page.locator("form[action*='correct']")).to_have_count(0)
    check(page)


def test_an_invited_person_from_the_mail_to_the_confirmation(shared_demo: Demo, office: Page) -> None:
    demo, page = shared_demo, office
    invite(page, demo)
    letter_to(page, demo, EMAIL)
    link = link_in(page, demo, "/invited/")
    register(page, demo, link)
    answer = page.goto(link)
    assert answer is not None
    assert answer.status == 409
    check(page)
    await_letters(page, demo, 2)
    letter_to(page, demo, EMAIL)
    page.goto(link_in(page, demo, "/r/"))
    expect(page.get_by_role("img", name="QR-Code")).to_be_visible()
    check(page)
    page.goto(demo.site + "/staff/invitations?state=used")
    page.get_by_role("link", name="Erika Beispielgast").click()
    check(page)
    page.get_by_role("link", name="The registration").click()
    expect(page.locator("td").filter(has_text="Came by an invitation")).to_be_visible()
    check(page)


def test_an_import_of_invited_people(shared_demo: Demo, office: Page, tmp_path: Path) -> None:
    demo, page = shared_demo, office
    file = tmp_path / "guests.csv"
    file.write_text("E-mail,First name\nnew@demo.example,Exempla\nguest1@demo.example,\n", encoding="utf-8")
    page.goto(demo.site + "/staff/invitations/import")
    check(page)
    page.get_by_label("CSV or XLSX file").set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    check(page)
    page.get_by_label("Category of rows that name none").select_option("Invited guest")
    page.get_by_label("Register by").fill("2022-09-12 18:00")
    page.get_by_role("button", name="Show what becomes of each row").click()
    expect(page.locator("#fates")).to_contain_text("Invited already, left as it is")
    check(page)
    page.get_by_role("button", name="Invite these 1 people by mail").click()
    expect(page.get_by_text("1 invited, 1 left out.")).to_be_visible()
    letter_to(page, demo, "new@demo.example")


def test_a_code_on_the_public_form(shared_demo: Demo, office: Page) -> None:
    demo, page = shared_demo, office
    page.goto(demo.site + "/staff/codes")
    check(page)
    page.get_by_role("link", name="Genomes for all").click()
    check(page)
    page.locator(".personal-link a").click()
    check(page)
    expect(page.locator("#code")).to_have_value("Genomes for all")
    page.locator("#code").fill("Genomes for some")
    page.get_by_label("Given name").fill("Åsa")
    page.get_by_label("E-mail address", exact=True).fill("code@demo.example")
    page.get_by_label("Affiliation", exact=True).fill("Example University Hospital")
    page.get_by_label("Country", exact=True).select_option("SE")
    page.get_by_label("Partner network", exact=True).check()
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("alert")).to_contain_text("This code is not known.")
    check(page)
    page.locator("#code").fill("genomes for ALL")
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_text("code@demo.example")).to_be_visible()
    page.goto(demo.site + "/staff/codes/new")
    check(page)
