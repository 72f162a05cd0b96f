"""Sealed columns: sealed anew with the newest key, a few rows at a time, and counted where no key opens them."""

from sqlalchemy import inspect, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from conference.core.sealing import is_newest, keys_in, seal, unseal
from conference.db.base import db
from conference.db.work import transact


def reseal(
    column: InstrumentedAttribute[str | None], keys: str, after: int, most: int
) -> tuple[int | None, int]:
    """Return the last id looked at, None at the end, and how many were sealed anew, of at most so many after this id.

    What no key opens stays as it is. A transaction of its own, so that what is done stays done.
    """
    if not keys_in(keys):
        return None, 0
    row_class = column.class_
    (key,) = inspect(row_class).primary_key

    def work(session: Session) -> tuple[int | None, int]:
        rows = session.scalars(
            select(row_class)
            .where(column.is_not(None), key > after)
            .order_by(key)
            .limit(most)
            .with_for_update()
        ).all()
        changed = 0
        for row in rows:
            sealed = getattr(row, column.key)
            text = None if is_newest(keys, sealed) else unseal(keys, sealed)
            if text is not None:
                setattr(row, column.key, seal(keys, text))
                changed += 1
        return (getattr(rows[-1], key.name) if rows else None), changed

    return transact(work)


def count_shut(column: InstrumentedAttribute[str | None], keys: str) -> tuple[int, int]:
    """Return how many of the column's texts none of the keys opens, and how many there are. One statement."""
    sealed = db.session.scalars(select(column).where(column.is_not(None))).all()
    return sum(unseal(keys, one) is None for one in sealed if one is not None), len(sealed)
