"""What forms and workers look for is found by an index: it costs the same beside ten registrations and ten thousand."""

from collections.abc import Callable

import pytest
from flask import Flask

from conference.db.base import db
from conference.db.work import counted_statements
from conference.registration.earlier import known_by_address
from conference.registration.group_queries import live_at_address
from conference.registration.invitation_queries import find_open_to
from conference.registration.invitations import lapsing
from conference.registration.offers import offers
from conference.registration.queries import find_live_by_address
from tests.factories.plans import plan_of

ADDRESS = "asa@demo.example"
ASKED: list[tuple[Callable[[], object], str, str]] = [
    (lambda: known_by_address(ADDRESS, db.session()), "registration", "uq_registration_live_email_key"),
    (lambda: known_by_address(ADDRESS, db.session()), "registration", "ix_registration_ended_email_key"),
    (lambda: find_live_by_address(ADDRESS), "registration", "uq_registration_live_email_key"),
    (lambda: live_at_address(ADDRESS, db.session()), "registration", "uq_registration_live_email_key"),
    (lambda: find_open_to(ADDRESS), "invitation", "uq_invitation_open_email_key"),
    (lambda: offers.claim("a worker"), "registration", "ix_registration_offered_until"),
    (lambda: lapsing.claim("a worker"), "invitation", "ix_invitation_expires_at"),
]


@pytest.mark.parametrize(("ask", "table", "index"), ASKED)
def test_it_is_found_by_its_index(app: Flask, ask: Callable[[], object], table: str, index: str) -> None:
    del app
    with counted_statements() as statements:
        ask()
    (statement,) = [one for one in statements if f"FROM {table}" in one]
    plan = plan_of(statement, spares_scans=True)
    assert index in plan, plan
    assert f"SCAN {table}" not in plan.replace(f"SCAN {table} USING INDEX", ""), plan
    assert f"Seq Scan on {table}" not in plan, plan


def test_the_plan_tells_of_a_scan(app: Flask) -> None:
    del app
    plan = plan_of("SELECT id FROM registration WHERE search_text = 'x'", spares_scans=True)
    assert "SCAN registration" in plan or "Seq Scan on registration" in plan, plan
