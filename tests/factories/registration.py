"""Categories and registrations for tests, made by the room's own services."""

import secrets
from dataclasses import replace
from typing import Any

from conference.audit.model import BY_SYSTEM
from conference.core.clock import clock
from conference.core.ids import CategoryId, RegistrationId
from conference.db.work import transact
from conference.people.model import PersonDetails
from conference.registration import category_service, service
from conference.registration.model import CategoryDetails, Choices, RegisterAttendee
from conference.registration.queries import find_live_by_address

ASA = PersonDetails(
    given_name="Åsa",
    family_name="Lindström",
    email="asa@lab.example",
    affiliation="Karolinska Institutet",
    country="SE",
)


def make_category(name: str = "Participant", **details: Any) -> CategoryId:
    """Make a category; `details` are those of CategoryDetails, as in seats=50."""
    wanted = CategoryDetails(name=name, badge_word=details.pop("badge_word", name[:30]), **details)
    return transact(lambda session: category_service.create_category(session, wanted, actor=BY_SYSTEM))


def a_form(category_id: CategoryId, *, choices: Choices | None = None, **details: Any) -> RegisterAttendee:
    """Return a filled form; `details` are those of PersonDetails, and `career_stage`; the rest is Åsa's."""
    return RegisterAttendee(
        form_key=secrets.token_urlsafe(24),
        category_id=category_id,
        career_stage=details.pop("career_stage", ""),
        person=replace(ASA, **details),
        choices=choices or Choices(),
    )


def register_attendee(
    category_id: CategoryId, *, choices: Choices | None = None, **details: Any
) -> RegistrationId:
    """Register somebody by the form's own service and return the registration's id."""
    form = a_form(category_id, choices=choices, **details)
    transact(lambda session: service.register(session, form, now=clock.now()))
    # A session of its own: on SQLite the test's session may still read what was there before.
    found = transact(lambda session: find_live_by_address(form.person.email, session))
    assert found is not None
    return found.id
