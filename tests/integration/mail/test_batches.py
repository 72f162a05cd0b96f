"""Many mails over one connection, each settled on its own."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from conference.core.ids import MailId
from conference.db.work import EasedLine, transact
from conference.jobs.model import JobState
from conference.mail import outbox, settling
from conference.mail.delivery import Delivery
from conference.mail.model import Attachment, AttachmentOrder, Rank
from conference.mail.personal import erase
from conference.mail.queries import attempts_of
from conference.mail.registry import attachment_makers
from tests.factories.mail import make_due, outbox_row, queue_note
from tests.factories.smtp import DROP, SILENT, TAKEN, closed_port, mailserver, send_through

MAKER = AttachmentOrder(kind="test-acts", facts={})


def work_off(stop: threading.Event | None = None) -> int:
    return outbox.outbox.work_off("me", stop or threading.Event())


def fates(mails: list[MailId]) -> list[tuple[object, object, object]]:
    rows = [outbox_row(mail_id) for mail_id in mails]
    return [(row["state"], row["attempts"], row["lease_owner"]) for row in rows]


def recipients(lines: list[str]) -> list[str]:
    return [line.partition("<")[2].partition("@")[0] for line in lines if line.startswith("rcpt")]


@pytest.fixture
def acting() -> Iterator[list[Callable[[], None]]]:
    """Acts that happen while the attachment MAKER is made."""
    acts: list[Callable[[], None]] = []

    def make(_facts: object) -> Attachment:
        for act in acts:
            act()
        return Attachment(filename="a.txt", content_type="text/plain", content=b"a")

    attachment_makers.fill("test-acts", make)
    yield acts
    attachment_makers._entries.pop("test-acts")


def test_all_that_is_due_goes_over_one_connection(app: Flask) -> None:
    mails = [queue_note(app, f"p{number}@clinic.example") for number in range(25)]
    with mailserver() as server:
        send_through(app, server.port)
        assert work_off() == 25
    assert (server.connections, len(server.raw), server.lines[-1]) == (1, 25, "quit")
    assert fates(mails) == [("done", 1, None)] * 25
    assert [attempts_of(mail_id)[0].answer for mail_id in mails] == ["250 taken"] * 25


def test_what_is_about_ones_own_registration_goes_first(app: Flask) -> None:
    queue_note(app, "campaign1@clinic.example", rank=Rank.CAMPAIGN)
    queue_note(app, "campaign2@clinic.example", rank=Rank.CAMPAIGN)
    queue_note(app, "own@clinic.example")
    with mailserver() as server:
        send_through(app, server.port)
        work_off()
    assert recipients(server.lines) == ["own", "campaign1", "campaign2"]


def test_a_refused_recipient_is_reset_and_the_others_are_sent(app: Flask) -> None:
    mails = [queue_note(app, f"{name}@clinic.example") for name in ("a", "b", "c")]
    with mailserver({"rcpt TO:<b@clinic.example>": "550 5.1.1 unknown"}) as server:
        send_through(app, server.port)
        assert work_off() == 3
    assert [outbox_row(mail_id)["state"] for mail_id in mails] == ["done", "failed", "done"]
    assert (server.connections, server.lines.count("rset"), len(server.raw)) == (1, 1, 2)


def test_a_server_that_closes_used_connections_gets_new_ones(app: Flask) -> None:
    mails = [queue_note(app, f"p{number}@clinic.example") for number in range(7)]
    with mailserver(closes_after=3) as server:
        send_through(app, server.port)
        assert work_off() == 7
    assert (server.connections, len(server.raw)) == (3, 7)
    assert fates(mails) == [("done", 1, None)] * 7


def test_a_connection_carries_no_more_mails_than_the_setting_says(app: Flask) -> None:
    for number in range(5):
        queue_note(app, f"p{number}@clinic.example")
    with mailserver() as server:
        send_through(app, server.port, mail_per_connection=2)
        assert work_off() == 5
    assert (server.connections, server.lines.count("quit")) == (3, 3)


@pytest.mark.parametrize("fault", ["421 closing", DROP])
def test_a_fault_of_one_mail_costs_a_connection_and_no_other_mail(app: Flask, fault: str) -> None:
    mails = [queue_note(app, f"{name}@clinic.example") for name in ("a", "b", "c")]
    with mailserver({"rcpt TO:<b@clinic.example>": fault}) as server:
        send_through(app, server.port)
        assert work_off() == 3
    assert [outbox_row(mail_id)["state"] for mail_id in mails] == ["done", "retrying", "done"]
    assert (server.connections, len(server.raw)) == (2, 2)


def test_a_server_that_is_away_is_asked_by_one_mail_and_then_left_alone(app: Flask) -> None:
    mails = [queue_note(app) for _ in range(5)]
    with closed_port() as port:
        send_through(app, port)
        assert (work_off(), work_off()) == (1, 0)
    assert fates(mails) == [("retrying", 1, None)] + [("queued", 0, None)] * 4
    assert attempts_of(mails[0])[0].answer == "ConnectionRefusedError: [Errno 111] Connection refused"


def test_a_mail_whose_lease_would_not_suffice_is_put_back(app: Flask) -> None:
    mails = [queue_note(app, f"p{number}@clinic.example") for number in range(4)]
    claimed = outbox._claim
    seen: list[list[tuple[object, object, object]]] = []

    def watched(owner: str, **more: Any) -> list[int]:
        seen.append(fates(mails))
        return claimed(owner, **more)

    with pytest.MonkeyPatch.context() as patch, mailserver(pause_s=1.2) as server:
        patch.setattr(outbox, "_claim", watched)
        send_through(app, server.port, lease_s=4)
        assert work_off() == 4
    # Of the 3 s that a lease of 4 gives, 1.5 must be left to begin: two mails, and the others wait again.
    assert seen[1] == [("done", 1, None)] * 2 + [("queued", 0, None)] * 2
    assert (fates(mails), len(server.raw)) == ([("done", 1, None)] * 4, 4)


@pytest.mark.parametrize(("quick_s", "sizes"), [(60.0, [20, 40, 60]), (0.0, [20, 20, 20])])
def test_behind_a_quick_server_more_is_claimed_at_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch, quick_s: float, sizes: list[int]
) -> None:
    asked: list[int] = []
    claimed = outbox._claim

    def watched(owner: str, most: int) -> list[int]:
        asked.append(most)
        return claimed(owner, most=most)

    monkeypatch.setattr(outbox, "_claim", watched)
    monkeypatch.setattr(outbox, "QUICK_S", quick_s)
    monkeypatch.setattr(outbox, "MOST", 60)
    mails = [queue_note(app, f"p{number}@clinic.example") for number in range(41)]
    with mailserver() as server:
        send_through(app, server.port)
        assert work_off() == 41
    assert asked[:3] == sizes
    assert fates(mails) == [("done", 1, None)] * 41


def test_told_to_stop_it_ends_the_mail_in_hand_and_puts_the_others_back(
    app: Flask, acting: list[Callable[[], None]]
) -> None:
    stop = threading.Event()
    acting.append(stop.set)
    mails = [queue_note(app, attachments=(MAKER,)), queue_note(app), queue_note(app)]
    make_due(mails[2], state="retrying", attempts=3, last_answer="450 busy")
    with mailserver() as server:
        send_through(app, server.port)
        assert work_off(stop) == 1
    assert fates(mails) == [("done", 1, None), ("queued", 0, None), ("retrying", 3, None)]
    assert outbox_row(mails[2])["last_answer"] == "450 busy"


def test_told_to_stop_it_does_not_wait_for_a_silent_server(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conference.mail.hosts.STOP_S", 0.5)
    mails, stop = [queue_note(app), queue_note(app)], threading.Event()
    with mailserver({TAKEN: SILENT}) as server:
        send_through(app, server.port)
        threading.Timer(0.5, stop.set).start()
        begun = time.monotonic()
        assert work_off(stop) == 1
        # The dialogue would have lasted for 30 s more.
        assert time.monotonic() - begun < 25
    assert fates(mails) == [("retrying", 1, None), ("queued", 0, None)]


def test_a_worker_that_fails_gives_back_what_it_has_not_begun(
    app: Flask, acting: list[Callable[[], None]]
) -> None:
    def die() -> None:
        raise SystemExit

    acting.append(die)
    mails = [queue_note(app, attachments=(MAKER,)), queue_note(app)]
    with pytest.raises(SystemExit):
        work_off()
    assert fates(mails) == [("running", 1, "me"), ("queued", 0, None)]


def test_a_record_that_is_erased_meanwhile_is_not_written_to(
    app: Flask, acting: list[Callable[[], None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "FRESH_S", 0.0)
    acting.append(lambda: transact(lambda session: erase(session, [("registration", 2)], [])))
    mails = [
        queue_note(app, "a@clinic.example", attachments=(MAKER,)),
        queue_note(app, "b@clinic.example", about=("registration", 2)),
    ]
    with mailserver() as server:
        send_through(app, server.port)
        work_off()
    assert recipients(server.lines) == ["a"]
    assert [outbox_row(mail_id)["state"] for mail_id in mails] == ["done", "cancelled"]


def test_a_database_that_is_away_for_a_moment_after_the_mail_costs_no_double(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = iter([True, True, False])

    def sometimes(line: EasedLine, work: Callable[..., Any]) -> object:
        if next(away):
            raise OperationalError("", {}, Exception())
        return through(line, work)

    through = EasedLine.transact
    monkeypatch.setattr(EasedLine, "transact", sometimes)
    monkeypatch.setattr(settling, "AGAIN_S", 0.01)
    mail_id = queue_note(app)
    with mailserver() as server:
        send_through(app, server.port)
        assert outbox.deliver(mail_id, "me") == JobState.DONE
    assert (outbox_row(mail_id)["state"], len(server.raw)) == ("done", 1)


def _away(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Let the next transactions of a notebook fail so many times."""
    left = iter(range(times))
    through = EasedLine.transact

    def sometimes(line: EasedLine, work: Callable[..., Any]) -> object:
        if next(left, None) is not None:
            raise OperationalError("", {}, Exception())
        return through(line, work)

    monkeypatch.setattr(EasedLine, "transact", sometimes)
    monkeypatch.setattr(settling, "AGAIN_S", 0.01)


def test_a_worker_told_to_stop_still_asks_a_database_that_starts_anew(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    _away(monkeypatch, 5)
    stop = threading.Event()
    mail_id = queue_note(app)
    with mailserver() as server:
        send_through(app, server.port)
        (claimed,) = outbox._claim("me")
        with Delivery(stop) as line, settling.Notebook("me", stop) as notebook:
            batch = outbox._Batch([claimed], "me", line, notebook, stop, claimed_at=time.monotonic())
            send = line.send

            def then_stop(*given: Any, **more: Any) -> str:
                answer = send(*given, **more)
                stop.set()
                return answer

            monkeypatch.setattr(line, "send", then_stop)
            assert batch.send() == {mail_id: JobState.DONE}
    assert (outbox_row(mail_id)["state"], len(server.raw)) == ("done", 1)


def test_what_could_not_be_written_down_stays_noted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()
    stop.set()
    mail_id = queue_note(app)
    outbox._claim("me")
    monkeypatch.setattr(settling, "STOP_S", 0.0)
    _away(monkeypatch, 1)
    with settling.Notebook("me", stop) as notebook:
        end = settling.End(JobState.DONE, "250 taken")
        notebook.note({mail_id: end}, end.at, until=time.monotonic() + 60)
        with pytest.raises(OperationalError):
            notebook.write()
        assert outbox_row(mail_id)["state"] == "running"
        notebook.write()
    assert outbox_row(mail_id)["state"] == "done"


def test_a_mail_whose_maker_finds_no_database_waits_as_if_it_had_not_been_claimed(
    app: Flask, acting: list[Callable[[], None]]
) -> None:
    def go_away() -> None:
        raise OperationalError("", {}, Exception())

    acting.append(go_away)
    mails = [queue_note(app, attachments=(MAKER,)), queue_note(app)]
    with mailserver() as server:
        send_through(app, server.port)
        with pytest.raises(OperationalError):
            work_off()
    assert fates(mails) == [("queued", 0, None)] * 2
    assert server.raw == []


def test_a_batch_that_cannot_be_read_is_given_back(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    mails = [queue_note(app), queue_note(app)]

    def go_away(_batch: object) -> None:
        raise OperationalError("", {}, Exception())

    monkeypatch.setattr(outbox._Batch, "_read", go_away)
    with pytest.raises(OperationalError):
        work_off()
    assert fates(mails) == [("queued", 0, None)] * 2


def test_what_the_server_says_of_an_erased_person_is_not_written_down(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "550 5.1.1 <asa@clinic.example> unknown user Asa Lind"
    mail_id = queue_note(app, about=("registration", 7))
    send = Delivery.send

    def and_erase(line: Delivery, *given: Any, **more: Any) -> str:
        try:
            return send(line, *given, **more)
        finally:
            transact(lambda session: erase(session, [("registration", 7)], []))

    monkeypatch.setattr(Delivery, "send", and_erase)
    with mailserver({"RCPT": said}) as server:
        send_through(app, server.port)
        work_off()
    assert (outbox_row(mail_id)["last_answer"], attempts_of(mail_id)[0].answer) == ("", "")
    assert outbox_row(mail_id)["state"] == "failed"
