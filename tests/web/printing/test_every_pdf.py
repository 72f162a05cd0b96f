"""Every PDF that the office makes, found by its address: sound, its fonts embedded, its names and codes read back.

The list is the url map itself, with each kind of sign and list: a new paper stands in it by its address.
"""

import io
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from conference.db.base import db
from conference.db.work import transact
from conference.jobs.service import jobs
from conference.printing.choice import choice_of
from conference.printing.papers import ask_for_pack
from conference.printing.sign_routes import LISTS, SIGNS
from conference.registration.queries import get_registration
from conference.web.access import Role
from tests.factories.accounts import make_member, sign_in
from tests.factories.paper import faults_of, needs_inspectors, said_by, scanned
from tests.factories.records import Records, make_records

# Who stands on it by name, where it is a paper of people: as `make_records` wrote them.
NAMED = {
    "printing.badges": "Lind",
    "printing.run_file": "Lind",
    "printing.paper_file": "Lind",
    "printing.own_ticket": "Lind",
    "printing.own_letter": "ASA LIND <b>",
    "printing.office_letter": "ASA LIND <b>",
    "printing.list door": "Lind",
}
# Those whose code is read off the page.
CODED = frozenset({"printing.badges", "printing.run_file", "printing.paper_file", "printing.own_ticket"})
_CHOICES: dict[str, tuple[str, ...]] = {"sign": tuple(SIGNS), "paper": tuple(LISTS)}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database: what is looked at is paper."""
    return sqlite_url


def addresses(app: Flask, records: Records) -> dict[str, str]:
    """Return by name the address of every PDF, with one for each kind of sign and list."""
    found: dict[str, str] = {}
    for rule in app.url_map.iter_rules():
        if not rule.rule.endswith(".pdf") or "GET" not in (rule.methods or ()):
            continue
        found |= _of_rule(app, rule, records)
    return found


def _of_rule(app: Flask, rule: Rule, records: Records) -> dict[str, str]:
    chosen = next((name for name in _CHOICES if name in rule.arguments), None)
    if chosen is None:
        return {rule.endpoint: records.address(app, rule)}
    known = records.values
    return {
        f"{rule.endpoint} {kind}": Records(values=known | {chosen: kind}, own=records.own).address(app, rule)
        for kind in _CHOICES[chosen]
    }


@needs_inspectors
def test_every_pdf_is_sound_and_gives_its_names_and_codes_back(
    app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    records = make_records(tmp_path)
    code = get_registration(records.values["registration_id"]).badge_code
    db.session.rollback()
    sign_in(client, Role.ORGANISER)
    every = addresses(app, records)
    assert NAMED.keys() | CODED <= every.keys()
    wrong: dict[str, object] = {}
    for name, address in every.items():
        answer = client.get(address)
        if not answer.data.startswith(b"%PDF-"):
            wrong[name] = (answer.status_code, answer.content_type)
            continue
        path = tmp_path / "paper.pdf"
        path.write_bytes(answer.data)
        faults = faults_of(path)
        if name in NAMED and NAMED[name] not in said_by(path):
            faults.append(f"{NAMED[name]} cannot be read")
        if name in CODED and not any(code in page for page in scanned(answer.data)):
            faults.append("the code cannot be scanned")
        if faults:
            wrong[name] = faults
    assert wrong == {}


@needs_inspectors
def test_the_evening_pack_is_sound(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    make_records(tmp_path)
    me = sign_in(client, Role.DESK)
    assert make_member(Role.DESK) == me
    job_id = transact(lambda session: ask_for_pack(session, choice_of({}), me))
    for one in jobs.claim("worker"):
        jobs.run(one, "worker")
    packed = zipfile.ZipFile(io.BytesIO(client.get(f"/staff/papers/{job_id}.pdf").data))
    papers = [name for name in packed.namelist() if name.endswith(".pdf")]
    assert len(papers) >= 6
    wrong = {}
    for name in papers:
        path = tmp_path / "paper.pdf"
        path.write_bytes(packed.read(name))
        if faults := faults_of(path):
            wrong[name] = faults
    assert wrong == {}
