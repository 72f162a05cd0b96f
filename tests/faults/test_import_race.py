"""One schedule imported by several people at once: it is in the draft once."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from conference.audit.model import BY_SYSTEM
from conference.db.base import db
from conference.db.work import transact
from conference.interchange import rules, service
from conference.interchange.model import Known, Plan, ReadSchedule, Wishes
from conference.interchange.reading import read_schedule
from conference.people.queries import count_people
from conference.programme.queries import draft
from tests.factories.schedules import document, event

CLIENTS = 4
PAUSE_S = 0.05
FILE = document(*(event(n, start=f"{9 + n}:00", persons={str(n): f"Person {n}"}) for n in range(1, 6)))


def answer(app: Flask, read: ReadSchedule) -> str:
    """Return how many sessions were added, or the name of the error that reached this client."""
    with app.app_context():
        try:
            outcome = transact(
                lambda session: service.import_schedule(
                    session, read, Wishes(), actor=BY_SYSTEM, may_set_days=False
                )
            )
        except Exception as error:  # noqa: BLE001 -- whatever reaches a client is counted
            return type(error).__name__
        finally:
            db.session.remove()
        return f"{len(outcome.plan.additions)} added"


def at_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Let all clients have planned before one of them has written."""
    plan = rules.plan

    def slow(known: Known, read: ReadSchedule, wishes: Wishes) -> Plan:
        made = plan(known, read, wishes)
        time.sleep(PAUSE_S)
        return made

    monkeypatch.setattr(service, "plan", slow)
    read = read_schedule(FILE)
    with ThreadPoolExecutor(CLIENTS) as clients:
        return Counter(clients.map(lambda one: answer(app, one), [read] * CLIENTS))


def counted() -> tuple[int, int]:
    db.session.rollback()
    return len(transact(draft).sessions), count_people()


def test_one_file_at_once_is_there_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert at_once(app, monkeypatch) == {"5 added": 1, "0 added": CLIENTS - 1}
    assert counted() == (5, 5)


def test_without_the_ids_it_is_there_several_times(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: what holds is that the plan is made again, under the lock, from the ids that the first one kept."""
    monkeypatch.setattr(service, "keep_ids", lambda *_given: None)
    assert at_once(app, monkeypatch) == {"5 added": CLIENTS}
    assert counted() == (5 * CLIENTS, 5)
