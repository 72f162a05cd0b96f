"""What a program is told when the office cannot answer: a problem, with when to come again, and nothing of the inside."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from conference.api import public_routes
from conference.web.errors import RETRY_AFTER_S


def test_a_database_that_is_away_is_a_problem_that_says_when_to_come_again(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: Any) -> None:
        raise OperationalError("SELECT secret", {}, Exception("server closed the connection"))

    monkeypatch.setattr(public_routes, "get_event", away)
    answer = client.get("/api/v1/event")
    assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
    assert answer.headers["Retry-After"] == str(RETRY_AFTER_S)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "secret" not in answer.text


def test_a_forged_host_is_a_problem(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conference.web.hosts.current_settings", _Production)
    answer = client.get("/api/v1/event", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")


class _Production:
    mode = "production"
    base_url = "https://conference.example"
