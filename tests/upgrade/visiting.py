"""People who register one after the other, four at a time, at whichever of the addresses they are sent to."""

import http.client
import itertools
import random
import re
import subprocess
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from tests.benchmarks.servers import hidden_fields

AT_ONCE = 4
# Who is asked to wait asks again, as the page says, and gives up after so long.
PATIENCE_S = 60.0


class Visitors:
    """Register until told to end, and note who was told what, in which phase and by which port."""

    def __init__(self) -> None:
        self._ports: tuple[int, ...] = ()
        self._names: dict[int, str] = {}
        self._phase = ""
        self._numbers = itertools.count(1)
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._registered: dict[str, Counter[str]] = defaultdict(Counter)
        self._told_yes: set[str] = set()
        self._errors: list[str] = []
        self._waits = 0
        self._longest_s = 0.0
        self._threads: list[threading.Thread] = []
        self._busy: Counter[int] = Counter()

    @contextmanager
    def at(self, *ports: int) -> Iterator[None]:
        """Let them go to these ports; the first are the old version's."""
        for port in ports:
            self._names.setdefault(port, "new" if self._names else "old")
        self._ports = ports
        if not self._threads:
            self._threads = [threading.Thread(target=self._go, daemon=True) for _ in range(AT_ONCE)]
            for thread in self._threads:
                thread.start()
        yield

    def go_to(self, port: int) -> None:
        """Send nobody else anywhere else, and wait for those who are there."""
        self._ports = (port,)
        while any(count for busy, count in self._busy.items() if busy != port):
            time.sleep(0.01)

    def begin(self, name: str) -> None:
        self._phase = name

    def phase(self, name: str, seconds: float) -> None:
        self.begin(name)
        time.sleep(seconds)

    def end(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def answered_yes(self) -> set[str]:
        return self._told_yes

    def figures(self) -> dict[str, Any]:
        return {
            "registered": {phase: dict(counts) for phase, counts in self._registered.items()},
            "asked_to_wait": self._waits,
            "longest_s": round(self._longest_s, 2),
            "errors": len(self._errors),
            "first_errors": list(dict.fromkeys(self._errors))[:5],
        }

    def _go(self) -> None:
        while not self._over.is_set():
            with self._lock:
                port = random.choice(self._ports)
                self._busy[port] += 1
            try:
                self._register(port, f"visitor{next(self._numbers)}@x.example")
            except Exception as error:  # noqa: BLE001 -- whatever a visitor meets is what is told
                self._errors.append(
                    f"{self._phase}, {self._names[port]}: {type(error).__name__}: {error}"[:300]
                )
            finally:
                with self._lock:
                    self._busy[port] -= 1

    def _register(self, port: int, email: str) -> None:
        phase, began = self._phase, time.monotonic()
        visitor = _Visitor(port)
        page = self._patiently(visitor, "GET", "/register")
        person = {"given_name": "Åsa", "family_name": "Ek", "affiliation": "KI", "country": "SE"}
        fields = hidden_fields(page) | person | {"email": email, "category": "1"}
        self._patiently(visitor, "POST", "/register", fields)
        with self._lock:
            self._longest_s = max(self._longest_s, time.monotonic() - began)
            self._registered[phase][self._names[port]] += 1
            self._told_yes.add(email)

    def _patiently(
        self, visitor: "_Visitor", method: str, path: str, fields: dict[str, str] | None = None
    ) -> str:
        """Return the page; ask again after what a page of 503 says. Raises AssertionError for any other refusal."""
        end = time.monotonic() + PATIENCE_S
        while True:
            status, page, wait_s = visitor.ask(method, path, fields)
            if status != 503 or time.monotonic() > end:
                assert status in {200, 303}, f"{status}: {_heading(page)}"
                return page
            self._waits += 1
            time.sleep(wait_s)

    @staticmethod
    def wait(port: int, within_s: float, process: "subprocess.Popen[bytes]") -> None:
        """Wait until somebody answers there; raises RuntimeError where the server ended instead."""
        end = time.monotonic() + within_s
        while True:
            try:
                if _Visitor(port).ask("GET", "/healthz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.1)
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"nobody answers on port {port}; the server ended with {process.poll()}")


def _heading(page: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page, re.DOTALL)
    return found[1] if found else page[:100]


class _Visitor:
    """One browser at one port; each request has a line of its own, so that none is kept from a version that ends."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._cookie = ""

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str, float]:
        """Return status, text, and for how many seconds to wait before asking again."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        headers = {"Cookie": self._cookie} if self._cookie else {}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, urlencode(fields) if fields is not None else None, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        for value in answer.headers.get_all("Set-Cookie", ()):
            self._cookie = value.split(";", 1)[0]
        connection.close()
        return answer.status, text, float(answer.headers.get("Retry-After", 1))
