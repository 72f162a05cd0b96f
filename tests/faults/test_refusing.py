"""More than the threads can do: newcomers are asked to come again, staff and machines are served, and nothing typed is lost."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import func, select

from conference.db.base import db
from conference.registration.tables import RegistrationRow
from conference.running.limits import WEB_THREADS
from conference.web.server_queue import RESERVED
from tests.benchmarks.servers import hidden_fields
from tests.factories.registration import make_category
from tests.factories.web import REGISTRATION_FORM
from tests.factories.web_server import WAITS_S, answer, ask, opened, request, web_process

OPEN_TO_ALL = WEB_THREADS - RESERVED


@pytest.fixture
def port(app: Flask, database_url: str, tmp_path: Path) -> Iterator[int]:
    make_category(name="Participant", seats=50)
    with web_process(database_url, tmp_path, "tests.faults.held:app()") as port:
        yield port


@contextmanager
def every_thread_held(port: int, folder: Path) -> Iterator[None]:
    """Hold each thread that newcomers may have, until the end; each of them is answered then."""
    with ExitStack() as lines:
        held = [lines.enter_context(opened(port)) for _ in range(OPEN_TO_ALL)]
        for number, line in enumerate(held):
            line.sendall(request(f"/held?name={number}"))
        ends_at = time.monotonic() + WAITS_S
        while len(list(folder.glob("*.begun"))) < OPEN_TO_ALL:
            assert time.monotonic() < ends_at
            time.sleep(0.01)
        try:
            yield
        finally:
            (folder / "go").touch()
        assert sorted(answer(line)[2] for line in held) == [str(n).encode() for n in range(OPEN_TO_ALL)]


def _registered() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(RegistrationRow)) or 0


def test_newcomers_come_again_and_a_form_is_sent_again(port: int, tmp_path: Path) -> None:
    status, fields, page = ask(port, "/register")
    cookie = fields["set-cookie"].partition(";")[0]
    typed = {**REGISTRATION_FORM, "category": "1", **hidden_fields(page.decode())}
    body = urlencode(typed).encode()
    form = ("Content-Type: application/x-www-form-urlencoded", f"Cookie: {cookie}")
    with every_thread_held(port, tmp_path):
        with opened(port) as line:
            line.sendall(request("/held?name=gone", f"Cookie: {cookie}"))
        status, fields, page = ask(port, "/programme")
        assert (status, fields["retry-after"].isdigit()) == (503, True)
        assert f'content="{fields["retry-after"]}"'.encode() in page
        status, fields, page = ask(port, "/register", *form, method="POST", body=body)
        assert (status, fields["retry-after"].isdigit()) == (503, True)
        assert b"was not saved" in page
        assert _registered() == 0
        # A thread is kept for whoever looks after the machine, and for staff at the doors.
        assert ask(port, "/healthz")[0] == 200
        assert ask(port, "/readyz")[0] == 200
    assert ask(port, "/register", *form, method="POST", body=body)[0] == 303
    assert _registered() == 1
    assert ask(port, "/programme")[0] == 200
    # Who closed the page while it waited is not worked on.
    assert not (tmp_path / "gone.begun").exists()
