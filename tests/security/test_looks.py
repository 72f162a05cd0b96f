"""Each page that shows sensitive data writes who looked, or shows nothing (trust.md 30). A new page is on one list."""

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from conference.accounts.service import open_session
from conference.audit import looks
from conference.audit.looks import FOLDED_FOR, Look
from conference.audit.model import BY_SYSTEM
from conference.audit.tables import EntryRow, PayloadRow
from conference.core.clock import clock, real_now
from conference.core.ids import RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.jobs.service import jobs
from conference.printing.choice import choice_of
from conference.printing.papers import ask_for_pack
from conference.registration.attending import mark_attended
from conference.registration.commands import export_registrations
from conference.registration.invoice_model import InvoiceDetails
from conference.registration.invoices import change_invoice
from conference.registration.links import link_of
from conference.web.access import Role, declared_access
from tests.conftest import MORNING
from tests.factories.accounts import make_member, sign_in, stand_in
from tests.factories.records import make_records
from tests.factories.registration import make_category, register_attendee
from tests.security.looks import BY_BUTTON, BY_PROGRAMS, SEEN, UNNOTED


def test_every_page_of_people_is_on_one_list(app: Flask) -> None:
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and _is_closed(app, rule.endpoint)
    }
    unnoted = [endpoint for pages_of_one_reason in UNNOTED.values() for endpoint in pages_of_one_reason]
    assert {"on two": len(unnoted) - len(set(unnoted)), "both": set(SEEN) & set(unnoted)} == {
        "on two": 0,
        "both": set(),
    }
    listed = {*SEEN, *BY_PROGRAMS, *unnoted}
    assert {"on no list": pages - listed, "not there": listed - pages} == {
        "on no list": set(),
        "not there": set(),
    }
    assert set(app.view_functions) >= BY_BUTTON


def _is_closed(app: Flask, endpoint: str) -> bool:
    access = declared_access(app.view_functions[endpoint])
    return access is not None and access.kind in {"staff", "link", "token"}


@pytest.fixture
def addresses(app: Flask, tmp_path: Path) -> dict[str, str]:
    """Where each sensitive page shows something: with an invoice, an evening pack and somebody who is here."""
    records = make_records(tmp_path)
    values: dict[str, Any] = records.values
    registration_id = RegistrationId(values["registration_id"])
    register_attendee(make_category("Industry", fee_minor=100), email="industry@x.example")
    to = InvoiceDetails(name="Secret Hospital", city="Solna")
    transact(lambda session: change_invoice(session, registration_id, None, to, actor=BY_SYSTEM))
    transact(lambda session: mark_attended(session, registration_id, actor=BY_SYSTEM, now=clock.now()))
    pack = transact(lambda session: ask_for_pack(session, choice_of({}), values["staff_id"]))
    for one in jobs.claim("looks"):
        jobs.run(one, "looks")
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules()}
    found = {endpoint: records.address(app, rules[endpoint]) for endpoint in SEEN}
    found["printing.certificate_paper"] += "?names=1"
    found["printing.paper_file"] = f"/staff/papers/{pack}.pdf"
    return found


def entries() -> list[tuple[str, str, int | None, int]]:
    """Return each look as its action, who looked, and at how many."""
    db.session.rollback()
    rows = db.session.execute(
        select(EntryRow, PayloadRow.values)
        .join(PayloadRow, PayloadRow.entry_id == EntryRow.id)
        .where(EntryRow.action.in_([one.value for one in Look]))
        .order_by(EntryRow.id)
    ).all()
    return [(entry.action, entry.actor_kind, entry.actor_id, values["people"][1]) for entry, values in rows]


def test_each_look_is_one_entry_and_turning_back_is_the_same_look(
    client: FlaskClient, addresses: dict[str, str]
) -> None:
    me = sign_in(client, Role.ORGANISER)
    for number, (endpoint, look) in enumerate(SEEN.items(), start=1):
        clock.begin_at(MORNING + 2 * number * FOLDED_FOR)
        before = entries()
        assert client.get(addresses[endpoint]).status_code == 200, endpoint
        (noted,) = entries()[len(before) :]
        assert noted[:3] == (look.value, "staff", me), endpoint
        assert noted[3] >= 1, endpoint
        assert client.get(addresses[endpoint]).status_code == 200
        # The history is one entry longer by the look at it.
        again = 2 if look is Look.HISTORY else 1
        assert len(entries()) == len(before) + again, endpoint


def test_another_person_looks_for_themselves_and_so_does_who_comes_back_later(
    client: FlaskClient, addresses: dict[str, str]
) -> None:
    address = addresses["registration.payment"]
    sign_in(client, Role.ORGANISER)
    client.get(address)
    other = client.application.test_client()
    with client.application.app_context():
        member = make_member(Role.ORGANISER, "b@staff.example")
        token = transact(lambda session: open_session(session, member, now=real_now()))
    stand_in(other, token)
    other.get(address)
    assert len({entry[2] for entry in entries()}) == len(entries()) == 2
    clock.begin_at(MORNING + FOLDED_FOR / 2)
    client.get(address)
    assert len(entries()) == 2
    clock.begin_at(MORNING + 2 * FOLDED_FOR)
    client.get(address)
    assert len(entries()) == 3


def test_who_holds_the_link_takes_their_own_data_out(client: FlaskClient, app: Flask) -> None:
    registration_id = register_attendee(make_category())
    token = link_of(registration_id, 1)
    told = client.get(f"/r/{token}/data.json").get_json()
    assert entries() == [("own data taken out", "link", None, 1)]
    assert "own data taken out" in [one["what"] for one in told["history"]]


def test_a_longer_list_is_another_look(client: FlaskClient, app: Flask) -> None:
    category_id = make_category()
    register_attendee(category_id)
    sign_in(client, Role.ORGANISER)
    client.get("/staff/registrations/export")
    register_attendee(category_id, email="second@x.example")
    client.get("/staff/registrations/export")
    client.get("/staff/registrations/export?format=xlsx")
    assert [entry[3] for entry in entries()] == [1, 2]


def test_a_list_of_others_is_another_look_and_what_was_searched_for_is_not_kept(
    client: FlaskClient, app: Flask
) -> None:
    one, other = make_category(), make_category("Industry")
    register_attendee(one)
    register_attendee(other, email="second@x.example")
    sign_in(client, Role.ORGANISER)
    address = "/staff/registrations/export"
    for query in (
        f"category={one}&text=second",
        f"text=second&category={one}&page=2&state=",
        f"category={other}&text=second",
        f"category={other}&text=second&format=xlsx",
    ):
        assert client.get(f"{address}?{query}").status_code == 200
    db.session.rollback()
    of_looks = PayloadRow.entry_id.in_(select(EntryRow.id).where(EntryRow.action == Look.REGISTRATIONS.value))
    first, second = db.session.scalars(
        select(PayloadRow.values).where(of_looks).order_by(PayloadRow.entry_id)
    ).all()
    assert first["filter"] != second["filter"]
    for noted in (first, second):
        assert re.fullmatch(r"[0-9a-f]{16}", noted["filter"][1])
        assert "second" not in str(noted)


def test_what_cannot_be_noted_is_not_shown(
    client: FlaskClient, addresses: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_full(*_arguments: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    monkeypatch.setattr(looks, "transact", is_full)
    sign_in(client, Role.ORGANISER)
    answers = {endpoint: client.get(address) for endpoint, address in addresses.items()}
    assert {endpoint: answer.status_code for endpoint, answer in answers.items()} == dict.fromkeys(SEEN, 503)
    assert [endpoint for endpoint, answer in answers.items() if "Lind" in answer.text] == []


def test_a_look_that_a_command_takes_is_an_entry_too(app: Flask, tmp_path: Path) -> None:
    register_attendee(make_category())
    db.session.rollback()
    told = CliRunner().invoke(
        export_registrations, ["--out", str(tmp_path / "all.csv")], obj=ScriptInfo(create_app=lambda: app)
    )
    assert told.exit_code == 0, told.output
    assert entries() == [("registrations exported", "system", None, 1)]
