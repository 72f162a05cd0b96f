"""Registrations with all that belongs to them, in the order of their ids, for programs that keep a copy.

Sensitive answers are never among it. Counts of statements are constant, however many are read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, cast

from sqlalchemy import Table, or_, select

from conference.audit.queries import acted_on, last_acts
from conference.core.errors import NotFoundError
from conference.core.ids import CategoryId, ExtraId, PersonId, QuestionId, RegistrationId
from conference.db.base import db
from conference.people.model import PersonDetails
from conference.people.queries import people_by_id
from conference.registration.category_queries import category_details
from conference.registration.extra_model import ExtraState
from conference.registration.extra_queries import extra_details
from conference.registration.listing import tags_of
from conference.registration.model import Registration, State
from conference.registration.queries import registration_of_row
from conference.registration.question_model import Kind, Question, Value
from conference.registration.question_queries import plain_answers, questions
from conference.registration.tables import ConsentRow, RegistrationExtraRow, RegistrationRow

_HELD = cast("Table", RegistrationExtraRow.__table__)
_CONSENT = cast("Table", ConsentRow.__table__)


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordFilters:
    """Which registrations are meant: those that fit every filter. `changed_since` is a time of the conference's clock."""

    states: tuple[State, ...] = ()
    category_id: CategoryId | None = None
    changed_since: datetime | None = None


class ChosenExtra(NamedTuple):
    extra_id: ExtraId
    name: str
    state: ExtraState
    changed_at: datetime


class PlainAnswer(NamedTuple):
    """An answer as it is stored: an option's key, "yes", a number or date in their stored form, or text."""

    question_id: QuestionId
    label: str
    values: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class RegistrationRecord:
    """A registration whole. `changed_at` is when it, its person or one of its extras was changed last."""

    registration: Registration
    person: PersonDetails
    category: str
    changed_at: datetime
    extras: tuple[ChosenExtra, ...]
    consents: tuple[str, ...]
    tags: tuple[str, ...]
    answers: tuple[PlainAnswer, ...]


def records_after(filters: RecordFilters, after: int, most: int) -> list[RegistrationRecord]:
    """Return so many that fit and whose ids come after, by id: who registers meanwhile comes at the end."""
    statement = select(RegistrationRow)
    if filters.states:
        statement = statement.where(RegistrationRow.state.in_(filters.states))
    if filters.category_id is not None:
        statement = statement.where(RegistrationRow.category_id == filters.category_id)
    if filters.changed_since is not None:
        since = filters.changed_since
        extras = select(_HELD.c.registration_id).where(_HELD.c.changed_at >= since)
        statement = statement.where(
            or_(
                RegistrationRow.changed_at >= since,
                RegistrationRow.person_id.in_(acted_on("person", since)),
                RegistrationRow.id.in_(extras),
            )
        )
    found: list[RegistrationRecord] = []
    # Whose person was merged away since its row was read is left out, and the next one takes its place: fewer than
    # asked for would say that the list has ended.
    while wanted := most - len(found):
        rows = db.session.scalars(
            statement.where(RegistrationRow.id > after).order_by(RegistrationRow.id).limit(wanted)
        ).all()
        found += _whole([registration_of_row(row) for row in rows])
        if len(rows) < wanted:
            break
        after = rows[-1].id
    return found


def get_record(registration_id: RegistrationId) -> RegistrationRecord:
    """Return one; raises NotFoundError."""
    row = db.session.get(RegistrationRow, registration_id, populate_existing=True)
    if row is None:
        raise NotFoundError
    found = _whole([registration_of_row(row)])
    if not found:
        raise NotFoundError
    return found[0]


def _whole(found: list[Registration]) -> list[RegistrationRecord]:
    ids = [one.id for one in found]
    people = people_by_id(one.person_id for one in found)
    acts = last_acts("person", {one.person_id for one in found})
    extras, consents, tags = _extras_of(ids), _consents_of(ids), tags_of(ids)
    names, asked, answers = category_details(), questions(), plain_answers(ids)
    # Each statement sees its own moment: whose person was merged away between two is told at the next change's reading.
    found = [one for one in found if one.person_id in people and one.category_id in names]
    return [
        RegistrationRecord(
            registration=one,
            person=people[PersonId(one.person_id)].details,
            category=names[one.category_id].name,
            changed_at=_latest(one, extras.get(one.id, ()), acts),
            extras=extras.get(one.id, ()),
            consents=consents.get(one.id, ()),
            tags=tags.get(one.id, ()),
            answers=_answers(asked, answers.get(one.id, {})),
        )
        for one in found
    ]


def _latest(one: Registration, extras: Iterable[ChosenExtra], acts: Mapping[int, datetime]) -> datetime:
    of_person = acts.get(one.person_id, one.changed_at)
    return max(one.changed_at, of_person, *(extra.changed_at for extra in extras))


def _answers(asked: Iterable[Question], given: Mapping[QuestionId, Value]) -> tuple[PlainAnswer, ...]:
    """Return the answers in the office's order: none of a sensitive question, whatever it was when it was answered."""
    told = [one for one in asked if not one.details.is_sensitive and one.details.kind is not Kind.FILE]
    return tuple(
        PlainAnswer(one.id, one.details.label, _values(given[one.id])) for one in told if one.id in given
    )


def _values(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,)


def _extras_of(ids: Iterable[int]) -> dict[int, tuple[ChosenExtra, ...]]:
    """Return what each of the registrations chose, in the office's order. One statement."""
    details = extra_details()
    found: dict[int, dict[ExtraId, ChosenExtra]] = {}
    rows = db.session.execute(
        select(_HELD.c.registration_id, _HELD.c.extra_id, _HELD.c.state, _HELD.c.changed_at).where(
            _HELD.c.registration_id.in_(list(ids))
        )
    )
    for registration_id, number, state, changed_at in rows:
        extra = ExtraId(number)
        if extra not in details:  # made since they were read
            continue
        chosen = ChosenExtra(extra, details[extra].name, ExtraState(state), changed_at)
        found.setdefault(registration_id, {})[extra] = chosen
    return {one: tuple(held[extra] for extra in details if extra in held) for one, held in found.items()}


def _consents_of(ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Return the kinds of consent that each of the registrations gave. One statement."""
    found: dict[int, tuple[str, ...]] = {}
    rows = db.session.execute(
        select(_CONSENT.c.registration_id, _CONSENT.c.kind)
        .where(_CONSENT.c.registration_id.in_(list(ids)))
        .order_by(_CONSENT.c.registration_id, _CONSENT.c.kind)
    )
    for registration_id, kind in rows:
        found[registration_id] = (*found.get(registration_id, ()), kind)
    return found
