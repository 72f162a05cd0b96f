"""What each walk through the site does: look at a page with axe, register, read the mail, sign in."""

import time
from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import WIDTHS, Demo

AXE = Axe().axe_script
# Contrast takes nine tenths of axe's time, most of it in the rows of long lists, which are coloured like the first eight.
LOOK = """async () => {
  const found = [];
  const look = async (context, options) => {
    const all = { resultTypes: ["violations"], iframes: false, ...options };
    for (const { id, nodes } of (await axe.run(context, all)).violations) found.push([id, nodes.map((one) => one.target)]);
  };
  await look(document, { rules: { "color-contrast": { enabled: false } } });
  await look({ exclude: [["tbody tr:nth-child(n + 9)"]] }, { runOnly: ["color-contrast"] });
  return found;
}"""


def check(page: Page, *across: int) -> None:
    """Let axe find nothing, and nothing stick out sideways, in windows as wide as this: else a desk's and a phone's.

    So each walk is made once, and looked at in both widths. The window has its own width again afterwards.
    """
    # A click returns once the next page is under way, while it is still empty.
    page.wait_for_load_state("load")
    own = page.viewport_size
    assert own is not None
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    # The own width comes last, so that it is not set anew for nothing.
    for width in sorted(across or {one for one, _ in WIDTHS.values()}, key=lambda one: one == own["width"]):
        page.set_viewport_size({"width": width, "height": own["height"]})
        assert page.evaluate(LOOK) == [], f"{page.url} at {width} px"
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{page.url} is {wider} px wider than a window of {width} px"
    page.set_viewport_size(own)


def register(
    page: Page, demo: Demo, family_name: str, email: str, look: Callable[[Page], None] = check
) -> None:
    """Register somebody from the first page on; `look` looks at each page on the way."""
    page.goto(demo.site + "/")
    look(page)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Register").click()
    expect(page).to_have_url(demo.site + "/register")
    look(page)
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter your given name.")
    look(page)  # the summary of what is missing
    page.get_by_label("Given name").fill("Åsa")
    page.get_by_label("Family name (optional)", exact=True).fill(family_name)
    page.get_by_label("E-mail address", exact=True).fill(email)
    page.get_by_label("Affiliation", exact=True).fill("Example University Hospital")
    page.get_by_label("Country", exact=True).select_option("SE")
    page.get_by_label("Participant", exact=True).check()
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_text(email)).to_be_visible()
    look(page)


def fill_invoice(page: Page) -> None:
    """Say whom the invoice goes to, which the form asks of who chose something that costs something."""
    for label, words in {
        "Organisation or person": "Example University Hospital",
        "Street and number": "Invented Street 2",
        "Postcode": "123 45",
        "Town": "Exampleville",
    }.items():
        page.get_by_label(label, exact=True).fill(words)
    page.get_by_label("Country of the invoice").select_option("SE")


def letter_to(page: Page, demo: Demo, email: str) -> None:
    """Open the newest mail to the address, which the worker sends within seconds."""
    deadline = time.monotonic() + 60
    while True:
        page.goto(demo.mailbox)
        row = page.get_by_role("row").filter(has_text=email)
        if row.count():
            break
        assert time.monotonic() < deadline, "no mail has arrived"
        time.sleep(0.3)
    row.first.get_by_role("link").click()
    expect(page.locator("pre.letter")).to_be_visible()


def sign_in(page: Page, demo: Demo) -> None:
    page.goto(demo.sign_in)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(demo.site + "/staff/")
