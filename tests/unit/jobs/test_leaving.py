"""A worker of a broker leaves when nothing is in hand, however silent the broker is."""

import os
import threading
import time

import pytest
from flask import Flask

from conference.jobs import broker_worker, worker
from conference.jobs.broker_worker import Tasks
from conference.jobs.worker import LongWork
from conference.mail import settling
from conference.mail.hosts import STOP_S


class _Paper(LongWork):
    """What works apart, at nothing; counts how often it was let go."""

    def __init__(self) -> None:
        self.let_gone = 0

    def let_go(self) -> None:
        self.let_gone += 1


def test_the_process_ends_after_what_is_in_hand_and_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    tasks, ended, paper = Tasks(Flask("office"), threading.Event()), threading.Event(), _Paper()
    monkeypatch.setattr(broker_worker, "PARTING_S", 0.05)
    monkeypatch.setattr(os, "_exit", lambda _code: ended.set())
    with tasks._working():
        threading.Thread(target=broker_worker._leave, args=(tasks, paper)).start()
        end = time.monotonic() + 60
        while not paper.let_gone and time.monotonic() < end:
            time.sleep(0.01)
        # A paper in the making is let go at once; the mail in hand is waited for.
        assert (paper.let_gone, ended.is_set()) == (1, False)
    assert ended.wait(60)


def test_what_never_ends_holds_it_for_a_limited_time(monkeypatch: pytest.MonkeyPatch) -> None:
    tasks, ended = Tasks(Flask("office"), threading.Event()), threading.Event()
    monkeypatch.setattr(broker_worker, "PARTING_S", 0.05)
    monkeypatch.setattr(broker_worker, "ENDING_S", 0.2)
    monkeypatch.setattr(os, "_exit", lambda _code: ended.set())
    with tasks._working():
        threading.Thread(target=broker_worker._leave, args=(tasks, _Paper())).start()
        assert ended.wait(60)


def test_all_ends_in_less_than_ten_seconds_and_after_the_last_dialogue() -> None:
    assert STOP_S < broker_worker.ENDING_S
    assert STOP_S + settling.STOP_S < broker_worker.ENDING_S + broker_worker.PARTING_S < 10
    assert STOP_S + settling.STOP_S < worker.ENDING_S < 10
