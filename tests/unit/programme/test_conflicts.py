"""Each kind of conflict, what it names, and what is none."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from conference.core.clock import STOCKHOLM
from conference.core.ids import PersonId, RoomId, SessionId
from conference.core.interval import Interval
from conference.event.model import RoomHours
from conference.programme.board import Board
from conference.programme.checking import check, proposed
from conference.programme.conflicts import (
    DEFAULTS,
    OF_PLACE,
    ChairMissing,
    CheckSettings,
    Conflict,
    ConflictKind,
    DisclosureMissing,
    IndustryUnmarked,
    ManyMarked,
    OutsideEvent,
    OutsideRoomHours,
    PersonTwice,
    PersonUnavailable,
    RoomEmptied,
    RoomTaken,
    Severity,
    SponsorInTitle,
    TalksTooLong,
    TooFewSeats,
    TrackTwice,
    WalkTooShort,
    by_urgency,
    choices_of,
    in_the_way,
    made_worse,
    of_session,
)
from conference.programme.model import Kind, PartRole, Session
from tests.factories.programme_values import (
    DAYS,
    EVENT,
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


@pytest.mark.parametrize(("expected", "registered", "needed"), [(51, 0, 51), (None, 60, 60), (51, 60, 60)])
def test_too_few_seats_count_who_is_registered_and_expected(
    expected: int | None, registered: int, needed: int
) -> None:
    hall = room(1, seats=50)
    full = session(1, room=hall, expected_people=expected)
    conflict = TooFewSeats(severity=WARNS, session=full, room=hall, seats=50, needed=needed)
    assert found(full, registered={SessionId(1): registered}) == (conflict,)


def test_seats_that_are_enough_or_uncounted_are_no_conflict() -> None:
    assert found(session(1, room=room(1, seats=50), expected_people=50)) == ()
    assert found(session(1, room=room(1), expected_people=5000)) == ()


def test_outside_the_event_tells_the_minutes_outside() -> None:
    late = session(1, start_min=38 * 60 + 30)
    assert found(late) == (OutsideEvent(severity=BLOCKS, session=late, outside_min=30),)


def open_on(day: int, first_hour: int, hours: int) -> RoomHours:
    start = datetime.combine(DAYS[day], datetime.min.time(), STOCKHOLM) + timedelta(hours=first_hour)
    return RoomHours(day=DAYS[day], span=Interval(start=start, end=start + timedelta(hours=hours)))


def test_a_room_is_closed_outside_its_hours_and_open_all_day_without_any() -> None:
    hall = room(1, hours=(open_on(0, 8, 2),))
    late = session(1, start_min=30, room=hall)
    expected = OutsideRoomHours(severity=BLOCKS, session=late, room=hall, outside_min=30)
    assert found(late) == (expected,)
    assert found(session(1, room=hall)) == ()
    assert found(session(1, start_min=24 * 60 + 600, room=hall)) == ()


def test_hours_that_reach_past_midnight_belong_to_the_evening_before() -> None:
    hall = room(1, hours=(open_on(0, 18, 8), open_on(1, 9, 9)))
    night = session(1, start_min=14 * 60, duration_min=120, room=hall)
    assert night.span
    assert night.span.start.astimezone(STOCKHOLM).hour == 23
    assert found(night) == ()
    after_midnight = session(1, start_min=15 * 60 + 30, duration_min=90, room=hall)
    assert found(after_midnight) == ()
    (conflict,) = found(session(1, start_min=15 * 60 + 30, duration_min=120, room=hall))
    assert conflict.minutes == 30


def test_sessions_past_midnight_meet_those_of_the_day_after() -> None:
    party = session(1, start_min=14 * 60, duration_min=180, room_number=1)
    breakfast = session(2, start_min=16 * 60 + 30, room_number=1)
    (conflict,) = found(party, breakfast)
    assert conflict.minutes == 30


def test_the_hour_that_a_clock_change_repeats_is_two_hours() -> None:
    """On 30 October 2022 the hour from 02:00 comes twice in Stockholm: the same wall time, no common minute."""
    event = replace(
        EVENT,
        first_day=datetime(2022, 10, 30, tzinfo=UTC).date(),
        last_day=datetime(2022, 10, 30, tzinfo=UTC).date(),
    )
    moments = [datetime(2022, 10, 30, 2, 0, tzinfo=STOCKHOLM, fold=fold) for fold in (0, 1)]
    pair = [
        replace(
            session(number, room_number=1),
            span=Interval(start=moment.astimezone(UTC), end=moment.astimezone(UTC) + timedelta(hours=1)),
        )
        for number, moment in enumerate(moments, 1)
    ]
    of_chairs = {ConflictKind.CHAIR_MISSING}
    board = Board(programme(*pair), replace(facts(), event=event))
    assert {one.kind for one in check(board)} == of_chairs
    same = proposed(board, SessionId(2), RoomId(1), moments[0])
    assert {one.kind: one.minutes for one in same} == {
        ConflictKind.ROOM_TAKEN: 60,
        ConflictKind.CHAIR_MISSING: 0,
    }


def test_talks_longer_than_their_session_only_warn() -> None:
    full = session(2, duration_min=30, talks=[(20, []), (20, [])])
    assert found(full) == (TalksTooLong(severity=WARNS, session=full, over_min=10),)
    assert found(session(2, duration_min=30, kind=Kind.POSTER, talks=[(20, []), (20, [])])) == ()


@pytest.mark.parametrize(
    ("kind", "people", "is_missing"),
    [
        (Kind.PARALLEL, [], True),
        (Kind.PARALLEL, [person(1)], True),
        (Kind.PARALLEL, [person(1, CHAIR)], False),
        (Kind.PANEL, [person(1, PartRole.MODERATOR)], False),
        (Kind.BREAK, [], False),
        (Kind.POSTER, [], False),
    ],
)
def test_a_chair_is_asked_for_where_somebody_speaks(kind: Kind, people: list[Any], is_missing: bool) -> None:
    made = session(1, kind=kind, people=people)
    expected = (ChairMissing(severity=WARNS, session=made),) if is_missing else ()
    assert check(Board(programme(made), facts())) == expected


def test_a_container_is_chaired_inside() -> None:
    holds = session(1, duration_min=120)
    inside = session(2, people=[person(1, CHAIR)], parent_id=SessionId(1))
    assert check(Board(programme(holds, inside), facts())) == ()


def test_a_missing_disclosure_names_all_sessions_and_stops_a_final_version_only() -> None:
    one = session(1, people=[person(7, CHAIR)], talks=[(20, [person(8)])])
    other = session(2, start_min=60, people=[person(7, CHAIR)])
    missing = DisclosureMissing(severity=BLOCKS, person=person(7, CHAIR), sessions=(one, other))
    assert found(one, other, disclosed={PersonId(8)}) == (missing,)
    assert found(one, other, disclosed={PersonId(7), PersonId(8)}) == ()
    assert found(one, other, disclosed=None) == ()
    assert in_the_way([missing]) == ()
    assert in_the_way([missing], is_final=True) == (missing,)


@pytest.mark.parametrize(
    ("title", "is_named"),
    [
        ("What ACME knows of genes", True),
        ("Acme", True),
        ("Acmegenes in flies", False),
        ("On the acne of youth", False),
    ],
)
def test_a_sponsor_in_a_scientific_title_is_a_whole_word_in_any_case(title: str, is_named: bool) -> None:
    science = session(1, title=title)
    expected = (SponsorInTitle(severity=WARNS, session=science, title=title, sponsor="Acme"),)
    known: dict[str, Any] = {"settings": CheckSettings(sponsors=("Acme",))}
    assert found(science, **known) == (expected if is_named else ())
    assert found(session(1, title=title, kind=Kind.INDUSTRY), **known) == ()
    assert found(session(1, title=title, kind=Kind.SOCIAL), **known) == ()


def test_who_pays_for_a_session_is_a_sponsor_for_all_titles_of_talks_too() -> None:
    paid = session(1, kind=Kind.INDUSTRY, sponsor="Acme Ltd")
    science = session(2, start_min=60, talks=[(20, [])])
    talk = replace(science.talks[0], title="Acme Ltd and we")
    named = replace(science, talks=(talk,))
    expected = SponsorInTitle(severity=WARNS, session=named, title=talk.title, sponsor="Acme Ltd")
    assert found(paid, named) == (expected,)


def test_a_session_that_a_company_pays_for_needs_the_kind_that_says_so() -> None:
    paid = session(1, sponsor="Acme")
    assert found(paid) == (IndustryUnmarked(severity=BLOCKS, session=paid, sponsor="Acme"),)
    for kind in (Kind.INDUSTRY, Kind.EXHIBITION, Kind.SOCIAL):
        assert found(session(1, kind=kind, sponsor="Acme")) == ()


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
