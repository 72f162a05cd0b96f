"""Badges of a large batch sheet by sheet: only the part that somebody looks at is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from conference.printing.choice import Choice
from conference.printing.picking import stacked
from conference.printing.run import Setting, Sides, pages_of
from conference.printing.service import badges, found_on, printable
from conference.registration.model import BadgePerson

# Own choice: set in half a second, and fifty sheets of eight.
PART_BADGES = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A file with some pages of a paper: the first one's number in the whole paper, and how many pages that has."""

    pdf: bytes = field(repr=False)
    first: int
    count: int


def part_of_batch(people: Sequence[BadgePerson], choice: Choice, *, is_stacked: bool, at: int) -> Part:
    """Return the part of the batch that has its page `at`; a page behind the last one means the last one.

    It is cut as the whole batch is printed: the same badge in the same label, fronts and backs together.
    """
    sheet, setting = choice.sheet, choice.setting
    kept = printable(people, found_on(people, choice))
    cells: Sequence[BadgePerson | None] = stacked(kept, sheet.count) if is_stacked else kept
    sides = 1 if setting.sides is Sides.FRONT else 2
    sheets = max(1, pages_of(sheet, setting, len(cells)))
    a_part = max(1, PART_BADGES // sheet.count)
    first = (min(max(at, 1), sheets * sides) - 1) // sides // a_part * a_part
    begin, end = (max(0, one * sheet.count - setting.begin_at + 1) for one in (first, first + a_part))
    part = replace(choice, setting=_from(setting, first))
    return Part(pdf=badges(cells[begin:end], part).pdf, first=first * sides + 1, count=sheets * sides)


def _from(setting: Setting, sheet: int) -> Setting:
    """Return the setting of the sheets from this one on: only the first one has labels that are used already."""
    return replace(setting, begin_at=1) if sheet else setting
