"""Browsers in one process of their own: raw sockets under asyncio, bounded in connections, answers and time."""

import asyncio
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

HOST = "127.0.0.1"
# How many connections all have open together.
MOST_OPEN = 3_000
MOST_ANSWER_BYTES = 16_000_000
# A browser that is asked to come again does so until it is let in; none is turned away so often in a sound run.
MOST_TRIES = 60


_NUMBER = re.compile(r"[0-9]+")


class VisitError(Exception):
    """A visit ended in what no visitor should see; its word is counted."""


@dataclass(slots=True)
class Answer:
    status: int
    fields: Mapping[str, str]
    body: bytes

    @property
    def is_refusal(self) -> bool:
        """Return whether the answer is the calm page: come again, by a number of seconds, and nothing broken."""
        return self.status in {429, 503} and self.fields.get("retry-after", "").isdigit()


@dataclass(slots=True)
class Tally:
    """What became of the crowd. Times are seconds: of each answered page, and of pages from the first try to the page."""

    begun: float = field(default_factory=time.monotonic)
    completed: int = 0
    refused: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    answers_s: list[float] = field(default_factory=list)
    through_s: list[float] = field(default_factory=list)
    last_at: float = field(default_factory=time.monotonic)
    # CPU time that the server's web processes took meanwhile, where it was looked at.
    cpu_s: float = 0.0

    def complete(self) -> None:
        self.completed += 1
        self.last_at = time.monotonic()

    def rate(self) -> float:
        """Return completed visits a second, from the first client to the last completion."""
        return self.completed / max(0.001, self.last_at - self.begun)


def quantile_ms(seconds: list[float], part: float) -> float:
    """Return the quantile in milliseconds; 0 of nothing."""
    if len(seconds) < 2:
        return round(1000 * sum(seconds), 1)
    return round(1000 * statistics.quantiles(seconds, n=100, method="inclusive")[round(100 * part) - 1], 1)


class Browser:
    """One visitor's browser: keeps its connection while the server does, and its cookie."""

    def __init__(self, port: int, tally: Tally, lines: asyncio.Semaphore, patience_s: float) -> None:
        self._port, self._tally, self._lines, self._patience_s = port, tally, lines, patience_s
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.cookies: dict[str, str] = {}

    async def page(
        self, method: str, path: str, form: Mapping[str, str] | None = None, expects: int = 200
    ) -> Answer:
        """Return the page, asked for again as long as the queue's page comes instead. Raises VisitError for another status."""
        began = time.monotonic()
        for _ in range(MOST_TRIES):
            answer = await self._timed(method, path, form)
            if not answer.is_refusal:
                break
            self._tally.refused += 1
            await asyncio.sleep(int(answer.fields["retry-after"]))
        self._tally.through_s.append(time.monotonic() - began)
        if answer.status != expects:
            raise VisitError(f"{answer.status} at {method} {_NUMBER.sub('N', path.partition('?')[0])}")
        return answer

    async def _timed(self, method: str, path: str, form: Mapping[str, str] | None) -> Answer:
        began = time.monotonic()
        async with asyncio.timeout(self._patience_s):
            answer = await self._asked(method, path, form)
        self._tally.answers_s.append(time.monotonic() - began)
        return answer

    async def _asked(self, method: str, path: str, form: Mapping[str, str] | None) -> Answer:
        told = self._request(method, path, form)
        was_kept = self._line is not None
        try:
            return await self._exchange(told)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            self.close()
            # As browsers do: a kept connection may have been closed just when it was to be used again.
            if was_kept and not getattr(error, "partial", b""):
                return await self._exchange(told)
            raise

    def _request(self, method: str, path: str, form: Mapping[str, str] | None) -> bytes:
        body = urlencode(form).encode() if form is not None else b""
        fields = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", "Accept: text/html"]
        if self.cookies:
            held = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            fields.append(f"Cookie: {held}")
        if form is not None:
            fields += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        return "\r\n".join(fields).encode() + b"\r\n\r\n" + body

    async def _exchange(self, told: bytes) -> Answer:
        if self._line is None:
            await self._lines.acquire()
            try:
                self._line = await asyncio.open_connection(HOST, self._port)
            except BaseException:
                self._lines.release()
                raise
        reader, writer = self._line
        writer.write(told)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status = int(head[0].split(" ")[1])
        fields = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:-2])
        }
        body = await _body(reader, fields) if status not in {204, 304} else b""
        for line in head[1:]:
            if line.lower().startswith("set-cookie:"):
                name, _, value = line.partition(":")[2].strip().partition(";")[0].partition("=")
                self.cookies[name] = value
        if fields.get("connection") == "close":
            self.close()
        return Answer(status=status, fields=fields, body=body)

    def close(self) -> None:
        if self._line is not None:
            self._line[1].close()
            self._line = None
            self._lines.release()


async def _body(reader: asyncio.StreamReader, fields: Mapping[str, str]) -> bytes:
    """Return what comes after the head, whole or in chunks (RFC 9112, 7.1). Raises VisitError where it is too much."""
    if fields.get("transfer-encoding") != "chunked":
        length = int(fields.get("content-length", "0"))
        if length > MOST_ANSWER_BYTES:
            raise VisitError("an answer of great length")
        return await reader.readexactly(length)
    parts, total = [], 0
    while length := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        total += length
        if total > MOST_ANSWER_BYTES:
            raise VisitError("an answer of great length")
        parts.append(await reader.readexactly(length))
        await reader.readexactly(2)
    await reader.readuntil(b"\r\n")
    return b"".join(parts)


Visit = Callable[[Browser, int], Coroutine[Any, Any, None]]


async def _visited(visit: Visit, browser: Browser, number: int, tally: Tally) -> None:
    try:
        await visit(browser, number)
        tally.complete()
    except VisitError as error:
        tally.errors[str(error)] += 1
    except (TimeoutError, OSError, asyncio.IncompleteReadError) as error:
        tally.errors[type(error).__name__] += 1
    finally:
        browser.close()


async def _all(visits: Iterable[tuple[Visit, int]], port: int, seconds: float, patience_s: float) -> Tally:
    tally, lines = Tally(), asyncio.Semaphore(MOST_OPEN)
    tasks = [
        asyncio.create_task(_visited(visit, Browser(port, tally, lines, patience_s), number, tally))
        for visit, number in visits
    ]
    _, late = await asyncio.wait(tasks, timeout=3 * seconds + 4 * patience_s)
    for task in late:
        task.cancel()
    if late:
        await asyncio.wait(late)
        tally.errors["not through in time"] += len(late)
    return tally


def send(visits: Iterable[tuple[Visit, int]], port: int, seconds: float, patience_s: float) -> Tally:
    """Return what became of these visits, all begun at once, of which each should take about these seconds.

    A client waits for an answer for `patience_s`; that, and not being through long after the end, is an error.
    """
    return asyncio.run(_all(visits, port, seconds, patience_s))


def send_beside(
    groups: Iterable[Iterable[tuple[Visit, int]]], port: int, seconds: float, patience_s: float
) -> list[Tally]:
    """Return what became of each group, as `send` does, all of them there at the same time."""

    async def beside() -> list[Tally]:
        return await asyncio.gather(*(_all(visits, port, seconds, patience_s) for visits in groups))

    return asyncio.run(beside())


def told(tally: Tally, before: str = "") -> dict[str, Any]:
    """Return the figures of a crowd, each name with `before` in front."""
    figures = {
        "completed": tally.completed,
        "refused": tally.refused,
        "errors": sum(tally.errors.values()),
        "p50_ms": quantile_ms(tally.answers_s, 0.5),
        "p95_ms": quantile_ms(tally.answers_s, 0.95),
        "through_p95_ms": quantile_ms(tally.through_s, 0.95),
        "rate": round(tally.rate(), 2),
    }
    return {before + name: value for name, value in figures.items()}


def writes_in(statements: Iterable[str]) -> int:
    """Return how many of the statements write."""
    return sum(one.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")) for one in statements)
