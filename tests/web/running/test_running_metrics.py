"""What /metrics tells of requests, database, places and jobs, and how several processes tell it together."""

import os
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.app import create_app
from conference.config import load_settings
from conference.db.base import db
from conference.web.access import Role
from conference.web.counters import Counters, all_figures, counters, read_figures
from conference.web.metrics import family_of
from tests.factories.accounts import sign_in
from tests.factories.extras import make_extra
from tests.factories.registration import make_category, register_attendee

# A line of the text format 0.0.4: a comment, or a name with labels and a number.
LINE = re.compile(r'# (HELP|TYPE) .+|[a-z_]+(\{([a-z]+="([^"\\]|\\.)*",?)+\})? -?[0-9.e+-]+')


def told(client: FlaskClient) -> dict[str, float]:
    """Return the samples of /metrics by name and labels, the process left out."""
    text = client.get("/metrics").text
    assert [line for line in text.splitlines() if not LINE.fullmatch(line)] == []
    samples = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    return {
        re.sub(r'process="\d+",?', "", name).replace("{}", ""): float(value) for name, _, value in samples
    }


def test_requests_are_counted_by_route_and_status_and_never_by_address(
    app: Flask, client: FlaskClient
) -> None:
    sign_in(client, Role.VIEWER)
    token = "17-1-" + "a" * 27
    for path in ("/", "/", f"/r/{token}", "/nothing-here"):
        client.get(path)
    found = told(client)
    assert found['conference_requests_total{route="/",status="200"}'] == 2
    assert found['conference_requests_total{route="/r/<token>",status="404"}'] == 1
    assert found['conference_requests_total{route="none",status="404"}'] == 1
    assert token not in client.get("/metrics").text
    assert (
        found['conference_request_seconds_bucket{le="+Inf"}']
        == found["conference_request_seconds_count"]
        == 4
    )
    bounds = [value for name, value in found.items() if name.startswith("conference_request_seconds_bucket")]
    assert bounds == sorted(bounds)
    assert found["conference_request_seconds_sum"] > 0
    assert found["conference_database_statements_total"] > 0
    assert 0 < found["conference_database_seconds_total"] < found["conference_request_seconds_sum"] + 60


def test_places_jobs_and_backups_are_told(app: Flask, client: FlaskClient) -> None:
    category = make_category('Day "one"', seats=3)
    make_category("Without limit")
    make_extra("Dinner", seats=10)
    register_attendee(category)
    sign_in(client, Role.VIEWER)
    found = told(client)
    day = '{of="category",name="Day \\"one\\""}'
    assert found[f"conference_seats_left{day}"] == 2
    assert found[f"conference_seats_taken{day}"] == 1
    assert found['conference_seats_left{of="extra",name="Dinner"}'] == 10
    assert 'conference_seats_left{of="category",name="Without limit"}' not in found
    assert found['conference_jobs{state="queued"}'] == 0
    assert (found["conference_backup_age_seconds"], found["conference_backup_failed"]) == (-1, 0)


def office(sqlite_url: str, folder: Path) -> Flask:
    """Return an office as it runs in production, which counts in files of this folder."""
    settings = {
        "CONFERENCE_DATABASE_URL": sqlite_url,
        "CONFERENCE_INSTANCE": str(folder),
        "CONFERENCE_SECRET_KEY": "k" * 40,
        "CONFERENCE_BASE_URL": "http://localhost",
    }
    return create_app(load_settings(settings, "production"))


def test_the_first_requests_of_a_process_count_in_one_file_though_they_come_at_once(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each made the file empty again under the others, whose request then failed or whose process died of it."""
    app, opened = office(sqlite_url, tmp_path), 0

    def slow_to_size(descriptor: int, size: int) -> None:
        nonlocal opened
        opened += 1
        time.sleep(0.05)  # the others are at the same place by now
        os.truncate(descriptor, size)

    monkeypatch.setattr("conference.web.counters.os.ftruncate", slow_to_size)

    def ask(_number: int) -> int:
        return app.test_client().get("/nothing-here", base_url="http://localhost").status_code

    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(ask, range(4))) == {404}
    with app.app_context():
        found = dict(all_figures(app))[str(os.getpid())]
        assert (found["requests|none|404"], opened) == (4, 1)
        db.engine.dispose()


def test_the_file_of_one_who_had_the_same_number_is_not_emptied_under_its_readers(
    sqlite_url: str, tmp_path: Path
) -> None:
    app = office(sqlite_url, tmp_path)
    with app.app_context():
        counters(app).add("old")
        (folder,) = (tmp_path / "metrics").iterdir()
        read = (folder / str(os.getpid())).open("rb")
        del app.extensions["conference.counters"]
        counters(app).add("new")
        with read:
            assert read_figures(read.read()) == {"old": 1}
        assert dict(all_figures(app))[str(os.getpid())] == {"new": 1}
        db.engine.dispose()


def test_two_processes_are_told_by_one(sqlite_url: str, tmp_path: Path) -> None:
    app = office(sqlite_url, tmp_path)
    with app.app_context():
        counters(app).add("requests|/|200", 2)
        child = os.fork()
        if child == 0:
            counters(app).add("requests|/|200", 5)
            os._exit(0)
        os.waitpid(child, 0)
        found = dict(all_figures(app))
        assert found[str(os.getpid())]["requests|/|200"] == 2
        assert found[str(child)]["requests|/|200"] == 5
        (folder,) = (tmp_path / "metrics").iterdir()
        assert (folder / str(child)).stat().st_mode & 0o777 == 0o600
        db.engine.dispose()


def test_more_figures_than_fit_are_passed_over() -> None:
    kept = Counters(bytearray(2000 * 200))
    for number in range(2100):
        kept.add(f"requests|{number}|200")
    assert len(read_figures(bytes(kept._buffer))) == 2000


@pytest.mark.parametrize(
    ("word", "line"), [('a"b\\c\nd', 'x{name="a\\"b\\\\c\\nd"} 1.0'), ("å", 'x{name="å"} 1.0')]
)
def test_labels_are_escaped(word: str, line: str) -> None:
    assert family_of("x", "gauge", "X.", [("", (("name", word),), 1.0)])[2] == line
