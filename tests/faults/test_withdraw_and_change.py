"""A person withdraws while a change sent from another tab is on its way, each by HTTP on a connection of its own.

The rule: the category's row is the turnstile. A change that passes it first is kept, and the registration then ends
with it; a change that comes after the end is refused, and writes nothing. Never does a change follow an end.
"""

import threading
import time
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from conference.audit.queries import history_of
from conference.core.ids import CategoryId, RegistrationId
from conference.db.base import db
from conference.people.queries import get_person
from conference.registration import leaving, ledger, service
from conference.registration.links import link_of
from conference.registration.model import Registration, State
from tests.factories.registration import make_category, register_attendee
from tests.factories.registration_acts import kinds, registration
from tests.factories.registration_acts import ledger as seats_of

Held = Callable[..., Registration]
TOKEN = {"csrf_token": "known"}
DETAILS = {"given_name": "Åsa", "affiliation": "Changed", "country": "SE", "profession": "doctor"}
REVISIONS = {"revision": "1", "person_revision": "1"}
PAUSE_S = 0.6


def slow(
    held: Held, inside: threading.Event, go_on: Callable[[], object] = lambda: time.sleep(PAUSE_S)
) -> Held:
    """Return the reading under the lock with a pause after it, which tells when it has begun and ends by `go_on`."""

    def reading(session: Session, registration_id: RegistrationId, *more: CategoryId) -> Registration:
        seen = held(session, registration_id, *more)
        inside.set()
        go_on()
        return seen

    return reading


def race(
    app: Flask, made: RegistrationId, first: str, inside: threading.Event, second_done: threading.Event
) -> dict[str, int]:
    """Send both forms, the other one while the first is under way; return the statuses."""
    own = f"/r/{link_of(made, 1)}"
    statuses: dict[str, int] = {}
    faults: list[BaseException] = []

    def send(name: str) -> None:
        with app.app_context():
            try:
                client = app.test_client()
                with client.session_transaction() as cookie:
                    cookie["csrf"] = "known"
                if name != first:
                    assert inside.wait(60)
                statuses[name] = client.post(f"{own}/{name}", data=TOKEN | DETAILS | REVISIONS).status_code
            except BaseException as fault:  # noqa: BLE001 -- it is shown by the test that waits
                faults.append(fault)
            finally:
                if name != first:
                    second_done.set()
                db.session.remove()

    threads = [threading.Thread(target=send, args=(name,)) for name in ("change", "withdraw")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert faults == []
    return statuses


def acts(made: RegistrationId) -> list[str]:
    """Return what was done to the registration, first things first."""
    db.session.rollback()
    return [entry.action for entry in history_of("registration", made)][::-1]


def test_a_change_that_is_first_is_kept_and_then_the_registration_ends(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    category, inside = make_category(seats=1), threading.Event()
    made = register_attendee(category)
    monkeypatch.setattr(service, "held", slow(leaving.held, inside))
    assert race(app, made, "change", inside, threading.Event()) == {"change": 303, "withdraw": 303}
    ended = registration(made)
    assert (ended.state, seats_of(category).taken) == (State.WITHDRAWN, 0)
    assert get_person(ended.person_id).details.affiliation == "Changed"
    assert acts(made) == ["registered", "changed", "withdrawn"]


def test_a_change_that_comes_after_the_end_is_refused_and_writes_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    category, inside = make_category(seats=1), threading.Event()
    made = register_attendee(category)
    monkeypatch.setattr(leaving, "held", slow(leaving.held, inside))
    assert race(app, made, "withdraw", inside, threading.Event()) == {"change": 409, "withdraw": 303}
    ended = registration(made)
    assert (ended.state, seats_of(category).taken) == (State.WITHDRAWN, 0)
    assert get_person(ended.person_id).details.affiliation == "Karolinska Institutet"
    assert (acts(made), kinds(made)) == (["registered", "withdrawn"], ["confirmation", "withdrawn"])


def test_control_without_the_lock_a_change_follows_the_end(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    if db.engine.dialect.name != "postgresql":
        return  # SQLite has one writer at a time, so that the lock is none there
    made, inside, withdrawn = register_attendee(make_category()), threading.Event(), threading.Event()
    monkeypatch.setattr(ledger, "lock", lambda *_ignored: None)
    monkeypatch.setattr(service, "held", slow(leaving.held, inside, lambda: withdrawn.wait(60)))
    race(app, made, "change", inside, withdrawn)
    assert acts(made) == ["registered", "withdrawn", "changed"]
