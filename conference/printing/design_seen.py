"""A design as it will look: drawn for invented people on one label a page, with what is wrong with it in words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from conference.core.errors import N_
from conference.printing.badges import badge_sheet_pdf
from conference.printing.design_colours import Contrast, contrasts
from conference.printing.design_facts import facts_for
from conference.printing.design_model import Design
from conference.printing.design_samples import LONGEST, SHORTEST, USUAL, sample_people
from conference.printing.design_slots import Role
from conference.printing.designs import fits
from conference.printing.model import BadgePrint
from conference.printing.own_sheets import every_sheet
from conference.printing.preview_store import keep
from conference.printing.raster import PageFacts, facts_of
from conference.printing.run import Setting, Sides
from conference.printing.sheets import Family, Sheet
from conference.web.language import gettext

SAMPLES = (USUAL, LONGEST, SHORTEST)
SAMPLE_WORDS = {USUAL: N_("A usual name"), LONGEST: N_("The longest name"), SHORTEST: N_("The shortest name")}
FRONT, BACK = N_("front"), N_("back")
MAKER = "design_sample"


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenSide:
    """One side of a sample: whose, which side, and its page."""

    sample: str
    side: str
    page: PageFacts


@dataclass(frozen=True, kw_only=True, slots=True)
class Faint:
    """Texts in one colour on one ground that cannot be read well: whose they are, with the role where that matters."""

    whose: tuple[str, ...]
    colour: str
    ground: str
    ratio: float
    needed: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """The samples as kept pages, the fronts first, what the badges of these people cannot show, and each text on its ground."""

    key: str
    sides: tuple[SeenSide, ...]
    findings: tuple[tuple[str, str], ...]
    contrasts: tuple[Contrast, ...]

    @property
    def faint(self) -> tuple["Faint", ...]:
        """What cannot be read well, one for each pair of colours."""
        together: dict[tuple[str, str], list[Contrast]] = {}
        for one in self.contrasts:
            if not one.is_enough:
                together.setdefault((one.colour, one.ground), []).append(one)
        return tuple(
            Faint(
                whose=tuple(
                    dict.fromkeys(
                        f"“{one.element}”" + (f" ({one.role})" if one.role else "") for one in found
                    )
                ),
                colour=colour,
                ground=ground,
                ratio=found[0].ratio,
                needed=max(one.needed for one in found),
            )
            for (colour, ground), found in together.items()
        )

    @property
    def faintest(self) -> Contrast | None:
        """The text nearest to what is needed, None where there is none."""
        return min(self.contrasts, key=lambda one: one.ratio / one.needed, default=None)


def sheets_for(design: Design) -> list[Sheet]:
    """Return the sheets whose labels the design is for, or a label of its least size where there is none."""
    known = [one for one in every_sheet().values() if fits(design, one)]
    return known or [_least(design)]


def _least(design: Design) -> Sheet:
    width, height = design.sizes.least_width_mm, design.sizes.least_height_mm
    return Sheet(
        key="least", name=N_("The smallest label of the design"), family=Family.OWN, width_mm=width, height_mm=height,
        columns=1, rows=1, left_mm=0, top_mm=0, pitch_x_mm=width, pitch_y_mm=height, page_width_mm=width, page_height_mm=height,
    )  # fmt: skip


def label_of(sheet: Sheet) -> Sheet:
    """Return one label of the sheet, of a folded one its panel, as a page of its own."""
    width, height = sheet.width_mm, sheet.badge_height_mm
    return replace(
        sheet, height_mm=height, columns=1, rows=1, left_mm=0, top_mm=0, pitch_x_mm=width, pitch_y_mm=height,
        page_width_mm=width, page_height_mm=height, is_folded=False, is_cut=False,
    )  # fmt: skip


def samples(design: Design, sheet: Sheet, role: Role, whose: Sequence[str] = SAMPLES) -> BadgePrint:
    """Return the samples' badges, one a page, each front followed by its back where the design has one."""
    people = sample_people(role)
    return badge_sheet_pdf(
        [people[one] for one in whose],
        sheet=label_of(sheet),
        setting=Setting(sides=Sides.LONG_EDGE if design.back else Sides.FRONT),
        design=design,
        facts=facts_for(design),
    )


def seen(design: Design, sheet: Sheet, role: Role, roles: Sequence[Role]) -> Seen:
    """Return the design as it looks on the sheet's labels for this role; the contrasts are those of all roles."""
    printed = samples(design, sheet, role)
    pages = facts_of(printed.pdf, 1, 2 * len(SAMPLES)).pages
    sides = (FRONT, BACK) if design.back else (FRONT,)
    of_each = [(sample, side) for sample in SAMPLES for side in sides]
    shown = [
        SeenSide(sample=sample, side=side, page=page)
        for (sample, side), page in zip(of_each, pages, strict=False)
    ]
    return Seen(
        key=keep(MAKER, printed.pdf),
        sides=tuple(sorted(shown, key=lambda one: sides.index(one.side))),
        findings=tuple((one.name, one.text_of(gettext)) for one in printed.findings),
        contrasts=contrasts(design, roles),
    )
