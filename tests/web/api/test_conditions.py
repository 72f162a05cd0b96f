"""Conditions of writers mean nothing to what only reads: no answer under another name, and none unnoted."""

from flask import Flask
from flask.testing import FlaskClient

from conference.api.model import Scope
from conference.audit.queries import history_of
from tests.factories.api import a_token, bearer
from tests.factories.registration import make_category, register_attendee


def test_a_reading_under_a_condition_of_writers_is_noted_as_any_other(
    app: Flask, client: FlaskClient
) -> None:
    one = register_attendee(make_category())
    headers = bearer(a_token(Scope.READ)[1]) | {"If-Match": '"x"'}
    answer = client.get(f"/api/v1/registrations/{one}", headers=headers)
    assert answer.status_code == 200
    assert "read by a program" in [act.action for act in history_of("registration", one)]
