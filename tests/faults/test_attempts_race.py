"""Many who try at once are counted one by one, with the comparison in the UPDATE and without (trust.md 22)."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select, update

from conference.accounts.attempts import Limit, count_one, key_of
from conference.accounts.tables import AttemptCountRow
from conference.db.base import db
from conference.db.work import transact

NOON = datetime(2026, 9, 22, 12, tzinfo=UTC)
FIVE = Limit(what="a test", most=5, window=timedelta(minutes=15))


def _counted(_all_here: threading.Barrier) -> int:
    return transact(lambda session: count_one(session, FIVE, "a", now=NOON))


def _looked_at_first(all_here: threading.Barrier) -> int:
    """Count as one would who looks, and writes what follows from it."""
    mine = AttemptCountRow.key == key_of(FIVE, "a")
    seen = db.session.scalar(select(AttemptCountRow.uses).where(mine)) or 0
    db.session.rollback()
    all_here.wait(60)
    if seen >= FIVE.most:
        return 1
    transact(lambda session: session.execute(update(AttemptCountRow).where(mine).values(uses=seen + 1)))
    return 0


def _at_once(app: Flask, attempt: Callable[[threading.Barrier], int], count: int = 12) -> int:
    """Let so many try at once; return how many were let through."""
    waits: list[int] = []
    start, all_here = threading.Barrier(count), threading.Barrier(count)

    def try_once() -> None:
        with app.app_context():
            start.wait(60)
            waits.append(attempt(all_here))
            db.session.remove()

    threads = [threading.Thread(target=try_once) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert len(waits) == count
    return waits.count(0)


def test_of_twelve_at_once_five_are_let_through(app: Flask) -> None:
    assert _at_once(app, _counted) == 5


def test_without_the_comparison_in_the_update_all_are(app: Flask) -> None:
    _counted(threading.Barrier(1))
    assert _at_once(app, _looked_at_first) == 12


def test_the_next_window_counts_anew_and_tells_how_long_it_is_until_then(app: Flask) -> None:
    def tried(minutes: float) -> int:
        now = NOON + timedelta(minutes=minutes)
        return transact(lambda session: count_one(session, FIVE, "a", now=now))

    assert [tried(1) for _ in range(5)] == [0] * 5
    assert [tried(1), tried(14.5), tried(15)] == [14 * 60 + 1, 31, 0]
    assert transact(lambda session: count_one(session, FIVE, "b", now=NOON)) == 0


def test_counts_of_yesterday_are_forgotten(app: Flask) -> None:
    for days in (0, 2):
        now = NOON + timedelta(days=days)
        transact(lambda session, at=now: count_one(session, FIVE, f"of {at}", now=at))  # type: ignore[misc]  # a lambda cannot say its types
    assert len(list(db.session.scalars(select(AttemptCountRow.key)))) == 1
