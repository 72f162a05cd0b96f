"""Codes: who knows one may register in its category, as often as the office allows.

A use is counted in the transaction that registers, by one conditional UPDATE. It is not given back when the registration
ends: a code that is passed on would otherwise register one after the other.
"""

from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Table, and_, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from conference.audit.model import BY_FORM, Actor
from conference.audit.service import record
from conference.core.clock import real_now
from conference.core.errors import NotFoundError
from conference.core.ids import AccessCodeId, CategoryId, RegistrationId, new_code
from conference.core.text import folded
from conference.db.base import db
from conference.db.revisions import revise
from conference.registration.category_queries import find_category, get_category
from conference.registration.invitation_errors import (
    CodeNotOpenError,
    CodeOtherCategoryError,
    CodeOverError,
    CodePauseError,
    CodeUnknownError,
    CodeUsedUpError,
)
from conference.registration.invitation_model import AccessCode, CodeDetails, Entitlement
from conference.registration.inviting_errors import CodeCategoryError, CodeTakenError, CodeUsesError
from conference.registration.model import Access, CategoryFacts, Registration
from conference.registration.queries import registration_of_row
from conference.registration.tables import AccessCodeRow, CodeUseRow, RegistrationRow, WrongCodeRow

# 12 characters of Crockford's alphabet, 60 bits: out of reach for guessing at any rate. Own words have 6 or more.
MADE_LENGTH = 12
MIN_LENGTH = 6
# So many unknown codes an hour are looked at, of everybody together (own choice): what is typed wrongly is far below,
# and a list of 20,000 words would take eight days.
WRONG_AN_HOUR = 100
_HOUR = timedelta(hours=1)

_CODE = cast("Table", AccessCodeRow.__table__)
_USE = cast("Table", CodeUseRow.__table__)
_DETAILS = [field.name for field in fields(CodeDetails)]


def code_key(words: str) -> str:
    """Return a code as it is compared: folded, without blanks and hyphens, which are lost when it is passed on."""
    return folded(words).replace(" ", "").replace("-", "")


def new_words() -> str:
    """Return a random code in groups of four, as in "7KQX-2MZP-09AB"."""
    made = new_code(MADE_LENGTH)
    return "-".join(made[start : start + 4] for start in range(0, MADE_LENGTH, 4))


def _code(row: AccessCodeRow) -> AccessCode:
    details = CodeDetails(**{name: getattr(row, name) for name in _DETAILS})
    return AccessCode(id=AccessCodeId(row.id), details=details, uses=row.uses, revision=row.revision)


def find_code(words: str, session: Session) -> AccessCode | None:
    statement = select(AccessCodeRow).where(AccessCodeRow.words_key == code_key(words))
    row = session.scalars(statement.execution_options(populate_existing=True)).first()
    return _code(row) if row else None


def get_code(code_id: AccessCodeId, session: Session | None = None) -> AccessCode:
    """Return the code; raises NotFoundError."""
    row = (session or db.session).get(AccessCodeRow, code_id, populate_existing=True)
    if row is None:
        raise NotFoundError
    return _code(row)


def access_codes() -> list[AccessCode]:
    """Return every code, those of one category together, retired ones last."""
    order = (AccessCodeRow.is_retired, AccessCodeRow.category_id, AccessCodeRow.words, AccessCodeRow.id)
    return [_code(row) for row in db.session.scalars(select(AccessCodeRow).order_by(*order))]


def registered_by(code_id: AccessCodeId) -> list[Registration]:
    """Return who came by the code, ended registrations too, the newest first."""
    statement = select(RegistrationRow).join(CodeUseRow, CodeUseRow.registration_id == RegistrationRow.id)
    rows = db.session.scalars(
        statement.where(CodeUseRow.code_id == code_id).order_by(RegistrationRow.id.desc())
    )
    return [registration_of_row(row) for row in rows]


def code_of(registration_id: RegistrationId) -> AccessCodeId | None:
    """Return by which code the registration came."""
    statement = select(CodeUseRow.code_id).where(CodeUseRow.registration_id == registration_id)
    found = db.session.scalar(statement)
    return None if found is None else AccessCodeId(found)


def require_usable(session: Session, category: CategoryFacts, given: Entitlement, now: datetime) -> None:
    """Raise unless the code opens the category now: one of the Code… errors, each at the form's field for it."""
    code = _get_typed(session, given)
    if code.details.category_id != category.id:
        raise CodeOtherCategoryError("code", category=_name_of(code.details.category_id, session))
    if given.spent_by is None:
        _require_open(code, now)


def _name_of(category_id: CategoryId, session: Session) -> str:
    return get_category(category_id, session).name


def _get_typed(session: Session, given: Entitlement) -> AccessCode:
    """Return the code as typed; raises CodeUnknownError, and CodePauseError after too many unknown ones of late."""
    since = real_now() - _HOUR
    wrong = session.scalar(select(func.count()).where(WrongCodeRow.sent_at > since)) or 0
    if wrong >= WRONG_AN_HOUR:
        raise CodePauseError("code")
    code = find_code(given.code, session)
    if code is None:
        raise CodeUnknownError("code")
    return code


def _require_open(code: AccessCode, now: datetime) -> None:
    details = code.details
    if details.is_retired or (details.expires_at is not None and now >= details.expires_at):
        raise CodeOverError("code")
    if details.opens_at is not None and now < details.opens_at:
        raise CodeNotOpenError("code")
    if details.uses_allowed is not None and code.uses >= details.uses_allowed:
        raise CodeUsedUpError("code")


def use_code(session: Session, given: Entitlement, now: datetime) -> AccessCode:
    """Count one use and return the code; none for a form that has counted one already.

    Raises CodeUsedUpError and the like for what was used up since the first look.
    """
    code = _get_typed(session, given)
    if given.spent_by is None and not _count_use(session, code, now):
        _require_open(get_code(code.id, session), now)
        raise CodeUsedUpError("code")
    return code


def _count_use(session: Session, code: AccessCode, now: datetime) -> bool:
    """Count one more by one conditional UPDATE, so that two who see the last use cannot both have it."""
    c = _CODE.c
    is_left = or_(c.uses_allowed.is_(None), c.uses < c.uses_allowed)
    is_open = and_(
        c.is_retired.is_(False),
        c.category_id == code.details.category_id,
        or_(c.expires_at.is_(None), c.expires_at > now),
    )
    result = session.connection().execute(
        update(_CODE).where(c.id == code.id, is_left, is_open).values(uses=c.uses + 1)
    )
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


def note_use(session: Session, given: Entitlement, registration_id: RegistrationId) -> None:
    """Write by which code a registration came; a use that the form had spent before moves to it."""
    code = find_code(given.code, session)
    assert code is not None
    if given.spent_by is not None:
        session.execute(delete(CodeUseRow).where(CodeUseRow.registration_id == given.spent_by))
    session.connection().execute(insert(_USE), {"registration_id": registration_id, "code_id": code.id})
    record(
        session,
        actor=BY_FORM,
        action="came by code",
        about=("registration", registration_id),
        changes={"code": ("", code.details.words)},
    )


def note_wrong_code(session: Session) -> None:
    """Count an unknown code, and forget those of more than an hour ago."""
    session.execute(delete(WrongCodeRow).where(WrongCodeRow.sent_at <= real_now() - _HOUR))
    session.add(WrongCodeRow(sent_at=real_now()))


def create_code(session: Session, details: CodeDetails, *, actor: Actor) -> AccessCodeId:
    """Raises CodeTakenError, CodeCategoryError."""
    _require_fit(session, details, None)
    row = AccessCodeRow(**asdict(details), words_key=code_key(details.words), uses=0)
    session.add(row)
    session.flush()
    record(session, actor=actor, action="created", about=("access code", row.id))
    return AccessCodeId(row.id)


def _require_fit(session: Session, details: CodeDetails, own_id: AccessCodeId | None) -> None:
    taken = find_code(details.words, session)
    if taken is not None and taken.id != own_id:
        raise CodeTakenError("words")
    category = find_category(details.category_id, session)
    if category is None or category.details.access is not Access.CODE:
        raise CodeCategoryError("category")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def edit_code(
    session: Session,
    code_id: AccessCodeId,
    expected_revision: int | None,
    details: CodeDetails,
    *,
    actor: Actor,
) -> None:
    """Write the details. Raises CodeTakenError, CodeCategoryError, CodeUsesError, and as `revise` does."""
    before = get_code(code_id, session).details
    # A category that stopped asking for codes does not keep its codes from being changed.
    if details.category_id != before.category_id or code_key(details.words) != code_key(before.words):
        _require_fit(session, details, code_id)
    session.execute(select(AccessCodeRow.id).where(AccessCodeRow.id == code_id).with_for_update())
    uses = get_code(code_id, session).uses
    if details.uses_allowed is not None and details.uses_allowed < uses:
        raise CodeUsesError("uses_allowed", uses=uses)
    revise(
        session,
        AccessCodeRow,
        code_id,
        expected_revision,
        asdict(details) | {"words_key": code_key(details.words)},
    )
    old, new = asdict(before), asdict(details)
    changes = {name: (_plain(old[name]), _plain(new[name])) for name in new if old[name] != new[name]}
    if changes:
        record(session, actor=actor, action="changed", about=("access code", code_id), changes=changes)


def retire_code(
    session: Session,
    code_id: AccessCodeId,
    expected_revision: int | None,
    *,
    is_retired: bool,
    actor: Actor,
) -> None:
    """Let the code open nothing any more, or let it open its category again. Raises as `revise` does."""
    revise(session, AccessCodeRow, code_id, expected_revision, {"is_retired": is_retired})
    action = "retired" if is_retired else "brought back"
    record(session, actor=actor, action=action, about=("access code", code_id))
