"""Whoever is looked up by an address is found by an index: a form costs the same beside ten registrations and ten thousand."""

from collections.abc import Callable

import pytest
from flask import Flask

from conference.db.base import db
from conference.db.work import counted_statements
from conference.registration.earlier import known_by_address
from conference.registration.group_queries import live_at_address
from conference.registration.queries import find_live_by_address
from tests.factories.plans import plan_of

BY_ADDRESS: list[Callable[[], object]] = [
    lambda: known_by_address("asa@demo.example", db.session()),
    lambda: find_live_by_address("asa@demo.example"),
    lambda: live_at_address("asa@demo.example", db.session()),
]


@pytest.mark.parametrize("ask", BY_ADDRESS, ids=["known", "live", "shared"])
def test_an_address_is_looked_up_by_the_index(app: Flask, ask: Callable[[], object]) -> None:
    del app
    with counted_statements() as statements:
        ask()
    (statement,) = [one for one in statements if "FROM registration" in one]
    plan = plan_of(statement, spares_scans=True)
    assert "uq_registration_live_email_key" in plan, plan
    assert "SCAN registration" not in plan, plan
    assert "Seq Scan on registration" not in plan, plan


def test_the_plan_tells_of_a_scan(app: Flask) -> None:
    del app
    plan = plan_of("SELECT id FROM registration WHERE search_text = 'x'", spares_scans=True)
    assert "SCAN registration" in plan or "Seq Scan on registration" in plan, plan
