"""A worker of a broker leaves when nothing is in hand, however silent the broker is."""

import os
import threading
import time

import pytest
from flask import Flask

from conference.jobs import broker_worker
from conference.jobs.broker_worker import Tasks
from conference.jobs.worker import LET_GO_S, LongWork
from conference.mail.delivery import STOP_S


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
        time.sleep(0.3)
        # A paper in the making is let go at once; the mail in hand is waited for.
        assert (paper.let_gone, ended.is_set()) == (1, False)
    assert ended.wait(5)


def test_its_pause_and_the_last_mail_take_less_than_ten_seconds() -> None:
    assert broker_worker.PARTING_S + STOP_S + LET_GO_S <= 10
