"""What cannot stand in a design: checked of a design that could be read, before anything is drawn by it. Pure.

`faults_of` tells every fault. What depends on the label's size is checked at the four extremes of the design's range:
all places are straight lines in width and height, so that what is right there is right between them.
"""

import itertools
from collections import Counter
from collections.abc import Iterator

from conference.core.errors import N_
from conference.printing.design_model import (
    COMMON_FIELDS,
    Band,
    Code,
    Column,
    Design,
    Element,
    Fault,
    Mark,
    Part,
    Picture,
    Place,
    Rule,
    Text,
    Type,
)
from conference.printing.errors import DesignFaultsError
from conference.printing.fitting import MM_PER_PT
from conference.printing.sheets import Box

MODULES = 21
QUIET_MODULES = 4
# domain.md, Names and paper: the symbol without its quiet zone.
LEAST_CODE_MM = 22.0
_SLACK_MM = 0.01
# A line with an accented capital and a descender.
_LINE_EM = 1.15
FRONT, BACK = N_("front"), N_("back")


def check_design(design: Design) -> None:
    """Raise DesignFaultsError where the design could not be printed."""
    faults = faults_of(design)
    if faults:
        raise DesignFaultsError(faults=faults)


def faults_of(design: Design) -> tuple[Fault, ...]:
    """Return what is wrong with the design: first what it says, and where that is sound, its places."""
    found = [*_sizes(design), *_whole(design)]
    for elements in (design.front, design.back):
        found += _side(elements)
        found += [fault for one in elements for fault in _said(one, design)]
    return tuple(found) or tuple(dict.fromkeys(_placed(design)))


def _sizes(design: Design) -> Iterator[Fault]:
    for side in ("width", "height"):
        least, most = (getattr(design.sizes, f"{end}_{side}_mm") for end in ("least", "most"))
        if least > most:
            yield Fault(
                element="",
                field=f"labels.most_{side}_mm",
                value=f"{most:g}",
                remedy=f"Enter {least:g} or more.",
            )


def _whole(design: Design) -> Iterator[Fault]:
    if not any(isinstance(one, Code) and one.is_shown for one in design.front):
        yield Fault(
            element="",
            field="front",
            value="no code",
            remedy="Add an element of the kind code: the door reads it.",
        )
    shown = {part.field for one in design.front if one.is_shown for part in parts_of(one)}
    if "given_name" not in shown:
        yield Fault(
            element="",
            field="front",
            value="no given name",
            remedy="Add a column whose names have the field given_name.",
        )


def parts_of(element: Element) -> tuple[Text | Part, ...]:
    """Return the fields that the element shows, those switched off left out."""
    if isinstance(element, Text):
        return (element,)
    if isinstance(element, Column):
        return tuple(one for one in (*element.names, *element.details) if one.is_shown)
    return ()


def _side(elements: tuple[Element, ...]) -> Iterator[Fault]:
    names = Counter(
        name
        for one in elements
        for name in (
            one.name,
            *((part.name for part in (*one.names, *one.details)) if isinstance(one, Column) else ()),
        )
    )
    for name, count in names.items():
        if count > 1:
            yield Fault(
                element=name, field="name", value=f"{count} elements", remedy="Give each a name of its own."
            )
    for kind, word in ((Code, "code"), (Column, "column"), (Mark, "mark"), (Band, "band")):
        for surplus in [one for one in elements if isinstance(one, kind)][1:]:
            yield Fault(
                element=surplus.name, field="kind", value=f"a second {word}", remedy="Keep one on each side."
            )
    for one in elements:
        sits_on = getattr(one, "sits_on", "")
        if sits_on and sits_on not in names:
            yield Fault(
                element=one.name,
                field="sits_on",
                value=f"“{sits_on}”",
                remedy="Name another element of the same side.",
            )
        for under in one.over:
            if under not in names or under == one.name:
                yield Fault(
                    element=one.name,
                    field="over",
                    value=f"“{under}”",
                    remedy="Name another element of the same side.",
                )


def _said(element: Element, design: Design) -> Iterator[Fault]:
    def fault(field: str, value: object, remedy: str, name: str = element.name) -> Fault:
        return Fault(element=name, field=field, value=str(value), remedy=remedy)

    if not element.is_shown and not element.is_optional:
        yield fault("is_shown", "false", "Show it, or say is_optional too.")
    for axis, names in (("left, width and right", _ACROSS), ("top, height and bottom", _DOWN)):
        given = [name for name in names if getattr(element.place, name) is not None]
        if len(given) != 2 or (names is _ACROSS and "centre_mm" in given and "width_mm" not in given):  # noqa: PLR2004 -- two of three
            yield fault(
                "place",
                ", ".join(given) or "nothing",
                f"Enter two of {axis}" + (", or centre and width." if names is _ACROSS else "."),
            )
    kind = getattr(element, "type", None)
    if kind is not None:
        yield from _typed(element.name, kind)
    if element.gives_way and not _is_common(element):
        yield fault("gives_way", "true", "Only what is the same on all badges can give way.")
    if isinstance(element, Picture) and element.is_shown and element.picture not in design.pictures:
        known = ", ".join(design.pictures) or "none yet"
        yield fault("picture", f"“{element.picture}”", f"Store this picture first. There are: {known}.")
    yield from _column(element) if isinstance(element, Column) else ()
    for part in (
        (element,)
        if isinstance(element, Text)
        else (*element.names, *element.details)
        if isinstance(element, Column)
        else ()
    ):
        if part.field == "words" and not part.words and part.is_shown:
            yield fault("words", "nothing", "Enter the words, or switch the element off.", part.name)


def _is_common(element: Element) -> bool:
    return (isinstance(element, Text) and element.field in COMMON_FIELDS) or isinstance(
        element, Picture | Rule
    )


_ACROSS = ("left_mm", "width_mm", "right_mm", "centre_mm")
_DOWN = ("top_mm", "height_mm", "bottom_mm")


def _typed(name: str, kind: Type) -> Iterator[Fault]:
    if kind.smallest_pt > kind.largest_pt:
        yield Fault(
            element=name,
            field="type.smallest_pt",
            value=f"{kind.smallest_pt:g}",
            remedy=f"Enter {kind.largest_pt:g} or less.",
        )
    if kind.readable_pt > kind.largest_pt:
        yield Fault(
            element=name,
            field="type.readable_pt",
            value=f"{kind.readable_pt:g}",
            remedy=f"Enter {kind.largest_pt:g} or less.",
        )


def _column(column: Column) -> Iterator[Fault]:
    for part in (*column.names, *column.details):
        yield from _typed(part.name, part.type)
        if not part.is_shown and not part.is_optional:
            yield Fault(
                element=part.name, field="is_shown", value="false", remedy="Show it, or say is_optional too."
            )
        if part.smaller_by_pt and part.smaller_by_pt[0] > part.smaller_by_pt[1]:
            yield Fault(
                element=part.name,
                field="smaller_by_pt",
                value=str(list(part.smaller_by_pt)),
                remedy="Enter the lesser one first.",
            )
    given = [part for part in column.names if part.field == "given_name"]
    if len(given) != 1:
        yield Fault(
            element=column.name,
            field="names",
            value=f"{len(given)} given names",
            remedy="Have one part with the field given_name.",
        )
    for part in column.names:
        if given and part.smaller_by_pt and column.names.index(part) < column.names.index(given[0]):
            yield Fault(
                element=part.name,
                field="smaller_by_pt",
                value="before the given name",
                remedy="Put it after the given name, or leave smaller_by_pt out.",
            )
        if given and part.smaller_by_pt and part.smaller_by_pt[1] >= given[0].type.smallest_pt - 4:
            yield Fault(
                element=part.name, field="smaller_by_pt", value=f"{part.smaller_by_pt[1]:g}",
                remedy=f"Enter less than {given[0].type.smallest_pt - 4:g}, so that 4 pt are left of the smallest given name.",
            )  # fmt: skip


def box_of(place: Place, width_mm: float, height_mm: float) -> Box:
    """Return where the place is on a label of this size."""
    x_mm, wide_mm = _along(place.left_mm, place.width_mm, place.right_mm, width_mm)
    if place.centre_mm is not None:
        x_mm = width_mm / 2 + place.centre_mm - wide_mm / 2
    y_mm, high_mm = _along(place.top_mm, place.height_mm, place.bottom_mm, height_mm)
    return Box(x_mm=x_mm, y_mm=y_mm, width_mm=wide_mm, height_mm=high_mm)


def _along(near: float | None, length: float | None, far: float | None, whole: float) -> tuple[float, float]:
    if length is None:
        length = whole - (near or 0.0) - (far or 0.0)
    return (whole - (far or 0.0) - length if near is None else near), length


def quiet_zone_of(symbol: Box) -> Box:
    """Return the code with its quiet zone of 4 modules (ISO/IEC 18004)."""
    quiet = symbol.width_mm / MODULES * QUIET_MODULES
    return Box(
        x_mm=symbol.x_mm - quiet,
        y_mm=symbol.y_mm - quiet,
        width_mm=symbol.width_mm + 2 * quiet,
        height_mm=symbol.height_mm + 2 * quiet,
    )


def _placed(design: Design) -> Iterator[Fault]:
    sizes = design.sizes
    for width in dict.fromkeys((sizes.least_width_mm, sizes.most_width_mm)):
        for height in dict.fromkeys((sizes.least_height_mm, sizes.most_height_mm)):
            for elements in (design.front, design.back):
                yield from placed_faults(elements, width, height)


def placed_faults(elements: tuple[Element, ...], width_mm: float, height_mm: float) -> Iterator[Fault]:
    """Yield what is wrong with the places of one side on a label of this size."""
    page, size = (
        Box(x_mm=0, y_mm=0, width_mm=width_mm, height_mm=height_mm),
        f"{width_mm:g} × {height_mm:g} mm",
    )
    boxes = [(one, box_of(one.place, width_mm, height_mm)) for one in elements if one.is_shown]
    sound = []
    for one, box in boxes:
        if box.width_mm < _SLACK_MM or box.height_mm < _SLACK_MM:
            shown = f"{box.width_mm:.4g} × {box.height_mm:.4g} mm"
            yield Fault(
                element=one.name,
                field="place",
                value=f"{shown}, on a label of {size},",
                remedy="Make it larger than nothing.",
            )
        elif not page.holds(box):
            yield _off_page(one, box, size, page)
        else:
            sound.append((one, box))
    for one, box in sound:
        least_mm = _least_height_mm(one)
        if box.height_mm < least_mm - _SLACK_MM:
            yield Fault(
                element=one.name,
                field="place",
                value=f"{box.height_mm:.4g} mm of height, on a label of {size},",
                remedy=f"Its smallest type needs {least_mm:.1f} mm: make it higher, or the type smaller.",
            )
        if isinstance(one, Code):
            yield from _code(one, box, page, size)
    yield from _overlaps(sound, size)


def _least_height_mm(element: Element) -> float:
    """Return the height in which the element's text stands in its smallest type, each part on one line."""
    if isinstance(element, Column):
        given_pt = next(part.type.smallest_pt for part in element.names if part.field == "given_name")
        sizes = [
            given_pt - part.smaller_by_pt[1] if part.smaller_by_pt else part.type.smallest_pt
            for part in element.names
            if part.is_shown
        ]
        return sum(sizes) * _LINE_EM * MM_PER_PT
    kind = getattr(element, "type", None)
    return kind.smallest_pt * MM_PER_PT if kind else 0.0


def _off_page(one: Element, box: Box, size: str, page: Box) -> Fault:
    reach = ", ".join(
        f"{by:.3g} mm over the {edge} edge"
        for by, edge in (
            (-box.x_mm, "left"), (box.right_mm - page.width_mm, "right"), (-box.y_mm, "upper"), (box.bottom_mm - page.height_mm, "lower"),
        )
        if by > _SLACK_MM
    )  # fmt: skip
    return Fault(
        element=one.name,
        field="place",
        value=f"{reach} of a label of {size}",
        remedy="Move it, or make it smaller.",
    )


def _code(one: Code, box: Box, page: Box, size: str) -> Iterator[Fault]:
    if min(box.width_mm, box.height_mm) < LEAST_CODE_MM - _SLACK_MM:
        yield Fault(
            element=one.name, field="place", value=f"{box.width_mm:.4g} × {box.height_mm:.4g} mm",
            remedy=f"Make the code {LEAST_CODE_MM:g} mm or more, so that it can be scanned.",
        )  # fmt: skip
    if abs(box.width_mm - box.height_mm) > _SLACK_MM:
        yield Fault(
            element=one.name,
            field="place",
            value=f"{box.width_mm:.4g} × {box.height_mm:.4g} mm",
            remedy="Make the code a square.",
        )
    elif not page.holds(quiet_zone_of(box)):
        quiet = box.width_mm / MODULES * QUIET_MODULES
        yield Fault(
            element=one.name, field="place", value=f"a quiet zone over the edge of a label of {size}",
            remedy=f"Keep {quiet:.3g} mm between the code and each edge.",
        )  # fmt: skip


def _overlaps(boxes: list[tuple[Element, Box]], size: str) -> Iterator[Fault]:
    for (one, box), (other, its) in itertools.combinations(boxes, 2):
        code, rest = (one, other) if isinstance(one, Code) else (other, one)
        if isinstance(code, Code):
            code_box, rest_box = (box, its) if code is one else (its, box)
            yield from _on_the_code(code, code_box, rest, rest_box, size)
        elif box.overlaps(its) and not _may_overlap(one, other):
            yield Fault(
                element=other.name, field="place", value=f"on top of “{one.name}”, on a label of {size},",
                remedy="Move one of them, or name the lower one in over.",
            )  # fmt: skip


def _may_overlap(one: Element, other: Element) -> bool:
    if one.name in other.over or other.name in one.over:
        return True
    column, rest = (one, other) if isinstance(one, Column) else (other, one)
    return isinstance(column, Column) and rest.gives_way


def _on_the_code(code: Element, symbol: Box, rest: Element, box: Box, size: str) -> Iterator[Fault]:
    zone = quiet_zone_of(symbol)
    if isinstance(rest, Column):
        if box.overlaps(zone) and (
            zone.right_mm < box.right_mm - _SLACK_MM or zone.bottom_mm < box.bottom_mm - _SLACK_MM
        ):
            yield Fault(
                element=code.name, field="place", value=f"within the column “{rest.name}”, on a label of {size},",
                remedy="Move the code into the column's lower right corner, or out of the column.",
            )  # fmt: skip
    elif box.overlaps(zone):
        yield Fault(
            element=rest.name, field="place", value=f"in the quiet zone of “{code.name}”, on a label of {size},",
            remedy="Move it away: a code with something beside it cannot be scanned.",
        )  # fmt: skip
