"""People who register over HTTP one after the other, and send a form again until they are answered, as a browser would."""

import http.client
import itertools
import re
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.benchmarks.servers import hidden_fields

CLIENTS = 4
# Longer than any server takes to come back; a client that was answered nothing for so long is a fault.
GIVES_UP_AFTER_S = 120
ANSWERS_WITHIN_S = 30
# Between two tries, while nothing listens.
PAUSE_S = 0.1
# What says that the request was not carried out, and is to be sent again.
_BUSY = (429, 503)


@dataclass(slots=True)
class Told:
    """What the clients were told: the addresses that were answered yes, and all that was odd.

    Also how many forms went again, and how many of those because of an answer that said so.
    """

    yes: list[str] = field(default_factory=list)
    repeated: int = 0
    refused: int = 0
    faults: list[str] = field(default_factory=list)


class _Browser:
    """One person's browser: its cookie, and a new connection where the old one is gone."""

    def __init__(self, port: int, told: Told) -> None:
        self._port, self._told = port, told
        self._line: http.client.HTTPConnection | None = None
        self._cookie = ""

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str, str]:
        """Return status, place and text of the first answer that is more than "busy"; TimeoutError where none comes."""
        until = time.monotonic() + GIVES_UP_AFTER_S
        while time.monotonic() < until:
            found = self._asked(method, path, body)
            if found is not None and found[0] not in _BUSY:
                return found
            self._told.repeated += method == "POST"
            self._told.refused += method == "POST" and found is not None
            time.sleep(PAUSE_S)
        raise TimeoutError

    def _asked(self, method: str, path: str, body: str | None) -> tuple[int, str, str] | None:
        """Return the answer, or None where the server was gone before it had answered whole."""
        headers = {"Cookie": self._cookie} if self._cookie else {}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            if self._line is None:
                self._line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=ANSWERS_WITHIN_S)
            self._line.request(method, path, body, headers)
            answer = self._line.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException):
            self.close()
            return None
        for value in answer.headers.get_all("Set-Cookie", []):
            self._cookie = value.split(";", 1)[0]
        return answer.status, answer.headers.get("Location", ""), text

    def close(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


class Stream:
    """So many clients, each in a thread, from `begin` to `end`. `told` is what came of it."""

    def __init__(self, port: int) -> None:
        self.told = Told()
        self._port = port
        self._numbers = itertools.count(1)
        self._ends = threading.Event()
        self._heard = threading.Condition()
        self._threads = [threading.Thread(target=self._register_people) for _ in range(CLIENTS)]

    def begin(self) -> None:
        for one in self._threads:
            one.start()

    def end(self) -> Told:
        """Let each client finish the form it has in hand, and return what all were told."""
        self._ends.set()
        for one in self._threads:
            one.join()
        return self.told

    def wait_for(self, more: int) -> None:
        """Return once so many more were answered yes; raises TimeoutError where nobody is any more."""
        with self._heard:
            enough = len(self.told.yes) + more
            if not self._heard.wait_for(lambda: len(self.told.yes) >= enough, GIVES_UP_AFTER_S):
                raise TimeoutError(f"nobody is registered any more: {self.told.faults}")

    def _register_people(self) -> None:
        while not self._ends.is_set():
            email = f"client{next(self._numbers)}@x.example"
            browser = _Browser(self._port, self.told)
            try:
                fault = _registered(browser, email)
            except TimeoutError:
                fault = f"{email} was answered nothing for {GIVES_UP_AFTER_S} s"
            finally:
                browser.close()
            with self._heard:
                if fault:
                    self.told.faults.append(fault)
                else:
                    self.told.yes.append(email)
                self._heard.notify_all()
            if fault:
                time.sleep(PAUSE_S)


def _registered(browser: _Browser, email: str) -> str:
    """Fill in the form and send it; return "" for a yes, or what was answered instead."""
    status, _, page = browser.ask("GET", "/register")
    if status != 200:
        return f"the form: {status} {_title(page)}"
    fields = hidden_fields(page) | {
        "given_name": "Client",
        "family_name": email.partition("@")[0],
        "email": email,
        "affiliation": "Lab",
        "country": "SE",
        "category": "1",
    }
    status, place, page = browser.ask("POST", "/register", urlencode(fields))
    is_yes = status == 303 and place.endswith("/register/sent")
    return "" if is_yes else f"{email}: {status} {_title(page)}"


def _title(page: str) -> str:
    found = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    return found[1].strip() if found else page[:60]
