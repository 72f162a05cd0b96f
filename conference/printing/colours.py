"""The site's colours on paper; a test holds them equal to theme.css. All stay apart from each other in grey print."""

INK = "#17202a"
SOFT = "#566170"
LINE = "#d5dae1"
WASH = "#f3f5f8"
ACTION = "#0b3d91"
GOOD = "#0f6b3c"
# By a track's colour, 1 to 5: the bar, and the wash behind dark text.
TRACKS = {1: "#0072b2", 2: "#b84e00", 3: "#00795a", 4: "#a8487f", 5: "#7a6a00"}
WASHES = {1: "#e6f1f8", 2: "#fbece2", 3: "#e3f4ee", 4: "#f8eaf2", 5: "#f6f3dc"}
# By a category's colour, 1 to 6: the bands of badges, always with a white word on them.
BANDS = {**TRACKS, 6: INK}


def rgb(colour: str) -> tuple[float, float, float]:
    """Return red, green and blue of "#rrggbb", each 0 to 1."""
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red / 255, green / 255, blue / 255


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part) for part in rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004 -- sRGB's constants
