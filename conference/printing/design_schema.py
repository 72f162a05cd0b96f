"""Reads a design from JSON, tells the form of one as JSON Schema, and writes one as JSON. Pure.

`read_design` answers a `Design` or raises `DesignFaultsError` with every fault: element, field, value and remedy.
"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from typing import Any

from conference.core.errors import DomainError
from conference.printing import design_model as model
from conference.printing.design_model import Design, Element, Fault, Part, Place, Type
from conference.printing.design_shapes import (
    MISSING,
    Colour,
    Faults,
    Flag,
    Kinds,
    ListOf,
    MapOf,
    Number,
    OneOf,
    Record,
    Titled,
    Whole,
    Words,
)
from conference.printing.errors import DesignFaultsError

# Own choice: a design with its pictures; a picture is kept at no more than 1,200 pixels a side.
MOST_BYTES = 4_000_000
MOST_PICTURES = 6
MOST_ELEMENTS = 40
_MOST_BASE64 = 2_000_000
_MM = Number(least=0, most=430)
_PT = Number(least=4, most=200)
_NAME = Words(most=40)
_COLOUR = Colour(names=model.PALETTE)
_PLACE = Record(
    required={},
    optional={
        name: (Number(least=-430, most=430) if name == "centre_mm" else _MM, None)
        for name in ("left_mm", "width_mm", "right_mm", "centre_mm", "top_mm", "height_mm", "bottom_mm")
    },
)
_TYPE = Record(
    required={"largest_pt": _PT, "smallest_pt": _PT},
    optional={
        "face": (OneOf(choices=model.FACES), "regular"),
        "readable_pt": (Number(least=0, most=200), 0.0),
        "align": (OneOf(choices=model.ALIGNMENTS), "left"),
        "vertical": (OneOf(choices=model.VERTICALS), "top"),
        "colour": (_COLOUR, "ink"),
        "lines": (Whole(least=1, most=12), 1),
    },
)
_FIELD = OneOf(choices=model.FIELDS)
_FIELDS = ListOf(item=_FIELD, most=len(model.FIELDS))
_SHOWN = {"is_optional": (Flag(), False), "is_shown": (Flag(), True)}
_PART_RECORD = Record(
    required={"name": _NAME, "field": _FIELD, "type": _TYPE},
    optional={
        "words": (Words(most=200, least=0), ""),
        "gap_mm": (_MM, 0.0),
        "leading": (Number(least=0.8, most=3), 1.06),
        "smaller_by_pt": (ListOf(item=Number(least=0, most=60), most=2, least=2), ()),
        "accepts": (_FIELDS, ()),
        **_SHOWN,
    },
)
_PART = Titled(record=_PART_RECORD)
_COMMON: dict[str, Any] = {
    **_SHOWN,
    "over": (ListOf(item=_NAME, most=8), ()),
    "gives_way": (Flag(), False),
}


def _element(required: dict[str, Any], optional: dict[str, Any] | None = None) -> Record:
    return Record(
        required={"name": _NAME, "place": _PLACE, **required}, optional={**_COMMON, **(optional or {})}
    )


_KINDS = Kinds(
    records={
        "text": _element(
            {"field": _FIELD, "type": _TYPE},
            {
                "words": (Words(most=400, least=0), ""),
                "accepts": (_FIELDS, ()),
                "sits_on": (Words(most=40, least=0), ""),
            },
        ),
        "column": _element(
            {"names": ListOf(item=_PART, most=8, least=1)},
            {
                "details": (ListOf(item=_PART, most=8), ()),
                "gap_mm": (_MM, 1.5),
                "details_gap_mm": (_MM, 1.5),
                "name_first_pt": (Number(least=0, most=200), 0.0),
                "align": (OneOf(choices=model.ALIGNMENTS), "left"),
            },
        ),
        "band": _element({"type": _TYPE}, {"padding_mm": (_MM, 3.0)}),
        "code": _element({}),
        "mark": _element({}, {"size_pt": (_PT, None)}),
        "ticks": _element(
            {"of": OneOf(choices=("days", "extras")), "type": _TYPE},
            {"which": (OneOf(choices=("all", "own")), "all"), "columns": (Whole(least=1, most=6), 1)},
        ),
        "programme": _element({"type": _TYPE}, {"heading": (Words(most=60, least=0), "")}),
        "picture": _element(
            {"picture": _NAME},
            {
                "align": (OneOf(choices=model.ALIGNMENTS), "centre"),
                "vertical": (OneOf(choices=model.VERTICALS), "middle"),
                "sits_on": (Words(most=40, least=0), ""),
            },
        ),
        "rule": _element({}, {"colour": (_COLOUR, "ink")}),
    }
)
_CLASSES: dict[str, type[Element]] = {
    "text": model.Text, "column": model.Column, "band": model.Band, "code": model.Code, "mark": model.Mark,
    "ticks": model.Ticks, "programme": model.OwnProgramme, "picture": model.Picture, "rule": model.Rule,
}  # fmt: skip
_KIND_OF = {one: kind for kind, one in _CLASSES.items()}
_HEX = Colour()
_DESIGN = Record(
    required={
        "version": Whole(least=1, most=model.VERSION),
        "name": Words(most=60),
        "labels": Record(
            required={
                name: Number(least=48, most=430)
                for name in ("least_width_mm", "most_width_mm", "least_height_mm", "most_height_mm")
            }
        ),
        "front": ListOf(item=_KINDS, most=MOST_ELEMENTS, least=1),
    },
    optional={
        "about": (Words(most=300, least=0), ""),
        "colours": (
            Record(
                required={},
                optional={
                    "ink": (_HEX, "#17202a"), "soft": (_HEX, "#404040"), "accent": (_HEX, "#0b3d91"),
                    "paper": (_HEX, "#ffffff"), "roles": (MapOf(item=_HEX, most=60), {}),
                },
            ),
            {},
        ),
        "back": (ListOf(item=_KINDS, most=MOST_ELEMENTS), ()),
        "pictures": (MapOf(item=Words(most=_MOST_BASE64), most=MOST_PICTURES), {}),
    },
)  # fmt: skip


def json_schema() -> dict[str, Any]:
    """Return the form of a design as JSON Schema (draft 2020-12), as `design.schema.json` has it."""
    told = _DESIGN.schema()
    told["properties"] = {"$schema": {"type": "string"}, **told["properties"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Design of a badge",
        "description": "Measures in millimetres and points. The application checks more: places, sizes and what overlaps.",
        **told,
    }


def read_design(text: str, clean: Callable[[bytes], bytes] | None = None) -> Design:
    """Return the design that the JSON text holds; raises DesignFaultsError.

    `clean` checks and redraws each picture, raising DomainError; without it they are taken as they are, as from our own store.
    """
    return design_of(_parsed(text), clean)


def _parsed(text: str) -> object:
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise DesignFaultsError(faults=(_fault("", f"a file of more than {MOST_BYTES // 10**6} MB", "Use smaller pictures."),))  # fmt: skip
    try:
        return json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, character {error.colno}"
        raise DesignFaultsError(faults=(_fault(place, "this", f"It is no JSON: {error.msg}."),)) from None
    except ValueError:
        fault = _fault("", "a number in it", "It has too many digits.")
        raise DesignFaultsError(faults=(fault,)) from None
    except RecursionError:
        raise DesignFaultsError(faults=(_fault("", "this", "Its brackets are nested too deep."),)) from None


def _fault(field: str, value: str, remedy: str) -> Fault:
    return Fault(element="", field=field, value=value, remedy=remedy)


def design_of(value: object, clean: Callable[[bytes], bytes] | None = None) -> Design:
    """Return the design of JSON already parsed; raises DesignFaultsError."""
    faults = Faults()
    known = (
        {name: one for name, one in value.items() if name != "$schema"}
        if isinstance(value, Mapping)
        else value
    )
    read = _DESIGN.read(known, "", faults)
    if read is None:
        raise DesignFaultsError(faults=tuple(faults.found))
    pictures = _pictures(read["pictures"], clean, faults)
    design = Design(
        name=read["name"],
        about=read["about"],
        sizes=model.Sizes(**read["labels"]),
        colours=model.Colours(**read["colours"]),
        front=tuple(_made(one) for one in read["front"]),
        back=tuple(_made(one) for one in read["back"]),
        pictures=pictures,
    )
    if faults.found:
        raise DesignFaultsError(faults=tuple(faults.found))
    return design


def _made(read: dict[str, Any]) -> Element:
    values = {name: one for name, one in read.items() if name != "kind"}
    values["place"] = Place(**values["place"])
    if values.get("type") is not None:
        values["type"] = Type(**values["type"])
    for name in ("names", "details"):
        if name in values:
            values[name] = tuple(Part(**{**one, "type": Type(**one["type"])}) for one in values[name])
    return _CLASSES[read["kind"]](**values)


def _pictures(
    read: Mapping[str, str], clean: Callable[[bytes], bytes] | None, faults: Faults
) -> dict[str, bytes]:
    found = {}
    for name, encoded in read.items():
        path = f"pictures.{name}"
        try:
            data = base64.b64decode(encoded, validate=True)
            found[name] = clean(data) if clean else data
        except (binascii.Error, ValueError):
            faults.add(path, encoded, "Enter the picture's file in base64.")
        except DomainError as error:
            faults.add(path, f"a file of {len(data)} bytes", str(error))
    return found


def design_as_json(design: Design) -> dict[str, Any]:
    """Return the design as values for JSON; `design_of` reads the same back."""
    colours = {name: getattr(design.colours, name) for name in ("ink", "soft", "accent", "paper")}
    told: dict[str, Any] = {
        "version": model.VERSION,
        "name": design.name,
        "about": design.about,
        "labels": {name: getattr(design.sizes, name) for name in design.sizes.__slots__},
        "colours": {**colours, "roles": dict(design.colours.roles)},
        "front": [_told(one) for one in design.front],
    }
    if design.back:
        told["back"] = [_told(one) for one in design.back]
    if design.pictures:
        told["pictures"] = {
            name: base64.b64encode(data).decode("ascii") for name, data in design.pictures.items()
        }
    return told


def design_as_text(design: Design) -> str:
    """Return the design as the JSON text of a file."""
    return json.dumps(design_as_json(design), ensure_ascii=False, indent=2) + "\n"


def _told(element: Element) -> dict[str, Any]:
    kind = _KIND_OF[type(element)]
    return {"kind": kind, **_values(element, _KINDS.records[kind])}


def _values(made: object, record: Record) -> dict[str, Any]:
    """Return what the record's reader reads back, without what is as it would be anyway."""
    told: dict[str, Any] = {
        name: _value(getattr(made, name), shape) for name, shape in record.required.items()
    }
    for name, (shape, otherwise) in record.optional.items():
        value = getattr(made, name, MISSING)
        if value is not MISSING and value != otherwise:
            told[name] = _value(value, shape)
    return told


def _value(value: object, shape: Any) -> Any:
    if isinstance(value, Part):
        return _values(value, _PART_RECORD)
    if isinstance(value, Place | Type):
        return _values(value, shape)
    if isinstance(value, tuple):
        return [_value(one, shape.item) for one in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
