"""Tokens of programs: made by an organiser, shown once, kept as hashes, counted at each use, and revoked.

A token counts while it is neither revoked nor over and who made it is an organiser: asked anew at each request, in the
UPDATE itself that counts the use, so it is dead for every worker at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import cast

from sqlalchemy import ColumnElement, Row, Table, and_, case, or_, select, update
from sqlalchemy.orm import Session

from conference.accounts.queries import is_organiser, staff_names
from conference.accounts.tokens import token_hash
from conference.api.errors import (
    DeadTokenError,
    ExpiryPastError,
    ScopeChoiceError,
    TooManyRequestsError,
)
from conference.api.model import Scope
from conference.api.tables import ApiTokenRow
from conference.audit.model import Actor, by_staff
from conference.audit.service import record
from conference.core.clock import STOCKHOLM
from conference.core.errors import NotFoundError
from conference.core.ids import StaffId, new_token
from conference.db.base import db

# So that a token is known for what it is wherever it turns up, by scanners of leaked secrets too.
PREFIX = "cfo_"
_HINT = len(PREFIX) + 4
# Own choice: ten a second for as long as one likes, which one core answers beside all else.
MOST_A_MINUTE = 600
_WINDOW = timedelta(minutes=1)
LONGEST = timedelta(days=3653)
_TOKEN = cast("Table", ApiTokenRow.__table__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """A token as the office sees it. `hint` is how it begins. `maker` is a name, `is_alive` whether it counts now."""

    id: int
    name: str
    hint: str
    scopes: tuple[Scope, ...]
    staff_id: StaffId
    maker: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    is_over: bool
    is_orphan: bool

    @property
    def is_alive(self) -> bool:
        return self.revoked_at is None and not self.is_over and not self.is_orphan


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """What the token of the present request may do, and in whose name."""

    token_id: int
    name: str
    scopes: frozenset[Scope]
    staff_id: StaffId

    @property
    def actor(self) -> Actor:
        return by_staff(self.staff_id)


def make_token(
    session: Session,
    name: str,
    scopes: Sequence[Scope],
    last_day: date | None,
    *,
    staff_id: StaffId,
    now: datetime,
) -> tuple[int, str]:
    """Return the id and the words of a new token, which nothing tells again. It counts to the end of `last_day`.

    `now` is real time. Raises ScopeChoiceError and ExpiryPastError.
    """
    if not scopes:
        raise ScopeChoiceError("scopes")
    expires_at = _end_of(last_day) if last_day else None
    if expires_at is not None and not now < expires_at <= now + LONGEST:
        raise ExpiryPastError("last_day")
    words = PREFIX + new_token()
    row = ApiTokenRow(
        token_hash=token_hash(words),
        hint=words[:_HINT],
        name=name,
        scopes=[one.value for one in Scope if one in scopes],
        staff_id=staff_id,
        created_at=now,
        expires_at=expires_at,
    )
    session.add(row)
    session.flush()
    record(session, actor=by_staff(staff_id), action="created", about=("api_token", row.id))
    return row.id, words


def _end_of(day: date) -> datetime:
    """Return the midnight in Stockholm after the day; raises ExpiryPastError for a day that has none after it."""
    if day >= date.max - timedelta(days=1):
        raise ExpiryPastError("last_day")
    return datetime.combine(day + timedelta(days=1), time(), STOCKHOLM)


def revoke_token(session: Session, token_id: int, *, actor: Actor, now: datetime) -> None:
    """Let the token die now; a second time changes nothing. Raises NotFoundError.

    It asks for no revision: there is nothing to lose by it, and it must never have to wait for a second look.
    """
    mine = and_(_TOKEN.c.id == token_id, _TOKEN.c.revoked_at.is_(None))
    done = session.connection().execute(update(_TOKEN).where(mine).values(revoked_at=now))
    if done.rowcount == 1:
        record(session, actor=actor, action="token revoked", about=("api_token", token_id))
    elif session.get(ApiTokenRow, token_id) is None:
        raise NotFoundError


def find_token(words: str) -> int | None:
    """Return the id of the token, dead or alive, or None. Only reads: whoever guesses takes no lock from anybody."""
    if not words.startswith(PREFIX):
        return None
    found: int | None = db.session.scalar(select(_TOKEN.c.id).where(_TOKEN.c.token_hash == token_hash(words)))
    return found


def use_token(session: Session, token_id: int, *, now: datetime) -> Grant:
    """Count one use and return what the token may do. `now` is real time. Two statements.

    Raises DeadTokenError, and TooManyRequestsError.
    """
    window = now.replace(second=0, microsecond=0)
    is_new = or_(_TOKEN.c.window_at.is_(None), _TOKEN.c.window_at != window)
    mine = (_TOKEN.c.id == token_id, *_alive(now))
    counted = session.connection().execute(
        update(_TOKEN)
        .where(*mine, or_(is_new, _TOKEN.c.window_uses < MOST_A_MINUTE))
        .values(
            last_used_at=now,
            window_at=window,
            window_uses=case((is_new, 1), else_=_TOKEN.c.window_uses + 1),
        )
    )
    row = session.connection().execute(select(_TOKEN).where(*mine)).first()
    if row is None:
        raise DeadTokenError
    if counted.rowcount != 1:
        left = (window + _WINDOW - now).total_seconds()
        raise TooManyRequestsError(MOST_A_MINUTE, max(1, int(left) + 1))
    scopes = frozenset(one for one in Scope if one.value in row.scopes)
    return Grant(token_id=row.id, name=row.name, scopes=scopes, staff_id=StaffId(row.staff_id))


def _alive(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        _TOKEN.c.revoked_at.is_(None),
        or_(_TOKEN.c.expires_at.is_(None), _TOKEN.c.expires_at > now),
        is_organiser(_TOKEN.c.staff_id),
    )


def tokens(now: datetime) -> list[Token]:
    """Return every token, the newest first. Three statements at most; `now` is real time."""
    rows = db.session.execute(select(_TOKEN).order_by(_TOKEN.c.id.desc())).all()
    return _tokens(rows, now)


def get_token(token_id: int, now: datetime) -> Token:
    """Return the token; raises NotFoundError."""
    found = _tokens(db.session.execute(select(_TOKEN).where(_TOKEN.c.id == token_id)).all(), now)
    if not found:
        raise NotFoundError
    return found[0]


def _tokens(rows: Sequence[Row[*tuple[object, ...]]], now: datetime) -> list[Token]:
    names = staff_names(row.staff_id for row in rows)
    organisers = {
        row[0] for row in db.session.execute(select(_TOKEN.c.id).where(is_organiser(_TOKEN.c.staff_id)))
    }
    return [
        Token(
            id=row.id,
            name=row.name,
            hint=row.hint,
            scopes=tuple(one for one in Scope if one.value in row.scopes),
            staff_id=StaffId(row.staff_id),
            maker=names.get(StaffId(row.staff_id), ""),
            created_at=row.created_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
            last_used_at=row.last_used_at,
            is_over=row.expires_at is not None and row.expires_at <= now,
            is_orphan=row.id not in organisers,
        )
        for row in rows
    ]


def note_list_read(session: Session, grant: Grant, ids: Sequence[int]) -> None:
    """Write down which registrations the token was given: one entry, by their ids alone."""
    record(
        session,
        actor=grant.actor,
        action="registrations read",
        about=("api_token", grant.token_id),
        changes={"registrations": (None, list(ids))},
    )


def note_one_read(session: Session, grant: Grant, registration_id: int) -> None:
    """Write down in the registration's own history that the token was given it."""
    about = ("registration", registration_id)
    record(session, actor=grant.actor, action="read by a program", about=about, reason=grant.name)
