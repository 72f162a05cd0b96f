"""How fast the schedule's conflicts are found: all, those of one proposed place, and those of every place.

`rate` counts full checks of rooms and persons in a second of CPU, with laying the programme out each time; the floor
compares all pairs of bookings. `move_ms` is one proposed place, `heatmap_ms` every start of both days in all rooms 5
minutes apart with its worst severity, `all_ms` all kinds, laying out too, and `all_ratio` that beside rooms and persons.
"""

import argparse
import resource
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import cycle, islice
from typing import Any

from conference.core.ids import SessionId
from conference.programme.board import Board
from conference.programme.checking import ALL_KINDS, OF_ROOMS_AND_PERSONS, check, proposed
from conference.programme.heat import heatmap
from tests.benchmarks.schedule_data import crowded
from tests.factories.brute_force import rooms_and_persons
from tests.factories.programme_values import NINE

STEP_MIN = 5


def main(argv: Sequence[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="conflicts")
    parser.add_argument("--count", type=int, default=1000)
    count = parser.parse_args(argv).count
    programme, facts = crowded(count)
    board = Board(programme, facts)
    check(board)
    _assert_alike(board)
    basic_s = _fastest(lambda: check(Board(programme, facts), OF_ROOMS_AND_PERSONS))
    all_s = _fastest(lambda: check(Board(programme, facts), ALL_KINDS))
    floor_s = _fastest(lambda: rooms_and_persons(programme), times=3)
    ids = [one.id for one in programme.sessions]
    return {
        "name": "conflicts",
        "count": count,
        "rate": round(1 / basic_s, 1),
        "floor_rate": round(1 / floor_s, 2),
        "ratio": round(floor_s / basic_s, 1),
        "peak_rss_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "queries": 0,
        "check_ms": _ms(basic_s),
        "all_ms": _ms(all_s),
        "all_ratio": round(all_s / basic_s, 2),
        "laid_out_check_ms": _ms(_fastest(lambda: check(board, OF_ROOMS_AND_PERSONS))),
        "laid_out_all_ms": _ms(_fastest(lambda: check(board, ALL_KINDS))),
        "move_ms": _ms(_move_s(board)),
        "heatmap_ms": _ms(max(_heat_s(board, one) for one in ids[:5])),
    }


def _assert_alike(board: Board) -> None:
    """The floor finds the same overlaps, or the ratio would mean nothing."""
    found = {
        (one.about, *sorted(session.id for session in one.sessions))
        for one in check(board, OF_ROOMS_AND_PERSONS)
    }
    assert found == rooms_and_persons(board.programme)
    assert found, "the data has conflicts in it"


def _heat(board: Board, session_id: SessionId) -> list[bytes]:
    heat = heatmap(board, session_id, STEP_MIN)
    return [heat.levels(room_id) for room_id in heat.kinds]


def _heat_s(board: Board, session_id: SessionId) -> float:
    return _fastest(lambda: _heat(board, session_id), times=5)


def _move_s(board: Board) -> float:
    """Return the seconds of one proposed place, of sessions and places all over the schedule."""
    sessions, rooms = board.programme.sessions, board.programme.rooms
    places = [
        (one.id, room.id, NINE + timedelta(minutes=17 * number % 2000))
        for number, (one, room) in enumerate(islice(zip(cycle(sessions), cycle(rooms)), 500))
    ]
    return _fastest(lambda: [proposed(board, *place) for place in places], times=5) / len(places)


def _fastest(work: Callable[[], object], times: int = 10) -> float:
    """Return the CPU seconds of the fastest of some runs: what else the machine does only adds to them."""
    taken = []
    for _ in range(times):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken)


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)
