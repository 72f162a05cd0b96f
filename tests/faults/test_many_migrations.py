"""trust.md 28: `python -m tests.faults migrations` with 200 registrations on each database, and what it says of a loss.

With 50,000 it is run by hand. That each step down to the first migration keeps the demonstration's data is
`tests/integration/test_migrations.py`.
"""

from pathlib import Path

import pytest
from sqlalchemy import text

from conference.db.base import db
from tests.faults import migrations
from tests.faults.migrations import trial

COUNT = 200


def test_every_row_is_as_it_was_after_down_up_down_and_up(database_url: str, tmp_path: Path) -> None:
    line = trial(database_url, tmp_path, COUNT, "0036")
    assert line["sound"], line
    assert list(line["steps"])[-4:] == ["0040", "0039", "0038", "0037"]
    of_each = (
        "registration",
        "person",
        "outbox",
        "consent",
        "answer",
        "audit_entry",
        "audit_payload",
        "staff",
    )
    for name in of_each:
        before, beneath, after = line["checksums"][name]
        assert before == beneath == after is not None
    assert {"staff_passkey", "staff.is_limited"} <= set(line["lost"])
    assert not {name for name in line["lost"] if name.startswith(("registration", "person", "outbox"))}


@pytest.mark.parametrize(
    "loss", ["DELETE FROM consent WHERE id = 7", "UPDATE person SET country = 'XX' WHERE id = 7"]
)
def test_a_single_row_that_a_step_loses_is_found(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loss: str
) -> None:
    """The control: one of 200 rows."""
    real = migrations.go

    def losing(direction: str, revision: str) -> float:
        seconds = real(direction, revision)
        with db.engine.begin() as connection:
            connection.execute(text(loss))
        return seconds

    monkeypatch.setattr(migrations, "go", losing)
    line = trial(sqlite_url, tmp_path, COUNT, "0039")
    assert not line["sound"]
