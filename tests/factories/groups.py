"""Groups for tests, made by the room's own service."""

import secrets
from typing import Any

from conference.core.clock import clock
from conference.core.ids import CategoryId
from conference.db.work import transact
from conference.people.model import PersonDetails
from conference.registration import grouping
from conference.registration.group_model import Group, NamedPerson, RegisterGroup
from conference.registration.group_queries import find_by_address

KIM = PersonDetails(
    given_name="Kim",
    family_name="Berg",
    email="kim@hospital.example",
    affiliation="Example Hospital",
    country="SE",
)
ANA = NamedPerson(row=0, given_name="Ana", family_name="Alm", email="ana@x.example")
BO = NamedPerson(row=1, given_name="Bo", family_name="Björk")


def a_group(category: CategoryId, *people: NamedPerson, **details: Any) -> RegisterGroup:
    """Return a filled form of Kim's, with Ana and Bo, who shares Kim's address, unless others are named."""
    values: dict[str, Any] = {
        "form_key": secrets.token_urlsafe(24),
        "category_id": category,
        "coordinator": KIM,
        "takes_part": False,
        "people": people or (ANA, BO),
    }
    return RegisterGroup(**(values | details))


def send(form: RegisterGroup) -> None:
    transact(lambda session: grouping.register_group(session, form, now=clock.now()))


def make_group(category: CategoryId, *people: NamedPerson, **details: Any) -> Group:
    form = a_group(category, *people, **details)
    send(form)
    found = transact(lambda session: find_by_address(form.coordinator.email, category, session))
    assert found is not None
    return found
