"""Whether a design is made for a sheet's labels. Pure."""

from conference.printing.design_model import Design
from conference.printing.errors import DesignSizeError
from conference.printing.sheets import Sheet


def fits(design: Design, sheet: Sheet) -> bool:
    return design.sizes.hold(sheet.width_mm, sheet.badge_height_mm)


def require_fit(design: Design, sheet: Sheet) -> None:
    """Raise DesignSizeError where the sheet's labels are not of the design's sizes."""
    if not fits(design, sheet):
        sizes = design.sizes
        raise DesignSizeError(
            "design",
            name=design.name,
            least=f"{sizes.least_width_mm:g} × {sizes.least_height_mm:g}",
            most=f"{sizes.most_width_mm:g} × {sizes.most_height_mm:g}",
            size=f"{sheet.width_mm:g} × {sheet.badge_height_mm:g}",
        )
