"""One invitation and the last use of a code, wanted by 20 at once; a held seat in a rush of the public. With controls."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.orm import Session

from conference.core.clock import clock
from conference.core.ids import AccessCodeId, CategoryId, InvitationId
from conference.db.base import db
from conference.db.work import transact
from conference.registration import access_codes, ledger, redeeming
from conference.registration.category_queries import get_category
from conference.registration.invitation_model import AccessCode, InvitationState
from conference.registration.model import Access, RegisterAttendee, Seats, State
from conference.registration.service import register
from conference.registration.tables import AccessCodeRow, CategoryRow, InvitationRow, RegistrationRow
from tests.factories.invitations import by_code, by_invitation, make_code, make_invitation, send
from tests.factories.registration import a_form, make_category

CLIENTS = 20
PAUSE_S = 0.05


def rush(app: Flask, form_of: Callable[[int], RegisterAttendee]) -> Counter[str]:
    """Let 20 send their forms at one moment; return what each was told, "yes" or the name of the error."""
    begin = threading.Barrier(CLIENTS)

    def client(number: int) -> str:
        with app.app_context():
            form = form_of(number)
            begin.wait(60)
            try:
                transact(lambda session: register(session, form, now=clock.now()))
            except Exception as error:  # noqa: BLE001 -- whatever reaches a client is counted
                return type(error).__name__
            finally:
                db.session.remove()
            return "yes"

    with ThreadPoolExecutor(CLIENTS) as clients:
        told = Counter(clients.map(client, range(CLIENTS)))
    db.session.rollback()
    return told


def registrations() -> int:
    return db.session.scalar(select(func.count()).select_from(RegistrationRow)) or 0


def guests(access: Access = Access.INVITED, **details: Any) -> CategoryId:
    return make_category("Guest", access=access, **details)


def test_one_invitation_by_20_at_once(app: Flask) -> None:
    category = guests(seats=50)
    invitation = make_invitation(category, email="", holds_seat=True)
    told = rush(app, lambda number: by_invitation(category, invitation, f"{number}@x.example"))
    assert told == {"yes": 1, "InvitationUsedError": CLIENTS - 1}
    assert registrations() == 1
    assert get_category(category).ledger == Seats(seats=50, taken=1, waiting=0)


def test_one_form_of_an_invitation_20_times_at_once(app: Flask) -> None:
    category = guests(seats=50)
    form = by_invitation(category, make_invitation(category))
    assert rush(app, lambda _: form) == {"yes": CLIENTS}
    assert registrations() == 1


def test_the_race_for_an_invitation_is_real_without_the_guard(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: who looks first and writes then lets several in. The look comes before SQLite's one writer."""
    category = guests(seats=50)
    invitation = make_invitation(category, email="")
    looked: dict[int, bool] = {}

    def look(number: int) -> RegisterAttendee:
        row = db.session.get_one(InvitationRow, invitation)
        looked[threading.get_ident()] = row.state == InvitationState.OPEN
        db.session.rollback()
        return by_invitation(category, invitation, f"{number}@x.example")

    def naive(session: Session, one: InvitationId, to: InvitationState, *_rest: object) -> bool:
        time.sleep(PAUSE_S)
        session.execute(update(InvitationRow).where(InvitationRow.id == one).values(state=to))
        return looked[threading.get_ident()]

    monkeypatch.setattr(redeeming, "settle", naive)
    monkeypatch.setattr(redeeming, "require_open", lambda *_: None)
    assert rush(app, look)["yes"] > 1
    assert registrations() > 1


def test_the_last_use_of_a_code_by_20_at_once(app: Flask) -> None:
    category = guests(Access.CODE, seats=50)
    code = make_code(category, uses_allowed=3)
    told = rush(app, lambda number: by_code(category, f"{number}@x.example"))
    assert told == {"yes": 3, "CodeUsedUpError": CLIENTS - 3}
    assert (registrations(), access_codes.get_code(code).uses) == (3, 3)


def test_the_race_for_a_code_is_real_without_the_guard(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    category = guests(Access.CODE, seats=50)
    code = make_code(category, uses_allowed=3)
    looked: dict[int, int] = {}

    def look(number: int) -> RegisterAttendee:
        looked[threading.get_ident()] = access_codes.get_code(code).uses
        db.session.rollback()
        return by_code(category, f"{number}@x.example")

    def naive(session: Session, one: AccessCode, *_rest: object) -> bool:
        time.sleep(PAUSE_S)
        uses = looked[threading.get_ident()]
        result = session.execute(
            update(AccessCodeRow)
            .where(AccessCodeRow.id == AccessCodeId(one.id))
            .values(uses=min(uses + 1, 3))
        )
        assert isinstance(result, CursorResult)
        return uses < 3

    monkeypatch.setattr(access_codes, "_count_use", naive)
    monkeypatch.setattr(access_codes, "_require_open", lambda *_: None)
    assert rush(app, look)["yes"] > 3
    assert registrations() > 3


def invited_guests(category: CategoryId) -> list[RegisterAttendee]:
    """Hold three of the category's seats, and return the forms of those they are held for."""
    emails = [f"guest{number}@x.example" for number in range(3)]
    return [
        by_invitation(category, make_invitation(category, email=one, holds_seat=True), one) for one in emails
    ]


def test_a_held_seat_in_a_rush_of_the_public(app: Flask) -> None:
    category = guests(Access.PUBLIC, seats=5)
    held = invited_guests(category)
    public = [a_form(category, email=f"{number}@x.example") for number in range(CLIENTS - len(held))]
    assert rush(app, [*held, *public].__getitem__) == {"yes": CLIENTS}
    statement = select(RegistrationRow.state).where(RegistrationRow.email.like("guest%"))
    assert list(db.session.scalars(statement)) == [State.CONFIRMED] * 3
    assert get_category(category).ledger == Seats(seats=5, taken=5, waiting=15)


def test_a_ledger_that_forgets_the_held_seats_sells_too_many(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the public gets the held seats too, and then the invited come."""
    category = guests(Access.PUBLIC, seats=5)
    held = invited_guests(category)
    c = CategoryRow.__table__.c
    forgetful = ledger.categories._row.where(c.taken < c.seats).values(taken=c.taken + 1)
    monkeypatch.setattr(ledger.categories, "_take", forgetful)
    rush(app, lambda number: a_form(category, email=f"{number}@x.example"))
    for form in held:
        send(form)
    db.session.rollback()
    assert get_category(category).ledger.taken == 8
