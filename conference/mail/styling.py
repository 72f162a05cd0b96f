"""The styles of mails, written into the elements when a template is compiled: once a process, not for each mail.

Gmail drops style sheets of mails it does not like the look of, and Outlook reads few of their rules; what stands in the
element itself all of them show.
"""

import re
from functools import cache
from pathlib import Path

from css_inline import CSSInliner
from flask import Flask
from jinja2.ext import Extension

SHEET = "mail/_style.css"
_MAIL = re.compile(r"mail/(?:_\w+|\w+/body)\.html")
_START_TAG = re.compile(r"<([a-z][a-z0-9]*)((?:\s[^<>]*)?)>")
_CLASSES = re.compile(r'\sclass="([^"{}]*)"')
_STYLE = re.compile(r' style="([^"]*)"')
_SHEET_PLACE = "<style></style>"
# An HTML parser drops a row or a cell that stands outside a table.
_SURROUNDINGS = {"tr": "<table>{}</table>", "td": "<table><tr>{}</tr></table>"}


class MailStyles(Extension):
    """Gives the templates of mails their styles before Jinja compiles them; the office's pages about mails keep theirs."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002 -- the signature is Jinja's
        """Return the source with its styles in it, untouched where it is no mail's."""
        return styled(source) if name and _MAIL.fullmatch(name) else source


def init_styling(app: Flask) -> None:
    """Let the application's templates of mails be styled."""
    app.jinja_env.add_extension(MailStyles)


def styled(html: str) -> str:
    """Return HTML, finished or a template's, with a style attribute in each element that the sheet speaks of.

    An element that has one keeps it as it is.
    """

    def with_style(match: re.Match[str]) -> str:
        tag, attributes = match.groups()
        classes = _CLASSES.search(attributes)
        style = "" if " style=" in attributes else style_of(tag, classes[1] if classes else "")
        return f'<{tag}{attributes} style="{style}">' if style else match[0]

    return _START_TAG.sub(with_style, html).replace(_SHEET_PLACE, f"<style>{at_rules()}</style>")


@cache
def _sheet() -> str:
    folder = Path(__file__).parents[2] / "templates"
    return re.sub(r"/\*.*?\*/\s*", "", (folder / SHEET).read_text(encoding="utf-8"), flags=re.DOTALL)


@cache
def style_of(tag: str, classes: str) -> str:
    """Return what the mails' sheet says of such an element, "" for nothing."""
    named = f' class="{classes}"' if classes else ""
    element = f"<{tag}{named}></{tag}>"
    inside = _SURROUNDINGS.get(tag, "{}").format(element)
    body = inside if tag == "body" else f"<body>{inside}</body>"
    drawn = _inliner().inline(f"<html><head><style>{_sheet()}</style></head>{body}</html>")
    start = re.search(rf"<{tag}{re.escape(named)}(?= style=|>)[^>]*>", drawn[drawn.index("<body") :])
    style = _STYLE.search(start[0]) if start else None
    return style[1] if style else ""


@cache
def at_rules() -> str:
    """Return those rules of the sheet that can stand in no element: for dark schemes and for telephones."""
    drawn = _inliner().inline(f"<html><head><style>{_sheet()}</style></head><body></body></html>")
    return drawn[drawn.index("<style>") + len("<style>") : drawn.index("</style>")].strip()


@cache
def _inliner() -> CSSInliner:
    return CSSInliner(keep_at_rules=True, load_remote_stylesheets=False, minify_css=True)
