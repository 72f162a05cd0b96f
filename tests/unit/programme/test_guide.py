"""What fits a filter, what overlaps, and what is on in a room."""

from datetime import timedelta

import pytest

from conference.core.ids import SessionId
from conference.programme.guide import (
    Filters,
    Overlap,
    Phase,
    by_day,
    overlaps,
    phase,
    room_now,
    rooms_now,
)
from conference.programme.model import Kind
from conference.programme.version_pages import turns
from tests.factories.programme_values import DAYS, NINE, person, programme, room, session, track

FIRST = session(1, start_min=0, duration_min=60, room_number=1, track=track(3))
SECOND = session(2, start_min=60, duration_min=30, room_number=1, kind=Kind.WORKSHOP)
BESIDE = session(3, start_min=30, duration_min=60, room_number=2, talks=[(20, [person(1)]), (20, [])])
TOMORROW = session(4, start_min=24 * 60, duration_min=60, room_number=1, track=track(4))
COFFEE = session(5, start_min=90, duration_min=30, kind=Kind.BREAK)
ALL = programme(FIRST, SECOND, BESIDE, TOMORROW, COFFEE)


@pytest.mark.parametrize(
    ("asked", "fitting"),
    [
        (Filters(), [1, 2, 3, 4, 5]),
        (Filters(track="3"), [1]),
        (Filters(kind="workshop"), [2]),
        (Filters(room="2"), [3]),
        (Filters(track="3", room="1", kind="parallel"), [1]),
        (Filters(track="3", room="2"), []),
        (Filters(track="9"), []),
        (Filters(track="3 OR 1=1"), []),
        (Filters(kind="nothing"), []),
        (Filters(room="0001"), []),
    ],
)
def test_a_session_fits_all_filters_or_none_is_shown(asked: Filters, fitting: list[int]) -> None:
    assert sorted(one.id for one in ALL.sessions if asked.fit(one)) == fitting


def test_filters_are_kept_as_they_stand_in_an_address() -> None:
    assert Filters(track="3", room="2").kept == [("track", "3"), ("room", "2")]
    assert (Filters(room="2").ask, Filters().ask) == (True, False)


def test_sessions_stand_under_their_day_by_time_and_room() -> None:
    unscheduled = session(9, start_min=None)
    found = [
        (day, [one.id for one in of_day])
        for day, of_day in by_day([TOMORROW, COFFEE, BESIDE, FIRST, unscheduled])
    ]
    assert found == [(DAYS[0], [1, 3, 5]), (DAYS[1], [4])]


def test_overlaps_name_both_and_the_minutes_and_touching_is_none() -> None:
    assert overlaps([SECOND, FIRST, BESIDE, COFFEE]) == [
        Overlap(one=FIRST, other=BESIDE, minutes=30),
        Overlap(one=BESIDE, other=SECOND, minutes=30),
    ]


def test_a_session_inside_another_does_not_overlap_with_it() -> None:
    inside = session(6, start_min=10, duration_min=20, room_number=1, parent_id=SessionId(1))
    assert overlaps([FIRST, inside]) == []


@pytest.mark.parametrize(
    ("minute", "expected"),
    [
        (-1, Phase.BEFORE),
        (0, Phase.DURING),
        (119, Phase.DURING),
        (120, Phase.BETWEEN),
        (24 * 60, Phase.DURING),
        (25 * 60, Phase.AFTER),
    ],
)
def test_a_moment_lies_before_in_between_or_after(minute: int, expected: Phase) -> None:
    assert phase(ALL, NINE + timedelta(minutes=minute)) == expected


def test_a_programme_without_a_time_is_over() -> None:
    assert phase(programme(), NINE) == Phase.AFTER


@pytest.mark.parametrize(
    ("room_number", "minute", "current", "talk", "following"),
    [
        (1, -5, [], None, 1),
        (1, 0, [1], None, 2),
        # Half open: the first ends as the second begins.
        (1, 60, [2], None, 4),
        (2, 35, [3], "Talk 0", None),
        (2, 50, [3], "Talk 1", None),
        (2, 75, [3], None, None),
        (1, 26 * 60, [], None, None),
        (None, 0, [], None, 5),
        (None, 95, [5], None, None),
    ],
)
def test_a_room_tells_what_is_on_and_what_comes_next(
    room_number: int | None, minute: int, current: list[int], talk: str | None, following: int | None
) -> None:
    told = room_now(ALL, room(room_number) if room_number else None, NINE + timedelta(minutes=minute))
    assert [one.id for one in told.current] == current
    assert (told.talk.title if told.talk else None) == talk
    assert (told.following.id if told.following else None) == following


def test_posters_are_on_all_at_once_so_none_is_the_one_of_now() -> None:
    wall = session(7, kind=Kind.POSTER, room_number=3, talks=[(60, []), (60, [])])
    assert room_now(programme(wall), room(3), NINE).talk is None


def test_rooms_stand_in_their_order_after_what_is_for_all() -> None:
    assert [place.room.id if place.room else None for place in rooms_now(ALL, NINE)] == [None, 1, 2]
    later = NINE + timedelta(minutes=200)
    assert [place.room.id if place.room else None for place in rooms_now(ALL, later)] == [1, 2]


def test_each_moment_at_which_something_turns_is_known_once() -> None:
    found = [(moment - NINE).total_seconds() / 60 for moment in turns(programme(FIRST, SECOND, BESIDE))]
    midnights = [-9 * 60, 15 * 60, 39 * 60]
    assert found == sorted([*midnights, 0, 30, 50, 60, 70, 90])
