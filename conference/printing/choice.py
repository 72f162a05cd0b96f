"""What a page, an address, a job or the command line says of a run: which sheet, and how it is put on it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from urllib.parse import parse_qsl, urlencode

from conference.core.errors import N_, DomainError
from conference.printing.design_model import Design
from conference.printing.design_sizes import require_fit
from conference.printing.designs import design_for, design_named
from conference.printing.errors import DesignSizeError, NotANumberError, UnknownDesignError
from conference.printing.own_sheets import sheet_named
from conference.printing.run import Setting, Sides, check_setting, next_free
from conference.printing.sheets import A7, Sheet

_SIDES = {"front": Sides.FRONT, "long": Sides.LONG_EDGE, "short": Sides.SHORT_EDGE}
SIDES_WORDS = (
    ("front", N_("Fronts only")),
    ("long", N_("Both sides, turned over the long edge")),
    ("short", N_("Both sides, turned over the short edge")),
)
_SIDES_KEYS = {sides: key for key, sides in _SIDES.items()}
_MARKS = {"": None, "yes": True, "no": False}
SETTING_NAMES = ("begin_at", "offset_x", "offset_y", "sides", "marks")
_LONGEST = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A sheet, a setting and a design that go together, or, in `refusal`, why they do not; `typed` is what was sent.

    `design_key` "" is the design that the sheet is always printed in.
    """

    sheet: Sheet
    setting: Setting
    typed: Mapping[str, str]
    refusal: DomainError | None = None
    design_key: str = ""

    @property
    def design(self) -> Design:
        """Return the design, as it is stored now. Raises UnknownDesignError where it was deleted since."""
        return design_for(self.sheet, self.design_key).design

    def as_query(self) -> dict[str, str]:
        """Return the same as values for a query string, without what is as always."""
        plain = Setting()
        setting = self.setting
        marks = {value: key for key, value in _MARKS.items()}[setting.has_cut_marks]
        given = {
            "sheet": self.sheet.key,
            "begin_at": str(setting.begin_at) if setting.begin_at != plain.begin_at else "",
            "offset_x": f"{setting.offset_x_mm:g}" if setting.offset_x_mm else "",
            "offset_y": f"{setting.offset_y_mm:g}" if setting.offset_y_mm else "",
            "sides": _SIDES_KEYS[setting.sides] if setting.sides is not plain.sides else "",
            "marks": marks,
            "design": self.design_key,
        }
        return {name: value for name, value in given.items() if value}

    def for_next_run(self, count: int) -> str:
        """Return as a query string what a device keeps after so many badges: the sheet begun goes on where it ended.

        A sheet that is cut from plain paper is begun anew.
        """
        begin_at = 1 if self.sheet.is_cut else next_free(self.sheet, self.setting, count)
        return urlencode(replace(self, setting=replace(self.setting, begin_at=begin_at)).as_query())

    def refused_query(self) -> dict[str, str]:
        """Return what was typed where the choice was refused, so that the page shows it again."""
        return {name: value for name, value in self.typed.items() if value} if self.refusal else {}


def choice_kept(kept: str) -> Choice | None:
    """Return what `for_next_run` kept, None where that is unreadable or cannot be any more."""
    try:
        choice = choice_of(dict(parse_qsl(kept)))
    except DomainError:
        return None
    return None if choice.refusal else choice


def choice_of(args: Mapping[str, str]) -> Choice:
    """Return what the query string chooses; nothing given is A7, its first label, fronts only, no offset.

    What cannot be is in `refusal`, and the rest of the choice stands. Raises UnknownSheetError.
    """
    typed = {name: args.get(name, "").strip()[:_LONGEST] for name in SETTING_NAMES}
    sheet = sheet_named(args["sheet"]) if args.get("sheet") else A7
    setting = Setting()
    try:
        setting = _read(typed)
        check_setting(sheet, setting)
    except DomainError as error:
        fallback = Setting() if error.field != "sides" else replace(setting, sides=Sides.FRONT)
        return Choice(sheet=sheet, setting=fallback, typed=typed, refusal=error)
    return _designed(Choice(sheet=sheet, setting=setting, typed=typed), args.get("design", "").strip())


def _designed(choice: Choice, key: str) -> Choice:
    """Return the choice with this design, or refused where there is none such or it is for other labels."""
    if not key:
        return choice
    try:
        require_fit(design_named(key).design, choice.sheet)
    except (UnknownDesignError, DesignSizeError) as error:
        return replace(choice, refusal=error)
    return replace(choice, design_key=key)


def _read(typed: Mapping[str, str]) -> Setting:
    return Setting(
        begin_at=_whole("begin_at", typed["begin_at"], 1),
        offset_x_mm=_tenths("offset_x", typed["offset_x"]),
        offset_y_mm=_tenths("offset_y", typed["offset_y"]),
        sides=_SIDES.get(typed["sides"], Sides.FRONT),
        has_cut_marks=_MARKS.get(typed["marks"]),
    )


def _whole(field: str, text: str, otherwise: int) -> int:
    if not text:
        return otherwise
    if not (text.isascii() and text.isdigit()):
        raise NotANumberError(field, value=text)
    return int(text)


def _tenths(field: str, text: str) -> float:
    """Return millimetres to a tenth; a comma and a minus sign as printed are read too."""
    if not text:
        return 0.0
    try:
        # To round fails as to read does: of a number with too many digits, and of what is none.
        number = Decimal(text.replace(",", ".").replace("−", "-"))
        if not number.is_finite():
            raise NotANumberError(field, value=text)
        return float(round(number, 1))
    except InvalidOperation:
        raise NotANumberError(field, value=text) from None
