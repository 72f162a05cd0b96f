from dataclasses import replace
from datetime import timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from conference.core.ids import PersonId, RoomId, SessionId
from conference.core.interval import Interval
from conference.programme.model import Part, PartRole, Session
from conference.programme.rules import (
    Booking,
    Conflict,
    OutsideEvent,
    PersonTwice,
    RoomTaken,
    TalksTooLong,
    blocking,
    clashes,
    conflicts,
    of_session,
)
from tests.factories.programme_values import EVENT, NINE, person, programme, room, session

CHAIR = PartRole.CHAIR


def found(*sessions: Session) -> tuple[Conflict, ...]:
    return conflicts(programme(*sessions), EVENT)


def test_one_room_at_overlapping_times_is_a_conflict_that_names_both_sessions() -> None:
    first, second = session(1, room_number=1), session(2, start_min=45, room_number=1)
    assert found(first, second) == (RoomTaken(room=room(1), first=first, second=second, overlap_min=15),)


def test_touching_sessions_are_fine() -> None:
    people = [person(7, CHAIR)]
    assert (
        found(
            session(1, room_number=1, people=people),
            session(2, start_min=60, room_number=1, people=people),
        )
        == ()
    )


def test_a_speaker_is_booked_by_the_talks_time_and_a_chair_by_the_sessions() -> None:
    speaks_last = session(1, room_number=1, talks=[(30, []), (30, [person(7)])])
    chairs = session(2, start_min=-30, room_number=2, people=[person(7, CHAIR)])
    assert found(speaks_last, chairs) == ()
    chairs_longer = session(2, start_min=-20, room_number=2, people=[person(7, CHAIR)])
    assert found(speaks_last, chairs_longer) == (
        PersonTwice(person=person(7), first=chairs_longer, second=speaks_last, overlap_min=10),
    )


def test_a_chair_who_speaks_in_the_same_session_is_no_conflict() -> None:
    assert found(session(1, people=[person(7, CHAIR)], talks=[(20, [person(7)]), (20, [person(7)])])) == ()


def test_two_talks_in_one_other_session_are_one_conflict_with_all_its_minutes() -> None:
    talks = session(1, talks=[(20, [person(7)]), (20, []), (20, [person(7)])])
    panel = session(2, start_min=10, duration_min=40, people=[person(7, PartRole.PANELLIST)])
    assert found(talks, panel) == (
        PersonTwice(person=person(7, PartRole.PANELLIST), first=talks, second=panel, overlap_min=20),
    )


def test_an_unscheduled_session_stands_in_nobodys_way() -> None:
    assert found(session(1, room_number=1), session(2, start_min=None, room_number=1)) == ()


def test_outside_the_event_blocks_and_talks_that_are_too_long_only_warn() -> None:
    late = session(1, start_min=38 * 60 + 30)
    full = session(2, duration_min=30, talks=[(20, []), (20, [])])
    both = found(late, full)
    assert both == (OutsideEvent(session=late), TalksTooLong(session=full, over_min=10))
    assert blocking(both) == both[:1]
    assert of_session(both, full.id) == both[1:]


parts = st.builds(person, st.integers(1, 4), st.sampled_from([PartRole.SPEAKER, CHAIR]))
sessions = st.builds(
    session,
    st.just(0),
    start_min=st.integers(0, 48).map(lambda slot: slot * 5),
    duration_min=st.integers(1, 24).map(lambda slot: slot * 5),
    room_number=st.none() | st.integers(1, 3),
    people=st.lists(parts, max_size=2),
    talks=st.lists(st.tuples(st.integers(1, 40), st.lists(parts, max_size=2)), max_size=3),
)


def numbered(drawn: list[Session]) -> list[Session]:
    return [replace(item, id=SessionId(number)) for number, item in enumerate(drawn, 1)]


def minutes_of(item: Session, who: PersonId) -> set[int]:
    """Every minute in which a person is needed, one by one."""
    spans = [item.span for part in item.people if part.person_id == who]
    spans += [talk.span for talk in item.talks for part in talk.people if part.person_id == who]
    return {minute for span in spans if span for minute in every_minute(span)}


def every_minute(span: Interval) -> range:
    start = int((span.start - NINE) / timedelta(minutes=1))
    return range(start, start + span.duration_min)


def by_brute_force(items: list[Session]) -> set[tuple[str, int, frozenset[SessionId], int]]:
    everybody: set[Part] = {part for item in items for part in item.everybody}
    expected = set()
    for one, other in combinations(items, 2):
        if one.room and one.room == other.room and one.span and other.span:
            common = len(set(every_minute(one.span)) & set(every_minute(other.span)))
            expected.add(("room", int(one.room.id), frozenset({one.id, other.id}), common))
        for who in {part.person_id for part in everybody}:
            common = len(minutes_of(one, who) & minutes_of(other, who))
            expected.add(("person", int(who), frozenset({one.id, other.id}), common))
    return {entry for entry in expected if entry[3]}


@given(st.lists(sessions, max_size=7))
def test_the_sweep_finds_what_every_pair_and_every_minute_show(drawn: list[Session]) -> None:
    items = numbered(drawn)
    swept = set()
    for conflict in found(*items):
        pair = frozenset(item.id for item in conflict.sessions)
        if isinstance(conflict, RoomTaken):
            swept.add(("room", int(conflict.room.id), pair, conflict.overlap_min))
        elif isinstance(conflict, PersonTwice):
            swept.add(("person", int(conflict.person.person_id), pair, conflict.overlap_min))
    assert swept == by_brute_force(items)


def test_the_sweep_does_not_compare_all_pairs() -> None:
    """20,000 bookings one after the other are 200 million pairs, which would take minutes."""
    spans = [
        Interval(start=NINE + timedelta(minutes=n), end=NINE + timedelta(minutes=n + 1))
        for n in range(20_000)
    ]
    assert (
        clashes(Booking(what=RoomId(1), session_id=SessionId(n), span=span) for n, span in enumerate(spans))
        == {}
    )
