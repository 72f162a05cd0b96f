from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from conference.app import create_app
from tests.conftest import settings_for


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application for its words and dates; nothing here asks its database."""
    folder: Path = tmp_path_factory.mktemp("office")
    app = create_app(settings_for(f"sqlite:///{folder / 'none.sqlite3'}", folder))
    with app.app_context():
        yield app
