from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from conference.programme.listing import people_listed, session_now
from conference.programme.model import Kind, Programme
from conference.programme.timetable import Place, day_grid, style_sheet
from tests.factories.programme_values import DAYS, NINE, person, programme, session


def lines(made: Programme) -> dict[int, tuple[int, int, int, int]]:
    """Return (row, column, row end, column end) by session."""
    grid = day_grid(made, DAYS[0])
    return {
        place.session.id: (place.row, place.column, place.row_end, place.column_end) for place in grid.places
    }


def test_parallel_sessions_stand_side_by_side_under_a_plenary_across_all_rooms() -> None:
    made = programme(
        session(1, kind=Kind.PLENARY, room_number=1, duration_min=30),
        session(2, start_min=30, room_number=1),
        session(3, start_min=30, room_number=2, duration_min=90),
        session(4, start_min=120, kind=Kind.BREAK),
    )
    assert lines(made) == {1: (2, 2, 3, 4), 2: (3, 2, 4, 3), 3: (3, 3, 5, 4), 4: (5, 2, 6, 4)}


def test_a_lunch_leaves_the_room_of_a_session_beside_it_free() -> None:
    made = programme(
        session(1, kind=Kind.BREAK),
        session(2, start_min=-60, room_number=1),
        session(3, start_min=15, duration_min=30, room_number=2),
    )
    assert lines(made)[1] == (3, 2, 6, 3)


def test_a_room_that_sessions_share_has_a_column_for_each_and_one_head() -> None:
    made = programme(
        session(1, room_number=1, kind=Kind.POSTER, duration_min=90),
        session(2, room_number=1, kind=Kind.EXHIBITION, start_min=30, duration_min=90),
        session(3, room_number=1, start_min=90),
        session(4, room_number=2),
    )
    grid = day_grid(made, DAYS[0])
    assert (grid.heads, grid.columns) == (((2, 4), (4, 5)), 3)
    columns = {place.session.id: (place.column, place.column_end) for place in grid.places}
    # The third begins when the first ends, and is still beside the second.
    assert columns == {1: (2, 3), 2: (3, 4), 3: (2, 3), 4: (4, 5)}
    assert ".c1{grid-area:1/2/2/4}" in style_sheet(made)
    assert ".c2{grid-area:1/4}" in style_sheet(made)


def test_who_is_alone_in_a_shared_room_stands_across_it() -> None:
    shared = [session(1, room_number=1), session(2, room_number=1)]
    made = programme(*shared, session(3, room_number=1, start_min=60))
    assert lines(made) == {1: (2, 2, 3, 3), 2: (2, 3, 3, 4), 3: (3, 2, 4, 4)}


def test_an_evening_beside_full_rooms_gets_a_column_of_its_own() -> None:
    made = programme(session(1, kind=Kind.SOCIAL), session(2, room_number=1))
    assert lines(made) == {1: (2, 3, 3, 4), 2: (2, 2, 3, 3)}
    assert day_grid(made, DAYS[0]).columns == 2


def test_heights_are_true_breaks_are_thin_and_nothing_is_a_gap() -> None:
    made = programme(
        session(1, room_number=1, duration_min=90),
        session(2, kind=Kind.BREAK, start_min=90, duration_min=30),
        session(3, start_min=180, room_number=1, duration_min=45),
    )
    assert day_grid(made, DAYS[0]).heights_rem == (17.1, 2.75, 2.0, 8.55)


def test_the_style_sheet_places_by_class_and_only_where_there_is_width() -> None:
    assert style_sheet(programme(session(1, room_number=1))) == (
        "@media (min-width:48rem){\n"
        ".d20220922{grid-template-columns:3.75rem repeat(1,minmax(0,1fr));grid-template-rows:auto minmax(11.4rem,auto) auto}\n"
        ".d20220922 .c1{grid-area:1/2}\n"
        ".d20220922 .t2{grid-area:2/1}\n"
        ".d20220922 .t3{grid-area:3/1}\n"
        ".s1{grid-area:2/2/3/3}\n"
        ".d20220923{grid-template-columns:3.75rem repeat(1,minmax(0,1fr));grid-template-rows:auto auto}\n"
        ".d20220923 .c1{grid-area:1/2}\n"
        "}\n"
    )


def test_an_empty_day_has_an_empty_grid() -> None:
    assert day_grid(programme(), DAYS[0]).places == ()


placed = st.builds(
    session,
    st.integers(1, 99),
    start_min=st.integers(0, 60).map(lambda slot: slot * 5),
    duration_min=st.integers(1, 24).map(lambda slot: slot * 5),
    room_number=st.integers(1, 4),
    kind=st.sampled_from(Kind),
) | st.builds(
    session,
    st.integers(100, 199),
    start_min=st.integers(0, 60).map(lambda slot: slot * 5),
    duration_min=st.integers(1, 24).map(lambda slot: slot * 5),
    kind=st.sampled_from([Kind.BREAK, Kind.SOCIAL]),
)


def meet(one: Place, other: Place) -> bool:
    rows = one.row < other.row_end and other.row < one.row_end
    return rows and one.column < other.column_end and other.column < one.column_end


@given(st.lists(placed, max_size=9, unique_by=lambda item: item.id))
def test_no_session_lies_on_another_and_none_is_lost(drawn: list) -> None:  # type: ignore[type-arg]  # the strategy says what is in it
    made = programme(*drawn)
    grid = day_grid(made, DAYS[0])
    assert {place.session.id for place in grid.places} == {item.id for item in drawn}
    assert not [pair for pair in combinations(grid.places, 2) if meet(*pair)]
    assert all(2 <= place.column < place.column_end <= grid.columns + 2 for place in grid.places)


def test_now_is_what_began_last_or_comes_next_today() -> None:
    made = programme(session(1, duration_min=180), session(2, start_min=60), session(3, start_min=240))
    minute = NINE.__class__.fromisoformat
    assert session_now(made, minute("2022-09-22T08:00+02:00")) == made.sessions[0]
    assert session_now(made, minute("2022-09-22T10:15+02:00")) == made.sessions[1]
    assert session_now(made, minute("2022-09-22T12:30+02:00")) == made.sessions[2]
    assert session_now(made, minute("2022-09-22T23:30+02:00")) is None
    assert session_now(made, minute("2022-09-21T10:00+02:00")) is None


def test_people_are_listed_once_with_all_that_they_do() -> None:
    made = programme(session(1, people=[person(2)], talks=[(20, [person(1), person(2)])]))
    listed = people_listed(made)
    assert [
        (item.part.name, [seen.talk and seen.talk.title for seen in item.appearances]) for item in listed
    ] == [
        ("Person 1", ["Talk 0"]),
        ("Person 2", [None, "Talk 0"]),
    ]
