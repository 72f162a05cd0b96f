"""Telling workers that a row was written: those of this process at once, those beyond a broker by its id."""

from collections.abc import Callable
from functools import partial

from flask import Flask, current_app
from sqlalchemy.orm import Session

from conference.db.work import after_commit
from conference.jobs.model import Announced
from conference.jobs.wake import wake

# Takes what was announced. It must neither wait nor raise: the row is written, and a worker finds it in any case.
Carrier = Callable[[list[Announced]], None]
_CARRIER = "conference.carrier"
_ROWS = "conference_announced_rows"


def carry_with(app: Flask, carrier: Carrier) -> None:
    """Let this application give what is announced to a broker as well."""
    app.extensions[_CARRIER] = carrier


def announce(session: Session, source: str, row_id: int, *, rank: int = 0) -> None:
    """Let workers know of a row once this session's work is committed, and never if it is rolled back.

    Costs no statement and no wait. What nobody hears of is found by the worker that looks for what is due.
    """
    after_commit(session, wake)
    carrier: Carrier | None = current_app.extensions.get(_CARRIER)
    if carrier is None:
        return
    rows: list[Announced] | None = session.info.get(_ROWS)
    if rows is None:
        rows = session.info[_ROWS] = []
        after_commit(session, partial(carrier, rows))
    rows.append(Announced(source=source, row_id=row_id, rank=rank))
