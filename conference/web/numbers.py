"""Numbers that come from outside, held to what each database's integer column takes."""

from collections.abc import Sequence
from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter
from wtforms import IntegerField

LARGEST = 2**31 - 1
_MOST_DIGITS = 10


class IdConverter(IntegerConverter):
    """Matches ids of up to nine digits: any longer number names no record, and the address is unknown."""

    regex = "[1-9][0-9]{0,8}"


def init_numbers(app: Flask) -> None:
    """Let `<int:…>` match ids only. To be called before any rule is added."""
    app.url_map.converters["int"] = IdConverter


def number_of(typed: str | None) -> int | None:
    """Return the number of a hidden field; None where it is missing, was tampered with or fits no column."""
    text = typed or ""
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        return None
    return int(text) if 1 <= int(text) <= LARGEST else None


class RevisionField(IntegerField):
    """The revision that a form was filled from; what no record can have counts as missing."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = number_of(str(valuelist[0])) if valuelist else None
