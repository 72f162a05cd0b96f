"""A badge's design as values: named elements with places in millimetres. Pure; read by `design_schema.read_design`.

How a design is put together:

* A design is for labels of a range of sizes, and has elements in front and, where it has any, on the back; without
  any of its own the back shows the front again.
* A place says two of left, width and right, or width and centre; and two of top, height and bottom. What is not said
  follows the label's size, so that one design works on all labels of its range.
* Text has a largest and a smallest size. It is set as large as it fits, then on more lines, then with an ellipsis.
  `readable_pt` is the size under which the preflight says that it will be hard to read.
* A column holds the name and what belongs to it. Its parts flow from the top; all keep clear of the code, and the
  type of the name shrinks until the whole column stands.
* An element that `gives_way` is left out on a badge whose column needs its room.
* `over` names the elements that one stands on, such as the word of a band; nothing may stand on the code's quiet zone.
* An element that is `is_optional` may be switched off with `is_shown`; `accepts` says which fields staff may put there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

VERSION = 1
# Each field of a person, then those that are the same on all badges.
PERSON_FIELDS = (
    "given_name", "family_name", "title", "letters", "affiliation", "country", "pronouns", "role", "number",
)  # fmt: skip
COMMON_FIELDS = ("event_title", "event_dates", "event_place", "organisers", "words")
FIELDS = (*PERSON_FIELDS, *COMMON_FIELDS)
FACES = ("regular", "medium", "bold")
ALIGNMENTS = ("left", "centre", "right")
VERTICALS = ("top", "middle", "bottom")
PALETTE = ("ink", "soft", "accent", "paper", "role")


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """What is wrong at one place of a design. `element` is "" for the design itself, `field` a path such as place.left_mm."""

    element: str
    field: str
    value: str
    remedy: str

    def __str__(self) -> str:
        where = f"Element “{self.element}”, {self.field}" if self.element else self.field or "The design"
        return f"{where}: {self.value} cannot be. {self.remedy}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Two of each three are given, in millimetres from the label's edges; `centre_mm` is right of its middle."""

    left_mm: float | None = None
    width_mm: float | None = None
    right_mm: float | None = None
    centre_mm: float | None = None
    top_mm: float | None = None
    height_mm: float | None = None
    bottom_mm: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Type:
    """How text is set. `colour` is "#rrggbb" or a name of PALETTE; "role" is the colour of the person's role."""

    face: str = "regular"
    largest_pt: float
    smallest_pt: float
    readable_pt: float = 0.0
    align: str = "left"
    vertical: str = "top"
    colour: str = "ink"
    lines: int = 1

    @property
    def sizes_pt(self) -> tuple[float, ...]:
        """The sizes tried, the largest first: by whole points, by half ones under ten."""
        sizes, size = [], self.largest_pt
        while size > self.smallest_pt:
            sizes.append(size)
            size -= 1.0 if size > 10 else 0.5  # noqa: PLR2004 -- ten points, as said above
        return (*sizes, self.smallest_pt)


@dataclass(frozen=True, kw_only=True, slots=True)
class Element:
    """What every element has. `name` is unique on its side."""

    name: str
    place: Place
    over: tuple[str, ...] = ()
    is_optional: bool = False
    is_shown: bool = True
    gives_way: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Text(Element):
    """One field, or, where `field` is "words", these words. `accepts` are the other fields that may stand here.

    `sits_on` names the text under this one, both alike on all badges: this one ends right above its first line.
    """

    field: str
    words: str = ""
    type: Type
    accepts: tuple[str, ...] = ()
    sits_on: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A field in a column. `smaller_by_pt` (least, most): its size hangs on that of the given name."""

    name: str
    field: str
    words: str = ""
    type: Type
    gap_mm: float = 0.0
    leading: float = 1.06
    smaller_by_pt: tuple[float, ...] = ()
    accepts: tuple[str, ...] = ()
    is_optional: bool = False
    is_shown: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Column(Element):
    """The name's parts, and under them the details. `gap_mm` is kept free around it, `details_gap_mm` under the name.

    Before the given name is set smaller than `name_first_pt`, what gives way is left out.
    """

    names: tuple[Part, ...]
    details: tuple[Part, ...] = ()
    gap_mm: float = 1.5
    details_gap_mm: float = 1.5
    name_first_pt: float = 0.0
    align: str = "left"


@dataclass(frozen=True, kw_only=True, slots=True)
class Band(Element):
    """A field in the colour of the role with the role's word."""

    type: Type
    padding_mm: float = 3.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Code(Element):
    """The QR code; its place is that of the symbol, a square, without the quiet zone of 4 modules around it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark(Element):
    """A camera struck through, on the badges of those who are not to be photographed; `size_pt` None: without words."""

    size_pt: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Ticks(Element):
    """Boxes with words, ticked for what the person registered. `of` is days or extras, `which` all or own."""

    of: str
    which: str = "all"
    type: Type
    columns: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnProgramme(Element):
    """The sessions that the person marked or has a place in, else the plan of the days."""

    type: Type
    heading: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture(Element):
    """A picture of the design's own, as large as it fits without being bent; `align` and `vertical` place the rest.

    `sits_on` as in Text.
    """

    picture: str
    align: str = "centre"
    vertical: str = "middle"
    sits_on: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule(Element):
    """A rectangle of one colour: a line, or a field that others stand over."""

    colour: str = "ink"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sizes:
    """The labels a design is for, in millimetres; a folded label counts by its panel."""

    least_width_mm: float
    most_width_mm: float
    least_height_mm: float
    most_height_mm: float

    def hold(self, width_mm: float, height_mm: float) -> bool:
        return (
            self.least_width_mm <= width_mm <= self.most_width_mm
            and self.least_height_mm <= height_mm <= self.most_height_mm
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Colours:
    """The design's palette. `roles`: the band's colour by the role's word, or by its number from 1 to 6."""

    ink: str = "#17202a"
    soft: str = "#404040"
    accent: str = "#0b3d91"
    paper: str = "#ffffff"
    roles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Design:
    """A design. `pictures` are PNG files by name. Equal to itself only, so that what is compiled of it can be kept."""

    name: str
    about: str
    sizes: Sizes
    colours: Colours
    front: tuple[Element, ...]
    back: tuple[Element, ...] = ()
    pictures: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def elements(self) -> tuple[Element, ...]:
        return self.front + self.back

    def uses(self, *fields: str) -> bool:
        """Return whether any of these fields is shown somewhere."""
        return any(
            one.is_shown and one.field in fields
            for element in self.elements
            if element.is_shown
            for one in _parts(element)
        )

    def has(self, kind: type[Element], of: str = "") -> bool:
        """Return whether an element of this kind is shown, for ticks those of days or of extras."""
        return any(
            isinstance(one, kind) and one.is_shown and (not of or getattr(one, "of", "") == of)
            for one in self.elements
        )


def _parts(element: Element) -> tuple[Text | Part, ...]:
    if isinstance(element, Text):
        return (element,)
    return (*element.names, *element.details) if isinstance(element, Column) else ()
