"""Extras for tests, made and asked by the room's own services."""

from typing import Any

from conference.audit.model import BY_LINK, BY_SYSTEM
from conference.core.clock import clock
from conference.core.ids import CategoryId, ExtraId, RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.registration import extra_service
from conference.registration.extra_model import ExtraDetails
from conference.registration.extra_queries import get_extra, held_extras
from conference.registration.model import Seats, WantedExtra


def make_extra(name: str = "Workshop", *categories: CategoryId, **details: Any) -> ExtraId:
    """Make an extra that these categories may choose; `details` are those of ExtraDetails."""
    wanted = ExtraDetails(name=name, categories=frozenset(categories), **details)
    made = transact(lambda session: extra_service.create_extra(session, wanted, actor=BY_SYSTEM))
    db.session.rollback()
    return made


def wants(*extra_ids: ExtraId, may_wait: bool = False) -> tuple[WantedExtra, ...]:
    return tuple(WantedExtra(extra_id=one, may_wait=may_wait) for one in extra_ids)


def add(registration_id: RegistrationId, extra_id: ExtraId, *, may_wait: bool = False) -> None:
    wanted = WantedExtra(extra_id=extra_id, may_wait=may_wait)
    transact(
        lambda session: extra_service.add_extra(
            session, registration_id, wanted, actor=BY_LINK, now=clock.now()
        )
    )
    db.session.rollback()


def drop(registration_id: RegistrationId, extra_id: ExtraId) -> None:
    transact(
        lambda session: extra_service.drop_extra(
            session, registration_id, extra_id, actor=BY_LINK, now=clock.now()
        )
    )
    db.session.rollback()


def extra_ledger(extra_id: ExtraId) -> Seats:
    db.session.rollback()
    return get_extra(extra_id).ledger


def extras_of(registration_id: RegistrationId) -> dict[str, str]:
    """Return what a registration chose: names and states."""
    db.session.rollback()
    return {one.name: one.state.value for one in held_extras(registration_id)}
