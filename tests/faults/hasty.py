"""The control of `app`: an office that answers yes first and commits after a pause, as a queue in memory would.

Otherwise it is `tests.faults.loaded`.
"""

import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from flask import copy_current_request_context

from conference.db.work import transact
from conference.registration import public_routes
from tests.faults import loaded

# Longer than the longest time from the yes that opens a round to its kill.
LATER_S = 2.0


def _answer_first(work: Callable[..., Any]) -> str:
    @copy_current_request_context
    def commit_later() -> None:
        time.sleep(LATER_S)
        transact(work)

    threading.Thread(target=commit_later, daemon=True).start()
    return "0" * 64


def bear(line: Connection, environment: dict[str, str], port: int) -> None:
    vars(public_routes)["transact"] = _answer_first
    loaded.bear(line, environment, port)
