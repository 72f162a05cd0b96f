"""Several threads of one worker, each with its own name on what it claims."""

import threading
import time

from flask import Flask
from sqlalchemy import select

from conference.db.base import db
from conference.jobs.wake import wake
from conference.jobs.worker import run_worker
from conference.mail.tables import AttemptRow
from tests.factories.mail import queue_note
from tests.factories.smtp import mailserver, send_through


def test_three_threads_send_at_once_and_end_together(app: Flask) -> None:
    for number in range(60):
        queue_note(app, f"p{number}@clinic.example")
    stop = threading.Event()
    # However late a thread begins: nobody's first mail is taken before all three are there.
    with mailserver(together=3) as server:
        send_through(app, server.port)
        thread = threading.Thread(target=run_worker, args=(app, stop, 3))
        thread.start()
        end = time.monotonic() + 120
        while len(server.raw) < 60 and time.monotonic() < end:
            time.sleep(0.02)
        stop.set()
        wake()
        thread.join(60)
    db.session.rollback()
    owners = db.session.scalars(select(AttemptRow.owner)).all()
    assert (len(owners), len(set(server.message_ids())), len(server.raw)) == (60, 60, 60)
    assert (len(set(owners)), server.connections, thread.is_alive()) == (3, 3, False)
