"""Who is on the programme committee, and what is missing of them. Counts of statements are constant."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from conference.core.clock import STOCKHOLM, clock
from conference.core.errors import NotFoundError
from conference.core.ids import PersonId
from conference.db.base import db
from conference.event.queries import get_event
from conference.mail.queries import last_written
from conference.people.queries import people_by_id
from conference.programme.model import Undisclosed
from conference.registration.queries import registrations_of
from conference.speakers.model import ListedMember, Member, Membership
from conference.speakers.queries import (
    MAIL,
    disclosed,
    disclosures_signed,
    find_answer,
    invitations,
    own_parts,
    speakers_language,
)
from conference.speakers.rules import language_of
from conference.speakers.tables import CommitteeMemberRow
from conference.speakers.tasks import missing_of_member

COMMITTEE_MAIL = "committee_link"
_IN_ORDER = (
    select(CommitteeMemberRow)
    .order_by(CommitteeMemberRow.place, CommitteeMemberRow.id)
    .execution_options(populate_existing=True)
)


def _rows(session: Session | None) -> Sequence[CommitteeMemberRow]:
    return (session or db.session).scalars(_IN_ORDER).all()


def members(session: Session | None = None) -> list[Member]:
    """Return the members in their order. Nine statements, one where there is nobody."""
    rows = _rows(session)
    if not rows:
        return []
    ids = [PersonId(row.id) for row in rows]
    people, signed = people_by_id(ids, session), disclosures_signed(session)
    registered, invited = registrations_of(ids, session), invitations(session)
    mailed = [last_written(kind, "person", session) for kind in (COMMITTEE_MAIL, MAIL)]
    today, first_day = clock.now().astimezone(STOCKHOLM).date(), get_event(session).first_day
    return [
        Member(
            person=people[person_id],
            membership=_membership(row),
            revision=row.revision,
            mailed_at=max((one[person_id] for one in mailed if person_id in one), default=None),
            disclosure=signed.get(person_id),
            missing=missing_of_member(has_disclosed=person_id in signed, first_day=first_day, today=today),
            language=language_of(registered.get(person_id), invited.get(person_id)) or row.language,
        )
        for person_id, row in zip(ids, rows, strict=True)
    ]


def _membership(row: CommitteeMemberRow) -> Membership:
    return Membership(duty=row.duty, language=row.language)


def get_member(person_id: int, session: Session | None = None) -> Member:
    """Return one of them; raises NotFoundError for who is no member."""
    found = find_member(person_id, session)
    if found is None:
        raise NotFoundError
    return found


def find_member(person_id: int, session: Session | None = None) -> Member | None:
    """Return the member, None for who is none. One statement for these."""
    if (session or db.session).get(CommitteeMemberRow, person_id, populate_existing=True) is None:
        return None
    return next((one for one in members(session) if one.person.id == person_id), None)


def committee_ids(session: Session | None = None) -> set[PersonId]:
    """Return who is a member. One statement."""
    return {PersonId(one) for one in (session or db.session).scalars(select(CommitteeMemberRow.id))}


def listed_committee(session: Session | None = None) -> tuple[ListedMember, ...]:
    """Return the members as the booklet shows them, in their order. Two statements, one where there is nobody."""
    rows = _rows(session)
    people = people_by_id([row.id for row in rows], session)
    return tuple(
        ListedMember(
            person_id=person.id,
            name=person.name,
            sort_name=person.sort_name,
            affiliation=person.details.affiliation,
            duty=row.duty,
        )
        for row in rows
        if (person := people[PersonId(row.id)]).name
    )


def undisclosed_members(session: Session | None = None) -> tuple[Undisclosed, ...]:
    """Return the members who have not signed, in their order. Three statements, one where there is nobody."""
    listed = listed_committee(session)
    signed = disclosed(session) if listed else set()
    return tuple(
        Undisclosed(person_id=one.person_id, name=one.name, duty=one.duty)
        for one in listed
        if one.person_id not in signed
    )


def page_language(person_id: PersonId, session: Session | None = None) -> str:
    """Return the language that speaker or member is written to in, "" for the default. Three statements at most."""
    found = speakers_language(person_id, session)
    if found:
        return found
    row = (session or db.session).get(CommitteeMemberRow, person_id, populate_existing=True)
    return row.language if row else ""


def only_member(person_id: PersonId, session: Session | None = None) -> bool:
    """Return whether the person is a member and has, and had, no part that they could answer for.

    One statement for who is no member.
    """
    if (session or db.session).get(CommitteeMemberRow, person_id) is None:
        return False
    return find_answer(person_id, session) is None and not own_parts(person_id, session)
