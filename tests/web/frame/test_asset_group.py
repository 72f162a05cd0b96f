"""Modules that import each other share one key, so that no browser mixes two releases of them."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.web import static


def test_the_key_is_of_all_files_of_the_group(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in (("zoo_page.js", 'import "./zoo_lion.js";'), ("zoo_lion.js", "1"), ("other.js", "1")):
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(static, "FOLDER", tmp_path)

    def address() -> str:
        static._content.cache_clear()
        static._group_key.cache_clear()
        with app.test_request_context():
            return static.asset_group("zoo_page.js", "zoo_")

    first = address()
    assert re.fullmatch(r"/assets/[0-9a-f]{12}/zoo_page\.js", first)
    (tmp_path / "other.js").write_text("2")
    assert address() == first
    (tmp_path / "zoo_lion.js").write_text("2")
    changed = address()
    assert changed != first
    (tmp_path / "zoo_bear.js").write_text("")
    assert address() not in {first, changed}
    static._content.cache_clear()
    static._group_key.cache_clear()


def test_a_module_that_there_is_not_is_no_address(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(LookupError):
        static.asset_group("nothing.js", "schedule_")


def test_what_a_module_imports_is_served_under_its_key(client: FlaskClient, app: Flask) -> None:
    with app.test_request_context():
        entry = static.asset_group("schedule_page.js", "schedule_")
    text = client.get(entry).text
    imported = re.findall(r'from "\./(schedule_\w+\.js)"', text)
    assert len(imported) > 10
    for name in imported:
        answer = client.get(entry.replace("schedule_page.js", name))
        assert (answer.status_code, answer.content_type) == (200, "text/javascript; charset=utf-8")
        assert "immutable" in answer.headers["Cache-Control"]
