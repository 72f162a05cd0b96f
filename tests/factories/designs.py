"""Shipped designs as JSON values to be changed, and one that is not shipped, as somebody's file would bring it."""

import copy
from typing import Any

from conference.printing.design_model import Design
from conference.printing.design_schema import design_as_json, design_of
from conference.printing.design_shipped import shipped_designs
from conference.printing.fitting import MM_PER_PT
from conference.printing.layout import Line
from conference.printing.optical import edges_em
from conference.printing.preflight import metrics
from conference.printing.sheets import Box
from tests.factories.ink import ink_box


def design_values(key: str = "a7") -> dict[str, Any]:
    """Return a shipped design as JSON values of one's own."""
    return copy.deepcopy(design_as_json(shipped_designs()[key].design))


def element_of(value: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the element, or the part of a column, of this name on the front."""
    for one in value["front"]:
        for part in (one, *one.get("names", ()), *one.get("details", ())):
            if part["name"] == name:
                found: dict[str, Any] = part
                return found
    raise AssertionError(name)


def another_design() -> Design:
    """A fourth design: centred, with all fields, its own type and places, as somebody's file would bring it."""

    def text(least: float, most: float, **other: object) -> dict[str, object]:
        return {"largest_pt": most, "smallest_pt": least, **other}

    return design_of({
        "version": 1, "name": "Another",
        "labels": {"least_width_mm": 100, "most_width_mm": 110, "least_height_mm": 140, "most_height_mm": 150},
        "colours": {"ink": "#202020", "accent": "#0b3d91"},
        "front": [
            {"kind": "column", "name": "names", "align": "centre",
             "place": {"left_mm": 8, "right_mm": 8, "top_mm": 15, "height_mm": 68},
             "names": [
                 {"name": "title", "field": "title", "type": text(9, 14)},
                 {"name": "given name", "field": "given_name", "type": text(20, 40, face="bold", lines=2, colour="accent")},
                 {"name": "family name", "field": "family_name", "type": text(14, 30, lines=2), "smaller_by_pt": [6, 10]},
                 {"name": "letters", "field": "letters", "type": text(9, 12), "gap_mm": 1}],
             "details": [
                 {"name": "organisation", "field": "affiliation", "type": text(9, 16, lines=2)},
                 {"name": "greeting", "field": "words", "words": "Ask me about 𓀀", "type": text(8, 10)}]},
            {"kind": "text", "name": "number", "field": "number", "type": text(8, 9, align="right"),
             "place": {"right_mm": 8, "width_mm": 30, "top_mm": 5, "height_mm": 5}},
            {"kind": "code", "name": "code", "place": {"centre_mm": 0, "width_mm": 26, "bottom_mm": 25, "height_mm": 26}},
            {"kind": "band", "name": "band", "type": text(9, 20, face="bold", colour="paper", align="centre"),
             "place": {"left_mm": 0, "right_mm": 0, "bottom_mm": 0, "height_mm": 15}},
        ],
    })  # fmt: skip


def ink_of(line: Line) -> Box:
    """Return the rectangle of the ink that the line leaves."""
    metric, em_mm = metrics()[line.face], line.size_pt * MM_PER_PT
    left_em, right_em = edges_em(metric, line.text)
    box = ink_box(line, metric)
    return Box(
        x_mm=box.x_mm + left_em * em_mm,
        y_mm=box.y_mm,
        width_mm=box.width_mm - (left_em + right_em) * em_mm,
        height_mm=box.height_mm,
    )
