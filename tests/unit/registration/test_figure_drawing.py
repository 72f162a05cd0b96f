"""Where the bars of a chart stand."""

from conference.registration.figure_drawing import Column, Timeline, lengths, timeline
from conference.registration.suppression import Bar


def test_bars_are_hundredths_of_the_longest() -> None:
    counts = (40, 10, None, 0, 1)
    assert lengths([Bar(label="a", count=count) for count in counts]) == [100, 25, 0, 0, 2.5]
    assert lengths([Bar(label="a", count=0)]) == [0]


def test_a_day_without_a_registration_is_a_gap() -> None:
    days = [Bar(label="2022-08-31", count=8), Bar(label="2022-09-02", count=None)]
    found = timeline(days)
    assert found == Timeline(
        first="2022-08-31",
        last="2022-09-02",
        days=3,
        most=8,
        columns=(Column(place=0, height=100), Column(place=2, height=None)),
    )
    # One day alone is no block over the whole breadth.
    assert (found.breadth, found.is_hiding) == (14, True)


def test_without_registrations_there_is_no_line_of_time() -> None:
    assert timeline([]) is None


def test_where_all_is_hidden_no_height_is_named() -> None:
    found = timeline([Bar(label="2022-09-02", count=None)])
    assert found is not None
    assert (found.most, found.breadth) == (None, 14)
