"""The README tells who may see and do what, as the matrix says it."""

from collections import Counter

import pytest
from flask import Flask

from tests.security.access_areas import AREAS, Area
from tests.security.access_page import COLUMNS, README, ROUTES, cells_of, endpoints_in, readme, routes
from tests.security.matrix import MATRIX


def test_the_page_and_the_list_are_those_of_the_matrix(app: Flask) -> None:
    text = README.read_text("utf-8")
    assert readme(app, text) == text
    assert routes(app) == ROUTES.read_text("utf-8")


def test_every_route_is_in_one_area() -> None:
    found = Counter(name for areas in AREAS.values() for area in areas for name in endpoints_in(area))
    assert [name for name, times in found.items() if times > 1] == []
    assert set(MATRIX) - set(found) == set()
    assert sum(len(areas) for areas in AREAS.values()) <= 80


def test_a_row_says_what_each_may_do(app: Flask) -> None:
    """Some whole rows, by hand: a table that is generated wrongly would agree with itself."""
    rows = {
        area.what: dict(zip(COLUMNS, cells_of(app, area), strict=True))
        for areas in AREAS.values()
        for area in areas
    }
    assert rows["Sensitive answers, at a recorded look"] == dict.fromkeys(COLUMNS, "–") | {
        "Desk": "sees", "Organiser": "sees",
    }  # fmt: skip
    assert rows["Sessions and talks, imports of schedules"] == dict.fromkeys(COLUMNS, "–") | dict.fromkeys(
        ("Programme", "limited to tracks", "Organiser"), "changes"
    )
    assert rows["Tracks and rooms"]["limited to tracks"] == "sees"
    assert rows["A group: its members' names and states, adding, withdrawing, passing on"] == dict.fromkeys(
        COLUMNS, "–"
    ) | {"Link or token": "changes"}


def test_an_area_of_two_kinds_of_people_is_refused(app: Flask) -> None:
    """The control: a row for people of two kinds would say of one what is true of the other."""
    mixed = Area(what="Mixed", whose="–", routes="registration.office_list registration.office_page")
    with pytest.raises(AssertionError, match="not all are for the same people"):
        cells_of(app, mixed)
