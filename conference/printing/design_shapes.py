"""Shapes of JSON values: each reads a value and notes what is wrong with it, and tells itself as JSON Schema. Pure.

A design is described once, in `design_schema`, in these shapes; the reader and the published schema both come of it,
so that the two cannot disagree.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from conference.printing.design_model import Fault

MISSING = object()
_LONGEST_SHOWN = 60
_HEX = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)


@dataclass(kw_only=True)
class Faults:
    """What a reader found wrong so far. `element` is the name of the element being read, "" for the design itself."""

    found: list[Fault] = field(default_factory=list)
    element: str = ""

    def add(self, path: str, value: object, remedy: str) -> None:
        fault = Fault(
            element=_printable(self.element), field=_printable(path), value=_shown(value), remedy=remedy
        )
        self.found.append(fault)


def _shown(value: object) -> str:
    """Return the value as a person recognises it, cut short."""
    if value is MISSING:
        return "nothing"
    if isinstance(value, str):
        text = f"“{value}”"
    elif value is None or isinstance(value, bool):
        text = {True: "true", False: "false", None: "null"}[value]
    else:
        text = str(value)
    return _printable(text)


def _printable(text: str) -> str:
    """Return the text, cut short, with a replacement character for each that cannot be shown."""
    cut = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in cut)


class Shape(Protocol):
    """`read` returns the checked value, or None where it noted a fault."""

    def read(self, value: object, path: str, faults: Faults) -> Any: ...
    def schema(self) -> dict[str, Any]: ...


@dataclass(frozen=True, kw_only=True)
class Number:
    least: float
    most: float

    def read(self, value: object, path: str, faults: Faults) -> float | None:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not self.least <= value <= self.most:  # type: ignore[operator]  # a number by now
            faults.add(path, value, f"Enter a number from {self.least:g} to {self.most:g}.")
            return None
        return float(value)  # type: ignore[arg-type]  # a number by now

    def schema(self) -> dict[str, Any]:
        return {"type": "number", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, kw_only=True)
class Whole:
    least: int
    most: int

    def read(self, value: object, path: str, faults: Faults) -> int | None:
        if not isinstance(value, int) or isinstance(value, bool) or not self.least <= value <= self.most:
            faults.add(path, value, f"Enter a whole number from {self.least} to {self.most}.")
            return None
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, kw_only=True)
class Words:
    """One line of text, blanks at its ends dropped and NUL and other control characters refused."""

    most: int
    least: int = 1

    def read(self, value: object, path: str, faults: Faults) -> str | None:
        if not isinstance(value, str):
            faults.add(path, value, "Enter text between quotation marks.")
            return None
        text = " ".join(value.split())
        if not text.replace(" ", "").isprintable() and text:
            faults.add(path, value, "Take out what cannot be printed, such as control characters.")
            return None
        if not self.least <= len(text) <= self.most:
            faults.add(path, value, f"Enter {self.least} to {self.most} characters, not {len(text)}.")
            return None
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": self.least, "maxLength": self.most}


@dataclass(frozen=True, kw_only=True)
class OneOf:
    choices: tuple[str, ...]

    def read(self, value: object, path: str, faults: Faults) -> str | None:
        if not isinstance(value, str) or value not in self.choices:
            faults.add(path, value, f"Enter one of: {', '.join(self.choices)}.")
            return None
        return value

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.choices)}


@dataclass(frozen=True, kw_only=True)
class Flag:
    def read(self, value: object, path: str, faults: Faults) -> bool | None:
        if not isinstance(value, bool):
            faults.add(path, value, "Enter true or false.")
            return None
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True, kw_only=True)
class Colour:
    """A colour as "#rrggbb", or by one of these names."""

    names: tuple[str, ...] = ()

    def read(self, value: object, path: str, faults: Faults) -> str | None:
        if isinstance(value, str) and (value in self.names or _HEX.fullmatch(value)):
            return value if value in self.names else value.lower()
        others = f", or one of: {', '.join(self.names)}" if self.names else ""
        faults.add(path, value, f"Enter a colour such as #0b3d91{others}.")
        return None

    def schema(self) -> dict[str, Any]:
        code: dict[str, Any] = {"type": "string", "pattern": "^#[0-9a-fA-F]{6}$"}
        return {"anyOf": [code, {"enum": list(self.names)}]} if self.names else code


@dataclass(frozen=True, kw_only=True)
class ListOf:
    item: Shape
    most: int
    least: int = 0

    def read(self, value: object, path: str, faults: Faults) -> tuple[Any, ...] | None:
        if not isinstance(value, list):
            faults.add(path, value, "Enter a list between square brackets.")
            return None
        if not self.least <= len(value) <= self.most:
            faults.add(path, value, f"Enter {self.least} to {self.most} of them, not {len(value)}.")
            return None
        before = len(faults.found)
        read = tuple(self.item.read(one, f"{path}[{number}]", faults) for number, one in enumerate(value, 1))
        return read if len(faults.found) == before else None

    def schema(self) -> dict[str, Any]:
        return {
            "type": "array",
            "items": self.item.schema(),
            "minItems": self.least,
            "maxItems": self.most,
        }


@dataclass(frozen=True, kw_only=True)
class MapOf:
    """Values by names that the design's author gives."""

    item: Shape
    most: int
    longest_key: int = 40

    def read(self, value: object, path: str, faults: Faults) -> dict[str, Any] | None:
        if not isinstance(value, Mapping):
            faults.add(path, value, "Enter names and values between curly brackets.")
            return None
        if len(value) > self.most:
            faults.add(path, f"{len(value)} names", f"Enter at most {self.most}.")
            return None
        before = len(faults.found)
        key_shape = Words(most=self.longest_key)
        read = {
            str(key_shape.read(key, f"{path} name", faults)): self.item.read(one, f"{path}.{key}", faults)
            for key, one in value.items()
        }
        return read if len(faults.found) == before else None

    def schema(self) -> dict[str, Any]:
        names = {"minLength": 1, "maxLength": self.longest_key}
        return {
            "type": "object",
            "propertyNames": names,
            "maxProperties": self.most,
            "additionalProperties": self.item.schema(),
        }


@dataclass(frozen=True, kw_only=True)
class Record:
    """Values by the names of `required` and of `optional`, whose `otherwise` stands where one is not given."""

    required: Mapping[str, Shape]
    optional: Mapping[str, tuple[Shape, Any]] = field(default_factory=dict)

    def read(self, value: object, path: str, faults: Faults) -> dict[str, Any] | None:
        if not isinstance(value, Mapping):
            faults.add(path, value, "Enter names and values between curly brackets.")
            return None
        before = len(faults.found)
        known = (*self.required, *self.optional)
        for name in value:
            if name not in known:
                faults.add(
                    _joined(path, str(name)[:_LONGEST_SHOWN]),
                    value[name],
                    f"Take it out: nothing of this name is known. There are: {', '.join(known)}.",
                )
        read: dict[str, Any] = {}
        for name, shape in self.required.items():
            if name in value:
                read[name] = shape.read(value[name], _joined(path, name), faults)
            else:
                faults.add(_joined(path, name), MISSING, "Enter it: a design needs it.")
        for name, (shape, otherwise) in self.optional.items():
            read[name] = shape.read(value[name], _joined(path, name), faults) if name in value else otherwise
        return read if len(faults.found) == before else None

    def schema(self) -> dict[str, Any]:
        shapes: dict[str, Shape] = {
            **self.required,
            **{name: one for name, (one, _) in self.optional.items()},
        }
        return {
            "type": "object",
            "properties": {name: shape.schema() for name, shape in shapes.items()},
            "required": list(self.required),
            "additionalProperties": False,
        }


@dataclass(frozen=True, kw_only=True)
class Titled:
    """A record with a `name`, by which its faults are told."""

    record: Record

    def read(self, value: object, path: str, faults: Faults) -> dict[str, Any] | None:
        name = value.get("name") if isinstance(value, Mapping) else None
        if not isinstance(name, str):
            return self.record.read(value, path, faults)
        outer, faults.element = faults.element, name
        try:
            return self.record.read(value, "", faults)
        finally:
            faults.element = outer

    def schema(self) -> dict[str, Any]:
        return self.record.schema()


@dataclass(frozen=True, kw_only=True)
class Kinds:
    """A record that says in `kind` which of these it is. Its `name` is the element's."""

    records: Mapping[str, Record]

    def read(self, value: object, path: str, faults: Faults) -> dict[str, Any] | None:
        outer = faults.element
        name = value.get("name") if isinstance(value, Mapping) else None
        faults.element = name if isinstance(name, str) else path
        try:
            return self._read(value, faults)
        finally:
            faults.element = outer

    def _read(self, value: object, faults: Faults) -> dict[str, Any] | None:
        if not isinstance(value, Mapping):
            faults.add("", value, "Enter names and values between curly brackets.")
            return None
        kind = value.get("kind", MISSING)
        if not isinstance(kind, str) or kind not in self.records:
            faults.add("kind", kind, f"Enter one of: {', '.join(self.records)}.")
            return None
        rest = {name: one for name, one in value.items() if name != "kind"}
        read = self.records[kind].read(rest, "", faults)
        return None if read is None else {"kind": kind, **read}

    def schema(self) -> dict[str, Any]:
        told = []
        for kind, record in self.records.items():
            one = record.schema()
            one["properties"] = {"kind": {"const": kind}, **one["properties"]}
            one["required"] = ["kind", *one["required"]]
            told.append(one)
        return {"oneOf": told}


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
