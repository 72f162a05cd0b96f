"""Every form of every page, sent as it stands there but without its token, changes nothing (trust.md 21)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from conference.web.access import Role
from tests.conftest import opened
from tests.factories.accounts import sign_in
from tests.factories.browsing import PageForm, forms_in
from tests.factories.dumps import dump
from tests.factories.records import make_records
from tests.security.test_access_matrix import routes

# What counts who tries, and what a page asks for that has no form: no row of a record.
_COUNTS = ("attempt_count.", "staff_challenge.", "staff_session.")
TOKEN = "csrf_token"
# Mail programs press it themselves, by RFC 8058: it takes one address out of news, and has no token.
ONE_CLICK = "/news/"
OWN_ACCOUNT = ("/staff/sign-out", "/staff/me", "/staff/password", "/staff/accounts", "/staff/link")


def rows() -> list[str]:
    return [line for line in dump().splitlines() if not line.startswith(_COUNTS)]


def all_forms(client: FlaskClient, addresses: list[str]) -> dict[tuple[str, str], PageForm]:
    """Return the forms that are posted, by where to and what is on their buttons."""
    found: dict[tuple[str, str], PageForm] = {}
    for address in addresses:
        answer = client.get(address)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            for form in forms_in(answer.text, address):
                found.setdefault((form.action, str(sorted(form.sent()))), form)
    return found


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path) -> Iterator[tuple[FlaskClient, list[PageForm]]]:
    """An organiser's browser and every form that it was shown, in an office with a record of each kind.

    On one database: what a form's token is compared with is the browser's cookie.
    """
    with opened(sqlite_url, tmp_path) as app:
        records = make_records(tmp_path)
        client = app.test_client()
        sign_in(client, Role.ORGANISER)
        pages = [address for _, method, address in routes(app, records.address) if method == "GET"]
        forms = all_forms(client, pages)
        yield client, [form for form in forms.values() if not form.action.startswith(ONE_CLICK)]


def test_no_form_without_its_token_changes_a_row(office: tuple[FlaskClient, list[PageForm]]) -> None:
    client, forms = office
    before = rows()
    assert len(forms) > 150
    for form in forms:
        for token in (None, "forged"):
            assert client.post(form.action, data=form.sent(**{TOKEN: token})).status_code < 500, form.action
    assert rows() == before
    # The control: it is the token that was missing. Forms of one's own account come last, since they sign out.
    forms.sort(key=lambda form: form.action.startswith(OWN_ACCOUNT))
    done = sum(client.post(form.action, data=form.sent()).status_code == 303 for form in forms)
    assert done > 40
    assert rows() != before
