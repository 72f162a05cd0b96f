"""A schedule comes in by the pages, and the programme goes out in other forms: axe finds nothing on the way."""

import os
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Demo
from tests.browser.walking import check
from tests.factories.schedules import document, event

HEAD = "<conference><title>Imported days</title></conference>"


def look(page: Page, name: str) -> None:
    check(page)
    if os.environ.get("SHOTS"):
        page.screenshot(path=f"{os.environ['SHOTS']}/{name}.png", full_page=True)


def sent(page: Page, demo: Demo, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    page.goto(f"{demo.site}/staff/programme")
    page.get_by_role("link", name="Import a schedule").click()
    check(page)
    page.get_by_label("Schedule", exact=True).set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Import “Imported days”")


def test_a_schedule_is_imported_changed_and_found_again(
    office: Page, shared_demo: Demo, tmp_path: Path
) -> None:
    page, demo = office, shared_demo
    file = tmp_path / "schedule.xml"
    first = document(
        event(1, title="Imported talk", persons={"5": "Nobody Known"}), event(2, start="11:00"), head=HEAD
    )
    sent(page, demo, file, first)
    expect(page.locator("#additions")).to_contain_text("Imported talk")
    expect(page.get_by_label("Nobody Known")).to_have_value("")
    look(page, "schedule-new")
    page.get_by_role("button", name="Write this into the draft").click()
    expect(page.get_by_role("status")).to_contain_text("Added: 2, changed: 0, removed: 0.")
    sent(page, demo, file, document(event(1, title="Another title", start="10:15"), head=HEAD))
    expect(page.locator("#changes")).to_contain_text("Another title")
    expect(page.get_by_role("listitem").filter(has_text="Talk 2")).to_be_visible()
    look(page, "schedule-changed")
    page.get_by_text("How the file is taken").click()
    page.get_by_label("Keep sessions that the file no longer has").check()
    look(page, "schedule-options")
    page.get_by_role("button", name="Show it again").click()
    expect(page.get_by_role("heading", name="No longer in the file, kept")).to_be_visible()
    page.get_by_role("button", name="Write this into the draft").click()
    expect(page.get_by_role("status")).to_contain_text("Added: 0, changed: 1, removed: 0.")
    expect(page.get_by_role("link", name="Another title").first).to_be_visible()


def test_the_programme_is_had_in_other_forms(page: Page, shared_demo: Demo) -> None:
    page.goto(f"{shared_demo.site}/programme")
    page.get_by_role("link", name="Other forms").click()
    look(page, "forms")
    page.get_by_text("By person").click()
    look(page, "forms-people")
    with page.expect_download() as download:
        page.get_by_role("link", name="schedule.xml").click()
    assert download.value.suggested_filename == "schedule.xml"
