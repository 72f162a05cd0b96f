"""The form of an own sheet: shape only; whether its labels fit is for the rules."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from wtforms import BooleanField, DecimalField, IntegerField, StringField
from wtforms.validators import InputRequired

from conference.printing.sheet_rules import SheetDetails
from conference.printing.sheets import A4_HEIGHT_MM, A4_WIDTH_MM
from conference.web.forms import AtMost, Required
from conference.web.language import lazy_gettext as _l
from conference.web.saving import RevisedForm

MEASURES = (
    "page_width_mm", "page_height_mm", "width_mm", "height_mm", "left_mm", "top_mm", "pitch_x_mm", "pitch_y_mm",
)  # fmt: skip


class MmField(DecimalField):
    """Millimetres to a hundredth; a decimal comma is read too."""

    def __init__(self, label: Any, **other: Any) -> None:
        needed = InputRequired(_l("Enter a number of millimetres, such as 12.5."))
        super().__init__(label, [needed], places=None, render_kw={"inputmode": "decimal"}, **other)

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata([str(text).strip().replace(",", ".") for text in valuelist])
        if isinstance(self.data, Decimal) and not self.data.is_finite():
            self.data = None
            raise ValueError(self.gettext("Not a valid decimal value."))


class SheetForm(RevisedForm):
    name = StringField(_l("Name"), [Required(_l("Enter the name on the package.")), AtMost(60)])
    page_width_mm = MmField(_l("Width of the page"), default=int(A4_WIDTH_MM))
    page_height_mm = MmField(_l("Height of the page"), default=int(A4_HEIGHT_MM))
    width_mm = MmField(_l("Width of a label"))
    height_mm = MmField(_l("Height of a label"))
    columns = IntegerField(
        _l("Labels beside each other"), [InputRequired(_l("Enter how many labels lie beside each other."))]
    )
    rows = IntegerField(
        _l("Labels below each other"), [InputRequired(_l("Enter how many labels lie below each other."))]
    )
    left_mm = MmField(_l("From the page's left edge to the first label"))
    top_mm = MmField(_l("From the page's upper edge to the first label"))
    pitch_x_mm = MmField(_l("From one label's left edge to the next one's"))
    pitch_y_mm = MmField(_l("From one label's upper edge to the next one's"))
    is_folded = BooleanField(_l("Each label is folded across the middle and shows its front and its back"))
    is_cut = BooleanField(_l("Print cut marks: the labels are parted with a knife"))

    @staticmethod
    def values_of(details: SheetDetails, revision: int) -> dict[str, Any]:
        values = asdict(details)
        return {**values, **{name: f"{values[name]:g}" for name in MEASURES}, "revision": revision}

    def to_details(self) -> SheetDetails:
        numbers = {name: round(float(self[name].data), 2) for name in MEASURES}
        return SheetDetails(
            name=self.name.data or "",
            columns=self.columns.data or 0,
            rows=self.rows.data or 0,
            is_folded=bool(self.is_folded.data),
            is_cut=bool(self.is_cut.data),
            **numbers,
        )


class DeleteSheetForm(RevisedForm):
    """One button, and the revision of what was seen."""
