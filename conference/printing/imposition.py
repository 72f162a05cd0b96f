"""Which pages of a folded booklet stand beside each other on each side of its sheets. Pure."""

from dataclasses import dataclass

PAGES_A_SHEET = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetSide:
    """One side of a sheet: page numbers from 1, None for a blank page."""

    left: int | None
    right: int | None


def padded(count: int) -> int:
    """Return the pages of a booklet that can be folded: the next multiple of four, at least four."""
    return max(1, -(-count // PAGES_A_SHEET)) * PAGES_A_SHEET


def imposed_order(count: int) -> tuple[SheetSide, ...]:
    """Return the sides in the order of printing, front and back of each sheet in turn, outermost sheet first.

    Sheet k, from 0, has n−2k | 2k+1 in front and 2k+2 | n−2k−1 behind, n being `padded(count)`; the paper is turned
    over its short edge. Raises ValueError for less than one page.
    """
    if count < 1:
        raise ValueError(count)
    total = padded(count)

    def page(number: int) -> int | None:
        return number if number <= count else None

    sides = []
    for sheet in range(total // PAGES_A_SHEET):
        sides.append(SheetSide(left=page(total - 2 * sheet), right=page(2 * sheet + 1)))
        sides.append(SheetSide(left=page(2 * sheet + 2), right=page(total - 2 * sheet - 1)))
    return tuple(sides)
