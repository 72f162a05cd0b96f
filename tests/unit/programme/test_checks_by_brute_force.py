"""The sweep, one proposed place and the map of all places say the same as a scan of all pairs, written apart."""

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import timedelta
from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from conference.core.ids import PersonId, RoomId, SessionId
from conference.core.interval import Interval
from conference.event.model import RoomHours
from conference.programme.board import Board
from conference.programme.checking import check, proposed, standing
from conference.programme.conflicts import Conflict
from conference.programme.facts import CheckSettings, Facts
from conference.programme.heat import LEVELS, heatmap
from conference.programme.model import Kind, PartRole, Programme, Session
from conference.programme.rules import by_time, placed
from conference.programme.severity import OF_PLACE, ConflictKind, Severity
from conference.programme.weighing import of_session
from tests.factories import brute_force
from tests.factories.programme_values import DAYS, EVENT, NINE, person, programme, room, session, track

OF_TITLES = {ConflictKind.SPONSOR_IN_TITLE, ConflictKind.INDUSTRY_UNMARKED, ConflictKind.DISCLOSURE_MISSING}
OPEN = Interval(start=NINE, end=NINE + timedelta(hours=3))
ROOMS = (
    room(1),
    room(2, seats=20, is_emptied_by_plenary=True),
    room(3, hours=(RoomHours(day=DAYS[0], span=OPEN),)),
)
parts = st.builds(person, st.integers(1, 5), st.sampled_from([PartRole.SPEAKER, PartRole.CHAIR]))
# The first day begins at 00:00 in Stockholm, 9 hours before; the event ends 39 hours after.
starts_min = st.one_of(
    st.none(), st.integers(-20, 60).map(lambda slot: slot * 5), st.just(-560), st.just(2300)
)
sessions = st.fixed_dictionaries(
    {
        "start_min": starts_min,
        "duration_min": st.integers(1, 24).map(lambda slot: slot * 5),
        "kind": st.sampled_from([Kind.PARALLEL, Kind.PLENARY, Kind.POSTER, Kind.BREAK]),
        "room": st.none() | st.sampled_from(ROOMS),
        "track": st.none() | st.sampled_from([track(1), track(2)]),
        "people": st.lists(parts, max_size=2),
        "talks": st.lists(st.tuples(st.integers(1, 40), st.lists(parts, max_size=2)), max_size=3),
        "may_share_room": st.booleans(),
        "expected_people": st.none() | st.integers(0, 40),
        "parent": st.none() | st.integers(1, 6),
    }
)


@st.composite
def programmes(draw: Any) -> Programme:
    drawn = draw(st.lists(sessions, min_size=1, max_size=6))
    made = []
    for number, values in enumerate(drawn, 1):
        parent = values.pop("parent")
        # Only those before can hold one, so no circle comes of it.
        inside = SessionId(parent) if parent is not None and parent < number else None
        made.append(session(number, parent_id=inside, **values))
    return programme(*made, more_rooms=ROOMS)


@st.composite
def all_facts(draw: Any) -> Facts:
    walks = {}
    for one, other in combinations((1, 2, 3), 2):
        minutes = draw(st.sampled_from([0, 5, 15]))
        walks[RoomId(one), RoomId(other)] = walks[RoomId(other), RoomId(one)] = minutes
    since = NINE + timedelta(minutes=5 * draw(st.integers(-10, 40)))
    absent = Interval(start=since, end=since + timedelta(minutes=draw(st.integers(1, 90))))
    pairs = draw(
        st.dictionaries(st.tuples(st.integers(1, 6), st.integers(1, 6)), st.integers(1, 20), max_size=6)
    )
    severities = draw(st.dictionaries(st.sampled_from(sorted(OF_PLACE)), st.sampled_from(list(Severity)[:3])))
    return Facts(
        event=EVENT,
        settings=CheckSettings(severities=severities, placeholders=("Person 5",)),
        unavailable={PersonId(1): (absent,)},
        walks=walks,
        registered={SessionId(1): draw(st.integers(0, 60))},
        marks={(SessionId(a), SessionId(b)): count for (a, b), count in pairs.items() if a < b},
    )


def plain(found: Iterable[Conflict]) -> set[brute_force.Found]:
    return {
        (one.kind, one.about, frozenset(item.id for item in one.sessions), one.minutes)
        for one in found
        if one.kind not in OF_TITLES
    }


def moved_to(drawn: Programme, which: Session, to: tuple[int | None, int | None]) -> Programme:
    room_number, start_min = to
    place = next((one for one in ROOMS if one.id == room_number), None)
    start = None if start_min is None else NINE + timedelta(minutes=start_min)
    moved = placed(which, place, start)
    return replace(drawn, sessions=by_time(moved if one.id == which.id else one for one in drawn.sessions))


@settings(max_examples=300, deadline=None)
@given(programmes(), all_facts())
def test_the_sweep_finds_what_all_pairs_show(drawn: Programme, facts: Facts) -> None:
    found = check(Board(drawn, facts))
    assert plain(found) == brute_force.everything(drawn, facts)
    assert len(found) == len(plain(found)), "each is told once"


def _roleless(found: Iterable[Conflict]) -> list[tuple[Any, ...]]:
    """Return what the conflicts say, without their person's role: it is that of the first session, whichever this is by now."""
    return [
        (
            type(one),
            *tuple(
                replace(value, role=PartRole.SPEAKER) if name == "person" else value
                for name, value in ((field.name, getattr(one, field.name)) for field in fields(one))
            ),
        )
        for one in found
    ]


@settings(max_examples=200, deadline=None)
@given(
    programmes(),
    all_facts(),
    st.tuples(st.none() | st.integers(1, 3), st.none() | st.integers(-20, 60).map(lambda slot: slot * 5)),
)
def test_a_proposed_place_says_what_a_check_of_the_changed_draft_says(
    drawn: Programme, facts: Facts, to: tuple[int | None, int | None]
) -> None:
    board, which = Board(drawn, facts), drawn.sessions[0]
    room_id = None if to[0] is None else RoomId(to[0])
    start = None if to[1] is None else NINE + timedelta(minutes=to[1])
    after = check(Board(moved_to(drawn, which, to), facts))
    assert _roleless(proposed(board, which.id, room_id, start)) == _roleless(of_session(after, which.id))
    assert standing(board, which.id) == of_session(check(board), which.id)


@settings(max_examples=40, deadline=None)
@given(programmes(), all_facts(), st.sampled_from([5, 10, 15]))
def test_the_map_of_all_places_says_what_each_place_says(
    drawn: Programme, facts: Facts, step_min: int
) -> None:
    board, which = Board(drawn, facts), drawn.sessions[-1]
    heat = heatmap(board, which.id, step_min)
    assert heat.count == 48 * 60 // step_min
    for place in ROOMS:
        levels = heat.levels(place.id)
        assert len(levels) == heat.count
        for number in range(0, heat.count, 7):
            found = proposed(board, which.id, place.id, heat.start(number))
            expected = {one.kind for one in found if one.kind in OF_PLACE}
            assert heat.at(place.id, number) == expected, (place.name, heat.start(number))
            assert levels[number] == max((LEVELS[board.severities[kind]] for kind in expected), default=0)
