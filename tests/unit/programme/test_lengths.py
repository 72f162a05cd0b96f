"""What a length would bring is what a check of the stretched programme says."""

from dataclasses import replace

import pytest

from conference.core.errors import NotFoundError
from conference.core.ids import RoomId, SessionId
from conference.programme.board import Board
from conference.programme.checking import standing, stretched
from conference.programme.lengths import MOST_MIN, OF_LENGTH, lengths
from conference.programme.model import PartRole
from conference.programme.rules import placed
from conference.programme.severity import ConflictKind
from tests.factories.programme_values import NINE, facts, person, programme, session, settings

CHAIR = person(1, PartRole.CHAIR)
HELD = session(1, room_number=1, duration_min=60, people=[CHAIR], talks=[(40, [person(2)])])
# The chair is wanted elsewhere from the third hour on, and the room from the fourth.
ELSEWHERE = session(2, room_number=2, start_min=180, people=[person(1)])
NEXT = session(3, room_number=1, start_min=240)


@pytest.fixture
def board() -> Board:
    return Board(programme(HELD, ELSEWHERE, NEXT), facts(settings=settings()))


def test_each_length_is_what_a_check_of_the_stretched_programme_says(board: Board) -> None:
    found = lengths(board, HELD.id, 15)
    for number in range(found.count):
        longer = placed(replace(HELD, duration_min=(number + 1) * 15), HELD.room, NINE)
        full = Board(programme(longer, ELSEWHERE, NEXT), board.facts)
        expected = {one.kind for one in standing(full, HELD.id)} & OF_LENGTH
        assert found.at(RoomId(1), number) == expected, number
    told = [found.at(RoomId(1), minutes // 15 - 1) for minutes in (30, 60, 180, 195, 255)]
    assert told == [
        {ConflictKind.TALKS_TOO_LONG},
        set(),
        set(),
        {ConflictKind.PERSON_TWICE},
        {ConflictKind.PERSON_TWICE, ConflictKind.ROOM_TAKEN},
    ]
    assert found.count == MOST_MIN // 15


def test_of_all_kinds_only_those_wanted_are_looked_for(board: Board) -> None:
    kinds = {one.kind for one in stretched(board, HELD.id, 300, {ConflictKind.ROOM_TAKEN})}
    assert kinds == {ConflictKind.ROOM_TAKEN}


def test_what_has_no_time_or_no_room_has_no_lengths() -> None:
    tray, roomless = session(1, start_min=None, room_number=1), session(2)
    board = Board(programme(tray, roomless), facts())
    for one in (tray, roomless):
        assert (lengths(board, one.id, 5).count, lengths(board, one.id, 5).kinds) == (0, {})
    with pytest.raises(NotFoundError):
        lengths(board, SessionId(9), 5)
