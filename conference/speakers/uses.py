"""What this room keeps of a person, when two records of people become one."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from conference.core.ids import PersonId
from conference.db.standing import renew_token
from conference.speakers.model import Profile
from conference.speakers.portraits import forget_files
from conference.speakers.tables import (
    CommitteeMemberRow,
    ConsentRow,
    DisclosureRow,
    InvitationRow,
    PortraitRow,
    ProfileRow,
    ReminderRow,
    SlidesRow,
    SpeakerAnswerRow,
    ToldRow,
)
from conference.speakers.told import entered_as, entered_under


def move_dossier(session: Session, gone: PersonId, kept: PersonId) -> None:
    """Give one person's answers to another: all that was ever signed or chosen, and what the other has not."""
    move_answer(session, gone, kept)
    _move_invitation(session, gone, kept)
    _move_profile(session, gone, kept)
    _move_disclosures(session, gone, kept)
    _move_reminders(session, gone, kept)
    _move_portrait(session, gone, kept)
    _move_told(session, gone, kept)
    _move_membership(session, gone, kept)
    session.execute(update(SlidesRow).where(SlidesRow.person_id == gone).values(person_id=kept))
    # The newest choice of a kind counts, whichever record it was made for.
    session.execute(update(ConsentRow).where(ConsentRow.person_id == gone).values(person_id=kept))
    renew_token(session)


def move_answer(session: Session, gone: PersonId, kept: PersonId) -> None:
    """Give one person's answer by the link to another; of two the newer one counts."""
    theirs, own = session.get(SpeakerAnswerRow, gone), session.get(SpeakerAnswerRow, kept)
    if theirs is None:
        return
    if own is None:
        own = SpeakerAnswerRow(person_id=kept, confirmed_at=theirs.confirmed_at)
        own.registration_id = theirs.registration_id
        session.add(own)
    elif theirs.confirmed_at > own.confirmed_at:
        own.registration_id, own.confirmed_at = theirs.registration_id, theirs.confirmed_at
    session.delete(theirs)
    session.flush()


def _move_invitation(session: Session, gone: PersonId, kept: PersonId) -> None:
    theirs, own = session.get(InvitationRow, gone), session.get(InvitationRow, kept)
    if theirs is None:
        return
    if own is None:
        own = InvitationRow(person_id=kept, reason="", language="")
        session.add(own)
    own.answer_by = own.answer_by or theirs.answer_by
    own.language = own.language or theirs.language
    if own.declined_at is None:
        own.declined_at, own.reason = theirs.declined_at, theirs.reason
    session.delete(theirs)
    session.flush()


def _move_profile(session: Session, gone: PersonId, kept: PersonId) -> None:
    """Keep each text that the person who stays has written, and take the others."""
    theirs, own = session.get(ProfileRow, gone), session.get(ProfileRow, kept)
    if theirs is None:
        return
    if own is None:
        own = ProfileRow(id=kept, revision=0)
        session.add(own)
    for name in Profile().as_values():
        setattr(own, name, getattr(own, name) or getattr(theirs, name))
    own.revision += 1
    session.delete(theirs)
    session.flush()


def _move_disclosures(session: Session, gone: PersonId, kept: PersonId) -> None:
    """Number the versions of both by the time of signing. Nothing that was signed is changed or lost."""
    of_both = select(DisclosureRow).where(DisclosureRow.person_id.in_((gone, kept)))
    rows = session.scalars(of_both.order_by(DisclosureRow.signed_at, DisclosureRow.id)).all()
    if all(row.person_id == kept for row in rows):
        return
    # Below zero first, where no version is: the numbers are unique at each moment.
    for sign in (-1, 1):
        for number, row in enumerate(rows, 1):
            row.person_id, row.version = kept, sign * number
        session.flush()


def _move_reminders(session: Session, gone: PersonId, kept: PersonId) -> None:
    own = select(ReminderRow.weeks).where(ReminderRow.person_id == kept)
    weeks = list(session.scalars(own))
    twice = delete(ReminderRow).where(ReminderRow.person_id == gone, ReminderRow.weeks.in_(weeks))
    session.execute(twice)
    session.execute(update(ReminderRow).where(ReminderRow.person_id == gone).values(person_id=kept))


def _move_told(session: Session, gone: PersonId, kept: PersonId) -> None:
    """Let the person who stays know what either was told; of a slot that both know, what was told last."""
    theirs, own = session.get(ToldRow, gone), session.get(ToldRow, kept)
    if theirs is None:
        return
    # Their calendar holds each slot under the id that goes, and an entry is moved and taken out under its own only.
    known = dict.fromkeys(theirs.slots, gone) | entered_as(theirs.slots)
    slots = entered_under(theirs.slots, known)
    if own is None:
        session.add(ToldRow(person_id=kept, slots=slots, told_at=theirs.told_at))
    else:
        both = (own.slots, slots) if theirs.told_at > own.told_at else (slots, own.slots)
        own.slots, own.told_at = both[0] | both[1], max(own.told_at, theirs.told_at)
    session.delete(theirs)
    session.flush()


def _move_membership(session: Session, gone: PersonId, kept: PersonId) -> None:
    """Let the person who stays be a member where either was, with the duty of either and the place nearer to the top.

    Where both were, a form that is open on the membership that stays is told.
    """
    theirs, own = session.get(CommitteeMemberRow, gone), session.get(CommitteeMemberRow, kept)
    if theirs is None:
        return
    if own is None:
        own = CommitteeMemberRow(id=kept, place=theirs.place, duty="", language="", revision=0)
        session.add(own)
    own.place = min(own.place, theirs.place)
    own.duty, own.language = own.duty or theirs.duty, own.language or theirs.language
    own.revision += 1
    session.delete(theirs)
    session.flush()


def _move_portrait(session: Session, gone: PersonId, kept: PersonId) -> None:
    theirs = session.get(PortraitRow, gone)
    if theirs is None:
        return
    if session.get(PortraitRow, kept) is None:
        session.add(PortraitRow(person_id=kept, webp_key=theirs.webp_key, jpeg_key=theirs.jpeg_key))
    else:
        forget_files(session, theirs)
    session.delete(theirs)
    session.flush()
