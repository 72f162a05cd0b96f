"""What the house's colours are in the four printing inks, in percent of cyan, magenta, yellow and black. Pure.

The track colours are chosen, not computed: each is the nearest that coated and uncoated paper show of it with two or
three inks in whole steps of five, so that it prints alike from run to run (own choice, after the usual readings of the
Okabe-Ito colours). Greys are black ink alone: no cast, and fine type in one ink cannot be out of register.
"""

from functools import lru_cache

from conference.printing import colours

# More ink than this does not dry on uncoated paper.
MOST_INK = 300
Inks = tuple[float, float, float, float]

BLACK: Inks = (0, 0, 0, 100)
WHITE: Inks = (0, 0, 0, 0)
TRACK_INKS: dict[int, Inks] = {
    1: (100, 45, 0, 5),
    2: (5, 75, 100, 10),
    3: (90, 20, 65, 15),
    4: (25, 80, 15, 10),
    5: (35, 35, 100, 30),
}
WASH_INKS: dict[int, Inks] = {
    1: (10, 2, 0, 0),
    2: (0, 8, 10, 0),
    3: (12, 0, 7, 0),
    4: (2, 9, 0, 0),
    5: (2, 2, 15, 0),
}
HOUSE: dict[str, Inks] = {
    "#000000": BLACK,
    "#ffffff": WHITE,
    colours.INK: BLACK,
    colours.SOFT: (0, 0, 0, 70),
    colours.LINE: (0, 0, 0, 18),
    colours.WASH: (0, 0, 0, 5),
    colours.ACTION: (100, 80, 0, 15),
    colours.GOOD: (90, 25, 85, 25),
    **{colours.TRACKS[number]: inks for number, inks in TRACK_INKS.items()},
    **{colours.WASHES[number]: inks for number, inks in WASH_INKS.items()},
}


@lru_cache(maxsize=4096)
def inks_of(red: int, green: int, blue: int) -> Inks:
    """Return the inks of a screen colour, each part of which is 0 to 255.

    A colour that is not the house's has the grey in it printed in black alone, so that it takes two colours and black
    at most: never more than 200 % in all.
    """
    known = HOUSE.get(f"#{red:02x}{green:02x}{blue:02x}")
    if known is not None:
        return known
    lightest = max(red, green, blue)
    if lightest == 0:
        return BLACK
    cyan, magenta, yellow = (round(100 * (lightest - part) / 255, 1) for part in (red, green, blue))
    return (cyan, magenta, yellow, round(100 * (255 - lightest) / 255, 1))


def is_light(inks: Inks) -> bool:
    """Return whether type in these inks stands light on a dark field, where black could not be read."""
    return sum(inks) <= 25  # noqa: PLR2004 -- percent in all: what a wash takes, and no type on white
