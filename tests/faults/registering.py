"""Clients of the registration service in a process of their own, with a fault to order.

`clients` says "ready", waits for a word, registers `count` people from number `first` on, four at a time, and says how
many were told yes, and the errors that reached a client. A fault is one of

    pause        a pause between the ledger's check and the insert
    naive        the guard taken out: count first, then write, as many programs do
    before       the process dies between insert and commit
    after        the process dies after the commit, before the answer
    same         all clients send one and the same form
"""

import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from conference.app import create_app
from conference.core.clock import clock
from conference.core.ids import CategoryId
from conference.db.base import db
from conference.db.work import transact
from conference.people.model import PersonDetails
from conference.registration import attempts, ledger, service
from conference.registration.model import RegisterAttendee, State
from conference.registration.tables import CategoryRow, RegistrationRow
from tests.conftest import settings_for

CATEGORY = CategoryId(1)
PAUSE_S = 0.004
# Longer than the pause, because without the guard nobody waits for anybody.
NAIVE_PAUSE_S = 0.05
AT_ONCE = 4
# A lock that is not had within five seconds, as on a machine with other work, is a 503: the client sends the form again.
BUSY = "busy"
SENDS = 20
_seen = threading.local()


def _form(number: int) -> RegisterAttendee:
    person = PersonDetails(
        given_name=f"Client {number}", email=f"client{number}@x.example", affiliation="Lab", country="SE"
    )
    return RegisterAttendee(form_key=f"form-of-client-{number}", category_id=CATEGORY, person=person)


def _pausing(real: Callable[..., ledger.Claim]) -> Callable[..., ledger.Claim]:
    def claim(session: Session, category_id: CategoryId, *, name: str) -> ledger.Claim:
        got = real(session, category_id, name=name)
        time.sleep(PAUSE_S)
        return got

    return claim


def _naive_look() -> None:
    """Count before writing: what is free now need not be free when it is written."""
    taken = db.session.scalar(
        select(func.count()).select_from(RegistrationRow).where(RegistrationRow.state == State.CONFIRMED)
    )
    seats = db.session.scalar(select(CategoryRow.seats))
    db.session.rollback()
    _seen.free = (taken or 0) < (seats or 0)
    time.sleep(NAIVE_PAUSE_S)


def _naive_claim(session: Session, category_id: CategoryId, *, name: str) -> ledger.Claim:
    column = CategoryRow.taken if _seen.free else CategoryRow.waiting
    session.execute(update(CategoryRow).values({column: column + 1}))
    if _seen.free:
        return ledger.Claim(state=State.CONFIRMED)
    return ledger.Claim(state=State.WAITING, waiting_number=1)


def _dying_after(step: Callable[..., None]) -> Callable[..., None]:
    def last(*args: Any, **more: Any) -> None:
        step(*args, **more)
        _die()

    return last


def _die(*_ignored: object, **_more: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _register(app: Flask, number: int, fault: str) -> str:
    """Return what the client was told: "yes", or the name of the error."""
    with app.app_context():
        if fault == "naive":
            _naive_look()
        form = _form(0 if fault == "same" else number)
        for _ in range(SENDS):
            answer = _sent(form)
            if answer != BUSY:
                break
        if fault == "after":
            _die()
        return answer


def _sent(form: RegisterAttendee) -> str:
    try:
        transact(lambda session: service.register(session, form, now=clock.now()))
    except OperationalError as error:
        return BUSY if is_busy(error) else type(error).__name__
    except Exception as error:  # noqa: BLE001 -- whatever reaches a client is counted
        return type(error).__name__
    return "yes"


def is_busy(error: OperationalError) -> bool:
    """Return whether a lock was not had in time, which a page answers with 503 and Retry-After."""
    return getattr(error.orig, "sqlstate", "") == "55P03" or "database is locked" in str(error.orig)


def clients(line: Connection, url: str, instance: Path, fault: str, first: int, count: int) -> None:
    app = create_app(settings_for(url, instance))
    faults = pytest.MonkeyPatch()
    if fault == "pause":
        faults.setattr(ledger, "claim", _pausing(ledger.claim))
    elif fault == "naive":
        faults.setattr(ledger, "claim", _naive_claim)
    elif fault == "before":
        faults.setattr(attempts, "keep", _dying_after(attempts.keep))  # the last step before the commit
    with app.app_context():
        db.session.execute(select(1))
        db.session.remove()
    line.send("ready")
    line.recv()
    with ThreadPoolExecutor(AT_ONCE) as people:
        told = list(people.map(lambda number: _register(app, number, fault), range(first, first + count)))
    errors = sorted({answer for answer in told if answer != "yes"})
    line.send({"yes": told.count("yes"), "errors": errors})
