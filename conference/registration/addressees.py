"""Who can be written to of those that a list, a day or an extra names: addresses without names, ten thousand at once."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from conference.core.ids import ExtraId, PersonId, RegistrationId
from conference.db.base import db
from conference.event.queries import get_event
from conference.registration.category_queries import category_details
from conference.registration.filters import ListFilters, filtered
from conference.registration.model import LIVE, SEATED, State
from conference.registration.tables import RegistrationExtraRow, RegistrationRow

# What erasing leaves in place of an address (registration/personal.py).
_ERASED = "erased "


@dataclass(frozen=True, kw_only=True, slots=True)
class Addressee:
    """One registration with where it is written to; `email` is "" for who gave none. `email_key` is unique among live ones."""

    registration_id: RegistrationId
    person_id: PersonId
    email: str = field(repr=False)
    email_key: str = field(repr=False)
    language: str
    state: State

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def is_erased(self) -> bool:
        return not self.email and self.email_key.startswith(_ERASED)


_ADDRESSEES: Select[*tuple[Any, ...]] = select(
    RegistrationRow.id,
    RegistrationRow.person_id,
    RegistrationRow.email,
    RegistrationRow.email_key,
    RegistrationRow.language,
    RegistrationRow.state,
).order_by(RegistrationRow.id.desc())


def addressees(filters: ListFilters, session: Session | None = None) -> list[Addressee]:
    """Return those of the office's list with these filters, the newest first. One statement, two with some filters."""
    return _read(filtered(_ADDRESSEES, filters), session)


def addressees_by_id(ids: Collection[int], session: Session | None = None) -> list[Addressee]:
    return _read(_ADDRESSEES.where(RegistrationRow.id.in_(ids)), session)


def addressees_on(days: Collection[date], session: Session | None = None) -> list[Addressee]:
    """Return those who have a place, in a category that is for one of the days, the newest first. One statement."""
    asked = session or db.session()
    event_days = get_event(asked).days
    theirs = [
        category_id
        for category_id, details in category_details(asked).items()
        if set(details.days_in(event_days)) & set(days)
    ]
    seated = RegistrationRow.state.in_(SEATED)
    return _read(_ADDRESSEES.where(seated, RegistrationRow.category_id.in_(theirs)), asked)


def addressees_with_extra(extra_id: ExtraId, session: Session | None = None) -> list[Addressee]:
    """Return those who have the extra, wait for it or wish for it, the newest first. One statement."""
    chosen = select(RegistrationExtraRow.registration_id).where(RegistrationExtraRow.extra_id == extra_id)
    return _read(_ADDRESSEES.where(RegistrationRow.id.in_(chosen)), session)


def _read(statement: Select[*tuple[Any, ...]], session: Session | None) -> list[Addressee]:
    return [
        Addressee(
            registration_id=RegistrationId(row.id),
            person_id=PersonId(row.person_id),
            email=row.email,
            email_key=row.email_key,
            language=row.language,
            state=State(row.state),
        )
        for row in (session or db.session).execute(statement)
    ]
