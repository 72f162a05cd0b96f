"""A reader finds sessions as they type, marks them, and has them on every device; a screen hangs at a room's door."""

import json
import re
import sqlite3
from datetime import UTC, datetime

from playwright.sync_api import Browser, Page, Response, ViewportSize, expect

from conference.core.links import sign
from tests.browser.conftest import SIZES, Demo
from tests.browser.walking import check

LANDSCAPE = ViewportSize(width=1920, height=1080)
PORTRAIT = ViewportSize(width=1080, height=1920)


def own_programme(demo: Demo) -> str:
    """Return the address that the mail of a confirmed registration leads to."""
    secret = json.loads((demo.instance / "demo.json").read_text("utf-8"))["secret_key"]
    with sqlite3.connect(demo.instance / "demo.sqlite3") as database:
        found = "SELECT id, link_version FROM registration WHERE state = 'confirmed' ORDER BY id DESC LIMIT 1"
        number, version = database.execute(found).fetchone()
    return f"{demo.site}/r/{sign(secret, 'registration', number, version)}/programme"


def publish_with(demo: Demo, old: str, new: str) -> None:
    """Publish a version in which one text is another, past the office, whose pages have tests of their own."""
    with sqlite3.connect(demo.instance / "demo.sqlite3", timeout=60) as database:
        database.row_factory = sqlite3.Row
        newest = database.execute("SELECT * FROM programme_version ORDER BY number DESC LIMIT 1").fetchone()
        row = dict(newest)
        assert old in row["snapshot"]
        del row["id"]
        at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        row |= {"number": row["number"] + 1, "published_at": at, "public_since": at}
        row["snapshot"] = row["snapshot"].replace(old, new)
        places = ", ".join("?" * len(row))
        database.execute(
            f"INSERT INTO programme_version ({', '.join(row)}) VALUES ({places})", tuple(row.values())
        )


def look(page: Page, address: str, *sizes: str) -> None:
    """Look at the page with axe at each size."""
    page.goto(address)
    for size in sizes:
        width, height = SIZES[size]
        page.set_viewport_size({"width": width, "height": height})
        check(page)


def is_post(answer: Response) -> bool:
    """Return whether the answer is to a mark that was sent, which the next device waits for."""
    return answer.request.method == "POST"


def mark_without_a_network(page: Page, site: str) -> None:
    """A mark stays on the device, and goes along with the next page."""
    page.goto(site + "/programme/2022-09-23")
    page.context.set_offline(True)
    star = page.locator(".star").first
    star.click()
    expect(star).to_have_attribute("aria-pressed", "true")
    page.context.set_offline(False)
    with page.expect_response(is_post):
        page.goto(site + "/programme/mine")
    expect(page.locator("#mine .listed")).to_have_count(2)


def find_as_one_types(page: Page, site: str) -> None:
    """Look at the ways into the programme, and find a session: the address follows, and can be shared."""
    look(page, site + "/programme?zone=Asia/Tokyo", "wide", "phone")
    look(page, site + "/programme/booklet", "phone", "wide")
    for address in ("/programme/track/1", "/programme/now", "/programme/person/1"):
        look(page, site + address, "phone")
    look(page, site + "/programme/search", "phone", "wide")
    page.get_by_role("searchbox").press_sequentially("keynotes supra")
    expect(page.locator("#results .listed h3")).to_have_text(["Keynotes: equal access, by way of example"])
    expect(page.get_by_role("status")).to_have_text("1 session found")
    assert page.url == f"{site}/programme/search?q=keynotes+supra"
    check(page)


def mark_three(page: Page, site: str) -> None:
    """Mark what was found by keyboard and two beside it by mouse: kept on this device, with their overlap told."""
    star = page.get_by_role("button", name="Mark “Keynotes")
    star.focus()
    page.keyboard.press("Enter")
    expect(star).to_have_attribute("aria-pressed", "true")
    page.goto(site + "/programme/2022-09-22")
    expect(star).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Mark “Solid tumors: from").click()
    page.get_by_role("button", name="Mark “Rare diseases: from").click()
    page.goto(site + "/programme/mine")
    expect(page.locator("#mine .listed")).to_have_count(3)
    overlap = "Overlaps by 90 minutes with “Rare diseases: from sample to report”."
    expect(page.get_by_text(overlap)).to_be_visible()
    expect(page.get_by_text("What you mark is kept on this device.")).to_be_visible()
    check(page)


def test_from_the_first_letters_to_my_programme_on_every_device(shared_demo: Demo, browser: Browser) -> None:
    site, own = shared_demo.site, own_programme(shared_demo)
    page, second = browser.new_context().new_page(), browser.new_context().new_page()
    for each in (page, second):
        each.set_default_timeout(60_000)
    find_as_one_types(page, site)
    mark_three(page, site)

    # The personal link joins them once and says so; from then on the registration has them.
    page.goto(own)
    joined = "3 sessions marked on this device were added. It holds 3 sessions."
    expect(page.get_by_text(joined)).to_be_visible()
    look(page, own, "phone", "wide")
    page.goto(site + "/programme/2022-09-22")
    with page.expect_response(is_post):
        page.get_by_role("button", name="Mark “Solid tumors: from").click()

    # Another device knows them as soon as it has opened the link.
    second.goto(own)
    expect(second.locator(".session-list .listed")).to_have_count(2)
    second.goto(site + "/programme/mine")
    expect(second.locator("#mine .listed")).to_have_count(2)
    with second.expect_response(is_post):
        second.get_by_role("button", name="Mark “Rare diseases: from").click()
    expect(second.locator("#mine .listed")).to_have_count(1)
    page.goto(site + "/programme/mine")
    expect(page.locator("#mine .listed")).to_have_count(1)

    mark_without_a_network(second, site)
    page.goto(own)
    expect(page.locator(".session-list .listed")).to_have_count(2)
    page.context.close()
    second.context.close()


def test_the_screen_at_a_door_follows_a_publication_and_says_when_it_is_cut_off(
    shared_demo: Demo, browser: Browser
) -> None:
    demo = shared_demo
    page = browser.new_context(viewport=PORTRAIT).new_page()
    page.set_default_timeout(60_000)
    page.clock.install()
    page.goto(demo.site + "/programme/room/1/door")
    opening = page.get_by_role("heading", name="Opening of the invented conference")
    expect(opening).to_be_visible()
    expect(page.locator("#clock")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    for size in (PORTRAIT, LANDSCAPE):
        page.set_viewport_size(size)
        check(page)
        height_px = opening.evaluate("heading => parseFloat(getComputedStyle(heading).fontSize)")
        # 3.6 % of the screen's shorter side: 19 mm on a screen of 43 inches, to be read from five metres.
        assert height_px >= 0.036 * min(size["width"], size["height"])
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")

    page.context.set_offline(True)
    away = page.get_by_role("alert")
    expect(away).to_contain_text("No connection since ")
    expect(opening).to_be_visible()
    check(page)

    publish_with(demo, "Opening of the invented conference", "Opening, in a new version")
    page.context.set_offline(False)
    page.clock.fast_forward(30_000)
    expect(page.get_by_role("heading", name="Opening, in a new version")).to_be_visible()
    expect(away).to_be_hidden()
    page.context.close()
