"""The limits of a minute hold for all workers together."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from conference.config import load_settings
from conference.core.clock import real_now
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.mail import limits, outbox
from conference.mail.tables import AttemptRow, OutboxRow
from tests.factories.mail import outbox_row, queue_note
from tests.factories.plans import plan_of
from tests.factories.smtp import mailserver, send_through


def _sent_earlier(ago: timedelta) -> None:
    """Let all tries have ended so long ago."""
    values = {"ended_at": real_now() - ago}
    transact(lambda session: session.execute(update(AttemptRow).values(values)))


def _queue(app: Flask, count: int, domain: str = "clinic.example") -> None:
    for number in range(count):
        queue_note(app, f"p{number}@{domain}")


def test_no_more_than_the_limit_go_in_a_minute(app: Flask) -> None:
    _queue(app, 8)
    with mailserver() as server:
        send_through(app, server.port, mail_per_minute=3)
        assert outbox.outbox.work_off("a", threading.Event()) == 3
        assert outbox.outbox.work_off("b", threading.Event()) == 0
        _sent_earlier(timedelta(seconds=55))
        assert outbox.outbox.work_off("b", threading.Event()) == 0
        _sent_earlier(timedelta(seconds=61))
        assert outbox.outbox.work_off("b", threading.Event()) == 3
    assert len(server.raw) == 6


def test_what_another_worker_has_in_hand_counts_until_its_lease_is_over(app: Flask) -> None:
    _queue(app, 4)
    send_through(app, 9, mail_per_minute=3)
    assert len(outbox._claim("dead")) == 3
    assert outbox._claim("next") == []
    over = {"lease_until": real_now() - timedelta(seconds=1)}
    transact(
        lambda session: session.execute(update(OutboxRow).where(OutboxRow.lease_owner == "dead").values(over))
    )
    assert len(outbox._claim("next")) == 1  # what was lost is taken up alone


def test_one_domain_waits_and_the_others_go_past_it(app: Flask) -> None:
    _queue(app, 5, "big.example")
    _queue(app, 2, "Other.example")
    queue_note(app, "p@notbig.example")
    with mailserver() as server:
        send_through(app, server.port, mail_per_domain=2)
        assert outbox.outbox.work_off("a", threading.Event()) == 5
        sent = Counter(limits.domain_of(str(mail["To"]).strip("<>")) for mail in server.mails)
        assert sent == {"big.example": 2, "other.example": 2, "notbig.example": 1}
        assert outbox.outbox.work_off("b", threading.Event()) == 0
        _sent_earlier(timedelta(seconds=61))
        assert outbox.outbox.work_off("b", threading.Event()) == 2
    waiting = [outbox_row(number)["attempts"] for number in range(1, 6)]
    assert sorted(map(str, waiting)) == ["0", "1", "1", "1", "1"]


def test_without_limits_a_claim_is_one_statement(app: Flask) -> None:
    _queue(app, 1)
    with counted_statements() as statements:
        assert len(outbox._claim("a")) == 1
    # PostgreSQL is asked what time it is: its clock is the one that all machines share.
    clock = ["SELECT"] if db.engine.dialect.name == "postgresql" else []
    told = [s.split()[0] for s in statements if s.split()[0] not in {"BEGIN", "SET", "PRAGMA"}]
    assert told == [*clock, "WITH"]


def _claimed_at_once(app: Flask, pause: Callable[[], object]) -> int:
    """Return how many mails six workers take that come at the same moment, each pausing between count and claim."""
    _queue(app, 60)
    send_through(app, 9, mail_per_minute=10)
    counted, all_there, taken = limits._count, threading.Barrier(6), list[int]()

    def slowly(*arguments: object) -> int:
        found = counted(*arguments)  # type: ignore[arg-type]  # passed through
        pause()
        return found

    def claim(number: int) -> None:
        with app.app_context():
            all_there.wait()
            taken.extend(outbox._claim(f"worker {number}"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "_count", slowly)
        threads = [threading.Thread(target=claim, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return len(taken)


def test_six_workers_at_once_keep_to_the_limit(app: Flask) -> None:
    assert _claimed_at_once(app, lambda: time.sleep(0.2)) == 10


def test_control_without_the_lock_they_exceed_it(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    if db.engine.dialect.name != "postgresql":
        return  # SQLite's one writer at a time is the guard, and cannot be taken out
    monkeypatch.setattr(limits, "_one_after_the_other", lambda _session: None)
    all_have_counted = threading.Barrier(6)
    assert _claimed_at_once(app, lambda: all_have_counted.wait(60)) > 10


@pytest.mark.parametrize(
    ("given", "per_minute", "source"),
    [
        ({}, 0, "default"),
        ({"CONFERENCE_MAIL_PRESET": "exchange"}, 30, "preset"),
        ({"CONFERENCE_MAIL_PRESET": "exchange", "CONFERENCE_MAIL_PER_MINUTE": "20"}, 20, "environment"),
    ],
)
def test_a_preset_is_a_default(given: dict[str, str], per_minute: int, source: str) -> None:
    settings = load_settings(given)
    assert (settings.mail_per_minute, settings.sources["CONFERENCE_MAIL_PER_MINUTE"]) == (per_minute, source)


def test_what_was_tried_in_the_last_minute_is_found_by_the_index(app: Flask) -> None:
    send_through(app, 9, mail_per_minute=3, mail_per_domain=2)
    with counted_statements() as statements:
        outbox._claim("a")
    counting = [one for one in statements if "FROM mail_attempt" in one or "JOIN mail_attempt" in one]
    assert len(counting) == 2
    # Of the second PostgreSQL begins at the smaller table, and on a fresh database all are small.
    for statement in counting[: 1 if db.engine.dialect.name == "postgresql" else 2]:
        assert "ix_mail_attempt_state_ended_at" in plan_of(statement, spares_scans=True)
