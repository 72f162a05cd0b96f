"""What a notification changes, and that forged and repeated ones change nothing."""

import json
import threading
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from conference.audit.model import BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.clock import real_now
from conference.core.ids import MailId
from conference.db.base import db
from conference.db.work import transact
from conference.mail import commands
from conference.mail.acting import trust_address
from conference.mail.bounces import Fate, Outcome, marked_addresses, note
from conference.mail.commands import bounces
from conference.mail.personal import erase
from conference.mail.reading import bounce_of
from conference.mail.reports import read_report
from conference.mail.tables import BounceRow
from tests.factories.mail import outbox_row, queue_note
from tests.factories.reports import a_report, block, report_of


def take(content: bytes) -> Outcome:
    db.session.rollback()
    report = read_report(content)
    return transact(lambda session: note(session, report, now=real_now()))


def marked() -> frozenset[str]:
    db.session.rollback()
    return marked_addresses()


def kept(mail_id: MailId) -> tuple[str, str, str, bool] | None:
    db.session.rollback()
    found = bounce_of(mail_id)
    return (found.action, found.status, found.diagnostic, found.is_hard) if found else None


def test_a_hard_bounce_marks_the_mail_and_its_address(app: Flask) -> None:
    mail_id = queue_note(app, recipient="Asa@clinic.example")
    assert take(report_of(mail_id)) == Outcome(fate=Fate.MARKED, mail_id=mail_id, status="5.1.1")
    assert kept(mail_id) == ("failed", "5.1.1", "550 No such user", True)
    assert marked() == {"asa@clinic.example"}
    assert [entry.action for entry in history_of("mail", mail_id)] == ["came back"]


@pytest.mark.parametrize(
    ("action", "status"),
    [
        ("delayed", "4.4.1"),
        ("failed", "4.4.7"),
        ("delayed", "5.0.0"),
        ("failed", "5.7.1"),
        ("failed", "5.2.2"),
    ],
)
def test_what_may_pass_is_only_noted(app: Flask, action: str, status: str) -> None:
    mail_id = queue_note(app)
    assert take(report_of(mail_id, action, status)).fate is Fate.NOTED
    assert kept(mail_id) == (action, status, "550 No such user", False)
    assert (marked(), history_of("mail", mail_id)) == (frozenset(), [])


def test_a_replay_changes_nothing(app: Flask) -> None:
    mail_id = queue_note(app)
    take(report_of(mail_id))
    before = kept(mail_id)
    assert take(report_of(mail_id, status="5.7.1", diagnostic="smtp; other")).fate is Fate.KNOWN
    assert take(report_of(mail_id, "delayed", "4.4.1")).fate is Fate.KNOWN
    assert kept(mail_id) == before
    assert len(history_of("mail", mail_id)) == 1


def test_a_mail_that_was_late_may_come_back_later(app: Flask) -> None:
    mail_id = queue_note(app)
    take(report_of(mail_id, "delayed", "4.4.1"))
    assert take(report_of(mail_id)).fate is Fate.MARKED
    assert kept(mail_id) == ("failed", "5.1.1", "550 No such user", True)


def test_forged_reports_change_nothing(app: Flask) -> None:
    mail_id = queue_note(app)
    number = str(outbox_row(mail_id)["message_id"])
    forged = a_report("<ffffffffffffffffffffffffffffffff@conference.example>", [block("asa@clinic.example")])
    assert take(forged) == Outcome(fate=Fate.UNKNOWN)
    assert take(a_report(number, [block("bo@clinic.example")])).fate is Fate.OTHER_RECIPIENT
    assert take(a_report(number, [block("asa@clinic.example", "delivered", "2.0.0")])).fate is Fate.ARRIVED
    assert (kept(mail_id), marked()) == (None, frozenset())


def test_of_several_recipients_ours_counts(app: Flask) -> None:
    mail_id = queue_note(app)
    number = str(outbox_row(mail_id)["message_id"])
    blocks = [block("bo@clinic.example"), block("asa@clinic.example", "delayed", "4.4.1")]
    assert take(a_report(number, blocks)) == Outcome(fate=Fate.NOTED, mail_id=mail_id, status="4.4.1")


def test_an_address_is_known_as_it_went_over_the_wire(app: Flask) -> None:
    mail_id = queue_note(app, recipient="asa@straße.example")
    number = str(outbox_row(mail_id)["message_id"])
    assert take(a_report(number, [block("asa@xn--strae-oqa.example")])).fate is Fate.MARKED


def test_one_report_taken_in_twice_at_once_is_kept_once(app: Flask) -> None:
    mail_id = queue_note(app)
    report = read_report(report_of(mail_id))
    db.session.rollback()
    fates: list[Fate] = []

    def run() -> None:
        with app.app_context():
            fates.append(transact(lambda session: note(session, report, now=real_now())).fate)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(fates) == [Fate.KNOWN] * 3 + [Fate.MARKED]
    assert db.session.scalar(select(func.count()).select_from(BounceRow)) == 1


def test_a_trusted_address_is_not_marked_by_a_replay(app: Flask) -> None:
    mail_id = queue_note(app)
    take(report_of(mail_id))
    transact(lambda session: trust_address(session, mail_id, actor=BY_SYSTEM))
    assert marked() == frozenset()
    assert take(report_of(mail_id)).fate is Fate.KNOWN
    assert marked() == frozenset()


def test_an_erased_person_leaves_no_mark(app: Flask) -> None:
    mail_id = queue_note(app)
    report = report_of(mail_id)
    take(report)
    transact(lambda session: erase(session, [("registration", 1)], []))
    assert kept(mail_id) == ("failed", "5.1.1", "", True)
    assert marked() == frozenset()
    assert take(report).fate is Fate.OTHER_RECIPIENT


def run(app: Flask, *arguments: str, given: bytes = b"") -> Result:
    db.session.rollback()
    return app.test_cli_runner().invoke(bounces, arguments, input=given)


def test_the_command_tells_of_each_file(app: Flask, tmp_path: Path) -> None:
    mail_id = queue_note(app)
    one, two = tmp_path / "one.eml", tmp_path / "two{}.eml"
    one.write_bytes(report_of(mail_id))
    two.write_bytes(b"nonsense {status}")
    answer = run(app, str(one), str(two), str(one))
    assert (answer.exit_code, answer.output.splitlines()) == (
        0,
        [
            f"{one}: mail {mail_id} came back for good (5.1.1); its address is marked",
            f"{two}: not read: it is no delivery status notification",
            f"{one}: mail {mail_id}: reported before, nothing was changed",
        ],
    )


def test_the_command_reads_standard_input_and_answers_in_json(app: Flask) -> None:
    mail_id = queue_note(app)
    answer = run(app, "--json", given=report_of(mail_id))
    assert json.loads(answer.output) == {"file": "-", "result": "marked", "mail": mail_id, "status": "5.1.1"}
    answer = run(app, "--json", "-", given=b"x")
    assert json.loads(answer.output)["why"] == "it is no delivery status notification"


def test_a_database_that_is_away_is_told_so_that_the_mail_server_tries_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = report_of(queue_note(app))

    def away(_work: object) -> None:
        raise OperationalError("statement", {}, Exception("away"))

    monkeypatch.setattr(commands, "transact", away)
    answer = run(app, given=content)
    assert (answer.exit_code, answer.output) == (
        75,
        "The database cannot be used now (OperationalError). Nothing was changed; try again later.\n",
    )


def test_a_file_that_is_not_there_is_told_and_the_others_are_read(app: Flask, tmp_path: Path) -> None:
    mail_id = queue_note(app)
    there = tmp_path / "there.eml"
    there.write_bytes(report_of(mail_id))
    answer = run(app, str(tmp_path / "gone.eml"), str(tmp_path), str(there))
    assert answer.exit_code == 2
    assert [line.rpartition(": ")[2] for line in answer.output.splitlines()] == [
        "No such file or directory",
        "Is a directory",
        f"mail {mail_id} came back for good (5.1.1); its address is marked",
    ]
