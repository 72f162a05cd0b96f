"""Two organisers change the same mail for the first time at the same instant (trust.md 15), with the guard and without."""

import threading
import time
from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from conference.core.errors import StaleRevisionError
from conference.db.base import db
from conference.mail import wording_service
from conference.mail.tables import WordingRow
from conference.mail.wording_model import Wording
from conference.mail.wording_queries import find_wording
from conference.web.access import Role
from tests.factories.accounts import make_member
from tests.factories.wordings import change

WORDS = [Wording(subject=subject, text="{link}") for subject in ("One", "Other")]


def _at_once(app: Flask) -> list[str]:
    """Let both save from the page that showed the original; return what each was told."""
    who = make_member(Role.ORGANISER)
    told: list[str] = []
    start = threading.Barrier(len(WORDS))

    def edit(wording: Wording) -> None:
        with app.app_context():
            try:
                start.wait(60)
                change(wording=wording, staff_id=who)
                told.append("saved")
            except StaleRevisionError:
                told.append("somebody was first")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=edit, args=(wording,)) for wording in WORDS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return sorted(told)


def _pausing(monkeypatch: pytest.MonkeyPatch) -> None:
    first = wording_service._first

    def slowly(*given: Any) -> int:
        time.sleep(0.3)
        return first(*given)

    monkeypatch.setattr(wording_service, "_first", slowly)


def test_of_two_first_changes_one_is_kept_and_the_other_told(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    _pausing(monkeypatch)
    assert _at_once(app) == ["saved", "somebody was first"]
    assert find_wording("confirmation", "en") in WORDS
    assert len(list(db.session.scalars(select(WordingRow.id)))) == 1


def test_without_the_comparison_both_believe_that_theirs_is_sent(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def writes_over(
        session: Session, table: type[WordingRow], record_id: int, _revision: int, values: Mapping[str, Any]
    ) -> None:
        session.execute(update(table).where(table.id == record_id).values(**values))

    monkeypatch.setattr(wording_service, "revise", writes_over)
    _pausing(monkeypatch)
    assert _at_once(app) == ["saved", "saved"]
