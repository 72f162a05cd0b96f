"""From a changed wording and the facts of one mail to its subject and both parts.

One pass over what the office wrote. What is known of the reader is a value and nothing more: escaped in HTML, never
a link, never looked into for further braces. Tables, buttons and sentences that depend on the case are drawn by the
mail's own template, so that a changed wording gets each improvement of them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from flask import current_app
from jinja2 import Environment
from jinja2.environment import TemplateExpression
from markupsafe import Markup, escape

from conference.mail.marks import blocks_of, marking, stretches
from conference.mail.placeholders import Piece, names_in, pieces
from conference.mail.rules import one_line
from conference.mail.styling import styled
from conference.mail.wording_model import Wording
from conference.mail.wording_shapes import Kind, Word

_EXPRESSIONS = "conference.mail_words"
_BREAK = Markup("<br>\n")
_PARAGRAPHS = re.compile(r"\n[^\S\n]*\n\s*")
# An address as people type it in a text: the dot or bracket after it is the sentence's.
_LINK = re.compile(r"https://[^\s<>\"'{}|\\^`]+[^\s<>\"'{}|\\^`.,;:!?)\]]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One paragraph of the HTML part, or a block with markup of its own."""

    html: Markup
    is_block: bool


def content_of(environment: Environment, name: str, values: Mapping[str, Any]) -> str:
    """Return what a template puts into the block "content" of its frame, without the frame."""
    template = environment.get_template(name)
    context = template.new_context(dict(values))
    # A template imports its macros before it yields the first piece of its frame.
    frame = template.root_render_func(context)
    next(frame, None)
    return "".join(context.blocks["content"][0](context))


def draw_blocks(environment: Environment, name: str, values: Mapping[str, Any]) -> dict[str, str]:
    """Return by name what each block of a mail's template draws for these facts, "" for one that has nothing to say."""
    with marking() as sign:
        return blocks_of(stretches(content_of(environment, name, values), sign))


class Drawing:
    """One wording with the facts of one mail. What it does not name is not computed."""

    def __init__(
        self, environment: Environment, kind: Kind, wording: Wording, values: Mapping[str, Any]
    ) -> None:
        self._environment = environment
        self._kind = kind
        self._wording = wording
        self._values = values

    @cached_property
    def _words(self) -> dict[str, str]:
        named = names_in(self._wording.subject) | names_in(self._wording.text)
        return {word.name: self._value(word) for word in self._kind.words if word.name in named}

    def _value(self, word: Word) -> str:
        value = expression(self._environment, word.source)(**self._values)
        text = "" if value is None else str(value)
        return "\n".join(text.splitlines()) if word.is_text else one_line(text)

    def _blocks(self, ending: str) -> dict[str, str]:
        names = {block.name for block in self._kind.blocks}
        if not names & names_in(self._wording.text):
            return {}
        drawn = draw_blocks(self._environment, f"mail/{self._kind.name}/body.{ending}", self._values)
        return {name: drawn.get(name, "") for name in names}

    @property
    def subject(self) -> str | None:
        """The subject, or None where it names what this reader has not, or fits another case: the original knows."""
        condition = self._kind.subject_if
        if condition and not expression(self._environment, condition)(**self._values):
            return None
        filled = [
            self._words.get(piece.text, "") if piece.is_name else piece.text
            for piece in pieces(self._wording.subject)
        ]
        return None if "" in filled[1::2] else "".join(filled)

    @property
    def text(self) -> str:
        known = self._words | self._blocks("txt")
        filled = [
            "".join(known[piece.text] if piece.is_name else piece.text for piece in paragraph)
            for paragraph in self._paragraphs(known)
        ]
        return "\n\n".join(filled)

    @property
    def html(self) -> list[Part]:
        blocks = self._blocks("html")
        parts: list[Part] = []
        for paragraph in self._paragraphs(self._words | blocks):
            inline = Markup()
            for place, piece in enumerate(paragraph):
                if piece.is_name and piece.text in blocks:
                    _add_paragraph(parts, inline)
                    block = Markup(blocks[piece.text])  # noqa: S704 -- drawn by our template, which escaped
                    parts.append(Part(html=block, is_block=True))
                    inline = Markup()
                elif piece.is_name:
                    inline += _broken(escape(self._words[piece.text]))
                else:
                    inline += _linked(piece.text, is_last=place == len(paragraph) - 1, is_first=place == 0)
            _add_paragraph(parts, inline)
        return parts

    def _paragraphs(self, known: Mapping[str, str]) -> Iterator[list[Piece]]:
        """Yield the paragraphs, without those that name what this reader has not, as "Fee: {fee}." where nothing is due."""
        for paragraph in _PARAGRAPHS.split(self._wording.text.strip()):
            found = list(pieces(paragraph))
            if all(known.get(piece.text) for piece in found if piece.is_name):
                yield found


def expression(environment: Environment, source: str) -> TemplateExpression:
    """Return our own expression over a mail's facts, compiled once an application."""
    kept: dict[str, TemplateExpression] = current_app.extensions.setdefault(_EXPRESSIONS, {})
    if source not in kept:
        kept[source] = environment.compile_expression(source)
    return kept[source]


def _add_paragraph(parts: list[Part], inline: Markup) -> None:
    trimmed = Markup(re.sub(r"^(?:\s|<br>)+|(?:\s|<br>)+$", "", inline))  # noqa: S704 -- escaped before
    if trimmed:
        parts.append(Part(html=trimmed, is_block=False))


def _broken(escaped: Markup) -> Markup:
    return escaped.replace("\n", _BREAK)


@cache
def _anchor() -> Markup:
    """Return a link in the mails' style, with a place for its address."""
    return Markup(styled('<a href="{0}">{0}</a>'))  # noqa: S704 -- ours


def _linked(text: str, *, is_first: bool, is_last: bool) -> Markup:
    """Return the office's own words with each bare https address as a link.

    One that touches a placeholder stays words: whoever fills the place would decide where it leads.
    """
    whole, end = Markup(), 0
    for match in _LINK.finditer(text):
        touches = (match.start() == 0 and not is_first) or (match.end() == len(text) and not is_last)
        whole += _broken(escape(text[end : match.start()]))
        link = _anchor().format(match[0])
        whole += escape(match[0]) if touches else link
        end = match.end()
    return whole + _broken(escape(text[end:]))
