"""A mail server that does not serve us is left alone for a while, and then asked by one mail.

Its refusals before any mail (no connection, no sign-in, no sender) are true of every mail. Asked again by each of ten
thousand, it would lock the account, and each would count a try that was none. Kept by process: so many workers, so
many questions a pause, and the rows stay the truth.
"""

import random
import threading
import time

from flask import Flask, current_app

# Own choice: a server that starts anew is met soon, one that is away is asked six times an hour.
FIRST_S = 15.0
LONGEST_S = 600.0
# A pause is up to so much of itself longer, so that workers do not come together.
JITTER = 0.2
# Who was let through to ask, and never told how it went, is not waited for any longer.
ASKING_S = 120.0
_KEY = "conference.mail.pause"


class Pause:
    """Whether the mail server may be asked now, as the last mails of this process found it. Safe among threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures = 0
        self._until = 0.0

    def room(self, most: int) -> int:
        """Return how many mails may be claimed now: all, or after a pause one that asks, or none.

        Who gets the one must tell how it went, by one of the other three.
        """
        with self._lock:
            if not self._failures:
                return most
            now = time.monotonic()
            if now < self._until:
                return 0
            self._until = now + ASKING_S
            return min(1, most)

    def refused(self) -> None:
        """The server does not serve us: begin a pause, twice as long as the last one."""
        with self._lock:
            self._failures += 1
            pause_s = min(LONGEST_S, FIRST_S * 2 ** min(self._failures - 1, 10))
            self._until = time.monotonic() + pause_s * random.uniform(1, 1 + JITTER)  # noqa: S311 -- jitter, not a secret

    def served(self) -> None:
        """The server was asked for a mail and answered it, whatever it said: all may go again."""
        with self._lock:
            self._failures = 0

    def not_asked(self) -> None:
        """There was no mail to ask with: the next one may."""
        with self._lock:
            self._until = min(self._until, time.monotonic())


def init_pausing(app: Flask) -> None:
    app.extensions[_KEY] = Pause()


def server_pause() -> Pause:
    """Return this application's."""
    pause: Pause = current_app.extensions[_KEY]
    return pause
