"""Draw every mail: `python -m tests.mail_screens FOLDER` leaves each in FOLDER, at 600 and 375 px, light and dark.

The text parts lie beside them. Someone then has to look: a test can say that nothing overflows, not that it is pretty.
"""

import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from playwright.sync_api import Browser, sync_playwright

from conference.app import create_app
from conference.config import load_settings
from conference.mail.rendering import with_link
from conference.web.language import LANGUAGES
from tests.factories.every_mail import drawn, kinds

WIDTHS_PX = (600, 375)
LINK = "https://conference.example/registration/" + "k" * 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Screen:
    """One mail at one width. `overflow_px` is by how much it is wider than the reader's window."""

    name: str
    overflow_px: int


def screens(
    app: Flask, browser: Browser, folder: Path | None, languages: Sequence[str], *, with_dark: bool
) -> Iterator[Screen]:
    """Draw each mail in these languages at each width, in dark colours too where wanted, into the folder if there is one."""
    for kind in kinds():
        for language in languages:
            mail = drawn(app, kind, language)
            text, html = with_link(mail.text, mail.html, mail.slot, LINK)
            text, html = with_link(text, html, mail.news_slot, LINK)
            if folder:
                (folder / f"{kind}-{language}.txt").write_text(f"Subject: {mail.subject}\n\n{text}")
            yield from _drawn(browser, folder, f"{kind}-{language}", html, is_dark=False)
            if with_dark:
                yield from _drawn(browser, folder, f"{kind}-{language}-dark", html, is_dark=True)


def _drawn(browser: Browser, folder: Path | None, name: str, html: str, *, is_dark: bool) -> Iterator[Screen]:
    page = browser.new_page(color_scheme="dark" if is_dark else "light")
    page.set_content(html)
    for width_px in WIDTHS_PX:
        page.set_viewport_size({"width": width_px, "height": 700})
        if folder:
            page.screenshot(path=folder / f"{name}-{width_px}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth")
        yield Screen(name=f"{name}-{width_px}", overflow_px=max(0, wide - width_px))
    page.close()


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as instance, sync_playwright() as playwright:
        values = {"DATABASE_URL": "sqlite://", "SECRET_KEY": "x" * 40, "BASE_URL": "http://localhost"}
        values |= {"INSTANCE": instance, "MAIL_SENDER": "office@conference.example"}
        app = create_app(load_settings({}, "test", values))
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for screen in screens(app, browser, folder, tuple(LANGUAGES), with_dark=True):
            print(screen.name + (f" is {screen.overflow_px} px too wide" if screen.overflow_px else ""))
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("python -m tests.mail_screens FOLDER")
    main(Path(sys.argv[1]))
