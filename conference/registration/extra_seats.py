"""How the places of extras are taken, kept and given back: always in the transaction of the registration's own step.

The registration's category is locked first, then its extras in the order of their ids (trust.md 5). Places are held
by confirmed registrations only: until then, and after the end, an extra is a wish.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from conference.audit.model import BY_SYSTEM, Actor
from conference.audit.service import record
from conference.core.ids import CategoryId, ExtraId, RegistrationId
from conference.registration import ledger, letters
from conference.registration.errors import (
    ExtraClosedError,
    ExtraFullError,
    ExtraGoneError,
    ExtraNotOfferedError,
)
from conference.registration.extra_model import Extra, ExtraState, HeldExtra
from conference.registration.extra_queries import extra_details, extras
from conference.registration.model import Category, CategoryFacts, Registration, State, WantedExtra
from conference.registration.queries import get_registration
from conference.registration.rules import has_place, require_live
from conference.registration.tables import RegistrationExtraRow

# States of a registration in which its extras hold places.
HOLDING = frozenset({State.CONFIRMED, State.ATTENDED, State.NO_SHOW})
_HELD = cast("Table", RegistrationExtraRow.__table__)
_INSERT = insert(_HELD)
_OF_ONE = (
    select(_HELD.c.id, _HELD.c.extra_id, _HELD.c.state)
    .where(_HELD.c.registration_id == bindparam("registration"))
    .order_by(_HELD.c.extra_id)
)


def require_offered(session: Session, category: CategoryFacts, wanted: Sequence[WantedExtra]) -> None:
    """Raise ExtraGoneError, ExtraNotOfferedError, ExtraClosedError or ExtraFullError for what cannot be had.

    Asked before the address is looked at, so that the answer tells nobody which address is known.
    """
    if not wanted:
        return
    known = {extra.id: extra for extra in extras(session)}
    for one in wanted:
        extra = known.get(one.extra_id)
        if extra is None or extra.details.is_retired:
            raise ExtraGoneError("extras")
        _require_one(extra, category, may_wait=one.may_wait)


def _require_one(extra: Extra, category: CategoryFacts, *, may_wait: bool) -> None:
    if category.id not in extra.details.categories:
        raise ExtraNotOfferedError("extras", extra=extra.name, category=category.name)
    if extra.ledger.seats == 0:
        raise ExtraClosedError("extras", extra=extra.name)
    if not may_wait and not has_place(extra.ledger):
        raise ExtraFullError("extras", extra=extra.name)


def add_all(
    session: Session,
    registration_id: RegistrationId,
    state: State,
    category_id: CategoryId,
    wanted: Sequence[WantedExtra],
    *,
    now: datetime,
) -> tuple[HeldExtra, ...]:
    """Write what a newcomer chose and what the category includes; return it. The category's row is held.

    Raises ExtraFullError for one that became full and may not wait; what is included waits by itself.
    """
    details = extra_details(session)
    if not details:
        return ()
    asked = {one.extra_id: one.may_wait for one in wanted}
    asked |= {
        extra_id: True
        for extra_id, one in details.items()
        if category_id in one.included and not one.is_retired
    }
    found = [
        (extra_id, _claim(session, extra_id, details[extra_id].name, may_wait=asked[extra_id]))
        if state in HOLDING
        else (extra_id, _WISH)
        for extra_id in sorted(asked)
    ]
    if found:
        rows = [_row(registration_id, extra_id, got, now) for extra_id, got in found]
        # One row is sent as one: a list of one costs a driver's pipeline.
        session.connection().execute(_INSERT, rows if len(rows) > 1 else rows[0])
    return tuple(
        HeldExtra(extra_id=extra_id, name=details[extra_id].name, state=got[0]) for extra_id, got in found
    )


Got = tuple[ExtraState, int | None]
_WISH: Got = (ExtraState.WISHED, None)


def _claim(session: Session, extra_id: ExtraId, name: str, *, may_wait: bool) -> Got:
    if not may_wait:
        if not ledger.extras.take(session, extra_id):
            raise ExtraFullError("extras", extra=name)
        return ExtraState.CONFIRMED, None
    try:
        claim = ledger.extras.claim(session, extra_id, name=name)
    except ExtraClosedError:
        # Nobody chose this with open eyes: it was closed since, or is included. The wish stays.
        return _WISH
    return ExtraState(claim.state.value), claim.waiting_number


def _row(registration_id: RegistrationId, extra_id: ExtraId, got: Got, now: datetime) -> dict[str, object]:
    return {
        "registration_id": registration_id,
        "extra_id": extra_id,
        "state": got[0],
        "waiting_number": got[1],
        "changed_at": now,
    }


def settle(session: Session, registration_id: RegistrationId, to: State, *, now: datetime) -> None:
    """Let the extras follow the registration's new state: claimed once it is confirmed, given back when it is not.

    The registration's category is held. Who waits for what is given back moves up.
    """
    details = extra_details(session)
    if not details:
        return
    holds = to in HOLDING
    wanted = [
        ExtraId(row.extra_id)
        for row in _of(session, registration_id)
        if (row.state == ExtraState.WISHED) is holds
    ]
    if not wanted:
        return
    ledger.extras.lock(session, *wanted)
    # Read again under the lock: somebody may have moved up meanwhile.
    for row in _of(session, registration_id):
        extra_id, got = ExtraId(row.extra_id), _WISH
        if extra_id not in wanted:
            continue
        if holds:
            got = _claim(session, extra_id, details[extra_id].name, may_wait=True)
        elif row.state != ExtraState.WISHED:
            ledger.extras.release(session, extra_id, State(row.state))
        _write(session, row.id, got, now)
    if not holds:
        for extra_id in wanted:
            move_up(session, extra_id, now=now)


def _of(session: Session, registration_id: RegistrationId) -> Sequence[RegistrationExtraRow]:
    rows = session.connection().execute(_OF_ONE, {"registration": registration_id}).all()
    return cast("Sequence[RegistrationExtraRow]", rows)


def _write(session: Session, row_id: int, got: Got, now: datetime) -> None:
    values = {"state": got[0], "waiting_number": got[1], "changed_at": now}
    session.connection().execute(update(_HELD).where(_HELD.c.id == row_id).values(values))


def move_up(session: Session, extra_id: ExtraId, *, now: datetime) -> int:
    """Give each free place of the extra to the longest waiting, with a mail, and return how many.

    It needs no acceptance: it can be dropped. The extra's row is held, or is held by the first step here.
    """
    count = 0
    for row_id in ledger.extras.promoted(session, extra_id):
        _write(session, row_id, (ExtraState.CONFIRMED, None), now)
        found = session.connection().execute(select(_HELD.c.registration_id).where(_HELD.c.id == row_id))
        registration = get_registration(RegistrationId(found.scalar_one()), session)
        _note(session, registration, extra_id, "extra place", actor=BY_SYSTEM)
        details = extra_details(session)[extra_id]
        letters.send(session, "extra_place", registration, extra=details.name_in(registration.language))
        count += 1
    return count


def _note(
    session: Session, registration: Registration, extra_id: ExtraId, action: str, *, actor: Actor
) -> None:
    name = extra_details(session)[extra_id].name
    pair = (name, "") if action == "extra dropped" else ("", name)
    record(
        session, actor=actor, action=action, about=("registration", registration.id), changes={"extra": pair}
    )


def add(
    session: Session,
    registration: Registration,
    category: Category,
    wanted: WantedExtra,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Add one extra; done twice it is done once. The registration's category is held.

    Raises MoveRefusedError for a registration that ended, and as `require_offered` does.
    """
    require_live(registration)
    if any(row.extra_id == wanted.extra_id for row in _of(session, registration.id)):
        return
    require_offered(session, category, [wanted])
    got = _WISH
    if registration.state in HOLDING:
        name = extra_details(session)[wanted.extra_id].name
        got = _claim(session, wanted.extra_id, name, may_wait=wanted.may_wait)
    session.connection().execute(_INSERT, [_row(registration.id, wanted.extra_id, got, now)])
    _note(session, registration, wanted.extra_id, "extra added", actor=actor)


def drop(
    session: Session, registration: Registration, extra_id: ExtraId, *, actor: Actor, now: datetime
) -> None:
    """Give one extra back; done twice it is done once. The registration's category is held.

    Raises MoveRefusedError for a registration that ended.
    """
    require_live(registration)
    drop_all(session, registration, [extra_id], actor=actor, now=now)


def drop_all(
    session: Session,
    registration: Registration,
    extra_ids: Sequence[ExtraId],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Give these extras back, and let who waits move up. The registration's category is held."""
    ledger.extras.lock(session, *extra_ids)
    rows = [row for row in _of(session, registration.id) if row.extra_id in extra_ids]
    for row in rows:
        if row.state != ExtraState.WISHED:
            ledger.extras.release(session, row.extra_id, State(row.state))
        session.connection().execute(delete(_HELD).where(_HELD.c.id == row.id))
        _note(session, registration, ExtraId(row.extra_id), "extra dropped", actor=actor)
    for row in rows:
        move_up(session, ExtraId(row.extra_id), now=now)


def follow_category(
    session: Session, registration: Registration, category: Category, *, actor: Actor, now: datetime
) -> None:
    """Fit the extras to a registration's new category and state: drop what it does not offer, add what it includes."""
    details = extra_details(session)
    rows = _of(session, registration.id)
    gone = [
        ExtraId(row.extra_id) for row in rows if category.id not in details[ExtraId(row.extra_id)].categories
    ]
    # All at once and first, so that the order of locks is that of the ids whatever happens to each.
    ledger.extras.lock(session, *(row.extra_id for row in rows))
    if gone:
        drop_all(session, registration, gone, actor=actor, now=now)
    kept = {row.extra_id for row in rows} - set(gone)
    included = [
        extra_id
        for extra_id, one in details.items()
        if category.id in one.included and not one.is_retired and extra_id not in kept
    ]
    if included:
        session.connection().execute(
            _INSERT, [_row(registration.id, extra_id, _WISH, now) for extra_id in sorted(included)]
        )
    settle(session, registration.id, registration.state, now=now)
