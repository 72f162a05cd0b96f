"""What `conference audit` prints, and how it ends."""

import json

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import text

from conference.audit.commands import audit
from conference.audit.heads import find_head, keep_outside
from conference.audit.model import BY_FORM
from conference.audit.queries import history_of
from conference.audit.renewing import begin_anew
from conference.audit.service import record_all
from conference.audit.standing import count_wrong
from conference.audit.verifying import last_check, verify
from conference.db.base import db
from conference.db.work import counted_statements, transact, writing_engine

ACTS = [("registered", ("registration", number)) for number in range(1, 31)]


def run(app: Flask, *arguments: str, typed: str = "") -> Result:
    db.session.rollback()
    return CliRunner().invoke(audit, arguments, obj=ScriptInfo(create_app=lambda: app), input=typed)


def by_hand(statement: str) -> None:
    db.session.rollback()
    with writing_engine().begin() as connection:
        assert connection.execute(text(statement)).rowcount > 0


@pytest.fixture
def sealed(app: Flask) -> Flask:
    transact(lambda session: record_all(session, actor=BY_FORM, entries=ACTS))
    assert run(app, "seal").output == "30 entries sealed.\n"
    return app


def test_a_sound_history_ends_with_0_and_tells_its_end(sealed: Flask) -> None:
    told = run(sealed, "verify")
    assert told.exit_code == 0
    assert "30 entries are in the chain; of 0 the values were erased; 0 wait to be sealed." in told.output
    assert "WRONG" not in told.output
    found = json.loads(run(sealed, "verify", "--json").output)
    assert (found["sealed"], found["wrong"], found["findings"]) == (30, 0, [])
    assert f"the end is {found['head']}." in told.output
    assert run(sealed, "verify", "--end", found["head"]).exit_code == 0


def test_what_is_wrong_ends_with_1_and_says_how_much_more_there_is(sealed: Flask) -> None:
    by_hand("UPDATE audit_entry SET actor_kind = 'link'")
    told = run(sealed, "verify")
    assert told.exit_code == 1
    lines = told.output.splitlines()
    assert lines[0].startswith("WRONG   Entry 1 (registered, registration 1, 2022-09-05 08:00) was altered")
    assert lines[20] == "WRONG   … and 10 more."
    assert json.loads(run(sealed, "verify", "--json").output)["wrong"] == 30


def test_an_end_that_was_written_down_must_still_be_there(sealed: Flask) -> None:
    told = run(sealed, "verify", "--end", "31-0123456789abcdef")
    assert told.exit_code == 1
    assert "The chain ends at 30, and the end that was written down is 31" in told.output
    # It may have been mistyped: the office's pages go on telling what the last look at the history itself found.
    assert last_check() is None
    assert run(sealed, "verify").exit_code == 0
    run(sealed, "verify", "--end", "31-0123456789abcdef")
    assert count_wrong() == 0


def test_an_alteration_that_is_to_stay_is_sealed_anew_with_a_reason(sealed: Flask) -> None:
    by_hand("UPDATE audit_entry SET record_id = 99 WHERE id = 7")
    assert run(sealed, "begin-anew", "--reason", "Mended by hand", typed="n\n").exit_code == 1
    assert run(sealed, "verify").exit_code == 1
    assert count_wrong() == 1
    told = run(sealed, "begin-anew", "--reason", "Mended by hand", "--yes")
    assert told.exit_code == 0, told.output
    assert "31 entries sealed anew" in told.output
    assert "WRONG   Entry 7 (" in told.output
    db.session.rollback()
    assert count_wrong() == 0
    assert run(sealed, "verify").exit_code == 0
    (noted,) = history_of("history", 0)
    assert (noted.action, noted.reason) == ("sealed anew", "Mended by hand")
    assert noted.changes["wrong"] == (1, 0)
    assert noted.changes["end"][0].startswith("30-")


def test_a_history_that_begins_anew_waits_for_who_seals(sealed: Flask) -> None:
    before = verify()
    db.session.rollback()
    with counted_statements() as statements:
        assert begin_anew(before, "Mended by hand") == 31
    first = next(one for one in statements if "audit_" in one)
    assert "FROM audit_head" in first
    assert ("FOR UPDATE" in first) == (db.engine.dialect.name == "postgresql")


def test_a_worker_that_comes_late_does_not_put_its_end_beside_a_chain_that_began_anew(sealed: Flask) -> None:
    """It would be found as the trace of somebody who had written the chain anew, and nothing be sealed any more."""
    old = find_head(db.session())
    db.session.rollback()
    assert old is not None
    by_hand("UPDATE audit_entry SET action = 'altered' WHERE position = 1")
    before = verify()
    db.session.rollback()
    begin_anew(before, "Mended by hand")
    keep_outside(old, forces=True)
    transact(lambda session: record_all(session, actor=BY_FORM, entries=ACTS[:1]))
    assert run(sealed, "seal").exit_code == 0
    assert run(sealed, "verify").exit_code == 0


def test_a_chain_whose_end_was_altered_is_not_gone_on_with(sealed: Flask) -> None:
    by_hand("UPDATE audit_head SET count = 29")
    told = run(sealed, "seal")
    assert (told.exit_code, "Run `conference audit verify`" in told.output) == (1, True)
    db.session.rollback()
    assert verify().wrong > 0
    assert run(sealed, "begin-anew", "--reason", "x", "--yes").exit_code == 0
    assert run(sealed, "verify").exit_code == 0
