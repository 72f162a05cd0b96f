"""The mark of what was sent to print: set once a version, taken back by who saw it, and counted from."""

from datetime import timedelta

import pytest
from flask import Flask

from conference.audit.model import BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.clock import clock
from conference.core.errors import NotFoundError, RevisionMissingError, StaleDeletionError
from conference.db.base import db
from conference.db.work import transact
from conference.programme.changes import ChangeKind
from conference.programme.errors import NotSentToPrintError, SentToPrintAlreadyError
from conference.programme.printings import find_printing, mark_sent, printings, take_back
from conference.programme.queries import published
from conference.programme.since_print import since_print
from conference.programme.tables import VersionRow
from tests.factories.programme import at, make_room, make_session, publish_now, withdraw_version
from tests.factories.telling import rename

pytestmark = pytest.mark.usefixtures("app")


def sent(number: int, minutes: int = 0) -> None:
    now = clock.now() + timedelta(minutes=minutes)
    transact(lambda session: mark_sent(session, number, actor=BY_SYSTEM, now=now))
    db.session.remove()


def taken_back(number: int, seen: int | None) -> None:
    transact(lambda session: take_back(session, number, seen, actor=BY_SYSTEM))
    db.session.remove()


def titles() -> list[tuple[str, list[ChangeKind]]]:
    public = published()
    assert public is not None
    since = since_print(public)
    assert since is not None
    return [
        (entry.session.title if entry.session else "", [point.kind for point in entry.points])
        for entry in since.entries
    ]


def test_each_publication_after_the_mark_differs_from_what_was_printed() -> None:
    room = make_room("Aula")
    first = make_session("First", room_id=room, start=at("09:00"))
    publish_now()
    db.session.remove()
    assert find_printing() is None
    public = published()
    assert public is not None
    assert since_print(public) is None
    sent(1)
    assert titles() == []
    rename(first, "Another first")
    publish_now()
    db.session.remove()
    assert titles() == [("Another first", [ChangeKind.RETITLED])]
    make_session("Second", room_id=room, start=at("08:00"))
    publish_now()
    db.session.remove()
    assert titles() == [("Second", [ChangeKind.ADDED]), ("Another first", [ChangeKind.RETITLED])]
    withdraw_version(3)
    db.session.remove()
    assert titles() == [("Another first", [ChangeKind.RETITLED])]


def test_what_was_sent_last_is_what_readers_hold() -> None:
    first = make_session("First", room_id=make_room("Aula"), start=at("09:00"))
    publish_now()
    sent(1)
    rename(first, "Another first")
    publish_now()
    sent(2, minutes=5)
    assert [one.number for one in printings(db.session())] == [2, 1]
    assert titles() == []
    last = find_printing()
    assert last
    taken_back(2, last.revision)
    assert titles() == [("Another first", [ChangeKind.RETITLED])]


def test_a_version_is_marked_once_and_only_if_there_is_one() -> None:
    make_session("First", room_id=make_room("Aula"), start=at("09:00"))
    publish_now()
    sent(1)
    with pytest.raises(SentToPrintAlreadyError) as refused:
        sent(1)
    assert str(refused.value).startswith("Version 1 was marked as sent to print already, on 5 September 2022")
    with pytest.raises(NotFoundError):
        sent(7)


def test_a_mark_is_taken_back_by_who_saw_it_and_the_history_tells() -> None:
    make_session("First", room_id=make_room("Aula"), start=at("09:00"))
    publish_now()
    sent(1)
    with pytest.raises(RevisionMissingError):
        taken_back(1, None)
    with pytest.raises(StaleDeletionError):
        taken_back(1, 9)
    taken_back(1, 1)
    assert find_printing() is None
    with pytest.raises(NotSentToPrintError):
        taken_back(1, 1)
    version_id = db.session.query(VersionRow.id).scalar()
    actions = [one.action for one in history_of("programme_version", version_id)]
    assert actions[:2] == ["print taken back", "sent to print"]


def test_marks_are_read_from_memory_until_one_is_set(app: Flask) -> None:
    make_session("First", room_id=make_room("Aula"), start=at("09:00"))
    publish_now()
    sent(1)
    before = printings(db.session())
    db.session.remove()
    assert printings(db.session()) is before
    assert "conference_standing" in app.extensions
