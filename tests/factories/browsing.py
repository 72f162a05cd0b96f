"""A page's forms as a browser sends them: every field with what it holds, to be changed and sent."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

Pairs = list[tuple[str, str]]
_NOT_SENT = {"submit", "button", "file", "reset", "image"}
_TICKED = {"checkbox", "radio"}


@dataclass(kw_only=True, slots=True)
class PageForm:
    """A form of a page. `fields` are in order, a name once for each value."""

    action: str
    fields: Pairs = field(default_factory=list)

    def value(self, name: str) -> str | None:
        return next((value for key, value in self.fields if key == name), None)

    def sent(self, **changes: str | None) -> dict[str, list[str]]:
        """Return what is sent after these fields were typed over; None leaves a field out."""
        values: dict[str, list[str]] = {}
        for name, value in self.fields:
            values.setdefault(name, []).append(value)
        typed = {name: [value] for name, value in changes.items() if value is not None}
        return {name: value for name, value in (values | typed).items() if changes.get(name, "") is not None}


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self._address = address
        self._inside: PageForm | None = None
        self._text: tuple[str, list[str]] | None = None
        self._select: str | None = None
        self._first_option: str | None = None
        self._chosen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._inside = PageForm(action=given.get("action") or self._address)
            if (given.get("method") or "get").lower() == "post":
                self.forms.append(self._inside)
        if self._inside is None:
            return
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "button" and given.get("formaction"):
            # A second button of the form, which sends the same fields elsewhere.
            self.forms.append(PageForm(action=given["formaction"] or "", fields=self._inside.fields))
        if tag == "input" and name:
            self._input(name, value, given)
        elif tag == "textarea" and name:
            self._text = (name, [])
        elif tag == "select" and name:
            self._select, self._first_option, self._chosen = name, None, 0
        elif tag == "option" and self._select:
            if "selected" in given:
                self._inside.fields.append((self._select, value))
                self._chosen += 1
            self._first_option = value if self._first_option is None else self._first_option

    def _input(self, name: str, value: str, given: dict[str, str | None]) -> None:
        assert self._inside is not None
        kind = (given.get("type") or "text").lower()
        if kind not in _NOT_SENT and (kind not in _TICKED or "checked" in given):
            self._inside.fields.append((name, value or ("on" if kind in _TICKED else "")))

    def handle_data(self, data: str) -> None:
        if self._text:
            self._text[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._inside is None:
            return
        if tag == "textarea" and self._text:
            name, parts = self._text
            # The first line break after the tag is not part of the text (HTML, 13.2.6.4.7).
            self._inside.fields.append((name, "".join(parts).removeprefix("\r\n").removeprefix("\n")))
            self._text = None
        elif tag == "select" and self._select:
            if not self._chosen and self._first_option is not None:
                self._inside.fields.append((self._select, self._first_option))
            self._select = None
        elif tag == "form":
            self._inside = None


def forms_in(page: str, address: str) -> list[PageForm]:
    """Return the forms of the page at `address` that are posted."""
    reader = _Reader(address)
    reader.feed(page)
    return reader.forms
