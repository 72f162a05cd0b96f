"""Each kind of conflict of two sessions or of a person, what it names, and what is none."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from conference.core.ids import PersonId, RoomId, SessionId
from conference.core.interval import Interval
from conference.programme.board import Board
from conference.programme.checking import check
from conference.programme.conflicts import (
    Conflict,
    ManyMarked,
    PersonTwice,
    PersonUnavailable,
    RoomEmptied,
    RoomTaken,
    TrackTwice,
    WalkTooShort,
)
from conference.programme.facts import CheckSettings
from conference.programme.model import Kind, PartRole, Session
from conference.programme.severity import DEFAULTS, OF_PLACE, ConflictKind, Severity, choices_of
from conference.programme.weighing import by_urgency, in_the_way, made_worse, of_session
from tests.factories.programme_values import (
    NINE,
    facts,
    person,
    programme,
    room,
    session,
    settings,
    track,
)

CHAIR = PartRole.CHAIR
BLOCKS, WARNS = Severity.BLOCK_PUBLISHING, Severity.WARN


def found(*sessions: Session, **known: Any) -> tuple[Conflict, ...]:
    """Return the conflicts but those of chairs, which most sessions here do not have."""
    rooms = known.pop("more_rooms", ())
    every = check(Board(programme(*sessions, more_rooms=rooms), facts(**known)))
    return tuple(one for one in every if one.kind is not ConflictKind.CHAIR_MISSING)


def both_walks(one: int, other: int, minutes: int) -> dict[tuple[RoomId, RoomId], int]:
    return {(RoomId(one), RoomId(other)): minutes, (RoomId(other), RoomId(one)): minutes}


def test_one_room_at_overlapping_times_names_both_sessions_and_the_minutes() -> None:
    first, second = session(1, room_number=1), session(2, start_min=45, room_number=1)
    expected = RoomTaken(severity=BLOCKS, room=room(1), first=first, second=second, overlap_min=15)
    assert found(second, first) == (expected,)
    assert expected.minutes == 15


def test_touching_sessions_are_fine() -> None:
    people = [person(7, CHAIR)]
    assert (
        found(
            session(1, room_number=1, people=people),
            session(2, start_min=60, room_number=1, people=people),
        )
        == ()
    )


@pytest.mark.parametrize(("one", "other", "count"), [(True, True, 0), (True, False, 1), (False, False, 1)])
def test_a_room_is_shared_only_where_both_are_marked(one: bool, other: bool, count: int) -> None:
    pair = (
        session(1, room_number=1, kind=Kind.POSTER, may_share_room=one),
        session(2, room_number=1, kind=Kind.EXHIBITION, may_share_room=other),
    )
    assert len(found(*pair)) == count


def test_a_container_and_what_is_inside_it_at_any_depth_are_no_conflict() -> None:
    people = [person(7, CHAIR)]
    of_track: dict[str, Any] = {"track": track(1)}
    day = session(1, room_number=1, duration_min=180, people=people, **of_track)
    part = session(2, room_number=1, duration_min=90, people=people, parent_id=SessionId(1), **of_track)
    talk = session(3, room_number=1, duration_min=30, people=people, parent_id=SessionId(2), **of_track)
    assert found(day, part, talk) == ()
    beside = replace(talk, parent_id=None)
    kinds = {one.kind for one in found(day, part, beside)}
    assert kinds == {ConflictKind.ROOM_TAKEN, ConflictKind.PERSON_TWICE, ConflictKind.TRACK_TWICE}


def test_parts_of_one_container_are_in_each_others_way() -> None:
    inside: dict[str, Any] = {"room_number": 1, "parent_id": SessionId(1)}
    one, other = session(2, **inside), session(3, start_min=30, **inside)
    (conflict,) = found(session(1, room_number=1, duration_min=180), one, other)
    assert conflict.sessions == (one, other)


def test_a_plenary_empties_the_rooms_that_are_marked_and_no_others() -> None:
    emptied = room(2, is_emptied_by_plenary=True)
    plenary = session(1, room_number=1, kind=Kind.PLENARY)
    inside, beside = session(2, start_min=40, room=emptied), session(3, room_number=3)
    expected = RoomEmptied(severity=BLOCKS, room=emptied, first=plenary, second=inside, overlap_min=20)
    assert found(plenary, inside, beside) == (expected,)
    assert found(plenary, session(2, start_min=60, room=emptied)) == ()
    assert found(session(1, room_number=1), inside) == ()


def test_a_speaker_is_booked_by_the_talks_time_and_a_chair_by_the_sessions() -> None:
    speaks_last = session(1, room_number=1, talks=[(30, []), (30, [person(7)])])
    chairs = session(2, start_min=-30, room_number=2, people=[person(7, CHAIR)])
    assert found(speaks_last, chairs) == ()
    longer = session(2, start_min=-20, room_number=2, people=[person(7, CHAIR)])
    assert found(speaks_last, longer) == (
        PersonTwice(
            severity=BLOCKS, person=person(7, CHAIR), first=longer, second=speaks_last, overlap_min=10
        ),
    )


def test_a_chair_who_speaks_in_the_same_session_is_no_conflict() -> None:
    assert found(session(1, people=[person(7, CHAIR)], talks=[(20, [person(7)]), (20, [person(7)])])) == ()


def test_an_author_with_two_posters_in_one_session_is_no_conflict_and_is_there_all_the_time() -> None:
    author = person(7, PartRole.PRESENTING_AUTHOR)
    posters = session(1, kind=Kind.POSTER, talks=[(5, [author]), (5, []), (5, [author])])
    assert found(posters) == ()
    assert [talk.span for talk in posters.talks] == [posters.span] * 3
    (conflict,) = found(posters, session(2, start_min=50, people=[person(7)]))
    assert conflict.minutes == 10


def test_two_talks_in_one_other_session_are_one_conflict_with_all_its_minutes() -> None:
    talks = session(1, talks=[(20, [person(7)]), (20, []), (20, [person(7)])])
    panel = session(2, start_min=10, duration_min=40, people=[person(7, PartRole.PANELLIST)])
    (conflict,) = found(talks, panel)
    assert (conflict.kind, conflict.minutes) == (ConflictKind.PERSON_TWICE, 20)


@pytest.mark.parametrize("name", ["TBA", "tba", "Panel"])
def test_placeholders_are_nobody(name: str) -> None:
    nobody = replace(person(7, CHAIR), name=name)
    pair = session(1, people=[nobody]), session(2, people=[nobody])
    known: dict[str, Any] = {
        "settings": CheckSettings(placeholders=("TBA", "panel")),
        "disclosed": (),
        "unavailable": {PersonId(7): (Interval(start=NINE, end=NINE + timedelta(hours=1)),)},
    }
    assert found(*pair, **known) == ()
    assert len(found(*pair, **known | {"settings": CheckSettings()})) == 4


def test_an_unscheduled_session_stands_in_nobodys_way() -> None:
    assert found(session(1, room_number=1), session(2, start_min=None, room_number=1)) == ()


def test_a_walk_that_is_longer_than_the_break_is_a_conflict_of_the_minutes_that_lack() -> None:
    first = session(1, room_number=1, people=[person(7)])
    second = session(2, start_min=65, room_number=2, people=[person(7)])
    expected = WalkTooShort(
        severity=WARNS, first=first, second=second, person=person(7), gap_min=5, walk_min=8
    )
    assert found(first, second, walks=both_walks(1, 2, 8)) == (expected,)
    assert expected.minutes == 3
    assert found(first, second, walks=both_walks(1, 2, 5)) == ()
    assert found(first, second, walks=both_walks(1, 3, 8)) == ()


def test_who_is_needed_in_both_at_once_has_no_walk_as_well() -> None:
    pair = (
        session(1, room_number=1, people=[person(7)]),
        session(2, start_min=30, room_number=2, people=[person(7)]),
    )
    (conflict,) = found(*pair, walks=both_walks(1, 2, 8))
    assert conflict.kind is ConflictKind.PERSON_TWICE


def test_a_person_who_cannot_is_told_by_the_talks_time() -> None:
    spoken = session(1, talks=[(30, []), (30, [person(7)])])
    absent = Interval(start=NINE, end=NINE + timedelta(minutes=40))
    expected = PersonUnavailable(severity=WARNS, session=spoken, person=person(7), overlap_min=10)
    assert found(spoken, unavailable={PersonId(7): (absent,)}) == (expected,)


def test_two_sessions_of_one_track_at_once() -> None:
    one, other = session(1, track=track(1)), session(2, start_min=50, track=track(1))
    expected = TrackTwice(severity=WARNS, first=one, second=other, overlap_min=10, track=track(1))
    assert found(one, other, session(3, track=track(2))) == (expected,)


def test_two_sessions_that_many_marked_from_the_number_that_staff_set() -> None:
    one, other, apart = session(1), session(2, start_min=30), session(3, start_min=200)
    marks = {(one.id, other.id): 12, (one.id, apart.id): 90}
    expected = ManyMarked(severity=WARNS, first=one, second=other, overlap_min=30, marks=12)
    assert found(one, other, apart, marks=marks) == (expected,)
    assert found(one, other, apart, marks=marks, settings=CheckSettings(many_marks=13)) == ()


def test_what_staff_ignore_is_not_looked_for() -> None:
    pair = session(1, room_number=1), session(2, room_number=1)
    ignoring = settings(room_taken=Severity.IGNORE, chair_missing=Severity.IGNORE)
    assert found(*pair, settings=ignoring) == ()
    (conflict,) = found(*pair, settings=settings(room_taken=Severity.BLOCK_MOVE))
    assert conflict.severity is Severity.BLOCK_MOVE


def test_the_worst_comes_first_and_then_the_earliest() -> None:
    late = session(1, start_min=38 * 60 + 30)
    full = session(2, duration_min=30, talks=[(20, []), (20, [])])
    both = found(late, full)
    assert [one.kind for one in both] == [ConflictKind.OUTSIDE_EVENT, ConflictKind.TALKS_TOO_LONG]
    assert in_the_way(both) == both[:1]
    assert of_session(both, full.id) == both[1:]
    assert by_urgency(reversed(both)) == both


def test_only_what_a_place_causes_can_block_a_move_and_nothing_does_by_itself() -> None:
    assert {kind for kind in ConflictKind if Severity.BLOCK_MOVE in choices_of(kind)} == OF_PLACE
    assert set(DEFAULTS) == set(ConflictKind)
    assert Severity.BLOCK_MOVE not in DEFAULTS.values()
    assert all(DEFAULTS[kind] in choices_of(kind) for kind in ConflictKind)


def test_worse_is_what_is_new_or_longer_and_blocks_the_move() -> None:
    first, second = session(1, room_number=1), session(2, start_min=45, room_number=1)
    blocks = RoomTaken(severity=Severity.BLOCK_MOVE, room=room(1), first=first, second=second, overlap_min=15)
    longer, warns = replace(blocks, overlap_min=20), replace(blocks, severity=WARNS)
    assert made_worse((), (blocks,)) == (blocks,)
    assert made_worse((blocks,), (blocks,)) == ()
    assert made_worse((longer,), (blocks,)) == ()
    assert made_worse((blocks,), (longer,)) == (longer,)
    assert made_worse((), (warns,)) == ()


def test_the_sweep_does_not_compare_all_pairs() -> None:
    """3,000 sessions one after the other in one room are 4 million pairs; beside all overlaps none is looked at twice."""
    sessions = [session(number, start_min=number, duration_min=1, room_number=1) for number in range(3000)]
    board = Board(programme(*sessions), facts())
    met = list(board.rooms[RoomId(1)].meetings())
    assert met == []
    assert check(board, {ConflictKind.ROOM_TAKEN}) == ()
