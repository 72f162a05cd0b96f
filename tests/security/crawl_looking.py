"""The crawler's looking: every link as each kind of person, and addresses that nobody should ask for.

Breadth is by shape: an address counts by its endpoint, its words and the names of its query, so that a thousand rows cost
what a few do. Orders are fixed.
"""

import logging
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Self
from urllib.parse import parse_qsl, quote_plus, urlencode, urljoin, urlsplit

from flask import Flask
from werkzeug.test import TestResponse

from tests.security.crawl_checks import (
    Args,
    Finding,
    Reader,
    faults_of,
    is_refused,
    masked,
    resolved,
    text_of,
)
from tests.security.crawl_ground import Ground
from tests.security.crawl_pages import HANDED, Page, named_in, page_of
from tests.security.crawl_values import BAD, NOBODY, ODD_HEADERS
from tests.security.looks import BY_PROGRAMS, SEEN
from tests.security.matrix import LINK

# What a look may write: when a session was last used, and that somebody looked at what is sensitive.
QUIET = frozenset({"staff_session"})
# What the history keeps of a look.
NOTED = frozenset({"audit_entry", "audit_payload"})
LOOKS: Mapping[str, frozenset[str]] = {
    # Guesses at links are counted by address, whether or not a guess is right.
    "accounts.link": frozenset({"attempt_count"}),
} | dict.fromkeys(SEEN.keys() | BY_PROGRAMS, NOTED)
# Pages whose very purpose is to show a personal link to staff; the mailbox is the demonstration's.
SHOW_LINKS = {
    "demo.mailbox",
    "demo.letter",
    "demo.html_part",
    "accounts.new_link",
    "speakers.show_link",
    "registration.invitation",
}
_TEXTS = {
    "text/calendar",
    "application/json",
    "application/xml",
    "text/xml",
    "application/atom+xml",
    "text/css",
}
_LONGEST_WORD = 24
# What the addresses in the document for programs begin with.
API_BASE = "/api/v1"
_RANDOM = {"token", "key", "upload", "name"}


class Errors(logging.Handler):
    """Keeps what the application logs as an error while one answer is made."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(record.getMessage().splitlines()[0][:200])


class Looking:
    """`findings` are in the order in which they were found; `asked` counts requests by what they were for."""

    def __init__(
        self,
        app: Flask,
        ground: Ground,
        matrix: Mapping[str, object],
        *,
        is_deep: bool = False,
        is_brief: bool = False,
    ) -> None:
        self.app, self.ground, self.matrix, self.is_deep, self.is_brief = (
            app,
            ground,
            matrix,
            is_deep,
            is_brief,
        )
        self.findings: dict[Finding, None] = {}
        self.asked: Counter[str] = Counter()
        # Every value that an address was seen with, by the name of its part.
        self.values: dict[str, dict[object, None]] = {}
        self.looked_at: dict[str, None] = {}
        self.scripted: dict[str, None] = {}
        self._errors = Errors()
        self._most_of_shape, self._most_of_endpoint = (6, 60) if is_deep else (1, 3)

    def __enter__(self) -> Self:
        logging.getLogger().addHandler(self._errors)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self._errors)

    def find(self, kind: str, reader: Reader, endpoint: str, asked: str, told: str = "") -> None:
        finding = Finding(
            kind=kind, reader=reader.name, endpoint=endpoint, asked=masked(asked), told=masked(told)
        )
        self.findings[finding] = None

    def who(self, endpoint: str) -> object:
        return self.matrix.get(endpoint)

    # Asking

    def ask(self, reader: Reader, method: str, address: str, why: str, **sent: object) -> TestResponse | None:
        """Return the answer, held to what each must keep to; None where an error came out instead."""
        self.asked[why.partition(" ")[0]] += 1
        self._errors.told.clear()
        found = resolved(self.app, address, method)
        endpoint = found[0] if found else ""
        asked = f"{method} {address} ({why})"
        try:
            answer = reader.client.open(address, method=method, **sent)  # type: ignore[arg-type]  # by name, as the crawl has them
        except Exception as error:  # noqa: BLE001 -- whatever comes out is a page of 500 to a user
            last = error.__traceback__
            while last is not None and last.tb_next is not None:
                last = last.tb_next
            place = f"{last.tb_frame.f_code.co_filename.rpartition('/')[2]}:{last.tb_lineno}" if last else ""
            self.find("broke", reader, endpoint, asked, f"{type(error).__name__} {error!s:.120} at {place}")
            return None
        self.check(reader, endpoint, method, asked, answer)
        if method in {"GET", "HEAD", "OPTIONS"}:
            self.hold_still(reader, endpoint, asked)
        return answer

    def check(self, reader: Reader, endpoint: str, method: str, asked: str, answer: TestResponse) -> None:
        """Find what an answer breaks by itself, and what the log tells of it."""
        for told in self._errors.told:
            self.find("logged an error", reader, endpoint, asked, told)
        self._errors.told.clear()
        for kind, seen in faults_of(endpoint, self.who(endpoint), method, answer):
            self.find(kind, reader, endpoint, asked, seen)

    def hold_still(self, reader: Reader, endpoint: str, asked: str) -> None:
        """Find what a look changed, and bring it back."""
        if told := self.ground.changed() - QUIET - LOOKS.get(endpoint, frozenset()):
            self.find("a look changes", reader, endpoint, asked, ", ".join(sorted(told)))
        self.ground.restore()

    # Looking

    def look(self, reader: Reader) -> None:
        """Follow every link from where the person begins."""
        waiting = deque((address, "", "a") for address in reader.starts)
        # What no link leads to, as it is made by scripts or shown once, comes last.
        later = deque((address, "", "a") for address in reader.known)
        shapes: Counter[object] = Counter()
        endpoints: Counter[str] = Counter()
        while waiting or later:
            address, source, tag = (waiting or later).popleft()
            found = resolved(self.app, address, "GET")
            shape = self._shape(address, found)
            endpoint = found[0] if found else ""
            is_enough = shapes[shape] >= self._most_of_shape or (
                endpoint != "" and endpoints[endpoint] >= self._most_of_endpoint
            )
            if is_enough or address in reader.seen.values() or self._is_only_a_language(address):
                continue
            shapes[shape] += 1
            endpoints[endpoint] += 1
            reader.seen[f"{shape}#{shapes[shape]}"] = address
            waiting.extend(self._look_at(reader, address, found, source, tag))

    def _look_at(
        self, reader: Reader, address: str, found: tuple[str, Args] | None, source: str, tag: str
    ) -> Iterator[tuple[str, str, str]]:
        answer = self.ask(reader, "GET", address, f"link of {source}" if source else "start")
        if answer is None:
            return
        if found and answer.status_code < 400 and not is_refused(answer):
            self.looked_at[found[0]] = None
        self._judge(reader, address, found, source, tag, answer)
        self._remember(found)
        if 300 <= answer.status_code < 400:
            where = urljoin(address, answer.headers.get("Location", ""))
            yield where.removeprefix("http://localhost"), source or address, "a"
            return
        page = self._read(answer, address)
        here = found[0] if found else ""
        for named, link in page.links:
            target = self._ours(address, link)
            # What a page hands to its scripts may be for sending.
            is_followed = named != HANDED or resolved(self.app, target or "", "GET")
            if target is not None and is_followed and target != API_BASE:
                yield target, f"{here} {masked(address)}", named
        for form in page.forms:
            target = self._ours(address, form.action)
            if target is None:
                self.find("form leads away", reader, here, address, form.action)
            elif form.method == "dialog":
                continue  # a button that closes something, and asks nobody
            elif form.method == "get":
                query = urlencode([pair for pair in form.sent() if pair[1]])
                yield f"{target.partition('?')[0]}?{query}", f"{here} {masked(address)}", "form"
            else:
                went = resolved(self.app, target, "POST")
                key = (went[0] if went else target, *sorted({one.name for one in form.fields}), form.button)
                reader.forms.setdefault(key, (address, form))

    def _judge(
        self,
        reader: Reader,
        address: str,
        found: tuple[str, Args] | None,
        source: str,
        tag: str,
        answer: TestResponse,
    ) -> None:
        """Compare what a link led to with what the matrix allows."""
        endpoint = found[0] if found else ""
        who = self.who(endpoint)
        asked = f"GET {address} (link of {source})"
        if found and not reader.may(who) and not is_refused(answer):
            self.find("open", reader, endpoint, asked, answer.status)
        if source and (answer.status_code >= 400 or (is_refused(answer) and reader.role is not None)):
            self.find("dead link", reader, endpoint, asked, f"<{tag}> {answer.status}")
        elif source and is_refused(answer) and not reader.may(who) and endpoint != "accounts.home":
            self.find("link to what is closed", reader, endpoint, asked, f"<{tag}> {answer.status}")
        shown_by = source.partition(" ")[0]
        is_leak = who == LINK and reader.role is not None and self.who(shown_by) != LINK
        if is_leak and shown_by not in SHOW_LINKS:
            self.find("shows a personal link", reader, shown_by, asked)

    def _remember(self, found: tuple[str, Args] | None) -> None:
        for name, value in (found[1] if found else {}).items():
            self.values.setdefault(name, {})[value] = None

    def _shape(self, address: str, found: tuple[str, Args] | None) -> tuple[object, ...]:
        """Return what two addresses of one kind have in common."""
        if found is None:
            return ("", address)
        endpoint, args = found
        words = sorted(
            (name, value)
            for name, value in args.items()
            if isinstance(value, str) and name not in _RANDOM and len(value) <= _LONGEST_WORD
        )
        query = sorted(
            (name, value if len(value) <= _LONGEST_WORD and not value.isdigit() else "")
            for name, value in parse_qsl(urlsplit(address).query)
        )
        return (endpoint, *words, *query)

    def _is_only_a_language(self, address: str) -> bool:
        """Return whether the page is seen already, in another language; by hand each is looked at in each."""
        return not self.is_deep and urlsplit(address).query in {"lang=en", "lang=sv", "lang=de"}

    @staticmethod
    def _read(answer: TestResponse, address: str) -> Page:
        if answer.mimetype == "text/html":
            return page_of(text_of(answer), address)
        return named_in(text_of(answer), answer.mimetype) if answer.mimetype in _TEXTS else Page()

    @staticmethod
    def _ours(address: str, link: str) -> str | None:
        """Return the address of a link on this site without its fragment, or None for another site's."""
        whole = urlsplit(urljoin(f"http://localhost{address}", link.strip().split(" ")[0]))
        if whole.scheme != "http" or whole.netloc != "localhost":
            return None
        return whole.path + (f"?{whole.query}" if whole.query else "")

    # What is asked beside the links

    def trespass(self, reader: Reader, others: Iterable[Reader]) -> None:
        """Ask for everything that somebody else came across and this person may not open."""
        for other in others:
            for address in other.seen.values():
                found = resolved(self.app, address, "GET")
                if found is None or reader.may(self.who(found[0])):
                    continue
                answer = self.ask(reader, "GET", address, "trespass")
                if answer is not None and not is_refused(answer):
                    self.find("open", reader, found[0], f"GET {address} (trespass)", answer.status)

    def elsewhere(self, reader: Reader) -> None:
        """Ask for each page of another record, of nobody's, and by what is no id: a personal link opens its own alone."""
        done = set()
        for address in list(reader.seen.values()):
            found = resolved(self.app, address, "GET")
            if found is None or found[0] in done:
                continue
            endpoint, args = found
            done.add(endpoint)
            for name, value in args.items():
                for other in self.others(name, value):
                    self._elsewhere(reader, endpoint, name, self.address(endpoint, {**args, name: other}))

    def _elsewhere(self, reader: Reader, endpoint: str, name: str, address: str | None) -> None:
        if address is None or address in reader.seen.values():
            return
        answer = self.ask(reader, "GET", address, f"swapped {name}")
        if self.who(endpoint) == LINK and answer is not None and answer.status_code < 400:
            self.find("another's record", reader, endpoint, f"GET {address} ({name})", answer.status)

    def others(self, name: str, value: object) -> Iterator[object]:
        """Yield what else might stand in an address: another's id, nobody's, and what is no id."""
        if isinstance(value, int):
            known = [one for one in self.values.get(name, {}) if isinstance(one, int) and one != value]
            yield from dict.fromkeys([*known[-1:], NOBODY, *((0, 2**63) if self.is_deep else ())])
        elif name == "token" and isinstance(value, str):
            yield value[:-1] + ("A" if value[-1] != "A" else "B")
            if self.is_deep:
                yield from (value[: len(value) // 2], value + "A", "x")
        elif self.is_deep:
            yield from ("x" * 300, "..", "é\u202e")

    def address(self, endpoint: str, args: Mapping[str, object]) -> str | None:
        with self.app.test_request_context():
            try:
                return self.app.url_for(endpoint, **args)  # type: ignore[arg-type]  # by name, as the crawl has them
            except (TypeError, ValueError):
                return None

    def oddly(self, reader: Reader) -> None:
        """Ask for each page with what nobody types into an address, and by methods and headers of no browser."""
        kinds, turn, done = list(BAD), count(), set()
        for address in list(reader.seen.values()):
            found = resolved(self.app, address, "GET")
            query = parse_qsl(urlsplit(address).query)
            shape = (found and found[0], *sorted({name for name, _ in query}))
            if found is None or shape in done:
                continue
            done.add(shape)
            path = address.partition("?")[0]
            for name in {name: None for name, _ in query}:
                for kind in kinds if self.is_deep else [kinds[next(turn) % len(kinds)]]:
                    rest = "&".join(f"{key}={quote_plus(value)}" for key, value in query if key != name)
                    odd = f"{path}?{rest}&{name}={quote_plus(BAD[kind])}"
                    self.ask(reader, "GET", odd, f"bad {name}: {kind}")
            if len(shape) == 1 and (self.is_deep or reader.role is None):
                self.ask(reader, "GET", address, "odd headers", headers=ODD_HEADERS)
                for method in (
                    ("HEAD", "OPTIONS", "PUT", "DELETE", "PROPFIND") if self.is_deep else ("OPTIONS",)
                ):
                    self.ask(reader, method, path, "odd method")
