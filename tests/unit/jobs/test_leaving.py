"""A worker of a broker leaves when nothing is in hand, however silent the broker is."""

import os
import threading
import time

import pytest
from flask import Flask

from conference.jobs import broker_worker
from conference.jobs.broker_worker import Tasks
from conference.mail.delivery import STOP_S


def test_the_process_ends_after_what_is_in_hand_and_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    tasks, ended = Tasks(Flask("office"), threading.Event()), threading.Event()
    monkeypatch.setattr(broker_worker, "PARTING_S", 0.05)
    monkeypatch.setattr(os, "_exit", lambda _code: ended.set())
    with tasks._working():
        threading.Thread(target=broker_worker._leave, args=(tasks,)).start()
        time.sleep(0.3)
        assert not ended.is_set()
    assert ended.wait(5)


def test_its_pause_and_the_last_mail_take_less_than_ten_seconds() -> None:
    assert broker_worker.PARTING_S + STOP_S < 10
