import re
from pathlib import Path

import pytest

from conference.printing import colours

THEME = Path(colours.__file__).parent.parent / "web" / "static" / "theme.css"


def _light() -> dict[str, str]:
    """The variables of the light scheme, which is the one that paper follows."""
    light = THEME.read_text("utf-8").partition("@media (prefers-color-scheme: dark)")[0]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", light))


def test_paper_and_screen_have_the_same_colours() -> None:
    theme = _light()
    named = {
        "ink": colours.INK,
        "soft": colours.SOFT,
        "line": colours.LINE,
        "wash": colours.WASH,
        "action": colours.ACTION,
        "good": colours.GOOD,
    }
    assert named == {name: theme[name] for name in named}
    assert {number: theme[f"track-{number}"] for number in range(1, 6)} == colours.TRACKS
    assert {number: theme[f"track-{number}-wash"] for number in range(1, 6)} == colours.WASHES


@pytest.mark.parametrize("colour", colours.BANDS.values())
def test_the_role_can_be_read_on_its_band(colour: str) -> None:
    assert colours.contrast(colour, "#ffffff") >= 4.5


@pytest.mark.parametrize("wash", [*colours.WASHES.values(), colours.WASH])
def test_text_can_be_read_on_washes(wash: str) -> None:
    assert colours.contrast(colours.INK, wash) >= 4.5
    assert colours.contrast(colours.SOFT, wash) >= 4.5


def test_contrast_of_black_on_white() -> None:
    assert colours.contrast("#000000", "#ffffff") == pytest.approx(21)
