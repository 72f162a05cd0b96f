"""Which zone a page tells its times in."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from conference.core.clock import STOCKHOLM
from conference.web.language import clock_time
from conference.web.zones import OFFERED, ZoneTold, find_zone, shown_zone, tell_in, zone_told

NINE = datetime(2022, 9, 22, 7, tzinfo=UTC)


@pytest.mark.parametrize("name", ["America/New_York", "Asia/Kolkata", "UTC", "Europe/Stockholm"])
def test_names_of_the_database_are_zones(name: str) -> None:
    zone = find_zone(name)
    assert zone is not None
    assert zone.key == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Mars/Phobos",
        "../etc/passwd",
        "/etc/passwd",
        "europe/london ",
        "localtime",
        "posix/UTC",
        "x" * 3_000,
        "\x00",
    ],
)
def test_nothing_else_is(name: str) -> None:
    assert find_zone(name) is None


def test_every_zone_that_is_offered_exists() -> None:
    assert [name for name in OFFERED if find_zone(name) is None] == []


def test_times_are_stockholms_until_a_page_tells_another() -> None:
    assert (shown_zone(), clock_time(NINE)) == (STOCKHOLM, "09:00")
    with Flask("x").test_request_context("/"):
        assert clock_time(NINE) == "09:00"
        zone = find_zone("America/New_York")
        assert zone is not None
        tell_in(zone)
        assert clock_time(NINE) == "03:00"
        assert zone_told(NINE) == ZoneTold(
            name="America/New York",
            abbreviation="EDT",
            stockholm="CEST",
            is_other=True,
            here="09:00",
            there="03:00",
        )
    assert clock_time(NINE) == "09:00"


def test_a_time_that_falls_on_another_day_says_which() -> None:
    with Flask("x").test_request_context("/"):
        zone = find_zone("America/Los_Angeles")
        assert zone is not None
        tell_in(zone)
        assert clock_time(datetime(2022, 9, 22, 6, 30, tzinfo=UTC)) == "Wed 23:30"


def test_the_name_follows_the_season() -> None:
    winter = datetime(2022, 12, 1, 8, tzinfo=UTC)
    assert (zone_told(NINE).stockholm, zone_told(winter).stockholm) == ("CEST", "CET")
