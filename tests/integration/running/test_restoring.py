"""A backup put back is what was saved, without whom was erased since, on both databases."""

import json
import re
import shutil
import tarfile
from dataclasses import replace
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import text

from conference.accounts.desk_codes import come_in, make_code
from conference.accounts.errors import DeskCodeRefusedError
from conference.accounts.forgotten import ask_for_password, password_requests
from conference.accounts.letters import mail_link
from conference.accounts.queries import find_link_owner, find_principal
from conference.accounts.restoring import Ended
from conference.accounts.service import HERE, give_link, open_session
from conference.accounts.tokens import token_hash
from conference.api.errors import DeadTokenError
from conference.api.model import Scope
from conference.api.tokens import find_token, make_token, use_token
from conference.audit import heads as audit_head
from conference.audit.model import BY_SYSTEM
from conference.audit.sealing import seal_due
from conference.audit.service import record
from conference.audit.verifying import verify
from conference.core.clock import STOCKHOLM, clock, real_now
from conference.core.ids import CategoryId, PersonId, RegistrationId
from conference.db.base import db
from conference.db.work import transact, writing_engine
from conference.jobs.model import JobState
from conference.mail.restoring import release_brought_back
from conference.mail.watching import mails_by_state
from conference.people.merging import MergePeople, merge
from conference.people.queries import get_person
from conference.privacy.ledger import NAME, Line, append, hashed, known_lines, salt
from conference.privacy.service import erase_person
from conference.registration.queries import get_registration
from conference.running import restore as module
from conference.running.archive import verified
from conference.running.backup import back_up
from conference.running.errors import RunningError
from conference.running.model import Member
from conference.running.restore import NOTED, Restored, restore, unfinished
from conference.web.access import Role
from conference.web.settings import current_settings
from tests.factories.accounts import make_member
from tests.factories.dumps import dump, lines_with
from tests.factories.places import empty_place
from tests.factories.programme import at, make_person, make_room, make_session, part
from tests.factories.questions import make_answered_file
from tests.factories.registration import make_category, register_attendee


def a_zoe(category: CategoryId) -> RegistrationId:
    return register_attendee(
        category,
        given_name="Zoë",
        family_name="Zwart",
        email="zoe@unusual.example",
        affiliation="Unusual Hospital",
    )


def quiet(_what: object) -> None:
    """Tell nobody."""


def put_back(archive: Path, *ledgers: Path) -> Restored:
    return restore(archive, ledgers, quiet, quiet)


@pytest.fixture
def archive(app: Flask, tmp_path: Path) -> Path:
    """A backup of two registrations, one with a file, in a folder of its own."""
    category = make_category(seats=5)
    make_answered_file(register_attendee(category))
    a_zoe(category)
    folder = tmp_path / "backups"
    folder.mkdir()
    back_up(folder / "a.tar.gz", quiet)
    db.session.rollback()
    return folder / "a.tar.gz"


def zoes_id() -> PersonId:
    return get_registration(RegistrationId(2)).person_id


def erase_zoe() -> None:
    person_id = zoes_id()
    db.session.rollback()
    transact(lambda session: erase_person(session, person_id, actor=BY_SYSTEM, now=clock.now()))


def forget_the_note_of_it() -> None:
    """Take the entry out that a restore itself writes."""
    with writing_engine().begin() as connection:
        noted = connection.execute(text("DELETE FROM audit_entry WHERE action = :noted"), {"noted": NOTED})
    assert noted.rowcount == 1


def test_every_row_and_file_comes_back(archive: Path, database_url: str, tmp_path: Path) -> None:
    before = [line for line in dump().splitlines() if not line.startswith(("outbox.", "standing_token."))]
    (proof,) = (current_settings().instance / "answers").rglob("*.pdf")
    with empty_place(database_url, tmp_path / "new"):
        done = put_back(archive)
        forget_the_note_of_it()
        after = [line for line in dump().splitlines() if not line.startswith(("outbox.", "standing_token."))]
        assert after == before
        back = current_settings().instance / proof.relative_to(tmp_path)
        assert back.read_bytes() == proof.read_bytes()
        assert back.stat().st_mode & 0o777 == 0o600
        assert (done.files, done.erased, done.broken, done.warnings) == (1, 0, [], [])
        assert unfinished(current_settings()) is None


def test_mails_that_waited_are_held_until_somebody_lets_them_go(
    archive: Path, database_url: str, tmp_path: Path
) -> None:
    with empty_place(database_url, tmp_path / "new"):
        assert put_back(archive).mails_held == 2
        assert mails_by_state()[JobState.HELD] == 2
        db.session.rollback()
        assert transact(lambda session: release_brought_back(session, now=real_now())) == 2
        assert mails_by_state()[JobState.QUEUED] == 2


def test_the_manifest_names_what_is_there_and_no_key(archive: Path) -> None:
    found = verified(archive, quiet).manifest
    assert (found.counts["registration"], found.counts["outbox"]) == (2, 2)
    assert found.migration == "0044"
    told = json.dumps([found.application, dict(found.keys), list(found.members)])
    assert current_settings().secret_key not in told


def test_no_sign_in_link_desk_code_or_token_of_the_backup_counts(
    app: Flask, database_url: str, tmp_path: Path
) -> None:
    """Somebody may have been signed out, suspended or refused since: none of what let people in then does so now."""
    now, me, other = real_now(), make_member(Role.ORGANISER), make_member(Role.DESK)
    signed_in = transact(lambda session: open_session(session, me, now=now))
    link = transact(lambda session: give_link(session, me, actor=BY_SYSTEM))
    transact(lambda session: mail_link(session, other, actor=BY_SYSTEM))
    transact(lambda session: ask_for_password(session, "organiser@staff.example", now=now))
    today = now.astimezone(STOCKHOLM).date()
    code = transact(lambda session: make_code(session, "Entrance", today, staff_id=me, now=now))
    shift = transact(lambda session: come_in(session, code, "Eva Ek", now=now, browser=HERE))
    scopes = (Scope.READ,)
    _, words = transact(lambda session: make_token(session, "Sheet", scopes, None, staff_id=me, now=now))
    db.session.rollback()
    before = (find_principal(token_hash(signed_in), now), find_link_owner(token_hash(link), now))
    assert None not in before
    archive = tmp_path / "a.tar.gz"
    back_up(archive, quiet)
    with empty_place(database_url, tmp_path / "new"):
        done = put_back(archive)
        assert (done.ended, done.tokens, done.broken) == (Ended(sessions=2, links=2, desk_codes=1), 1, [])
        db.session.rollback()
        for token in (signed_in, shift):
            assert find_principal(token_hash(token), real_now()) is None
        assert find_link_owner(token_hash(link), real_now()) is None
        with pytest.raises(DeskCodeRefusedError):
            transact(lambda session: come_in(session, code, "Eva Ek", now=real_now(), browser=HERE))
        token_id = find_token(words)
        assert token_id is not None
        db.session.rollback()
        with pytest.raises(DeadTokenError):
            transact(lambda session: use_token(session, token_id, now=real_now()))
        # What would bring a link into an account goes nowhere, and nobody's old wish for a password makes another one.
        assert {state: count for state, count in mails_by_state().items() if count} == {JobState.CANCELLED: 1}
        assert password_requests.claim("worker") == []
        # A control: whoever they were, they come in anew.
        token = transact(lambda session: open_session(session, me, now=real_now()))
        assert find_principal(token_hash(token), real_now()) is not None


def test_the_manifest_says_what_becomes_of_sign_ins(archive: Path) -> None:
    with tarfile.open(archive) as packed:
        told = packed.extractfile("manifest.json")
        assert told is not None
        assert "ends every sign-in" in json.loads(told.read())["on_restore"]


def test_who_was_erased_since_is_erased_again(archive: Path, database_url: str, tmp_path: Path) -> None:
    erase_zoe()
    ledger = tmp_path / NAME
    assert "Zoë" not in ledger.read_text(encoding="utf-8")
    with empty_place(database_url, tmp_path / "new"):
        done = put_back(archive, ledger)
        assert (done.erased, done.parts_left, done.broken) == (1, [], [])
        assert lines_with("zoë", "zwart", "zoe@", "unusual") == []
        assert lines_with("lindström") != []
        # Known here from now on, for the next backup.
        assert sum(one.kind == "erased" for one in known_lines()) == 2
        assert sum(one.kind == "restored" for one in known_lines()) == 1


def test_a_ledger_or_a_later_archive_beside_the_archive_is_found_by_itself(
    archive: Path, database_url: str, tmp_path: Path
) -> None:
    erase_zoe()
    back_up(archive.with_name("conference-20300101T000000Z.tar.gz"), quiet)
    with empty_place(database_url, tmp_path / "new"):
        assert put_back(archive).erased == 1


def test_without_any_ledger_the_erased_come_back(archive: Path, database_url: str, tmp_path: Path) -> None:
    """The control: it is the ledger that forgets."""
    erase_zoe()
    with empty_place(database_url, tmp_path / "new"):
        assert put_back(archive).erased == 0
        assert lines_with("zwart") != []


def test_whose_record_was_merged_into_an_erased_one_goes_too(
    app: Flask, database_url: str, tmp_path: Path
) -> None:
    kept, gone = make_person("Ida"), make_person("Idun")
    archive = tmp_path / "a.tar.gz"
    back_up(archive, quiet)
    pair = [get_person(one) for one in (kept, gone)]
    db.session.rollback()
    command = MergePeople(
        kept_id=kept,
        gone_id=gone,
        kept_revision=pair[0].revision,
        gone_revision=pair[1].revision,
        take=frozenset(),
    )
    transact(lambda session: merge(session, command, actor=BY_SYSTEM))
    transact(lambda session: erase_person(session, kept, actor=BY_SYSTEM, now=clock.now()))
    with empty_place(database_url, tmp_path / "new"):
        assert put_back(archive, tmp_path / NAME).erased == 2
        assert lines_with("idun", '"ida') == []


def test_a_part_that_the_erased_still_have_is_told(app: Flask, database_url: str, tmp_path: Path) -> None:
    speaker = make_person("Tove Trace")
    make_session(title="Opening", room_id=make_room("Hall"), start=at("09:00"), people=(part(speaker),))
    db.session.rollback()
    archive = tmp_path / "a.tar.gz"
    back_up(archive, quiet)
    # What taking out, publishing and erasing leaves.
    name = transact(lambda session: hashed(salt(session), speaker))
    append([Line(at=real_now(), kind="erased", who=name)])
    with empty_place(database_url, tmp_path / "new"):
        done = put_back(archive, tmp_path / NAME)
        assert (done.erased, done.parts_left) == (1, ["“Opening”"])
        assert lines_with("tove", "trace") == []


def test_an_older_backup_is_moved_up(app: Flask, database_url: str, tmp_path: Path) -> None:
    register_attendee(make_category(seats=5))
    db.session.rollback()
    flask_migrate.downgrade(revision="0030")
    manifest = back_up(tmp_path / "a.tar.gz", quiet)
    assert manifest.migration == "0030"
    with empty_place(database_url, tmp_path / "new"):
        assert put_back(tmp_path / "a.tar.gz").broken == []
        assert lines_with("lindström") != []


def test_a_place_that_is_not_empty_is_named_and_left_alone(
    app: Flask, archive: Path, database_url: str, tmp_path: Path
) -> None:
    before = dump()
    with pytest.raises(RunningError, match=r"(is|are) there already|has \d+ tables already") as refused:
        put_back(archive)
    assert "Stop the site, move it away or name another place in CONFERENCE_DATABASE_URL" in str(
        refused.value
    )
    assert dump() == before
    with empty_place(database_url, tmp_path / "new"):
        kept = current_settings().instance / "speakers" / "slides" / "a.pdf"
        kept.parent.mkdir(parents=True)
        kept.write_bytes(b"%PDF-")
        with pytest.raises(RunningError, match=r"holds 1 uploaded files .*keep its erasures\.jsonl"):
            put_back(archive)


def test_a_damaged_archive_writes_nothing(archive: Path, database_url: str, tmp_path: Path) -> None:
    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 255
    archive.write_bytes(content)
    with empty_place(database_url, tmp_path / "new"):
        with pytest.raises(RunningError):
            put_back(archive)
        assert not current_settings().instance.exists()


def test_a_disk_without_room_is_told_before_anything_is_written(
    archive: Path, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with empty_place(database_url, tmp_path / "new"):
        monkeypatch.setattr(module, "free_bytes", lambda _folder: 1000)
        with pytest.raises(RunningError, match=r"and 0 MB are free for .*: make room, and begin again"):
            put_back(archive)
        assert not current_settings().instance.exists()


def test_a_restore_that_is_broken_off_says_so_until_it_is_done(
    archive: Path, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with empty_place(database_url, tmp_path / "new") as app:
        with monkeypatch.context() as patched:
            patched.setattr(flask_migrate, "upgrade", lambda: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                put_back(archive)
        assert "was broken off: empty the database and that folder" in (unfinished(current_settings()) or "")
        # Anybody can ask whether the site is ready.
        answer = app.test_client().get("/readyz")
        assert answer.status_code == 503
        assert answer.json is not None
        assert (
            answer.json["failed"]["restore"]
            == "a restore was broken off: `conference doctor` says what to do"
        )
        assert str(tmp_path) not in answer.text


def test_a_file_of_an_archive_that_is_replaced_meanwhile_is_refused(
    archive: Path, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with empty_place(database_url, tmp_path / "new"):
        found = verified(archive, quiet)
        (name,) = (one for one in found.manifest.members if one.startswith("files/"))
        other = dict(found.manifest.members) | {name: Member(sha256="0" * 64, size_bytes=1)}
        seen = replace(found, manifest=replace(found.manifest, members=other))
        monkeypatch.setattr(module, "verified", lambda *_given: seen)
        with pytest.raises(
            RunningError, match=r"The archive changed while it was read \(.*\.pdf\): begin again"
        ):
            put_back(archive)


def test_the_disk_of_a_database_that_lies_apart_is_looked_at_too(
    archive: Path, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with empty_place(database_url, tmp_path / "new"):
        # A PostgreSQL server's own disk may be another machine's.
        is_apart = database_url.startswith("sqlite")
        full = tmp_path / "new" if is_apart else current_settings().instance
        monkeypatch.setattr(module, "_device", lambda folder: len(str(folder)))
        monkeypatch.setattr(module, "free_bytes", lambda folder: 1000 if folder == full else 10**12)
        with pytest.raises(RunningError, match=rf"0 MB are free for {re.escape(str(full))}: make room"):
            put_back(archive)


def test_the_history_goes_on_where_the_backup_ended(
    app: Flask, archive: Path, database_url: str, tmp_path: Path
) -> None:
    changed = {"given_name": ("Zoe", "Zoë")}
    transact(
        lambda session: record(
            session, actor=BY_SYSTEM, action="changed", about=("registration", 2), changes=changed
        )
    )
    assert seal_due() > 0
    back_up(tmp_path / "backups" / "b.tar.gz", quiet)
    erase_zoe()
    assert seal_due() > 0
    db.session.rollback()
    assert verify().findings == []
    with empty_place(database_url, tmp_path / "new"):
        # What the machine that was lost kept beside its database is newer than the backup.
        for name in (audit_head.NAME, "erasures.jsonl"):
            current_settings().instance.mkdir(exist_ok=True)
            shutil.copy(tmp_path / name, current_settings().instance / name)
        done = put_back(tmp_path / "backups" / "b.tar.gz")
        assert (done.erased, done.broken) == (1, [])
        assert seal_due() > 0
        verdict = verify()
        assert (verdict.waiting, verdict.findings) == (0, [])
        assert verdict.erased > 0


def test_a_history_that_was_altered_is_told_by_the_restore(
    app: Flask, archive: Path, database_url: str, tmp_path: Path
) -> None:
    assert seal_due() > 0
    with writing_engine().begin() as connection:
        connection.execute(text("UPDATE audit_entry SET action = 'declined' WHERE id = 2"))
    back_up(tmp_path / "b.tar.gz", quiet)
    with empty_place(database_url, tmp_path / "new"):
        (said,) = put_back(tmp_path / "b.tar.gz").broken
        assert said.startswith("history: Entry 2 (declined")
