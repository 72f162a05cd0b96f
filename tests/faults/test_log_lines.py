"""What breaks is logged without what people typed: no address, no name, no statement's values."""

import logging
from pathlib import Path

import pytest
from sqlalchemy import text

from conference.app import create_app
from conference.config import load_settings
from conference.db.base import db
from conference.web.access import public

ADDRESS = "secret@clinic.example"


def test_a_database_error_leaves_no_values_in_the_log(
    database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = {
        "CONFERENCE_DATABASE_URL": database_url,
        "CONFERENCE_INSTANCE": str(tmp_path),
        "CONFERENCE_SECRET_KEY": "k" * 40,
        "CONFERENCE_BASE_URL": "http://localhost",
    }
    app = create_app(load_settings(settings, "production"))

    @public
    def breaking() -> str:
        row = "INSERT INTO track (name, place, colour, revision) VALUES (:name, 1, 1, 1)"
        for _ in range(2):
            db.session.execute(text(row), {"name": ADDRESS})
        return ""

    app.add_url_rule("/breaking", "breaking", breaking)
    with caplog.at_level(logging.DEBUG), app.app_context():
        answer = app.test_client().get("/breaking")
        db.session.remove()
        db.engine.dispose()
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.text
    assert "IntegrityError" in caplog.text
    assert "breaking" in caplog.text  # the frames are there
    assert ADDRESS not in caplog.text
    assert ADDRESS not in answer.text
