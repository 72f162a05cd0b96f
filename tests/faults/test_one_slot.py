"""Two editors move two sessions into one slot at the same instant (trust.md 16), with the guard and without it."""

import threading
import time
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session as DbSession

from conference.audit.model import BY_SYSTEM
from conference.core.errors import StaleRevisionError
from conference.core.ids import RoomId, SessionId
from conference.db.base import db
from conference.db.work import transact
from conference.programme import records, service
from conference.programme.checking import check
from conference.programme.conflicts import RoomTaken
from conference.programme.model import MoveSession, Programme
from conference.programme.placing import Placed, place
from conference.programme.queries import board_of, draft
from conference.programme.records import Edited
from tests.factories.programme import at, make_room, make_session

Work = Callable[[SessionId], Edited]


def at_once(app: Flask, session_ids: list[SessionId], work: Work) -> list[Edited]:
    """Let each session be moved by a thread and a connection of its own, all beginning together."""
    answers: list[Edited] = []
    faults: list[BaseException] = []
    start = threading.Barrier(len(session_ids))

    def edit(session_id: SessionId) -> None:
        with app.app_context():
            try:
                start.wait(60)
                answers.append(work(session_id))
            except BaseException as fault:  # noqa: BLE001 -- it is shown by the test that waits
                faults.append(fault)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=edit, args=(session_id,)) for session_id in session_ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert faults == []
    return answers


def command(session_id: SessionId, room_id: RoomId) -> MoveSession:
    return MoveSession(session_id=session_id, room_id=room_id, start=at("09:00"), expected_revision=1)


def slow(read: Callable[[DbSession], Programme]) -> Callable[[DbSession], Programme]:
    """Return the reading with a pause after it: between what an editor saw and what an editor writes."""

    def reading(session: DbSession) -> Programme:
        seen = read(session)
        time.sleep(0.3)
        return seen

    return reading


def rooms_taken() -> int:
    found = transact(lambda session: check(board_of(draft(session), session)))
    return sum(isinstance(one, RoomTaken) for one in found)


def told(answers: list[Edited]) -> list[int]:
    """Return how many conflicts over the room each editor was told of, fewest first."""
    return sorted(sum(isinstance(one, RoomTaken) for one in answer.conflicts) for answer in answers)


def test_of_two_editors_for_one_slot_exactly_one_hears_of_no_conflict(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    room_id = make_room("Aula")
    pair = [make_session("One"), make_session("Other")]
    monkeypatch.setattr(service, "draft_under_lock", slow(records.draft_under_lock))

    def move(session_id: SessionId) -> Edited:
        return transact(
            lambda session: service.move_session(session, command(session_id, room_id), actor=BY_SYSTEM)
        )

    answers = at_once(app, pair, move)
    assert told(answers) == [0, 1]
    assert [answer.revision for answer in answers] == [2, 2]
    assert rooms_taken() == 1


def test_without_the_lock_both_editors_hear_of_no_conflict(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: each checks what it saw before the other wrote. The revisions of the rows do not help."""
    room_id = make_room("Aula")
    pair = [make_session("One"), make_session("Other")]
    both_have_seen = threading.Barrier(2)

    def checked_before(*_again: object) -> Placed:
        found: Placed = seen.placed
        return found

    seen = threading.local()

    def move(session_id: SessionId) -> Edited:
        """Look first, in a transaction of its own, as if nobody else could come between; then write without a lock."""
        with DbSession(db.engine) as looking:
            board = board_of(draft(looking), looking)
            seen.placed = place(board, session_id, room_id, at("09:00"))
        both_have_seen.wait(60)
        with DbSession(db.engine.execution_options(conference_writing=True)) as writing:
            edited = service.move_session(writing, command(session_id, room_id), actor=BY_SYSTEM)
            writing.commit()
            return edited

    monkeypatch.setattr(records, "lock_draft", lambda _session: 0)
    monkeypatch.setattr(service, "place", checked_before)
    # A second guard: no two steps have one revision of the draft.
    monkeypatch.setattr(service, "note_step", lambda *_args, **_more: None)
    answers = at_once(app, pair, move)
    assert told(answers) == [0, 0]
    assert [answer.revision for answer in answers] == [2, 2]
    assert rooms_taken() == 1


def test_two_editors_of_one_session_are_one_winner_and_one_who_is_told(app: Flask) -> None:
    room_id = make_room("Aula")
    session_id = make_session("One")
    outcomes: list[str] = []

    def move(which: SessionId) -> Edited:
        try:
            edited = transact(
                lambda session: service.move_session(session, command(which, room_id), actor=BY_SYSTEM)
            )
        except StaleRevisionError as error:
            outcomes.append("told" if not error.theirs else f"told {sorted(error.theirs)}")
            return Edited(session_id=which, revision=0, conflicts=())
        outcomes.append("saved")
        return edited

    at_once(app, [session_id, session_id], move)
    assert sorted(outcomes) == ["saved", "told"]
