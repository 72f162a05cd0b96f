"""Somebody of the office at a browser: opens the form of a page, types over what it shows, and sends it."""

from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.browsing import PageForm, forms_in


class Editor:
    """An organiser with a browser of their own."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self.client: FlaskClient = app.test_client()
        sign_in(self.client, Role.ORGANISER)

    def open(self, page: str, endpoint: str, holding: str = "") -> PageForm:
        """Return the page's form that is sent to the endpoint, the one with the field `holding` where there are several."""
        answer = self.client.get(page)
        assert answer.status_code == 200, f"{page} answered {answer.status_code}"
        return self.form_of(answer, page, endpoint, holding)

    def form_of(self, answer: TestResponse, page: str, endpoint: str, holding: str = "") -> PageForm:
        found = [
            form
            for form in forms_in(answer.text, page)
            if self._endpoint(form.action) == endpoint and (not holding or form.value(holding) is not None)
        ]
        assert found, f"{page} has no form for {endpoint}: {answer.status_code}"
        return found[0]

    def _endpoint(self, action: str) -> str:
        matched: str = self._app.url_map.bind("localhost").match(urlsplit(action).path, method="POST")[0]
        return matched

    def send(self, form: PageForm, **typed: str | None) -> TestResponse:
        """Send the form after these fields were typed over; None takes a field out of it."""
        return self.client.post(form.action, data=form.sent(**typed))
