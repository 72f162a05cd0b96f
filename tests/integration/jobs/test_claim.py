from collections.abc import Sequence
from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session

from conference.core.clock import real_now
from conference.db.base import db
from conference.db.work import counted_statements, transact, writing_engine
from conference.jobs.claim import claim, settle
from conference.jobs.model import JobState
from conference.mail.tables import OutboxRow
from tests.factories.mail import make_due, outbox_row, queue_note


def _claim(
    owner: str, *, after_s: float = 1, limit: int = 10, only: Sequence[int] | None = None
) -> list[int]:
    now = real_now() + timedelta(seconds=after_s)
    return transact(lambda s: claim(s, OutboxRow, owner=owner, now=now, lease_s=60, limit=limit, only=only))


def test_a_claim_takes_the_oldest_due_rows_once(app: Flask) -> None:
    first, second, third = (queue_note(app) for _ in range(3))
    make_due(first)
    assert _claim("a", limit=2) == [second, third]
    assert _claim("b", limit=2) == [first]
    assert _claim("c") == []
    row = outbox_row(second)
    assert (row["state"], row["lease_owner"], row["attempts"]) == ("running", "a", 1)


def test_a_claim_is_one_statement(app: Flask) -> None:
    queue_note(app)
    with counted_statements() as statements:
        assert len(_claim("a")) == 1
    assert [s.split()[0] for s in statements if not s.startswith(("BEGIN", "COMMIT"))] == ["WITH"]


def test_a_row_that_is_not_due_or_ended_is_left(app: Flask) -> None:
    mail_id = queue_note(app)
    assert _claim("a", after_s=-60) == []
    for state in (JobState.DONE, JobState.FAILED, JobState.HELD):
        make_due(mail_id, state=state)
        assert _claim("a") == []


def test_a_lease_that_is_over_is_taken_up_again(app: Flask) -> None:
    mail_id = queue_note(app)
    assert _claim("dead") == [mail_id]
    assert _claim("next", after_s=50) == []
    assert _claim("next", after_s=62) == [mail_id]
    row = outbox_row(mail_id)
    assert (row["lease_owner"], row["attempts"]) == ("next", 2)


def test_only_the_named_row_is_claimed(app: Flask) -> None:
    _first, second = queue_note(app), queue_note(app)
    assert _claim("a", only=[second]) == [second]
    assert _claim("b", only=[second]) == []


def test_settling_needs_the_lease(app: Flask) -> None:
    mail_id = queue_note(app)
    _claim("a")

    def settled(owner: str) -> bool:
        return transact(
            lambda s: settle(
                s, OutboxRow, mail_id, owner=owner, state=JobState.DONE, values={"last_answer": owner}
            )
        )

    assert [settled("b"), settled("a"), settled("a")] == [False, True, False]
    row = outbox_row(mail_id)
    assert (row["state"], row["last_answer"], row["lease_owner"], row["lease_until"]) == (
        "done",
        "a",
        None,
        None,
    )


def test_postgresql_passes_over_rows_that_are_being_claimed(app: Flask) -> None:
    if db.engine.dialect.name != "postgresql":
        return  # SQLite has one writer at a time, so there is nothing to pass over
    first, second = queue_note(app), queue_note(app)
    with Session(writing_engine()) as open_claim:
        now = real_now() + timedelta(seconds=1)
        assert claim(open_claim, OutboxRow, owner="a", now=now, lease_s=60, limit=1) == [first]
        assert _claim("b", limit=1) == [second]
        open_claim.commit()
