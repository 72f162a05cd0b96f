"""A member of staff adds a passkey and an app, signs in by each, and lets a helper in at the desk."""

import os
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from conference.accounts.totp import code_at, decoded, step_of
from conference.core.clock import real_now
from tests.browser.conftest import Demo, opened
from tests.browser.scheduling import RARE, TUMOURS, Desk
from tests.browser.walking import check, letter_to

PASSWORD = "a sentence of some length"


def shot(page: Page, name: str) -> None:
    """Keep a picture of the page in two widths, for somebody to look at."""
    folder = os.environ.get("ACCOUNT_SHOTS")
    if not folder:
        return
    own = page.viewport_size
    assert own is not None
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size(own)


def looked_at(page: Page, name: str) -> None:
    check(page)
    shot(page, name)


def with_authenticator(page: Page) -> Callable[[], list[Any]]:
    """Give the browser a device that makes passkeys and sees its owner; return what asks for its passkeys."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    made = tools.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    return lambda: tools.send("WebAuthn.getCredentials", made)["credentials"]


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out", exact=True).first.click()
    expect(page.get_by_role("heading", name="Staff sign-in")).to_be_visible()


def test_a_passkey_an_app_and_a_desk_code_let_in(desk_page: Page, demo: Demo) -> None:
    page = desk_page
    site = demo.site
    keys = with_authenticator(page)
    page.goto(demo.sign_in)
    page.get_by_text("Set a password").click()
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="My account").click()
    looked_at(page, "own")
    page.get_by_role("link", name="Passkeys, authenticator app").click()
    looked_at(page, "guards-empty")
    page.get_by_label("Name of the passkey").fill("Work laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator(".recovery-codes code")).to_have_count(10)
    assert [one["isResidentCredential"] for one in keys()] == [True]
    looked_at(page, "codes")
    page.get_by_role("link", name="I have them").click()
    expect(page.get_by_role("rowheader", name="Work laptop")).to_be_visible()

    sign_out(page)
    looked_at(page, "sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(f"{site}/staff/")
    codes = confirms_by_passkey(page, demo)

    began = real_now()
    page.goto(f"{site}/staff/me/authenticator")
    page.get_by_text("No camera?").click()
    looked_at(page, "authenticator")
    secret = decoded(page.locator(".setup-letters").inner_text().replace(" ", ""))
    page.get_by_label("Code that the app shows").fill(code_at(secret, step_of(real_now())))
    page.get_by_role("button", name="Add the app").click()
    expect(page.get_by_role("status")).to_contain_text("The authenticator app is added.")
    looked_at(page, "guards")
    sign_out(page)
    signs_in_by_password(page, secret, began, codes[0])
    hands_out_a_code(page, site)


def confirms_by_passkey(page: Page, demo: Demo) -> list[str]:
    """Go on after a while with what is asked for anew, and return the new recovery codes."""
    page.goto(f"{demo.site}/staff/me/guards")
    page.get_by_label("Name of the passkey").fill("Telephone")
    leave_open(demo)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    looked_at(page, "confirm-passkey")
    page.get_by_role("button", name="Use a passkey, and go on").click()
    expect(page.get_by_label("Name of the passkey")).to_have_value("Telephone")
    leave_open(demo)
    page.get_by_role("button", name="Make new recovery codes").click()
    page.get_by_role("button", name="Use a passkey, and go on").click()
    expect(page.locator(".recovery-codes code")).to_have_count(10)
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    looked_at(page, "codes")
    return page.locator(".recovery-codes code").all_inner_texts()


def signs_in_by_password(page: Page, secret: bytes, began: datetime, recovery_code: str) -> None:
    page.get_by_label("E-mail address").fill("organiser@conference.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    looked_at(page, "second-step")
    # The code that set the app up counts no more.
    page.get_by_label("Code").fill(code_at(secret, step_of(began) - 1))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("does not fit, or was used already")
    page.get_by_label("Code").fill(recovery_code.lower())
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Conference office")).to_be_visible()


def hands_out_a_code(page: Page, site: str) -> None:
    page.goto(f"{site}/staff/desk-codes")
    page.get_by_label("Where it is for").fill("Entrance")
    page.get_by_role("button", name="Make the code").click()
    code = page.locator(".desk-code").inner_text()
    assert re.fullmatch("[0-9A-Z]{4}-[0-9A-Z]{4}", code)
    looked_at(page, "desk-codes")
    page.goto(f"{site}/staff/accounts")
    looked_at(page, "accounts")
    sign_out(page)
    page.get_by_role("link", name="Come in by the code").click()
    looked_at(page, "desk")
    page.get_by_label("Code of the day").fill(code.lower())
    page.get_by_label("Your name").fill("Eva Ek")
    page.get_by_role("button", name="Come in").click()
    expect(page.get_by_role("heading", name="Conference office")).to_be_visible()
    page.get_by_role("link", name="Eva Ek").click()
    looked_at(page, "desk-account")


def leave_open(demo: Demo) -> None:
    """Let every browser be one that its owner left a while ago."""
    with closing(sqlite3.connect(demo.instance / "demo.sqlite3", timeout=30)) as connection:
        connection.execute(
            "UPDATE staff_session SET created_at = datetime('now', '-11 minutes'), confirmed_at = NULL"
        )
        connection.commit()


def mailed_link(page: Page, demo: Demo, email: str) -> str:
    """Return the link of the newest mail to the address."""
    letter_to(page, demo, email)
    found = re.search(r"http://\S+/staff/\S+", page.locator("pre.letter").inner_text())
    assert found
    return found[0]


def test_an_invitation_waits_for_its_organiser_and_its_account_edits_its_track_alone(
    desk_page: Page, browser: Browser, demo: Demo
) -> None:
    page = desk_page
    page.goto(demo.sign_in)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{demo.site}/staff/accounts")
    page.get_by_label("E-mail address").fill("eva@staff.example")
    page.get_by_label("Name").fill("Eva “E” Ek")
    page.get_by_label("Role").select_option("programme")
    leave_open(demo)
    page.get_by_role("button", name="Mail the invitation").press("Enter")
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    looked_at(page, "confirm")
    page.get_by_role("button", name="Mail me a link").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("A link is on its way to organiser@conference.example")
    looked_at(page, "confirm-mailed")
    mails = page.context.new_page()
    mails.goto(mailed_link(mails, demo, "organiser@conference.example"))
    looked_at(mails, "confirm-link")
    mails.get_by_role("button", name="Yes, it is me").press("Enter")
    expect(mails.get_by_role("status")).to_contain_text("this browser is confirmed")
    page.get_by_role("button", name="Confirm and go on").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("The invitation is on its way.")
    page.get_by_role("link", name="Eva “E” Ek").click()
    page.get_by_label("Edits only sessions and talks of these tracks").check()
    page.get_by_label("Solid tumors").check()
    page.get_by_role("button", name="Save the tracks").click()
    expect(page.get_by_role("status")).to_contain_text("The tracks are saved.")
    invited = mailed_link(mails, demo, "eva@staff.example")
    for other in opened(browser, "wide", "light"):
        edits_its_track_alone(other, demo, invited)


def edits_its_track_alone(page: Page, demo: Demo, invited: str) -> None:
    page.goto(invited)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Conference office")).to_be_visible()
    desk = Desk(page, demo)
    desk.block(RARE).click()
    closed = page.locator("#schedule-panel .note")
    expect(closed).to_have_text(f"“{RARE}” is outside your tracks: you may look at it, not edit it.")
    looked_at(page, "editor-closed")
    before = desk.told(RARE)
    desk.drag(RARE, 0, 120)
    desk.expect_spoken("is outside your tracks")
    assert "only to look at" in before
    assert desk.told(RARE) == before
    expect(page.get_by_label("Title").first).to_have_attribute("readonly", "")
    desk.block(TUMOURS).click()
    expect(closed).to_be_hidden()
    page.goto(f"{demo.site}/staff/rooms/new")
    expect(page.get_by_text("What is grey on this page is for an organiser")).to_be_visible()
    looked_at(page, "closed-form")
