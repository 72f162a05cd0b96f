"""One code of an app, or one recovery code, sent by several at the same instant lets one in; without the guard, all."""

import threading
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from conference.accounts import factors, totp
from conference.accounts.errors import WrongCodeError
from conference.accounts.factors import give_code
from conference.accounts.model import Browser
from conference.accounts.service import open_session
from conference.accounts.tables import StaffRow
from conference.core.clock import real_now
from conference.core.ids import StaffId
from conference.db.base import db
from conference.db.work import transact
from conference.web.access import Role
from tests.factories.accounts import add_app, app_code, make_member

COUNT = 4


def _at_once(app: Flask, staff_id: StaffId, code: str) -> list[str]:
    now = real_now()
    tokens = [
        transact(lambda session: open_session(session, staff_id, now=now, is_pending=True))
        for _ in range(COUNT)
    ]
    told: list[str] = []
    start = threading.Barrier(COUNT)

    def give(token: str) -> None:
        with app.app_context():
            start.wait(60)
            try:
                transact(lambda session: give_code(session, token, code, now=now, browser=Browser()))
                told.append("in")
            except WrongCodeError:
                told.append("refused")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=give, args=(token,)) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return sorted(told)


def _all_look_before_one_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each have read the account before any writes; SQLite has one writer at a time, who reads what is written."""
    if db.engine.dialect.name == "sqlite":
        return
    looked, first = threading.Barrier(COUNT), totp.matching_step
    seen = threading.local()

    def slowly(secret: bytes, typed: str, now: datetime, **more: Any) -> int | None:
        found = first(secret, typed, now, **more)
        if not getattr(seen, "is_again", False):  # a transaction that is tried again waits for nobody
            seen.is_again = True
            looked.wait(60)
        return found

    monkeypatch.setattr(totp, "matching_step", slowly)


@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_of_four_with_one_code_one_gets_in(app: Flask, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    staff_id = make_member(Role.DESK)
    secret, codes = add_app(staff_id)
    _all_look_before_one_writes(monkeypatch)
    code = app_code(secret) if kind == "app" else codes[0]
    assert _at_once(app, staff_id, code) == ["in", *["refused"] * (COUNT - 1)]


def test_without_the_comparison_all_do(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    staff_id = make_member(Role.DESK)
    secret, _ = add_app(staff_id)

    def looks_alone(_session: Session, row: StaffRow, typed: str, now: datetime) -> bool:
        return totp.matching_step(secret, typed, now, after=row.totp_step) is not None

    monkeypatch.setattr(factors, "_take_totp", looks_alone)
    assert _at_once(app, staff_id, app_code(secret)) == ["in"] * COUNT
