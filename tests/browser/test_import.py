"""A file comes in by the pages, its people are chosen, and the figures count them: axe finds nothing on the way."""

import os
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Demo
from tests.browser.walking import check

TEXT = "First name;Surname;Mail;Hospital;Land;Category\nÅsa;O'Imported;imported@x.example;KI;Sweden;{}\n"


def look(page: Page, address: str, name: str) -> None:
    page.goto(address)
    check(page)
    if os.environ.get("SHOTS"):
        page.screenshot(path=f"{os.environ['SHOTS']}/{name}.png", full_page=True)


def test_a_file_is_imported_after_a_dry_run(desk_page: Page, demo: Demo, tmp_path: Path) -> None:
    page = desk_page
    page.goto(demo.sign_in)
    page.get_by_role("button", name="Sign in").click()
    look(page, f"{demo.site}/staff/registrations", "list")
    page.get_by_role("link", name="Import from CSV or XLSX").click()
    check(page)
    file = tmp_path / "list.csv"
    file.write_text(TEXT.format("Participant"), "utf-8")
    page.get_by_label("CSV or XLSX file").set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_label("Given name", exact=True)).to_have_value("First name")
    check(page)
    page.get_by_role("button", name="Show what becomes of each row").click()
    expect(page.locator("#fates")).to_contain_text("O'Imported")
    check(page)
    if os.environ.get("SHOTS"):
        page.screenshot(path=f"{os.environ['SHOTS']}/fates.png", full_page=True)
    page.get_by_role("button", name="Import these 1 rows").click()
    expect(page.get_by_role("status")).to_contain_text("1 registered, 0 left as they were.")
    look(page, f"{demo.site}/staff/registrations?text=imported&column=tags&column=state&order=name", "found")
    page.get_by_role("checkbox", name="Åsa O'Imported").check()
    page.get_by_role("button", name="With those ticked").click()
    page.get_by_label("Tag", exact=True).fill("imported")
    check(page)
    page.get_by_role("button", name="Tag 1", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Done for 1.")
    check(page)
    look(page, f"{demo.site}/staff/figures", "figures")
