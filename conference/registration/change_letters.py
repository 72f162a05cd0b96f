"""The mail after a change that others see: on ticket and badge, in the list of participants, in the calendar."""

from sqlalchemy.orm import Session

from conference.core.ids import CategoryId
from conference.event.queries import get_event
from conference.people.countries import country_name
from conference.people.model import PersonDetails
from conference.people.queries import get_person
from conference.registration import letters
from conference.registration.category_queries import get_category
from conference.registration.model import Registration, State
from conference.web.language import gettext, in_language, known


def send_changed(session: Session, registration: Registration, before: PersonDetails) -> None:
    """Mail what is new of the person since `before`, with new papers to who has a seat; nothing where nobody sees it."""
    after = get_person(registration.person_id, session).details
    with in_language(registration.language):
        changes = _of_person(before, after, known(registration.language))
    if changes:
        letters.send(session, "changed", registration, person=after, changes=letters.Changes(rows=changes))


def send_moved(session: Session, registration: Registration, before: CategoryId) -> None:
    """Mail that the category is another, or, to who has no seat in it, where the registration stands there.

    Days that it is no longer for are taken out of the calendar.
    """
    if registration.state is not State.CONFIRMED or registration.category_id == before:
        letters.send_answer(session, registration)
        return
    now = get_category(registration.category_id, session).details
    days = get_event(session).days
    gone = set(get_category(before, session).details.days_in(days)) - set(now.days_in(days))
    with in_language(registration.language):
        changes = [(gettext("Category"), now.name_in(known(registration.language)))]
    letters.send(
        session,
        "changed",
        registration,
        category=now,
        changes=letters.Changes(rows=changes, days_gone=sorted(gone)),
    )


def _of_person(before: PersonDetails, after: PersonDetails, tag: str) -> list[tuple[str, str]]:
    rows = [
        (gettext("Name"), before.full_name, after.full_name),
        (gettext("Name for the badge"), before.badge_name, after.badge_name),
        (gettext("Affiliation"), before.affiliation, after.affiliation),
        (gettext("Country"), country_name(before.country, tag), country_name(after.country, tag)),
    ]
    return [(label, new or "–") for label, old, new in rows if old != new]
