"""A claim reads as many rows as it takes, however many wait: by the plan of each database."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from conference.core.clock import real_now
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.jobs.claim import claim
from conference.mail.series import may_go
from conference.mail.tables import OutboxRow
from tests.factories.plans import plan_of

WAITING = 10_000


@pytest.fixture
def full(app: Flask) -> Flask:
    """An outbox of ten thousand mails that are due, and as many that were sent."""
    now = real_now()
    row: dict[str, object] = {
        "kind": "note",
        "recipient": "a@b.example",
        "subject": "s",
        "text": "t" * 500,
        "html": "h" * 500,
    }
    row |= {"about_type": "registration", "about_id": 1, "attachments": [], "created_at": now}
    rows = [
        row | {"message_id": str(number), "state": state, "rank": number % 2, "due_at": now}
        for number, state in enumerate(["queued", "done"] * WAITING)
    ]
    transact(lambda session: session.execute(insert(OutboxRow), rows))
    return app


def _claim(session: Session) -> list[int]:
    now = real_now() + timedelta(seconds=1)
    # With the condition that the outbox claims by.
    besides = may_go(None)
    return claim(session, OutboxRow, owner="a", now=now, lease_s=60, limit=20, besides=besides)


@pytest.mark.parametrize("is_analyzed", [False, True])
def test_ten_thousand_waiting_mails_are_claimed_by_the_index(full: Flask, is_analyzed: bool) -> None:
    if is_analyzed:
        with db.engine.connect() as connection:
            connection.execute(text("ANALYZE"))
            connection.commit()
    with counted_statements() as statements:
        assert len(transact(_claim)) == 20
    (statement,) = [one for one in statements if one.startswith("WITH")]
    plan = plan_of(statement)
    assert "ix_outbox_waiting" in plan, plan
    assert "ix_outbox_state_due_at" in plan, plan  # what is running, which is few
    for every_row in (
        "Seq Scan on outbox",
        "SCAN outbox\n",
        "rank, ",
        "TEMP B-TREE FOR ORDER BY\nSCAN chosen",
    ):
        assert every_row not in plan, plan
