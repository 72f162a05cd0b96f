"""What is always true of registrations, counted anew from their rows: after a restore, and for `conference doctor`."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Row, and_, case, func, select
from sqlalchemy.orm import InstrumentedAttribute

from conference.core.sealing import keys_in
from conference.db.base import db
from conference.db.resealing import count_shut
from conference.registration.extra_model import ExtraState
from conference.registration.file_store import missing_files
from conference.registration.model import SEATED, State
from conference.registration.question_queries import encryption_key
from conference.registration.tables import (
    AnswerRow,
    CategoryRow,
    ExtraRow,
    RegistrationExtraRow,
    RegistrationRow,
)
from conference.registration.visa_tables import VisaLetterRow

_SHOWN = 3


def seats_are_counted() -> str | None:
    """Return which category's or extra's ledger differs from its registrations, or None. Two statements."""
    found = [*_differing(_categories()), *_differing(_extras())]
    if not found:
        return None
    return f"places taken differ from those counted: {'; '.join(found[:_SHOWN])}"


def _differing(rows: Iterable[Row[str, int, int, int, int]]) -> list[str]:
    return [
        f"{name} has {taken} taken and {waiting} waiting, counted are {counted} and {queued}"
        for name, taken, waiting, counted, queued in rows
        if (taken, waiting) != (counted, queued)
    ]


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _categories() -> Iterable[Row[str, int, int, int, int]]:
    seated = and_(RegistrationRow.state.in_(SEATED), RegistrationRow.is_over_limit.is_(False))
    waits = RegistrationRow.state == State.WAITING
    return db.session.execute(
        select(CategoryRow.name, CategoryRow.taken, CategoryRow.waiting, _sum(seated), _sum(waits))
        .join_from(CategoryRow, RegistrationRow, RegistrationRow.category_id == CategoryRow.id, isouter=True)
        .group_by(CategoryRow.id, CategoryRow.name, CategoryRow.taken, CategoryRow.waiting)
    ).all()


def _extras() -> Iterable[Row[str, int, int, int, int]]:
    held = RegistrationExtraRow.state == ExtraState.CONFIRMED
    waits = RegistrationExtraRow.state == ExtraState.WAITING
    return db.session.execute(
        select(ExtraRow.name, ExtraRow.taken, ExtraRow.waiting, _sum(held), _sum(waits))
        .join_from(ExtraRow, RegistrationExtraRow, RegistrationExtraRow.extra_id == ExtraRow.id, isouter=True)
        .group_by(ExtraRow.id, ExtraRow.name, ExtraRow.taken, ExtraRow.waiting)
    ).all()


def sealed_answers_open() -> str | None:
    """Return how many sensitive answers none of the keys opens, or None. One statement."""
    return _shut(AnswerRow.sealed, "sensitive answers")


def sealed_passports_open() -> str | None:
    """Return how many passports of letters none of the keys opens, or None. One statement."""
    return _shut(VisaLetterRow.sealed, "passports of letters of invitation")


def _shut(column: InstrumentedAttribute[str | None], what: str) -> str | None:
    keys = encryption_key()
    shut, known = count_shut(column, keys)
    if not shut:
        return None
    why = "no key is set" if not keys_in(keys) else "the key that sealed them is not among those set"
    return f"{shut} of {known} {what} cannot be opened: {why} (CONFERENCE_ENCRYPTION_KEY)"


def files_are_there() -> str | None:
    """Return how many files are gone that an answer names, or None."""
    gone = missing_files()
    return f"{gone} files that answer questions are not in the instance folder" if gone else None
