from dataclasses import dataclass

from conference.core.ids import LabelSheetId
from conference.printing.sheet_rules import SheetDetails
from conference.printing.sheets import Sheet


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnSheet:
    """A sheet that the office described: as it was typed, and as it is printed on."""

    id: LabelSheetId
    revision: int
    details: SheetDetails
    sheet: Sheet
