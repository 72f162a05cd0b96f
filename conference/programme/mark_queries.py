"""Who marked what, for the person's own page, for the schedule's checks, and for who tells of changes."""

from collections import defaultdict
from collections.abc import Mapping
from typing import cast

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import aliased

from conference.core.ids import RegistrationId, SessionId
from conference.db.base import db
from conference.programme.facts import Marks
from conference.programme.mark_tables import NewsWishRow, SessionMarkRow
from conference.registration.queries import live_ids

_KEPT = "conference.programme.marks"


def marks_of(registration_id: RegistrationId, session: DbSession | None = None) -> frozenset[SessionId]:
    """Return the sessions that the registration marked, those too that are in no version any more."""
    found = (session or db.session).scalars(
        select(SessionMarkRow.session_id).where(SessionMarkRow.registration_id == registration_id)
    )
    return frozenset(SessionId(one) for one in found)


def marks_by_registration() -> dict[RegistrationId, frozenset[SessionId]]:
    """Return what each registration marked, as `marks_of` does of one. One statement."""
    found: dict[RegistrationId, set[SessionId]] = defaultdict(set)
    for registration_id, session_id in db.session.execute(
        select(SessionMarkRow.registration_id, SessionMarkRow.session_id)
    ):
        found[RegistrationId(registration_id)].add(SessionId(session_id))
    return {one: frozenset(marked) for one, marked in found.items()}


def wants_news(registration_id: RegistrationId, session: DbSession | None = None) -> bool:
    """Return whether the registration asked to be told when something it marked changes."""
    asked = select(NewsWishRow.registration_id).where(NewsWishRow.registration_id == registration_id)
    return (session or db.session).scalar(asked) is not None


def asked_for_news(session: DbSession) -> Mapping[RegistrationId, frozenset[SessionId]]:
    """Return each live registration that asked to be told of changes, with the ids of the sessions it marked.

    Among them are sessions that the newest version has no more: who marked one is told that it was cancelled. A
    registration that asked and marked nothing has an empty set. One statement.
    """
    found: dict[RegistrationId, set[SessionId]] = defaultdict(set)
    rows = session.execute(
        select(NewsWishRow.registration_id, SessionMarkRow.session_id)
        .outerjoin(SessionMarkRow, SessionMarkRow.registration_id == NewsWishRow.registration_id)
        .where(NewsWishRow.registration_id.in_(live_ids()))
    )
    for registration_id, session_id in rows:
        marked = found[RegistrationId(registration_id)]
        if session_id is not None:
            marked.add(SessionId(session_id))
    return {one: frozenset(marked) for one, marked in found.items()}


def marked_together(least: int, session: DbSession | None = None) -> Marks:
    """Return each pair of sessions that at least so many live registrations marked both, with how many they are.

    Counted anew only when marks came or went, since every move of a session asks: one statement otherwise. A
    registration that ended since then may still be counted.
    """
    reader = session or db.session()
    row = reader.execute(select(func.count(SessionMarkRow.id), func.max(SessionMarkRow.id))).one()
    key = (least, *row)
    held = cast("tuple[object, Marks] | None", current_app.extensions.get(_KEPT))
    if held is None or held[0] != key:
        held = current_app.extensions[_KEPT] = (key, _pairs(least, reader) if row[0] else {})
    return held[1]


def _pairs(least: int, session: DbSession) -> Marks:
    one, other = aliased(SessionMarkRow), aliased(SessionMarkRow)
    rows = session.execute(
        select(one.session_id, other.session_id, func.count())
        .join(other, (other.registration_id == one.registration_id) & (other.session_id > one.session_id))
        .where(one.registration_id.in_(live_ids()))
        .group_by(one.session_id, other.session_id)
        .having(func.count() >= least)
    )
    return {(SessionId(first), SessionId(second)): count for first, second, count in rows}
