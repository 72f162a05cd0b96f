"""A series that is stopped: what waits, what a worker has in hand, what it gives back."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from conference.core.ids import MailId, SeriesId
from conference.db.base import db
from conference.db.work import transact
from conference.jobs.announcing import carry_with
from conference.jobs.model import Announced, JobState
from conference.mail import outbox, series
from conference.mail.composing import Letter
from conference.mail.model import Rank
from conference.mail.settling import give_back
from conference.mail.tables import OutboxRow
from tests.factories.mail import make_due, outbox_row, queue_note
from tests.factories.registration import make_category, register_attendee
from tests.factories.smtp import mailserver, send_through


def make_series(app: Flask, count: int = 3) -> tuple[SeriesId, list[MailId]]:
    mails = [queue_note(app, f"p{number}@clinic.example") for number in range(count)]
    series_id = transact(series.open_series)
    transact(
        lambda session: session.execute(
            update(OutboxRow).where(OutboxRow.id.in_(mails)).values(series_id=series_id)
        )
    )
    return series_id, mails


def states(mails: Sequence[MailId]) -> list[object]:
    return [outbox_row(one)["state"] for one in mails]


def sweep() -> None:
    for one in series.leftovers.claim("worker"):
        series.leftovers.run(one, "worker")


def test_a_paused_series_is_claimed_by_nobody_and_goes_on_as_it_was(app: Flask) -> None:
    series_id, mails = make_series(app)
    make_due(mails[1], state=JobState.RETRYING, attempts=2)
    other = queue_note(app)
    transact(lambda session: series.pause(session, series_id))
    assert states(mails) == ["paused"] * 3
    assert outbox.outbox.claim("me") == [other]
    transact(lambda session: series.let_go(session, series_id))
    assert states(mails) == ["queued", "retrying", "queued"]
    assert sorted(outbox.outbox.claim("me")) == mails


def test_what_is_given_back_after_the_pause_waits_too(app: Flask) -> None:
    series_id, mails = make_series(app)
    assert outbox.outbox.claim("me") == mails
    transact(lambda session: series.pause(session, series_id))
    assert states(mails) == ["running"] * 3
    give_back(mails, "me")
    assert outbox.outbox.claim("you") == []
    sweep()
    assert states(mails) == ["paused"] * 3
    transact(lambda session: series.let_go(session, series_id))
    assert outbox.outbox.claim("you") == mails


def test_without_the_condition_of_the_claim_it_would_go(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the test above."""
    series_id, mails = make_series(app)
    assert outbox.outbox.claim("me") == mails
    transact(lambda session: series.pause(session, series_id))
    give_back(mails, "me")
    monkeypatch.setattr(outbox, "may_go", lambda besides: besides)
    assert outbox.outbox.claim("you") == mails


def test_a_worker_that_has_a_batch_in_hand_stops_at_the_pause(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    series_id, mails = make_series(app, 6)
    monkeypatch.setattr(outbox, "FRESH_S", 0.0)
    seen: list[str] = []
    letter = outbox._letter

    def pausing(row: Any) -> Letter:
        seen.append(row.recipient)
        if len(seen) == 2:
            transact(lambda session: series.pause(session, series_id))
        return letter(row)

    monkeypatch.setattr(outbox, "_letter", pausing)
    with mailserver() as server:
        send_through(app, server.port)
        outbox.outbox.work_off("me", threading.Event())
        # The one after it may have been composed already.
        assert 1 <= len(server.raw) <= 3
    sweep()
    done = len(server.raw)
    assert states(mails) == ["done"] * done + ["paused"] * (6 - done)


def test_a_race_of_pause_and_claims_leaves_nothing_to_be_claimed(app: Flask) -> None:
    series_id, mails = make_series(app, 40)
    together, claimed = threading.Barrier(3), list[int]()

    def claim(owner: str) -> None:
        with app.app_context():
            together.wait()
            for _ in range(3):
                found = outbox.outbox.claim(owner)
                claimed.extend(found)
                give_back(found[::2], owner)

    def pause() -> None:
        with app.app_context():
            together.wait()
            transact(lambda session: series.pause(session, series_id))

    threads = [threading.Thread(target=claim, args=(name,)) for name in ("me", "you")]
    threads.append(threading.Thread(target=pause))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outbox.outbox.claim("third") == []
    sweep()
    assert set(states(mails)) <= {"paused", "running"}


def test_what_is_cancelled_never_goes_and_what_is_held_back_neither(app: Flask) -> None:
    series_id, mails = make_series(app, 5)
    make_due(mails[0], state=JobState.HELD)
    make_due(mails[1], state=JobState.DONE)
    make_due(mails[2], state=JobState.FAILED)
    claimed = outbox.outbox.claim("me")
    transact(lambda session: series.cancel_rest(session, series_id))
    give_back(claimed, "me")
    sweep()
    assert states(mails) == ["cancelled", "done", "failed", "cancelled", "cancelled"]
    assert outbox.outbox.claim("you") == []


def test_figures_count_by_state(app: Flask) -> None:
    series_id, mails = make_series(app, 3)
    make_due(mails[0], state=JobState.DONE)
    assert series.figures([series_id]) == {series_id: {JobState.DONE: 1, JobState.QUEUED: 2}}


@pytest.fixture
def two_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many mails in one transaction as a test can count."""
    monkeypatch.setattr(series, "AT_ONCE", 2)


@pytest.mark.usefixtures("two_at_once")
@pytest.mark.parametrize(("act", "ends_as"), [(series.pause, "paused"), (series.cancel_rest, "cancelled")])
def test_what_is_too_much_for_one_transaction_is_stopped_at_once_and_marked_in_pieces(
    app: Flask, act: Callable[[Session, SeriesId], None], ends_as: str
) -> None:
    """The process that began may be killed after any of them."""
    series_id, mails = make_series(app, 5)
    if act is series.cancel_rest:
        make_due(mails[4], state=JobState.HELD)
    transact(lambda session: act(session, series_id))
    assert states(mails)[:3] == [ends_as, ends_as, "queued"]
    assert outbox.outbox.claim("me") == []
    sweep()
    assert states(mails) == [ends_as] * 5
    assert series.leftovers.claim("worker") == []


@pytest.mark.usefixtures("two_at_once")
def test_each_mail_that_goes_on_is_announced_whoever_lets_it_go(app: Flask) -> None:
    series_id, mails = make_series(app, 5)
    transact(lambda session: series.pause(session, series_id))
    sweep()
    told: list[Announced] = []
    carry_with(app, told.extend)
    transact(lambda session: series.let_go(session, series_id))
    assert told == [Announced(source="mail", row_id=one, rank=Rank.CAMPAIGN) for one in mails[:2]]
    sweep()
    assert told == [Announced(source="mail", row_id=one, rank=Rank.CAMPAIGN) for one in mails]
    assert states(mails) == ["queued"] * 5


@pytest.mark.usefixtures("two_at_once")
def test_what_is_let_go_while_it_is_still_being_paused_goes(app: Flask) -> None:
    series_id, mails = make_series(app, 5)
    transact(lambda session: series.pause(session, series_id))
    transact(lambda session: series.let_go(session, series_id))
    sweep()
    assert sorted(outbox.outbox.claim("me")) == mails


def _register_while_marking(app: Flask, monkeypatch: pytest.MonkeyPatch, at_once: int, mails: int) -> bool:
    """Return whether a registration got through while a worker marked a campaign's mails, at a slow machine's pace."""
    category = make_category()
    series_id, _ = make_series(app, mails)
    monkeypatch.setattr(series, "AT_ONCE", 1)
    transact(lambda session: series.pause(session, series_id))
    monkeypatch.setattr(series, "AT_ONCE", at_once)
    mark, begun, registered = series._mark, threading.Event(), threading.Event()

    def slowly(session: Session, one: int, stop: series.Stop) -> int:
        found = mark(session, one, stop)
        begun.set()
        if not registered.is_set():
            time.sleep(0.05 * found)
        return found

    monkeypatch.setattr(series, "_mark", slowly)

    def work() -> None:
        with app.app_context():
            sweep()

    worker = threading.Thread(target=work)
    worker.start()
    begun.wait()
    register_attendee(category)
    is_marking = worker.is_alive()
    registered.set()
    worker.join()
    return is_marking


def test_a_registration_gets_through_while_a_campaign_is_paused(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _register_while_marking(app, monkeypatch, at_once=2, mails=200)


def test_control_in_one_transaction_it_waits_for_all_on_sqlite(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_sqlite = db.engine.dialect.name == "sqlite"
    assert _register_while_marking(app, monkeypatch, at_once=100, mails=40) is not is_sqlite
