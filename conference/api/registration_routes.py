"""What a program with a token may read of registrations. Each reading is written down (trust.md 20 and 30)."""

from flask import g

from conference.api.asked import RegistrationsAsked
from conference.api.model import Scope
from conference.api.operations import operation
from conference.api.public_routes import after_cursor, next_address
from conference.api.registration_model import (
    Category,
    ChosenExtra,
    Contact,
    GivenAnswer,
    Registration,
    RegistrationList,
)
from conference.api.tokens import Grant, note_list_read, note_one_read
from conference.core.ids import CategoryId, RegistrationId
from conference.db.work import transact
from conference.registration.record_queries import (
    RecordFilters,
    RegistrationRecord,
    get_record,
    records_after,
)

_SCOPES = (Scope.READ, Scope.LIST)


def _grant() -> Grant:
    grant: Grant = g.api_grant
    return grant


def _note_list(found: RegistrationList) -> None:
    grant, ids = _grant(), [one.id for one in found.items]
    if ids:
        transact(lambda session: note_list_read(session, grant, ids))


def _note_one(found: Registration) -> None:
    grant = _grant()
    transact(lambda session: note_one_read(session, grant, found.id))


@operation("/registrations", "Registrations", scopes=_SCOPES, note=_note_list)
def registrations(asked: RegistrationsAsked) -> RegistrationList:
    """Return registrations whatever their state, the oldest first.

    To keep a copy up to date, read all of them once and later those that changed since. Sensitive answers are never
    given. The office sees which registrations a token has read.
    """
    filters = RecordFilters(
        states=asked.state,
        category_id=None if asked.category is None else CategoryId(asked.category),
        changed_since=asked.changed_since,
    )
    found = records_after(filters, after_cursor(asked) or 0, asked.limit + 1)
    part = found[: asked.limit]
    more = part[-1].registration.id if len(found) > asked.limit else None
    items = tuple(_told(one) for one in part)
    return RegistrationList(items=items, next=next_address(asked, more))


@operation("/registrations/{registration_id}", "One registration", scopes=_SCOPES, note=_note_one)
def registration(registration_id: int) -> Registration:
    """Return the registration. Its history in the office says that it was read, and by which token."""
    return _told(get_record(RegistrationId(registration_id)))


def _told(record: RegistrationRecord) -> Registration:
    one, person = record.registration, record.person
    return Registration(
        id=one.id,
        number=one.number,
        state=one.state,
        category=Category(id=one.category_id, name=record.category),
        title=person.title,
        given_name=person.given_name,
        family_name=person.family_name,
        letters=person.letters,
        badge_name=person.badge_name,
        affiliation=person.affiliation,
        country=person.country,
        no_photographs=one.no_photographs,
        consents=record.consents,
        extras=tuple(
            ChosenExtra(id=extra.extra_id, name=extra.name, state=extra.state) for extra in record.extras
        ),
        registered_at=one.created_at,
        changed_at=record.changed_at,
        contact=_contact(record) if Scope.READ in _grant().scopes else None,
    )


def _contact(record: RegistrationRecord) -> Contact:
    one = record.registration
    return Contact(
        email=one.email,
        language=one.language,
        profession=one.profession,
        career_stage=one.career_stage,
        tags=record.tags,
        answers=tuple(
            GivenAnswer(question=answer.question_id, label=answer.label, values=answer.values)
            for answer in record.answers
        ),
    )
