"""One session put elsewhere in a draft: what comes of it, what is refused, and where it might stand."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from conference.core.clock import STOCKHOLM
from conference.core.errors import NotFoundError
from conference.core.ids import RoomId, SessionId
from conference.core.interval import Interval
from conference.event.model import RoomHours
from conference.programme.board import Board
from conference.programme.checking import proposed
from conference.programme.errors import (
    GoneChoiceError,
    GoneError,
    InsideItselfError,
    MoveBlockedError,
    OutsideEventError,
    PinnedError,
)
from conference.programme.heat import heatmap
from conference.programme.model import Kind, SessionDetails
from conference.programme.placing import place, place_together
from conference.programme.rules import by_time, check_parent, check_pinned, placed
from conference.programme.severity import ConflictKind, Severity
from tests.factories.programme_values import (
    EVENT,
    NINE,
    facts,
    person,
    programme,
    room,
    session,
    settings,
)

TEN = NINE + timedelta(hours=1)
# No chair is asked for in these.
LED: dict[str, Any] = {"kind": Kind.WORKSHOP}
ONE, OTHER = SessionId(1), SessionId(2)
STRICT = settings(room_taken=Severity.BLOCK_MOVE)


def board_of(*sessions: Any, **known: Any) -> Board:
    return Board(programme(*sessions, more_rooms=[room(1), room(2)]), facts(**known))


def test_a_place_answers_the_new_draft_and_leaves_the_old_one() -> None:
    talked = session(1, talks=[(20, []), (10, [])], **LED)
    other = session(2, start_min=30, room_number=2, **LED)
    board = board_of(talked, other)
    before = board.programme
    found = place(board, ONE, RoomId(2), TEN)
    assert found.sessions[0] == replace(placed(talked, room(2), TEN), revision=1)
    assert [talk.span and talk.span.start for talk in found.sessions[0].talks] == [
        TEN,
        TEN + timedelta(minutes=20),
    ]
    assert found.draft == replace(before, sessions=(other, *found.sessions))
    assert [(one.kind, one.sessions, one.minutes) for one in found.conflicts] == [
        (ConflictKind.ROOM_TAKEN, (other, *found.sessions), 30)
    ]
    assert board.programme == before


def test_without_a_start_a_session_goes_off_the_schedule() -> None:
    found = place(board_of(session(1, room_number=1, **LED)), ONE, RoomId(1), None)
    assert (found.sessions[0].span, found.sessions[0].is_scheduled, found.conflicts) == (None, False, ())


def test_a_talk_at_another_time_keeps_all_else() -> None:
    (talk,) = session(1, talks=[(20, [person(1)])]).talks
    told: dict[str, Any] = {"poster_number": "P1", "board": "B2", "abstract": "Text", "revision": 7}
    talk = replace(talk, **told)
    moved = talk.at(None)
    assert moved.span is None
    for one in fields(talk):
        assert one.name == "span" or getattr(moved, one.name) == getattr(talk, one.name)


@pytest.mark.parametrize(
    ("which", "room_id", "start", "refusal"),
    [
        (9, 1, TEN, GoneError),
        (1, 9, TEN, GoneChoiceError),
        (1, 1, NINE + timedelta(days=5), OutsideEventError),
        (1, 1, NINE + timedelta(hours=38, minutes=30), OutsideEventError),
    ],
)
def test_what_is_gone_or_outside_is_refused(
    which: int, room_id: int, start: datetime, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        place(board_of(session(1)), SessionId(which), RoomId(room_id), start)


def test_a_conflict_that_staff_let_block_the_move_refuses_it_and_is_named() -> None:
    moving, other = session(1, room_number=2, **LED), session(2, room_number=1, **LED)
    with pytest.raises(MoveBlockedError) as caught:
        place(board_of(moving, other, settings=STRICT), ONE, RoomId(1), NINE)
    (conflict,) = caught.value.conflicts
    assert (conflict.kind, conflict.minutes, caught.value.facts) == (
        ConflictKind.ROOM_TAKEN,
        60,
        {"count": 1},
    )
    assert place(board_of(moving, other), ONE, RoomId(1), NINE).conflicts == (
        replace(conflict, severity=Severity.BLOCK_PUBLISHING),
    )


def test_what_was_in_the_way_before_may_stay_but_not_grow() -> None:
    pair = session(1, room_number=1, **LED), session(2, start_min=30, room_number=1, **LED)
    board = board_of(*pair, settings=STRICT)
    assert place(board, ONE, RoomId(1), NINE - timedelta(minutes=15)).conflicts[0].minutes == 15
    with pytest.raises(MoveBlockedError):
        place(board, ONE, RoomId(1), NINE + timedelta(minutes=15))


def test_a_swap_counts_by_its_outcome() -> None:
    pair = session(1, room_number=1, **LED), session(2, room_number=2, **LED)
    board = board_of(*pair, settings=STRICT)
    with pytest.raises(MoveBlockedError):
        place(board, ONE, RoomId(2), NINE)
    found = place_together(board, {ONE: (RoomId(2), NINE), OTHER: (RoomId(1), NINE)})
    assert {one.id: one.room and one.room.id for one in found.sessions} == {1: 2, 2: 1}
    assert [one.revision for one in found.sessions] == [1, 1]
    assert (found.conflicts, found.draft.sessions) == ((), by_time(found.sessions))


def test_what_two_moved_sessions_do_to_each_other_is_told_once_and_blocks() -> None:
    pair = session(1, start_min=None, **LED), session(2, start_min=None, **LED)
    places = {ONE: (RoomId(1), NINE), OTHER: (RoomId(1), NINE)}
    assert [one.kind for one in place_together(board_of(*pair), places).conflicts] == [
        ConflictKind.ROOM_TAKEN
    ]
    with pytest.raises(MoveBlockedError) as caught:
        place_together(board_of(*pair, settings=STRICT), places)
    assert len(caught.value.conflicts) == 1


@pytest.mark.parametrize(
    ("places", "refusal"),
    [
        ({ONE: (RoomId(1), NINE), SessionId(9): (RoomId(1), TEN)}, GoneError),
        ({ONE: (RoomId(9), NINE)}, GoneChoiceError),
        ({ONE: (RoomId(1), NINE + timedelta(days=5))}, OutsideEventError),
    ],
)
def test_of_moves_together_one_that_cannot_be_refuses_all(places: Any, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        place_together(board_of(session(1)), places)


def details(**other: Any) -> SessionDetails:
    values: dict[str, Any] = {
        "kind": Kind.PARALLEL,
        "title": "Session 1",
        "room_id": RoomId(1),
        "start": NINE,
    }
    return SessionDetails(**values | {"is_pinned": True} | other)


def test_a_pinned_session_stays_until_the_pin_is_taken_off() -> None:
    pinned = session(1, room_number=1, is_pinned=True)
    check_pinned(pinned, details(title="Other", start=NINE.astimezone(STOCKHOLM)))
    check_pinned(pinned, details(start=TEN, is_pinned=False))
    check_pinned(replace(pinned, is_pinned=False), details(start=TEN))
    for elsewhere in ({"start": TEN}, {"room_id": RoomId(2)}, {"start": None}):
        with pytest.raises(PinnedError):
            check_pinned(pinned, details(**elsewhere))


def test_a_pin_holds_in_the_hour_that_a_clock_change_repeats() -> None:
    second = datetime(2022, 10, 30, 2, 30, tzinfo=STOCKHOLM, fold=1)
    span = Interval(start=second.astimezone(UTC), end=second.astimezone(UTC) + timedelta(hours=1))
    pinned = replace(session(1, room_number=1, is_pinned=True), span=span)
    check_pinned(pinned, details(start=second))
    with pytest.raises(PinnedError):
        check_pinned(pinned, details(start=second.replace(fold=0)))


def test_a_session_never_stands_inside_itself() -> None:
    made = programme(session(1), session(2, parent_id=ONE), session(3, parent_id=OTHER))
    check_parent(made, 3, ONE)
    check_parent(made, None, SessionId(3))
    check_parent(made, 1, None)
    for parent_id in (ONE, OTHER, SessionId(3)):
        with pytest.raises(InsideItselfError):
            check_parent(made, 1, parent_id)


def test_a_proposal_or_a_map_of_no_session_is_refused() -> None:
    board = board_of(session(1))
    with pytest.raises(NotFoundError):
        proposed(board, SessionId(9), None, NINE)
    with pytest.raises(NotFoundError):
        heatmap(board, SessionId(9), 5)


def test_a_map_tells_of_each_start_what_it_would_be() -> None:
    other = session(2, start_min=60, room_number=1, **LED)
    heat = heatmap(board_of(session(1, start_min=None, **LED), other), ONE, 15)
    nine = int((NINE - heat.first) / timedelta(minutes=15))
    assert (heat.first, heat.count, heat.start(nine)) == (EVENT.span.start, 192, NINE)
    assert [heat.levels(RoomId(1))[nine + number] for number in range(10)] == [0, 2, 2, 2, 2, 2, 2, 2, 0, 0]
    assert heat.at(RoomId(1), nine + 1) == {ConflictKind.ROOM_TAKEN}
    assert heat.at(RoomId(2), nine + 1) == frozenset()
    assert list(heat.levels(RoomId(2))[-5:]) == [0, 0, 2, 2, 2]
    assert heat.at(RoomId(2), heat.count - 1) == {ConflictKind.OUTSIDE_EVENT}


def test_a_day_of_25_hours_has_each_of_its_starts() -> None:
    day = date(2022, 10, 30)
    event = replace(EVENT, first_day=day, last_day=day)
    start = datetime(2022, 10, 30, 2, tzinfo=STOCKHOLM, fold=1)
    hours = RoomHours(day=day, span=Interval(start=start, end=start.replace(hour=4, fold=0)))
    hall = room(1, hours=(hours,))
    made = programme(session(1, start_min=None, **LED), more_rooms=[hall])
    heat = heatmap(Board(made, replace(facts(), event=event)), ONE, 60)
    assert heat.count == 25
    closed = [number for number in range(25) if ConflictKind.OUTSIDE_ROOM_HOURS in heat.at(RoomId(1), number)]
    assert [number for number in range(25) if number not in closed] == [3, 4]
    for number in range(25):
        found = {
            one.kind
            for one in proposed(
                Board(made, replace(facts(), event=event)), ONE, RoomId(1), heat.start(number)
            )
        }
        assert found == heat.at(RoomId(1), number)
