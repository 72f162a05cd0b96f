"""Standing facts: what nearly each page reads and hardly anybody changes, kept in the process's memory.

One token in the database stands for all of them. A change of a standing table gives a new token in its own
transaction, and a reader asks for the token once a transaction: so no process ever shows what was changed, however
many there are, and a page costs one small statement instead of one for each table.
"""

import secrets
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Generic, TypeVar, cast

from flask import current_app
from sqlalchemy import ColumnElement, ScalarSelect, Select, String, Table, event, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session

from conference.db.base import Base, db

T = TypeVar("T")
_ASKED = "conference_standing_token"
_KEPT = "conference_standing"


class Standing:
    """The mixin of a table whose rows are standing facts. Its rows change by `revise` or as objects of a session."""


class StandingTokenRow(Base):
    """One row, which says which state of the standing facts is the present one."""

    __tablename__ = "standing_token"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # Random instead of counted, so that a database put back from a copy never repeats one.
    token: Mapped[str] = mapped_column(String(22))


_TOKEN = cast("Table", StandingTokenRow.__table__)
_READ = select(_TOKEN.c.token).where(_TOKEN.c.id == 1)
_RENEW = update(_TOKEN).where(_TOKEN.c.id == 1)


def renew_token(session: Session) -> None:
    """Let every process read the standing facts anew once this session's work is committed."""
    session.connection().execute(_RENEW.values(token=secrets.token_urlsafe(16)))
    session.info.pop(_ASKED, None)


def token_column() -> ScalarSelect[str]:
    """Return the token as a column of another statement, whose reader tells it by `remember_token`."""
    return _READ.scalar_subquery()


def remember_token(session: Session, token: str) -> None:
    """Take the token as asked in the session's present transaction."""
    session.info[_ASKED] = (session.get_transaction(), token)


def ask_with_token(session: Session, column: ColumnElement[T], parameters: Mapping[str, Any]) -> T:
    """Return the value of one more column, asked together with the token, so that a busy form asks once for both."""
    row = session.connection().execute(_beside_token(column), parameters).one()
    remember_token(session, row.token)
    found: T = row.asked
    return found


@lru_cache(maxsize=20)
def _beside_token(column: ColumnElement[Any]) -> Select[Any]:
    return _READ.add_columns(column.label("asked"))


def _token(session: Session) -> str:
    if session.autoflush:
        # What this session made and did not write yet counts as well, as it would for a query.
        session.flush()
    asked = session.info.get(_ASKED)
    # Kept with the transaction it was asked in: the next one may see another state.
    if asked is None or asked[0] is not session.get_transaction():
        found = session.connection().execute(_READ).scalar_one()
        asked = session.info[_ASKED] = (session.get_transaction(), found)
    token: str = asked[1]
    return token


class standing(Generic[T]):  # noqa: N801 -- used as a decorator
    """Turns `load(session)` into a reader that answers from memory while the token is the same.

    What `load` returns is shared by threads, and must not be changed. The token is read before the facts, so what is
    kept under it is never older than it says.
    """

    def __init__(self, load: Callable[[Session], T]) -> None:
        self._load = load
        self.__doc__ = load.__doc__

    def __call__(self, session: Session | None = None) -> T:
        asked = session or db.session()
        token = _token(asked)
        kept: dict[Any, tuple[str, T]] = current_app.extensions.setdefault(_KEPT, {})
        found = kept.get(self)
        if found is None or found[0] != token:
            found = kept[self] = (token, self._load(asked))
        return found[1]

    def latest(self) -> T:
        """Return what this process read last, be it outdated, without asking for the token; read it if there is nothing.

        For who asks again in the transaction that counts, and begins anew where the two differ.
        """
        kept: dict[Any, tuple[str, T]] = current_app.extensions.setdefault(_KEPT, {})
        found = kept.get(self)
        return self() if found is None else found[1]


def _on_change(_mapper: Any, _connection: Any, row: object) -> None:
    session = object_session(row)
    if session is not None:
        renew_token(session)


for _change in ("after_insert", "after_update", "after_delete"):
    event.listen(Standing, _change, _on_change, propagate=True)
