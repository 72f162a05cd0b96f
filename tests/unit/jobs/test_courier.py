import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from conference.jobs import courier
from conference.jobs.broker import priority_of
from conference.jobs.courier import Courier, Parcel, Post, parcels
from conference.jobs.model import Announced


def rows(*ids: int, source: str = "mail", rank: int = 0) -> list[Announced]:
    return [Announced(source=source, row_id=one, rank=rank) for one in ids]


class Office:
    """A broker that takes parcels, or fails as it is told."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.fault = fault
        self.opened = self.parted = 0
        self.taken: list[Parcel] = []
        self.arrived = threading.Event()

    @contextmanager
    def open(self) -> Iterator[Post]:
        self.opened += 1
        if self.fault is not None:
            self.arrived.set()
            raise self.fault
        yield self._post
        self.parted += 1

    def _post(self, parcel: Parcel) -> None:
        self.taken.append(parcel)
        self.arrived.set()


def _ended(carrier: Courier) -> bool:
    end = time.monotonic() + 60
    while carrier._thread is not None and time.monotonic() < end:
        time.sleep(0.01)
    return carrier._thread is None


def test_neighbours_of_one_source_and_rank_go_in_one_message_of_twenty() -> None:
    told = [*rows(*range(1, 46)), *rows(7, source="jobs"), *rows(46), *rows(47, rank=1)]
    assert list(parcels(told)) == [
        Parcel(source="mail", row_ids=tuple(range(1, 21)), rank=0),
        Parcel(source="mail", row_ids=tuple(range(21, 41)), rank=0),
        Parcel(source="mail", row_ids=tuple(range(41, 46)), rank=0),
        Parcel(source="jobs", row_ids=(7,), rank=0),
        Parcel(source="mail", row_ids=(46,), rank=0),
        Parcel(source="mail", row_ids=(47,), rank=1),
    ]


def test_what_is_taken_is_posted_over_one_connection_that_ends_when_nothing_comes() -> None:
    office = Office()
    carrier = Courier(office.open, idle_s=0.2)
    carrier.take(rows(1, 2))
    assert office.arrived.wait(60)
    carrier.take(rows(3))
    assert _ended(carrier)
    assert [one for parcel in office.taken for one in parcel.row_ids] == [1, 2, 3]
    assert (office.opened, office.parted) == (1, 1)
    carrier.take(rows(4))
    assert _ended(carrier)
    assert (office.taken[-1].row_ids, office.opened, office.parted) == ((4,), 2, 2)


def test_a_broker_that_is_away_is_told_of_once_without_its_address_and_left_alone_for_a_while(
    caplog: pytest.LogCaptureFixture,
) -> None:
    office = Office(ConnectionError("redis://:secret@broker.example"))
    carrier = Courier(office.open, idle_s=0.1)
    with caplog.at_level(logging.WARNING):
        carrier.take(rows(1, 2, 3))
        assert _ended(carrier)
        carrier.take(rows(4))
        assert office.opened == 1
        carrier._rests_until = time.monotonic()
        carrier.take(rows(5))
        assert _ended(carrier)
        carrier._rests_until = time.monotonic()
        office.fault = None
        carrier.take(rows(6))
        assert _ended(carrier)
    assert (office.opened, [parcel.row_ids for parcel in office.taken]) == (3, [(6,)])
    assert [record.getMessage() for record in caplog.records] == [
        "broker: ConnectionError; until it is back what is written is left to the sweep",
        "broker: it is back; 5 rows were left to the sweep",
    ]


def test_no_more_waits_in_memory_than_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courier, "MOST_WAITING", 3)
    go_on, office = threading.Event(), Office()

    @contextmanager
    def slow() -> Iterator[Post]:
        assert go_on.wait(60)
        with office.open() as post:
            yield post

    carrier = Courier(slow, idle_s=0.1)
    for one in range(1, 6):
        carrier.take(rows(one))
    go_on.set()
    assert _ended(carrier)
    assert [one for parcel in office.taken for one in parcel.row_ids] == [1, 2, 3]


@pytest.mark.parametrize(
    ("url", "of_a_confirmation", "of_a_campaign"),
    [("redis://h", 0, 9), ("rediss://h", 0, 9), ("amqp://h", 9, 0), ("amqps://h", 9, 0)],
)
def test_a_confirmation_goes_before_a_campaign_as_each_broker_counts(
    url: str, of_a_confirmation: int, of_a_campaign: int
) -> None:
    assert (priority_of(0, url), priority_of(1, url)) == (of_a_confirmation, of_a_campaign)
