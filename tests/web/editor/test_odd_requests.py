"""What no page of the editor sends."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.editor.test_editor_api import JSON, Editor


@pytest.mark.parametrize("name", ["before", "session"])
def test_a_number_too_large_for_a_database_is_none(app: Flask, client: FlaskClient, name: str) -> None:
    assert Editor(client).get(f"history?{name}={'9' * 30}").status_code == 200


@pytest.mark.parametrize("body", [b"[" * 9000, b'{"a":' * 9000])
def test_brackets_without_end_are_refused(app: Flask, client: FlaskClient, body: bytes) -> None:
    editor = Editor(client)
    headers = JSON | {"X-CSRF-Token": editor.token}
    answer = client.post("/staff/schedule/undo", data=body, content_type="application/json", headers=headers)
    assert answer.status_code == 400
