"""What every page carries: a content security policy, and nothing that the policy would have to forgive."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.web.access import Role
from conference.web.headers import POLICY
from tests.factories.accounts import sign_in
from tests.factories.records import make_records
from tests.security.crawl_checks import INLINE, INLINE_ALLOWED, OWN_POLICY
from tests.security.test_access_matrix import routes


@pytest.mark.parametrize("role", [None, Role.ORGANISER], ids=["anonymous", "organiser"])
def test_no_page_has_inline_code_and_every_answer_has_the_policy(
    app: Flask, client: FlaskClient, tmp_path: Path, role: Role | None
) -> None:
    records = make_records(tmp_path)
    if role is not None:
        sign_in(client, role)
    wrong: dict[str, object] = {}
    pages = 0
    for endpoint, method, address in routes(app, records.address):
        answer = client.open(address, method=method)
        if endpoint not in OWN_POLICY and answer.headers["Content-Security-Policy"] != POLICY:
            wrong[f"{method} {address} policy"] = answer.headers["Content-Security-Policy"]
        if answer.mimetype == "text/html" and endpoint not in INLINE_ALLOWED:
            pages += 1
            found = INLINE.findall(answer.text)
            if found:
                wrong[f"{method} {address}"] = found
    assert wrong == {}
    assert pages > 30


@pytest.mark.parametrize(
    ("address", "status"),
    [("/no-such-page", 404), ("/programme/session/999999", 404), ("/r/x", 404), ("/staff/link/x", 410)],
)
def test_error_pages_are_in_the_sites_design(client: FlaskClient, address: str, status: int) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Content-Security-Policy"]) == (status, POLICY)
    assert 'class="site-head"' in answer.text
