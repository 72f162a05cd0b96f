"""Many registrations at once, written past the services, for benchmarks of lists and files."""

from datetime import timedelta
from typing import Any, cast

from sqlalchemy import Table, insert

from conference.core.clock import clock
from conference.core.ids import CategoryId
from conference.db.work import transact
from conference.people.model import PersonDetails
from conference.people.service import search_text
from conference.people.tables import PersonRow
from conference.registration.entry import found_by
from conference.registration.tables import RegistrationRow

FOUND = 50
COUNTRIES = ("SE", "DE", "FR", "IT", "ES", "NL", "DK")
_PERSON, _REGISTRATION = cast("Table", PersonRow.__table__), cast("Table", RegistrationRow.__table__)


def fill_rows(category_id: CategoryId, count: int) -> None:
    """Write so many confirmed registrations; 50 of them, evenly spread, are found by "Karolinska"."""
    people, rows = [], []
    for number in range(1, count + 1):
        person = _person(number, is_found=number % max(1, count // FOUND) == 0)
        people.append(
            person.as_values()
            | {"id": number, "link_version": 1, "revision": 1}
            | {"search_text": search_text(person)}
        )
        rows.append(_row(category_id, number, person))
    transact(
        lambda session: (
            session.execute(insert(_PERSON), people) and session.execute(insert(_REGISTRATION), rows)
        )
    )


def _person(number: int, *, is_found: bool) -> PersonDetails:
    return PersonDetails(
        given_name="Åsa",
        family_name=f"Exempelsson {number}",
        email=f"asa{number}@demo.example",
        affiliation="Karolinska Institutet" if is_found else f"Hospital {number % 300}",
        country=COUNTRIES[number % len(COUNTRIES)],
    )


def _row(category_id: CategoryId, number: int, person: PersonDetails) -> dict[str, Any]:
    code = f"{number:06}"
    at = clock.now() - timedelta(minutes=number)
    return {
        "number": code,
        "category_id": category_id,
        "person_id": number,
        "state": "confirmed",
        "email": person.email,
        "email_key": person.email,
        "badge_code": f"{number:020}",
        "created_at": at,
        "changed_at": at,
        "is_over_limit": False,
        "language": "",
        "profession": "doctor",
        "no_photographs": False,
        "link_version": 1,
        "calendar_sequence": 0,
        "revision": 1,
        **found_by(code, person.email, person),
    }
