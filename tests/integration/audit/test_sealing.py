"""An entry altered by hand is found, whatever of it was altered (trust.md 30)."""

import json
import threading
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from conference.audit import chain, sealing
from conference.audit.heads import (
    find_head,
    go_on_from_here,
    keep_outside,
    outside_paths,
    signed,
    write_outside,
)
from conference.audit.model import BY_FORM, by_staff
from conference.audit.personal import erase, forget_values
from conference.audit.sealing import AuditSealer, SealingStoppedError, seal_due
from conference.audit.service import record, record_all
from conference.audit.tables import EntryRow, PayloadRow
from conference.audit.verifying import Verdict, history_is_sealed, verify
from conference.core.clock import clock, real_now
from conference.core.ids import StaffId
from conference.db.base import db
from conference.db.work import counted_statements, transact, writing_engine
from conference.web.settings import attach_settings, current_settings

ENTRIES = 5


def by_hand(statement: str, **values: object) -> None:
    """Do what somebody would who has the database open."""
    db.session.rollback()
    with writing_engine().begin() as connection:
        done = connection.execute(text(statement), values)
    assert done.rowcount != 0


def write(action: str, record_id: int, *, reason: str = "", **changes: Any) -> None:
    pairs = {name: ("", value) for name, value in changes.items()}
    transact(
        lambda session: record(
            session,
            actor=by_staff(StaffId(1)),
            action=action,
            about=("registration", record_id),
            changes=pairs,
            reason=reason,
        )
    )


@pytest.fixture
def history(app: Flask) -> Flask:
    """Five sealed entries: three with values, one with a reason alone, one with neither."""
    write("registered", 1, name="Zoë")
    write("changed", 1, name="Zoë Z.")
    write("cancelled", 2, reason="She is ill")
    write("restored", 2)
    write("changed", 3, name="Åsa")
    assert seal_due() == ENTRIES
    return app


def looked() -> Verdict:
    db.session.rollback()
    return verify()


def test_what_is_as_it_was_sealed_is_well(history: Flask) -> None:
    verdict = looked()
    assert (verdict.sealed, verdict.waiting, verdict.erased, verdict.findings) == (ENTRIES, 0, 0, [])
    assert verdict.head is not None
    assert verdict.head.count == ENTRIES
    assert history_is_sealed() is None


ALTERED = {
    "id": "77",
    "at": "'2022-09-01 08:00:00.000000'",
    "actor_kind": "'system'",
    "actor_id": "2",
    "action": "'confirmed'",
    "record_type": "'person'",
    "record_id": "9",
    "fields": "'[\"email\"]'",
    "reason": "'She is well'",
    "position": "99",
    "digest": "'" + "0" * 64 + "'",
    "link": "'" + "0" * 64 + "'",
}


def test_each_column_of_an_entry_is_altered_below() -> None:
    assert set(ALTERED) == set(EntryRow.__table__.columns.keys())


@pytest.mark.parametrize("column", sorted(ALTERED))
def test_an_entry_altered_in_any_column_is_found(history: Flask, column: str) -> None:
    # Entry 4 has nothing apart that refers to its number, entry 3 has a reason.
    number = 4 if column == "id" else 3
    by_hand(f"UPDATE audit_entry SET {column} = {ALTERED[column]} WHERE id = {number}")
    told = looked().findings
    expected = {
        "position": [
            "An entry was removed from the chain, at place 3.",
            "Entry 3 (cancelled, registration 2, 2022-09-05 08:00) stands behind the signed end of the chain, at place 99.",
        ],
        "reason": [
            "The values of Entry 3 (cancelled, registration 2, 2022-09-05 08:00) are not those that were sealed."
        ],
    }
    if column in expected:
        assert told == expected[column]
    else:
        assert told[0].startswith(f"Entry {77 if column == 'id' else 3} (")
        assert "was altered, or its place in the chain was." in told[0]
    assert str(history_is_sealed()).startswith(told[0])


@pytest.mark.parametrize("column", ["values", "salt"])
def test_an_altered_payload_is_found(history: Flask, column: str) -> None:
    value = '\'{"name": ["", "Eve"]}\'' if column == "values" else "'salt'"
    by_hand(f'UPDATE audit_payload SET "{column}" = {value} WHERE entry_id = 2')
    assert [one.partition(" (")[0] for one in looked().findings] == ["The values of Entry 2"]


def test_an_entry_removed_from_the_middle_is_found(history: Flask) -> None:
    by_hand("DELETE FROM audit_payload WHERE entry_id = 3")
    by_hand("DELETE FROM audit_entry WHERE id = 3")
    assert looked().findings == ["An entry was removed from the chain, at place 3."]


def test_places_closed_up_after_a_removal_are_found(history: Flask) -> None:
    by_hand("DELETE FROM audit_entry WHERE id = 4")
    by_hand("UPDATE audit_entry SET position = 4 WHERE id = 5")
    told = looked().findings
    assert told[0].startswith("Entry 5 (")
    assert told[1] == "The newest entry was removed: the chain was signed at 5 and ends at 4."


def test_the_newest_entries_removed_are_found(history: Flask) -> None:
    by_hand("DELETE FROM audit_payload WHERE entry_id > 3")
    by_hand("DELETE FROM audit_entry WHERE id > 3")
    assert looked().findings[0] == (
        "The newest 2 entries were removed: the chain was signed at 5 and ends at 3."
    )


def test_an_older_state_in_the_place_of_the_newer_is_found_by_what_lies_beside_it(
    history: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with db.engine.connect() as connection:
        older = dict(connection.execute(text("SELECT * FROM audit_head")).mappings().one())
    write("confirmed", 1)
    assert seal_due() == 1
    by_hand("DELETE FROM audit_entry WHERE id = 6")
    by_hand(
        "UPDATE audit_head SET count = :count, link = :link, sealed_at = :sealed_at, signature = :signature",
        **{name: older[name] for name in ("count", "link", "sealed_at", "signature")},
    )
    (path,) = outside_paths()
    (said,) = looked().findings
    assert said.startswith(
        f"The chain ends at 5, and the end that {path} keeps is 6: the newest entry was removed"
    )
    # The worker does not hide it by sealing on: not with fewer entries than there were, nor with more.
    kept = path.read_bytes()
    for number in (4, 5):
        write("changed", number)
        assert AuditSealer(rest_s=0).work_off("me", threading.Event()) == 0
        assert f"the chain does not go through the end that {path} keeps (6-" in caplog.text
        assert (path.read_bytes(), looked().wrong) == (kept, 1)
    # Who put the older state there on purpose says so.
    go_on_from_here()
    assert (seal_due(), looked().findings) == (2, [])
    path.unlink()
    # Then only who wrote an earlier end down can tell.
    assert looked().findings == []
    assert "is 9" in verify(written_down="9-0123456789abcdef").findings[0]
    assert (
        "does not go through the end that was written down"
        in verify(written_down="3-0123456789abcdef").findings[0]
    )


def test_an_end_of_which_another_chain_went_on_is_found_before_anything_is_sealed(history: Flask) -> None:
    (path,) = outside_paths()
    other = signed(3, "0" * 64, real_now())
    write_outside(other)
    write("confirmed", 1)
    with pytest.raises(SealingStoppedError, match=f"3-{'0' * 16}"):
        seal_due()
    assert json.loads(path.read_text())["count"] == 3
    assert looked().waiting == 1


def test_a_worker_that_comes_late_does_not_put_its_end_in_place_of_a_later_one(history: Flask) -> None:
    (path,) = outside_paths()
    earlier = find_head(db.session())
    db.session.rollback()
    assert earlier is not None
    write("confirmed", 1)
    assert seal_due() == 1
    keep_outside(earlier)
    assert json.loads(path.read_text())["count"] == ENTRIES + 1
    # Nor where it had looked before the later one was there.
    path.unlink()
    keep_outside(earlier)
    assert not path.exists()
    # What a full disk kept out is an earlier end of the same chain: it is gone on from.
    write_outside(earlier)
    write("confirmed", 2)
    assert (seal_due(), json.loads(path.read_text())["count"]) == (1, ENTRIES + 2)
    assert looked().findings == []


def rewritten(*, with_head: bool) -> None:
    """Compute each link anew, as who can write to the database and knows this program would."""
    with db.engine.connect() as connection:
        rows = connection.execute(text("SELECT id FROM audit_entry ORDER BY position")).scalars().all()
        entries = {row.id: row for row in connection.execute(EntryRow.__table__.select()).all()}
    last = chain.BEGINNING
    for place, number in enumerate(rows, start=1):
        last = chain.link(last, sealing.entry_of(entries[number], entries[number].digest, place))
        by_hand("UPDATE audit_entry SET link = :link WHERE id = :id", link=last, id=number)
    if with_head:
        by_hand("UPDATE audit_head SET link = :link", link=last)


def test_a_chain_written_anew_is_found(history: Flask) -> None:
    by_hand("UPDATE audit_entry SET actor_id = 2 WHERE id = 2")
    rewritten(with_head=False)
    assert "The last entry is not the one that was signed: the chain was written anew." in looked().findings
    rewritten(with_head=True)
    assert looked().findings[0].startswith("The signature of the chain's end does not fit")


def test_an_entry_put_in_by_hand_is_found(history: Flask) -> None:
    by_hand("UPDATE audit_entry SET position = position + 100 WHERE position > 2")
    by_hand(
        "INSERT INTO audit_entry (id, at, actor_kind, action, record_type, record_id, fields, reason, position, link) "
        "SELECT 90, at, actor_kind, 'confirmed', record_type, record_id, '[]', '', 3, link FROM audit_entry WHERE id = 2"
    )
    by_hand("UPDATE audit_entry SET position = position - 99 WHERE position > 100")
    told = looked().findings
    assert told[0].startswith("Entry 90 (confirmed")
    assert any(one.endswith("stands behind the signed end of the chain, at place 6.") for one in told)


def test_an_end_that_is_gone_is_found_and_nothing_is_sealed_after_it(
    history: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    by_hand("DELETE FROM audit_head")
    assert "The signed end of the chain is gone." in looked().findings
    write("confirmed", 1)
    assert AuditSealer(rest_s=0).work_off("me", threading.Event()) == 0
    assert "run `conference audit verify`" in caplog.text
    assert looked().waiting == 1


def test_values_that_were_erased_are_well(history: Flask) -> None:
    transact(lambda session: erase(session, [("registration", 1), ("registration", 2)]))
    assert seal_due() == 2
    verdict = looked()
    assert (verdict.sealed, verdict.erased, verdict.findings) == (7, 3, [])
    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT entry_id FROM audit_payload")).scalars().all() == [5]


def is_locked() -> bool:
    """Return whether another transaction holds the chain's end; on SQLite who writes holds everything."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            return True
        free = connection.execute(text("SELECT id FROM audit_head FOR UPDATE SKIP LOCKED")).all()
    return free == []


def test_an_erasure_and_sealing_exclude_each_other(history: Flask) -> None:
    write("cancelled", 4, reason="He is ill")

    def work(session: Session) -> bool:
        erase(session, [("registration", 4)])
        return is_locked()

    with counted_statements() as statements:
        assert transact(work)
    # Before it reads what there is to erase: what it waits for may add to that.
    assert "FROM audit_head" in next(one for one in statements if "audit_" in one)
    assert (seal_due(), looked().findings) == (2, [])


def test_values_of_a_place_that_was_passed_on_are_well(history: Flask) -> None:
    write("changed", 2, category=7)
    assert seal_due() == 1
    transact(lambda session: forget_values(session, ("registration", 2), keeps=["category"]))
    assert seal_due() == 1
    verdict = looked()
    assert (verdict.erased, verdict.findings) == (1, [])


def test_values_that_somebody_took_out_are_found(history: Flask) -> None:
    by_hand("DELETE FROM audit_payload WHERE entry_id = 2")
    (said,) = looked().findings
    assert said.startswith("The values of Entry 2 (changed, registration 1")
    assert said.endswith("are gone, and no erasure is noted after it.")


def test_values_put_beside_an_entry_that_had_none_are_found(history: Flask) -> None:
    by_hand("INSERT INTO audit_payload (entry_id, \"values\") VALUES (4, '{}')")
    (said,) = looked().findings
    assert said.endswith("had no values when it was sealed, and has some now.")


def test_an_entry_that_is_committed_late_is_neither_lost_nor_breaks_the_chain(app: Flask) -> None:
    row = {"at": clock.now(), "actor_kind": "form", "action": "registered", "record_type": "registration"}
    if db.engine.dialect.name == "postgresql":
        late = writing_engine().connect()
        transaction = late.begin()
        key = late.execute(insert(EntryRow), row | {"record_id": 1}).inserted_primary_key
    write("registered", 2)
    write("registered", 3)
    assert seal_due() == 2
    if db.engine.dialect.name == "postgresql":
        late.execute(insert(PayloadRow), {"entry_id": (key or [0])[0], "values": {"name": ["", "Zoë"]}})
        transaction.commit()
        late.close()
    else:
        # One writer at a time: a lower number can only come from another hand, as of somebody who repairs a file.
        with writing_engine().begin() as connection:
            connection.execute(insert(EntryRow), row | {"id": -5, "record_id": 1})
    first = db.session.scalar(text("SELECT min(id) FROM audit_entry WHERE position IS NULL"))
    newest = db.session.scalar(text("SELECT min(id) FROM audit_entry WHERE position IS NOT NULL"))
    assert (first or 0) < (newest or 0)
    assert looked().waiting == 1
    assert seal_due() == 1
    verdict = looked()
    assert (verdict.sealed, verdict.waiting, verdict.findings) == (3, 0, [])


def test_many_are_sealed_in_batches_and_none_twice_by_several_at_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "_UNSEALED", sealing._UNSEALED.limit(7))
    monkeypatch.setattr(sealing, "AT_ONCE", 7)
    rows = [("registered", ("registration", number)) for number in range(100)]
    transact(lambda session: record_all(session, actor=BY_FORM, entries=rows))
    done: list[int] = []
    start = threading.Barrier(4)

    def seal() -> None:
        with app.app_context():
            start.wait()
            while count := seal_due(most=1):
                done.append(count)

    threads = [threading.Thread(target=seal) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) == 100
    verdict = looked()
    assert (verdict.sealed, verdict.waiting, verdict.findings) == (100, 0, [])


def with_keys(app: Flask, secret: str, *old: str) -> None:
    settings = replace(current_settings(), secret_key=secret, old_secret_keys=",".join(old))
    attach_settings(app, settings)


def test_a_renewed_key_signs_the_end_anew(history: Flask) -> None:
    before = current_settings().secret_key
    with_keys(history, "another-key-of-more-than-32-characters", before)
    assert looked().findings == []
    assert AuditSealer(rest_s=0).work_off("me", threading.Event()) == 0
    with_keys(history, "another-key-of-more-than-32-characters")
    assert looked().findings == []
    with_keys(history, before)
    (said,) = looked().findings
    assert "put the earlier one into CONFERENCE_OLD_SECRET_KEYS" in said


def test_an_idle_look_is_two_statements_at_first_and_one_after(history: Flask) -> None:
    idle = AuditSealer(rest_s=0)
    idle.work_off("me", threading.Event())
    with counted_statements() as statements:
        idle.work_off("me", threading.Event())
    assert len(statements) == 1
