"""Erasure, at a person's wish or when the time of keeping is over: every room empties what it holds."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from conference.audit.model import BY_LINK, BY_SYSTEM, Actor
from conference.audit.personal import erase as erase_history
from conference.audit.personal import forget_reasons
from conference.audit.service import record
from conference.campaigns.personal import erase as erase_campaigns
from conference.campaigns.personal import forget_searches
from conference.core.ids import PersonId, RegistrationId
from conference.event.rules import listed
from conference.interchange.personal import erase as erase_external_ids
from conference.mail.personal import erase as erase_mails
from conference.people.personal import erase as erase_person_record
from conference.people.queries import get_person
from conference.printing.personal import erase as erase_prints
from conference.privacy import ledger
from conference.privacy.errors import StillInProgrammeError, StillOnCommitteeError
from conference.privacy.queries import records_of
from conference.privacy.tables import ErasureRequestRow, ErasureRow
from conference.programme.marking import forget_of_person
from conference.programme.personal import erase as erase_in_programme
from conference.programme.personal import held as programme_held
from conference.registration.group_letters import unsent_overviews, write_anew
from conference.registration.group_personal import group_records
from conference.registration.invitation_personal import erase as erase_invitations
from conference.registration.personal import addresses, places_left
from conference.registration.personal import erase as erase_registrations
from conference.speakers.committee_queries import committee_ids
from conference.speakers.personal import erase as erase_speaker


def request_erasure(
    session: Session, person_id: PersonId, registration_id: RegistrationId, *, now: datetime
) -> None:
    """Keep the wish until the office has answered it; done twice it is done once."""
    if session.get(ErasureRequestRow, person_id) is not None:
        return
    session.add(ErasureRequestRow(person_id=person_id, registration_id=registration_id, requested_at=now))
    session.flush()
    record(session, actor=BY_LINK, action="erasure asked", about=("registration", registration_id))


def erase_person(session: Session, person_id: PersonId, *, actor: Actor, now: datetime) -> None:
    """Empty all that is held about the person; what is live ends first, and its seat goes on. They get no mail.

    Who coordinates a group that names them, and was still to get its overview, gets one without them. Counts, numbers and times stay. Raises NotFoundError, StillInProgrammeError for who stands in the draft or
    in the published programme, and StillOnCommitteeError.
    """
    get_person(person_id, session)
    titles = programme_held(session, person_id)
    if titles:
        raise StillInProgrammeError(titles=listed(titles))
    if person_id in committee_ids(session):
        raise StillOnCommitteeError
    waiting = unsent_overviews(session, person_id)
    _erase(session, person_id, actor=actor, now=now, keeps_names=False)
    write_anew(session, waiting)


def _erase(session: Session, person_id: PersonId, *, actor: Actor, now: datetime, keeps_names: bool) -> None:
    known = addresses(person_id, session)
    person_email = get_person(person_id, session).details.email
    records = [*records_of(person_id, session), *group_records(person_id, session)]
    forget_searches(session, person_id)
    # Before the registrations: the row of an invitation comes before that of its category.
    erase_invitations(session, person_id)
    forget_of_person(session, person_id)
    erase_registrations(session, person_id, now=now)
    erase_campaigns(session, person_id)
    erase_external_ids(session, person_id)
    erase_prints(session, records)
    erase_mails(session, records, [*known, person_email])
    _forget_why_they_left(session, records)
    erase_history(session, records)
    if not keeps_names:
        erase_in_programme(session, person_id)
    erase_speaker(session, person_id, keeps_names=keeps_names)
    erase_person_record(session, person_id, keeps_names=keeps_names)
    session.execute(delete(ErasureRequestRow).where(ErasureRequestRow.person_id == person_id))
    if not keeps_names and session.get(ErasureRow, person_id) is None:
        session.add(ErasureRow(person_id=person_id, erased_at=now))
    if not keeps_names:
        ledger.note_erasure(session, person_id)
    record(session, actor=actor, action="erased", about=("person", person_id))


def _forget_why_they_left(session: Session, records: Collection[tuple[str, int]]) -> None:
    """Delete what was typed when places of the person were passed on: it stands with what is somebody else's since."""
    numbers = [number for kind, number in records if kind == "person"]
    left = [("registration", int(one)) for one in places_left(session, numbers)]
    forget_reasons(session, left, field="person_id", before=numbers)


def erase_again(session: Session, person_id: PersonId, *, now: datetime) -> str:
    """Empty what a backup brought back of a person who was erased since; return the titles that still have their part.

    In the programme their name becomes a dash: whoever erased them had taken them out, which the backup does not know.
    """
    titles = listed(programme_held(session, person_id))
    _erase(session, person_id, actor=BY_SYSTEM, now=now, keeps_names=False)
    return titles


def end_keeping(
    session: Session, person_id: PersonId, in_programme: Collection[PersonId], *, actor: Actor, now: datetime
) -> None:
    """Empty what is held about a person whose time is over; who stands in the programme keeps name and affiliation."""
    _erase(session, person_id, actor=actor, now=now, keeps_names=person_id in in_programme)


def move_wish(session: Session, gone: PersonId, kept: PersonId) -> None:
    """Give the wish to be erased to the record that stays when two become one."""
    theirs = session.get(ErasureRequestRow, gone)
    if theirs is None:
        return
    if session.get(ErasureRequestRow, kept) is None:
        session.add(
            ErasureRequestRow(
                person_id=kept,
                registration_id=theirs.registration_id,
                requested_at=theirs.requested_at,
            )
        )
    session.delete(theirs)
    session.flush()
