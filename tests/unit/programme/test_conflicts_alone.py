"""Each kind of conflict that one session has by itself, what it names, and what is none."""

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
    ChairMissing,
    Conflict,
    DisclosureMissing,
    IndustryUnmarked,
    OutsideEvent,
    OutsideRoomHours,
    SponsorInTitle,
    TalksTooLong,
    TooFewSeats,
)
from conference.programme.facts import CheckSettings
from conference.programme.model import Kind, PartRole, Session
from conference.programme.severity import ConflictKind, Severity
from conference.programme.weighing import in_the_way
from tests.factories.programme_values import (
    DAYS,
    EVENT,
    facts,
    person,
    programme,
    room,
    session,
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
