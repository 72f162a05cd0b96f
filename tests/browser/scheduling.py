"""The schedule's editor as its tests use it: blocks by their titles, slots by room and time."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Demo

PX_A_MINUTE = 2
TUMOURS = "Solid tumors: from sample to report"
BLOOD = "Hematological malignancies: from sample to report"
RARE = "Rare diseases: from sample to report"
MICROBES = "Microbiology: from sample to report"
OPENING = "Opening of the invented conference"


class Desk:
    """One browser with the editor open."""

    def __init__(self, page: Page, demo: Demo) -> None:
        self.page, self.address = page, f"{demo.site}/staff/schedule"
        self.open()

    def open(self) -> None:
        self.page.goto(self.address)
        self.ready()

    def ready(self) -> None:
        expect(self.page.locator("#schedule[data-ready]")).to_be_visible()

    def block(self, title: str) -> Locator:
        return self.page.locator(".s-block").filter(
            has=self.page.locator(".s-title", has_text=re.compile(f"^{re.escape(title)}$"))
        )

    def told(self, title: str) -> str:
        """Return what the block says to who listens: title, time, room, and so on."""
        return self.block(title).get_attribute("aria-label") or ""

    def expect_at(self, title: str, words: str) -> None:
        """Wait until the block says these words, such as "10:00–11:00, Aula"."""
        expect(self.block(title)).to_have_attribute("aria-label", re.compile(re.escape(words)))

    def expect_saved(self) -> None:
        expect(self.page.locator("#schedule-state")).to_have_text("Saved")
        expect(self.page.locator(".is-unsaved")).to_have_count(0)

    def expect_spoken(self, words: str) -> None:
        expect(self.page.locator("#schedule-spoken")).to_contain_text(words)

    def box(self, title: str) -> dict[str, float]:
        found = self.block(title).bounding_box()
        assert found is not None
        return dict(found)  # type: ignore[arg-type]  # its values are numbers by name

    def drag(
        self, title: str, right: float, down: float, before_drop: Callable[[], None] | None = None
    ) -> None:
        """Drag the block by so many pixels, taken near its upper edge."""
        box = self.box(title)
        x, y = box["x"] + 30, box["y"] + 10
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + right / 2, y + down / 2, steps=4)
        self.page.mouse.move(x + right, y + down, steps=4)
        self.settle()
        if before_drop:
            before_drop()
        self.page.mouse.up()

    def settle(self) -> None:
        """Wait until what was moved is drawn."""
        self.page.evaluate(
            "() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))"
        )

    def column(self) -> float:
        width: float = self.page.evaluate(
            "parseFloat(getComputedStyle(document.querySelector('.s-scroll')).getPropertyValue('--column'))"
        )
        return width

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def expect_connection(self) -> None:
        """Wait until the page has asked for changes and was answered: what was asked without a network has failed by then."""
        with self.page.expect_response(re.compile("/staff/schedule/changes/"), timeout=60_000):
            pass

    def put_back(self, count: int = 1) -> None:
        """Take back so many own steps, so that the next test finds the demonstration as it was."""
        for _ in range(count):
            with self.page.expect_response(re.compile("/staff/schedule/undo")):
                self.page.locator("#schedule-undo").click()
        self.expect_saved()

    def module(self, name: str, script: str) -> Any:
        """Run a script with a module of the page as `module`."""
        entry = self.page.locator("script[src*=schedule_page]").get_attribute("src")
        assert entry is not None
        address = entry.replace("schedule_page.js", name)
        return self.page.evaluate(f"import({address!r}).then((module) => {{ {script} }})")
