import re
from pathlib import Path

import pytest

from conference.web import theme

SHEET = (Path(theme.__file__).parent / "static" / "theme.css").read_text(encoding="utf-8")


def variables(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", block))


LIGHT = variables(SHEET.split(":root {", 2)[1].split("}")[0])
DARK = variables(SHEET.split(":root {", 2)[2].split("}")[0])


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_paper_and_screen_share_their_colours() -> None:
    assert {
        "action": theme.ACTION,
        "ink": theme.INK,
        "soft": theme.SOFT,
        "line": theme.LINE,
        "wash": theme.WASH,
    }.items() <= LIGHT.items()
    assert tuple(LIGHT[f"track-{n}"] for n in range(1, 6)) == theme.TRACK_BARS
    assert tuple(LIGHT[f"track-{n}-wash"] for n in range(1, 6)) == theme.TRACK_WASHES


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_has_contrast(scheme: dict[str, str]) -> None:
    for ink in ("ink", "soft", "action", "error", "warn", "good"):
        assert contrast(scheme[ink], scheme["ground"]) >= 4.5, ink
    for wash in ("wash", *(f"track-{n}-wash" for n in range(1, 6))):
        assert contrast(scheme["ink"], scheme[wash]) >= 4.5, wash
        assert contrast(scheme["soft"], scheme[wash]) >= 4.5, wash
    assert contrast(scheme["action-ink"], scheme["action"]) >= 4.5


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_track_bars_have_contrast(scheme: dict[str, str]) -> None:
    assert min(contrast(scheme[f"track-{n}"], scheme["ground"]) for n in range(1, 6)) >= 3
