"""What a speaker answers by the link beside confirming, and what the office asks: each writes its own table."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.service import record
from conference.core.errors import RevisionMissingError, StaleRevisionError
from conference.core.ids import PersonId
from conference.db.revisions import revise
from conference.people import service as people
from conference.programme.records import hold_draft
from conference.registration.queries import find_live_by_person
from conference.speakers import slot_letters
from conference.speakers.errors import AlreadyConfirmedError
from conference.speakers.model import ConsentKind, Invitation, Profile, SignDisclosure
from conference.speakers.queries import consents_of, find_profile
from conference.speakers.tables import ConsentRow, DisclosureRow, InvitationRow, ProfileRow
from conference.speakers.tasks import check_disclosure


def _invitation(session: Session, person_id: PersonId) -> InvitationRow:
    row = session.get(InvitationRow, person_id)
    if row is None:
        row = InvitationRow(person_id=person_id, reason="", language="")
        session.add(row)
    return row


def decline(session: Session, person_id: PersonId, reason: str, *, actor: Actor, now: datetime) -> None:
    """Keep that the person declined, and why; done twice it is done once. Raises AlreadyConfirmedError."""
    people.hold(session, [person_id])
    hold_draft(session)  # as confirming does
    if find_live_by_person(person_id, session) is not None:
        raise AlreadyConfirmedError
    row = _invitation(session, person_id)
    if row.declined_at is not None:
        return
    row.declined_at, row.reason = now, reason
    session.flush()
    record(session, actor=actor, action="part declined", about=("person", person_id), reason=reason)
    slot_letters.send_declined(session, person_id)


def take_back_declining(session: Session, person_id: PersonId) -> None:
    """Forget that the person declined, because they have just confirmed."""
    row = session.get(InvitationRow, person_id)
    if row is not None:
        row.declined_at, row.reason = None, ""


def set_invitation(
    session: Session,
    person_id: PersonId,
    seen: str | None,
    day: date | None,
    language: str = "",
    *,
    actor: Actor,
) -> None:
    """Keep by when the person is asked to answer, None for the event's default, and the language of what asks.

    `seen` is the mark of what is replaced. What is kept already is no change. Raises RevisionMissingError, and
    StaleRevisionError where somebody else changed it meanwhile.
    """
    if not seen:
        raise RevisionMissingError
    people.hold(session, [person_id])
    row = _invitation(session, person_id)
    stored = Invitation(answer_by=row.answer_by, language=row.language)
    wanted = Invitation(answer_by=day, language=language)
    if stored.mark not in {seen, wanted.mark}:
        raise StaleRevisionError(
            {"answer_by": row.answer_by, "language": row.language}, {"answer_by": day, "language": language}
        )
    pairs = {
        "answer_by": (str(row.answer_by or ""), str(day or "")),
        "language": (row.language, language),
    }
    changes = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if changes:
        record(session, actor=actor, action="changed", about=("person", person_id), changes=changes)
        row.answer_by, row.language = day, language


def save_profile(
    session: Session,
    person_id: PersonId,
    expected_revision: int | None,
    profile: Profile,
    consents: Mapping[ConsentKind, tuple[bool, str]],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Write the profile, and each consent that is not as it was, with its wording.

    A form sent twice is saved once. Raises StaleRevisionError, also for a profile that the form did not show.
    """
    people.hold(session, [person_id])
    stored, before = find_profile(person_id, session), consents_of(person_id, session)
    said = {kind: is_given for kind, (is_given, _) in consents.items()}
    if stored.profile == profile and {kind: before.get(kind, False) for kind in said} == said:
        return
    if stored.revision is None:
        session.add(ProfileRow(id=person_id, revision=1, **profile.as_values()))
    else:
        revise(session, ProfileRow, person_id, expected_revision or 0, profile.as_values())
    for kind, (is_given, wording) in consents.items():
        if before.get(kind, False) != is_given:
            session.add(
                ConsentRow(person_id=person_id, kind=kind, is_given=is_given, wording=wording, at=now)
            )
    record(session, actor=actor, action="profile saved", about=("person", person_id))


def sign(session: Session, command: SignDisclosure, *, actor: Actor, now: datetime) -> int:
    """Add a signed version of the disclosure and return its number.

    The same words twice are one version. Raises DisclosureEmptyError, DisclosureContradictsError.
    """
    check_disclosure(command)
    people.hold(session, [command.person_id])
    of_person = DisclosureRow.person_id == command.person_id
    newest = session.scalar(
        select(DisclosureRow).where(of_person).order_by(DisclosureRow.version.desc()).limit(1)
    )
    interests = {kind.value: text for kind, text in command.interests.items()}
    said = (command.is_nothing, interests, command.signed_name)
    if newest is not None and (newest.is_nothing, newest.interests, newest.signed_name) == said:
        return newest.version
    version = 1 + cast("int", session.scalar(select(func.count()).where(of_person)))
    session.add(
        DisclosureRow(
            person_id=command.person_id,
            version=version,
            is_nothing=command.is_nothing,
            interests=interests,
            signed_name=command.signed_name,
            signed_at=now,
        )
    )
    record(session, actor=actor, action="interests disclosed", about=("person", command.person_id))
    return version
