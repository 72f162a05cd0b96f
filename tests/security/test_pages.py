"""What every page carries: a content security policy, and nothing that the policy would have to forgive."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.web.access import Role
from conference.web.headers import POLICY
from tests.factories.accounts import sign_in
from tests.factories.records import make_records
from tests.security.test_access_matrix import routes

INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+\s*=|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)
# The HTML parts of mails have inline styles; they and the pages around them, which show them in a frame, have policies
# of their own, in the office (tests/web/mail/test_mail_acts.py) as in the demonstration's mailbox. Slides and answers are files of others: theirs is stricter, and lets nothing run.
# A preview of paper lets in its own file alone (tests/web/printing/test_previews.py).
OWN_POLICY = {
    "demo.html_part",
    "demo.letter",
    "mail.office_html",
    "mail.office_page",
    "printing.preview",
    "printing.preview_file",
    "registration.office_file",
    "registration.own_file",
    "speakers.own_slides_file",
    "speakers.slides_file",
}
INLINE_ALLOWED = {"demo.html_part", "mail.office_html"}


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


@pytest.mark.parametrize("address", ["/no-such-page", "/programme/session/999999", "/r/x", "/staff/link/x"])
def test_error_pages_are_in_the_sites_design(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Content-Security-Policy"]) == (404, POLICY)
    assert 'class="site-head"' in answer.text
