"""The programme committee as the office keeps it: who is a member, in which order, with which duty, and their links."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.service import record
from conference.core.errors import NotFoundError
from conference.core.ids import PersonId
from conference.core.text import address_key
from conference.db.revisions import delete_revised, revise
from conference.db.standing import renew_token
from conference.people import service as people
from conference.people.model import PersonDetails
from conference.people.queries import find_person, search_people
from conference.speakers import letters
from conference.speakers.committee_errors import AlreadyMemberError, ChosenPersonGoneError, KnownAddressError
from conference.speakers.committee_queries import get_member, members
from conference.speakers.errors import NoAddressError
from conference.speakers.model import Mailed, Member, Membership
from conference.speakers.rules import has_address, written_just_now
from conference.speakers.tables import CommitteeMemberRow

_ALL = select(CommitteeMemberRow).order_by(CommitteeMemberRow.place, CommitteeMemberRow.id)


def add_member(session: Session, person_id: PersonId, membership: Membership, *, actor: Actor) -> None:
    """Let the person be the last member. Raises AlreadyMemberError, and ChosenPersonGoneError where nobody has the id."""
    people.hold(session, [person_id])
    person = find_person(person_id, session)
    if person is None:
        raise ChosenPersonGoneError("person")
    if session.get(CommitteeMemberRow, person_id) is not None:
        raise AlreadyMemberError("person", name=person.name)
    last = session.scalar(select(func.max(CommitteeMemberRow.place))) or 0
    session.add(CommitteeMemberRow(id=person_id, place=last + 1, **membership.as_values()))
    session.flush()
    record(session, actor=actor, action="joined the committee", about=("person", person_id))


def add_new_member(
    session: Session, details: PersonDetails, membership: Membership, *, actor: Actor
) -> PersonId:
    """Make the person that the office typed, and let them be a member. Raises NamelessError, KnownAddressError."""
    key = address_key(details.email)
    known = search_people(details.email, session=session) if key else []
    for one in known:
        if address_key(one.details.email) == key:
            raise KnownAddressError("email", person=f"{one.name} (#{one.id})")
    person_id = people.add_by_office(session, details, actor=actor)
    add_member(session, person_id, membership, actor=actor)
    return person_id


def edit_member(
    session: Session,
    person_id: PersonId,
    expected_revision: int | None,
    membership: Membership,
    *,
    actor: Actor,
) -> None:
    """Write duty and language. Raises as `db.revisions.revise` does."""
    before, after = get_member(person_id, session).membership.as_values(), membership.as_values()
    revise(session, CommitteeMemberRow, person_id, expected_revision, after)
    changes = {name: (before[name], after[name]) for name in after if before[name] != after[name]}
    if changes:
        record(session, actor=actor, action="changed", about=("person", person_id), changes=changes)


def move_member(session: Session, person_id: int, *, down: bool, actor: Actor) -> None:
    """Exchange the member's place with the neighbour's; at either end nothing happens. Raises NotFoundError."""
    rows = list(session.scalars(_ALL.with_for_update(), execution_options={"populate_existing": True}))
    order = [row.id for row in rows]
    if person_id not in order:
        raise NotFoundError
    at = order.index(person_id)
    to = at + (1 if down else -1)
    if not 0 <= to < len(order):
        return
    rows[at], rows[to] = rows[to], rows[at]
    for place, row in enumerate(rows, 1):
        row.place = place
    session.flush()
    record(session, actor=actor, action="moved in the committee", about=("person", person_id))


def remove_member(
    session: Session, person_id: PersonId, expected_revision: int | None, *, actor: Actor
) -> None:
    """Take the person off the committee; what they signed stays. Raises NotFoundError, StaleDeletionError."""
    delete_revised(session, CommitteeMemberRow, person_id, expected_revision)
    record(session, actor=actor, action="left the committee", about=("person", person_id))


def send_member_link(session: Session, person_id: int, *, actor: Actor) -> None:
    """Mail the member their link. Raises NotFoundError, NoAddressError."""
    member = get_member(person_id, session)
    if not has_address(member.person.details):
        raise NoAddressError(name=member.person.name)
    _send(session, member, actor)


def send_member_links(session: Session, *, actor: Actor, now: datetime) -> Mailed:
    """Mail the link to all who have not signed, apart from those mailed within 10 minutes. `now` is real time."""
    # Two who press at once come one after the other, and the second finds the first's mails.
    people.hold(session, (one.person.id for one in members(session)))
    owing = [one for one in members(session) if one.missing]
    meant = [one for one in owing if has_address(one.person.details)]
    due = [one for one in meant if not written_just_now(one.mailed_at, now)]
    for one in due:
        _send(session, one, actor)
    return Mailed(
        written=len(due),
        without_address=len(owing) - len(meant),
        mailed_just_now=len(meant) - len(due),
    )


def _send(session: Session, member: Member, actor: Actor) -> None:
    letters.send_to_member(session, member)
    record(session, actor=actor, action="link mailed", about=("person", member.person.id))


def renew_member_link(session: Session, person_id: PersonId, seen_version: int, *, actor: Actor) -> None:
    """Let the member's links given so far die; pressed twice on one page it is done once. Raises NotFoundError."""
    get_member(person_id, session)
    people.renew_link(session, person_id, seen_version, actor=actor)


def committee_of_person(session: Session, person_id: PersonId) -> list[str]:
    """Return what keeps the record of a member from being deleted, nothing for others."""
    row = session.get(CommitteeMemberRow, person_id)
    return [] if row is None else ["Programme committee"]


def note_changed_member(session: Session, person_id: PersonId) -> None:
    """Let the public booklet be drawn anew where it shows the person as a member."""
    if session.get(CommitteeMemberRow, person_id) is not None:
        renew_token(session)
