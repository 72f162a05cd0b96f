"""Marks around what a template draws, so that each block of a mail can be told from the words around it.

A mail that goes out as its templates say has none of them: `mark` then writes nothing.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

_SIGN: ContextVar[str] = ContextVar("mail_marks", default="")


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """A part of a rendered template: words where `name` is "", else what the block of that name draws."""

    name: str
    text: str


def mark(name: str = "") -> str:
    """Return the sign that a block begins, or without a name that it ends; "" while nobody asks for marks.

    For templates: `{{ mark("facts") }}…{{ mark() }}`. Blocks inside a block belong to the outer one.
    """
    sign = _SIGN.get()
    return f"\x02{sign} {name}\x03" if sign else ""


@contextmanager
def marking() -> Iterator[str]:
    """Let templates write marks for a while, and yield the random word that they carry, which no value can know."""
    sign = secrets.token_hex(16)
    before = _SIGN.set(sign)
    try:
        yield sign
    finally:
        _SIGN.reset(before)


def stretches(marked: str, sign: str) -> list[Stretch]:
    """Return words and blocks in order; two stretches of one block with only blanks between are one."""
    found: list[Stretch] = []
    open_names: list[str] = []
    # By hand: a pattern of this mail's own sign would be compiled anew for each of ten thousand.
    text, *rest = marked.split(f"\x02{sign} ")
    _add(found, "", text)
    for one in rest:
        name, _, following = one.partition("\x03")
        if name:
            open_names.append(name)
        else:
            open_names.pop()
        _add(found, open_names[0] if open_names else "", following)
    return found


def _add(found: list[Stretch], name: str, text: str) -> None:
    last = found[-1] if found else None
    if last is not None and last.name == name:
        found[-1] = Stretch(name=name, text=last.text + text)
    elif name and len(found) > 1 and found[-2].name == name and last is not None and not last.text.strip():
        found[-2:] = [Stretch(name=name, text=found[-2].text + last.text + text)]
    else:
        found.append(Stretch(name=name, text=text))


def blocks_of(found: list[Stretch]) -> dict[str, str]:
    """Return by name what each block draws, without blanks around it."""
    whole: dict[str, str] = {}
    for one in found:
        if one.name:
            whole[one.name] = whole.get(one.name, "") + one.text
    return {name: text.strip() for name, text in whole.items()}
