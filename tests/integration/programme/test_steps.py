"""Each edit of the draft is a step: it can be taken back and done again, and the steps lead back to any moment."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count, pairwise
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session as DbSession

from conference.audit.model import Actor, by_staff
from conference.core.errors import DomainError, RevisionMissingError, StaleRevisionError
from conference.core.ids import RoomId, SessionId
from conference.db.standing import renew_token
from conference.db.work import transact
from conference.programme import editing, rules, service, steps, talks
from conference.programme.errors import (
    GoneToUndoError,
    GroundLostError,
    NothingToRedoError,
    NothingToUndoError,
    PinnedError,
    UnseenSessionError,
)
from conference.programme.gestures import Gesture, Placement, Push, Put, ShiftRoom, Swap
from conference.programme.history import MOST_UNDONE, Act, State, rewound
from conference.programme.model import PartRole, Programme, Session, SessionDetails, TalkDetails
from conference.programme.queries import draft, get_session
from conference.programme.restoring import states_of
from conference.programme.step_queries import steps as all_steps
from conference.web.access import Role
from tests.factories.accounts import make_member
from tests.factories.programme import at, make_person, make_room, make_session, make_talk, part

KEY = count()


@pytest.fixture
def me(app: Flask) -> Actor:
    return by_staff(make_member(Role.PROGRAMME, "me@conference.example"))


@pytest.fixture
def other(app: Flask) -> Actor:
    return by_staff(make_member(Role.PROGRAMME, "other@conference.example"))


def now_draft() -> Programme:
    return transact(draft)


def states() -> dict[SessionId, State]:
    return states_of(now_draft().sessions)


def stored(session_id: SessionId) -> Session:
    return get_session(now_draft(), session_id)


def do(
    gesture: Gesture, actor: Actor, *, key: str | None = None, seen: dict[SessionId, int] | None = None
) -> editing.Stepped:
    seen = {one.id: one.revision for one in now_draft().sessions} if seen is None else seen
    key = key or f"key-{next(KEY)}"
    return transact(lambda session: editing.carry_out(session, gesture, seen, key=key, actor=actor))


def put(
    session_id: SessionId, room_id: RoomId | None, time: str, duration_min: int = 60, day: int = 22
) -> Put:
    placement = Placement(
        session_id=session_id, room_id=room_id, start=at(time, day), duration_min=duration_min
    )
    return Put(placements=(placement,))


def undo(actor: Actor) -> object:
    return transact(lambda session: steps.undo(session, actor=actor))


def redo(actor: Actor) -> object:
    return transact(lambda session: steps.redo(session, actor=actor))


def test_a_move_is_taken_back_and_done_again(me: Actor) -> None:
    a, b = make_room("A"), make_room("B", place=2)
    session_id = make_session(room_id=a, start=at("09:00"))
    before = states()
    do(put(session_id, b, "10:00", 90), me)
    after = states()
    undo(me)
    assert states() == before
    redo(me)
    assert states() == after
    acts = [(step.act, step.state) for step in all_steps(limit=3)]
    assert [act for act, _ in acts] == [Act.REDO, Act.UNDO, Act.MOVE]


def test_what_a_form_saved_is_taken_back_too(me: Actor) -> None:
    session_id = make_session("Old title")
    before = states()
    details = replace(
        service.details_of(stored(session_id)),
        title="New title",
        people=(part(make_person(), PartRole.CHAIR),),
    )
    transact(lambda session: service.edit_session(session, session_id, 1, details, actor=me))
    undo(me)
    assert states() == before


def test_a_deleted_session_comes_back_with_its_talks_under_the_old_ids(me: Actor) -> None:
    person = make_person()
    session_id = make_session(
        room_id=make_room("A"), start=at("09:00"), people=(part(person, PartRole.CHAIR),)
    )
    make_talk(session_id, "One", people=(part(person),))
    make_talk(session_id, "Two")
    before = states()
    seen = rules.seen_mark(stored(session_id))
    transact(lambda session: service.delete_session(session, session_id, seen, actor=me))
    assert states() == {}
    undo(me)
    assert states() == before
    redo(me)
    assert states() == {}


def test_talks_are_put_back_in_their_order(me: Actor) -> None:
    session_id = make_session()
    one, two = make_talk(session_id, "One"), make_talk(session_id, "Two")
    before = states()
    details = TalkDetails(title="Two, now first", duration_min=15, position=1)
    transact(lambda session: talks.edit_talk(session, two, 1, details, actor=me))
    transact(lambda session: talks.delete_talk(session, one, 2, actor=me))
    undo(me)
    undo(me)
    assert states() == before


def test_a_step_of_another_stays_and_what_it_changed_is_not_overwritten(me: Actor, other: Actor) -> None:
    a, b = make_room("A"), make_room("B", place=2)
    mine, theirs = make_session(room_id=a, start=at("09:00")), make_session(room_id=b, start=at("09:00"))
    do(put(mine, a, "10:00"), me)
    do(put(theirs, b, "11:00"), other)
    undo(me)
    assert stored(mine).span.start == at("09:00")  # type: ignore[union-attr]  # it has one
    assert stored(theirs).span.start == at("11:00")  # type: ignore[union-attr]  # it has one
    redo(me)
    do(put(mine, b, "15:00"), other)
    with pytest.raises(GroundLostError) as raised:
        undo(me)
    assert raised.value.facts == {"title": "Molecular tumour boards", "who": "Test programme"}
    assert stored(mine).span.start == at("15:00")  # type: ignore[union-attr]  # it has one


def test_another_field_of_the_same_session_is_no_hindrance(me: Actor, other: Actor) -> None:
    session_id = make_session("Old", room_id=make_room("A"), start=at("09:00"))
    do(put(session_id, make_room("A"), "10:00"), me)
    details = replace(service.details_of(stored(session_id)), title="New")
    transact(lambda session: service.edit_session(session, session_id, 2, details, actor=other))
    undo(me)
    assert (stored(session_id).title, stored(session_id).span.start) == ("New", at("09:00"))  # type: ignore[union-attr]  # it has one


def _delete_room(session: DbSession, room_id: RoomId) -> None:
    session.execute(text("DELETE FROM room WHERE id = :id"), {"id": room_id})
    renew_token(session)


def test_what_needs_a_room_that_is_gone_is_not_taken_back(me: Actor) -> None:
    a, b = make_room("A"), make_room("B", place=2)
    session_id = make_session(room_id=a, start=at("09:00"))
    do(put(session_id, b, "09:00"), me)
    transact(lambda session: _delete_room(session, a))
    with pytest.raises(GoneToUndoError):
        undo(me)


def test_a_new_step_ends_what_could_be_done_again(me: Actor) -> None:
    session_id = make_session(room_id=make_room("A"), start=at("09:00"))
    do(put(session_id, make_room("A"), "10:00"), me)
    undo(me)
    do(put(session_id, make_room("A"), "11:00"), me)
    with pytest.raises(NothingToRedoError):
        redo(me)


def test_nobody_undoes_more_than_their_own(me: Actor, other: Actor) -> None:
    session_id = make_session(room_id=make_room("A"), start=at("09:00"))
    do(put(session_id, make_room("A"), "10:00"), other)
    with pytest.raises(NothingToUndoError):
        undo(me)


def test_a_hundred_steps_are_taken_back_and_no_more(me: Actor) -> None:
    room = make_room("A")
    session_id = make_session(room_id=room, start=at("09:00"))
    for number in range(MOST_UNDONE + 2):
        do(put(session_id, room, "09:00", 60 + number + 1), me)
    for _ in range(MOST_UNDONE):
        undo(me)
    assert stored(session_id).duration_min == 62
    with pytest.raises(NothingToUndoError):
        undo(me)


def test_a_request_that_comes_twice_is_carried_out_once(me: Actor) -> None:
    room = make_room("A")
    session_id = make_session(room_id=room, start=at("09:00"))
    push = Push(session_id=session_id, minutes=30)
    first = do(push, me, key="same")
    second = do(push, me, key="same")
    assert (first.step_id, first.is_repeated) == (second.step_id, False)
    assert second.is_repeated
    assert stored(session_id).span.start == at("09:30")  # type: ignore[union-attr]  # it has one


@pytest.mark.parametrize(
    ("seen", "error"),
    [({}, RevisionMissingError), ({999: 1}, UnseenSessionError), ({1: 7}, StaleRevisionError)],
)
def test_a_write_names_the_revision_that_it_saw(
    me: Actor, seen: dict[Any, int], error: type[DomainError]
) -> None:
    session_id = make_session(room_id=make_room("A"), start=at("09:00"))
    assert session_id == 1
    with pytest.raises(error):
        do(put(session_id, make_room("A"), "10:00"), me, seen=seen)
    assert stored(session_id).span.start == at("09:00")  # type: ignore[union-attr]  # it has one


def test_both_places_are_told_where_somebody_else_moved_it(me: Actor, other: Actor) -> None:
    room = make_room("A")
    session_id = make_session(room_id=room, start=at("09:00"))
    do(put(session_id, room, "11:00"), other)
    with pytest.raises(StaleRevisionError) as raised:
        do(put(session_id, room, "10:00"), me, seen={session_id: 1})
    assert raised.value.theirs == {"starts_at": "2022-09-22T09:00:00+00:00"}
    assert raised.value.mine == {"starts_at": "2022-09-22T08:00:00+00:00"}


def test_a_pinned_session_stays_and_may_last_longer(me: Actor) -> None:
    room = make_room("A")
    session_id = make_session(room_id=room, start=at("09:00"), is_pinned=True)
    with pytest.raises(PinnedError):
        do(put(session_id, room, "10:00"), me)
    do(put(session_id, room, "09:00", 75), me)
    assert stored(session_id).duration_min == 75


ROOMS = ("A", "B", "C")
TIMES = st.integers(0, 40).map(lambda number: f"{8 + number // 4:02}:{number % 4 * 15:02}")
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["put", "push", "swap", "room", "title", "delete", "undo", "redo", "undo", "talk"]),
        st.integers(0, 5),
        st.integers(0, 5),
        st.integers(0, 2),
        TIMES,
        st.booleans(),
    ),
    max_size=25,
)


class _Desk:
    """Two editors at one draft, who do at random what can be done, and are refused as they may be."""

    def __init__(self, actors: tuple[Actor, Actor]) -> None:
        self.actors = actors
        self.rooms = [make_room(name, place=place) for place, name in enumerate(ROOMS, 1)]
        for number in range(4):
            session_id = make_session(
                f"S{number}", room_id=self.rooms[number % 3], start=at(f"{9 + number:02}:00")
            )
            make_talk(session_id, f"T{number}")
        self.moments = [states()]

    def act(self, name: str, one: int, two: int, room: int, time: str, is_first: bool) -> None:
        actor = self.actors[0 if is_first else 1]
        sessions = now_draft().sessions
        first, second = (sessions[n % len(sessions)].id if sessions else SessionId(1) for n in (one, two))
        acts: dict[str, Callable[[], object]] = {
            "put": lambda: do(put(first, self.rooms[room], time), actor),
            "push": lambda: do(Push(session_id=first, minutes=15 + 5 * two), actor),
            "swap": lambda: do(Swap(first=first, second=second), actor),
            "room": lambda: do(
                ShiftRoom(room_id=self.rooms[room], to_room_id=self.rooms[two % 3], day=at("09:00").date()),
                actor,
            ),
            "title": lambda: self._edit(first, f"Title {time}", actor),
            "delete": lambda: self._delete(first, actor),
            "undo": lambda: undo(actor),
            "redo": lambda: redo(actor),
            "talk": lambda: self._talk(first, time, actor),
        }
        before = now_draft().draft_revision
        try:
            acts[name]()
        except DomainError:
            assert states() == self.moments[-1]
            assert now_draft().draft_revision == before
        else:
            self.moments.append(states())

    def _edit(self, session_id: SessionId, title: str, actor: Actor) -> None:
        details: SessionDetails = replace(service.details_of(stored(session_id)), title=title)
        revision = stored(session_id).revision
        transact(lambda session: service.edit_session(session, session_id, revision, details, actor=actor))

    def _delete(self, session_id: SessionId, actor: Actor) -> None:
        seen = rules.seen_mark(stored(session_id))
        transact(lambda session: service.delete_session(session, session_id, seen, actor=actor))

    def _talk(self, session_id: SessionId, title: str, actor: Actor) -> None:
        details = TalkDetails(title=title, position=1)
        transact(lambda session: talks.create_talk(session, session_id, details, actor=actor))


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(drawn=ACTS)
def test_the_steps_lead_back_to_every_moment(me: Actor, other: Actor, drawn: list[Any]) -> None:
    _empty()
    desk = _Desk((me, other))
    began_at = now_draft().draft_revision
    for one in drawn:
        desk.act(*one)
    found = [states()]
    for step in all_steps(after_revision=began_at):
        found.append(rewound(found[-1], [step.changes]))
    # What changed nothing made no step.
    # What changed nothing made no step.
    moments = [desk.moments[0], *(new for old, new in pairwise(desk.moments) if new != old)]
    assert found[::-1] == moments


def _empty() -> None:
    def work(session: DbSession) -> None:
        for table in ("programme_step_change", "programme_step", "session", "room"):
            session.execute(text(f"DELETE FROM {table}"))
        renew_token(session)

    transact(work)
