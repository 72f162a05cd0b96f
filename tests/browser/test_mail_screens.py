from pathlib import Path

from playwright.sync_api import Browser

from conference.app import create_app
from tests.conftest import settings_for
from tests.factories.every_mail import kinds
from tests.mail_screens import screens


def test_no_mail_is_wider_than_the_window_of_its_reader(browser: Browser, tmp_path: Path) -> None:
    app = create_app(settings_for("sqlite://", tmp_path))
    # German has the longest words.
    found = list(screens(app, browser, None, ["de"], with_dark=False))
    assert len(found) == 2 * len(kinds())
    assert [screen for screen in found if screen.overflow_px] == []
