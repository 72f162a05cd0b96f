"""What a page offers: every address that it names, and every form with its fields and buttons."""

import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

Pairs = list[tuple[str, str]]
_ADDRESSES = {
    "a": ("href",),
    "area": ("href",),
    "link": ("href",),
    "script": ("src",),
    "img": ("src",),
    "source": ("src", "srcset"),
    "iframe": ("src",),
    "embed": ("src",),
    "object": ("data",),
}
HANDED = "data"
# Words for who reads the head of a page, not loaded and not followed.
_NOT_LOADED = {"canonical", "author", "license", "help"}
_IN_TEXT = re.compile(r"http://localhost(/[^\s\"'<>\\)]*)")
_IN_STYLES = re.compile(r"url\([\"']?([^\"')]+)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One field: `kind` is the input's type, textarea or select; `choices` what a select or a group of boxes offers.

    `chosen` is what the browser would send of it, in order: nothing for a box that is not ticked.
    """

    name: str
    kind: str
    chosen: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    is_required: bool = False
    accept: str = ""
    least: str = ""
    id: str = ""

    @property
    def value(self) -> str:
        return self.chosen[0] if self.chosen else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PageForm:
    """A form with one of its buttons: `button` is the pair that pressing it adds, or None."""

    action: str
    method: str
    fields: tuple[Field, ...]
    is_multipart: bool = False
    button: tuple[str, str] | None = None

    def sent(self) -> Pairs:
        """Return what the browser sends when the button is pressed and nothing was typed; files apart."""
        pairs = [(one.name, value) for one in self.fields if one.kind != "file" for value in one.chosen]
        return [*pairs, self.button] if self.button else pairs


@dataclass(kw_only=True, slots=True)
class Page:
    """`links` are (tag, address) in the page's order, each once."""

    links: list[tuple[str, str]] = field(default_factory=list)
    forms: list[PageForm] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@dataclass(kw_only=True, slots=True)
class _Open:
    """A form that is being read."""

    action: str
    method: str
    is_multipart: bool
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    # Something of it is disabled: where nothing else is left, nobody can send it.
    is_closed: bool = False


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.page = Page()
        self._address = address
        self._open: _Open | None = None
        self._by_id: dict[str, _Open] = {}
        self._done: list[_Open] = []
        self._text: Field | None = None
        self._typed: list[str] = []
        self._select: Field | None = None
        self._is_many = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._links(tag, given)
        if tag == "form":
            self._begin(given)
        elif tag in {"input", "textarea", "select", "button"}:
            where = self._by_id.get(given["form"]) if "form" in given else self._open
            if where is not None and "disabled" in given:
                where.is_closed = True
            elif where is not None:
                self._field(where, tag, given)
        elif tag == "option" and self._select is not None:
            self._option(given)

    def _links(self, tag: str, given: dict[str, str]) -> None:
        is_read = tag != "link" or not set(given.get("rel", "").split()) & _NOT_LOADED
        found = [given[name] for name in _ADDRESSES.get(tag, ()) if given.get(name)] if is_read else []
        # The addresses that a page hands to its scripts.
        handed = [value for name, value in given.items() if name.startswith("data-") and value[:1] == "/"]
        for named in [*((tag, address) for address in found), *((HANDED, address) for address in handed)]:
            if named not in self.page.links:
                self.page.links.append(named)
        if given.get("class") == "summary":
            self.page.errors.append("summary")
        if tag == "a" and self.page.errors and given.get("href", "").startswith("#"):
            self.page.errors.append(given["href"][1:])

    def _begin(self, given: dict[str, str]) -> None:
        self._open = _Open(
            action=given.get("action") or self._address,
            method=(given.get("method") or "get").lower(),
            is_multipart="multipart" in given.get("enctype", ""),
        )
        self._done.append(self._open)
        if given.get("id"):
            self._by_id[given["id"]] = self._open

    def _field(self, where: _Open, tag: str, given: dict[str, str]) -> None:
        kind = (given.get("type") or {"input": "text", "button": "submit"}.get(tag, tag)).lower()
        name, value = given.get("name", ""), given.get("value", "")
        if kind in {"submit", "image"}:
            where.buttons.append((name, value, given.get("formaction", "")))
            return
        if not name or kind in {"button", "reset"}:
            return
        told = Field(
            name=name,
            kind=kind,
            chosen=(value,),
            is_required="required" in given,
            accept=given.get("accept", ""),
            least=given.get("min", ""),
            id=given.get("id", ""),
        )
        if kind in {"checkbox", "radio"}:
            self._tick(where, replace(told, choices=(value or "on",), chosen=()), "checked" in given)
        elif tag == "textarea":
            self._text, self._typed = told, []
            where.fields.append(told)
        elif tag == "select":
            self._select, self._is_many = replace(told, chosen=()), "multiple" in given
            where.fields.append(self._select)
        else:
            where.fields.append(told)

    @staticmethod
    def _tick(where: _Open, told: Field, is_on: bool) -> None:
        before = next((one for one in where.fields if one.name == told.name and one.kind == told.kind), told)
        chosen = (*before.chosen, *told.choices) if is_on else before.chosen
        choices = before.choices if before is told else (*before.choices, *told.choices)
        merged = replace(before, choices=choices, chosen=chosen)
        where.fields = [one for one in where.fields if one is not before] + [merged]

    def _option(self, given: dict[str, str]) -> None:
        assert self._select is not None
        if "disabled" in given:
            return
        value = given.get("value", "")
        chosen = (*self._select.chosen, value) if "selected" in given else self._select.chosen
        self._swap(self._select, replace(self._select, choices=(*self._select.choices, value), chosen=chosen))

    def _swap(self, before: Field, after: Field) -> None:
        for one in self._done:
            one.fields = [after if inside is before else inside for inside in one.fields]
        if self._select is before:
            self._select = after

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._typed.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "textarea" and self._text is not None:
            # The first line break after the tag is not part of the text (HTML, 13.2.6.4.7).
            typed = "".join(self._typed).removeprefix("\r\n").removeprefix("\n")
            self._swap(self._text, replace(self._text, chosen=(typed,)))
            self._text = None
        elif tag == "select" and self._select is not None:
            if not self._select.chosen and not self._is_many:
                self._swap(self._select, replace(self._select, chosen=self._select.choices[:1]))
            self._select = None

    def closed(self) -> Page:
        """Return the page: a form once for each of its buttons."""
        for one in self._done:
            if one.is_closed and not one.fields and not one.buttons:
                continue
            for name, value, action in dict.fromkeys(one.buttons) or [("", "", "")]:
                form = PageForm(
                    action=action or one.action,
                    method=one.method,
                    fields=tuple(one.fields),
                    is_multipart=one.is_multipart,
                    button=(name, value) if name else None,
                )
                self.page.forms.append(form)
        return self.page


def page_of(text: str, address: str) -> Page:
    """Return what the HTML page at the address offers."""
    reader = _Reader(address)
    reader.feed(text)
    reader.close()
    return reader.closed()


def named_in(text: str, mimetype: str) -> Page:
    """Return the addresses of this site that a calendar, a feed, a document for programs or a style sheet names."""
    found = _IN_STYLES.findall(text) if mimetype == "text/css" else _IN_TEXT.findall(text)
    return Page(links=[("a", address) for address in dict.fromkeys(found)])
