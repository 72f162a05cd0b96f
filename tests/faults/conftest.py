"""One office for all tests of a file and database: each test has records of its own in it."""

import shutil
from collections.abc import Iterator

import pytest

from tests.factories.databases import Pool
from tests.factories.office import Office, office_on


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One office for all tests of a database: each has a record of its own."""
    folder = tmp_path_factory.mktemp("office")
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), folder / "conference.sqlite3")
        with office_on(f"sqlite:///{folder / 'conference.sqlite3'}", folder) as made:
            yield made
        return
    pool: Pool = request.getfixturevalue("postgres_pool")
    database = pool.take()
    with office_on(database.url, folder) as made:
        yield made
    pool.give_back(database)
