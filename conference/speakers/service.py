"""What a speaker does by the link, and what the office does with the links."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.service import record
from conference.core.ids import PersonId, RegistrationId
from conference.people import service as people
from conference.people.model import Person
from conference.people.queries import get_person
from conference.programme.records import hold_draft
from conference.registration.errors import CategoryClosedError, NoSpeakersCategoryError
from conference.registration.model import ChangeRegistration, Registration
from conference.registration.queries import choices_of, find_live_by_person
from conference.registration.service import change, register_speaker
from conference.speakers import letters, rules, slot_letters
from conference.speakers.dossiers import take_back_declining
from conference.speakers.errors import ConfirmingClosedError, NoAddressError, NoPartError
from conference.speakers.knowing import remember_invited
from conference.speakers.model import ConfirmSpeaker, Mailed, Speaker
from conference.speakers.queries import get_speaker, own_parts, speakers
from conference.speakers.tables import SpeakerAnswerRow
from conference.web.language import language


def confirm(session: Session, command: ConfirmSpeaker, *, actor: Actor, now: datetime) -> RegistrationId:
    """Save what the speaker says and register them as a speaker; done twice it is done once.

    Who is registered already changes name or address by it. Raises NoPartError, ConfirmingClosedError,
    AddressTakenError, NotFoundError, RevisionMissingError, and StaleRevisionError with both values.
    """
    # A second click waits here, and then finds what the first one saved.
    people.hold(session, [command.person_id])
    # And a version that is published now waits, or is waited for: either tells them where their parts really are.
    hold_draft(session)
    person = get_person(command.person_id, session)
    live = find_live_by_person(person.id, session)
    parts = own_parts(person.id, session)
    if live is None and not parts:
        raise NoPartError
    changed = rules.changed_fields(person.details, command.details)
    revision = rules.agreed_revision(person, command)
    if live is None:
        registration_id = _register(session, command, revision, actor=actor, now=now)
    else:
        registration_id = live.id
        if changed:
            _change(session, command, revision, live, actor=actor, now=now)
    take_back_declining(session, person.id)
    is_new = _keep_answer(session, person, registration_id, actor=actor, now=now)
    take_back_declining(session, person.id)
    if is_new:
        slot_letters.send_confirmed(session, person.id, parts)
    return registration_id


def _register(
    session: Session, command: ConfirmSpeaker, revision: int, *, actor: Actor, now: datetime
) -> RegistrationId:
    people.edit_person(session, command.person_id, revision, command.details, actor=actor)
    try:
        return register_speaker(
            session,
            command.person_id,
            email=command.details.email,
            actor=actor,
            now=now,
            # What the speaker read and answered in is what their mails are written in from now on.
            language=language(),
        )
    except (NoSpeakersCategoryError, CategoryClosedError) as error:
        raise ConfirmingClosedError from error


def _change(
    session: Session,
    command: ConfirmSpeaker,
    revision: int,
    live: Registration,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Write through the registration's own door, so that its search, calendar file and address follow."""
    details = ChangeRegistration(
        registration_id=live.id,
        person=command.details,
        profession=live.profession,
        career_stage=live.career_stage,
        choices=choices_of(live, session),
        expected_revision=live.revision,
        expected_person_revision=revision,
        email=command.details.email,
    )
    change(session, details, actor=actor, now=now)


def _keep_answer(
    session: Session, person: Person, registration_id: RegistrationId, *, actor: Actor, now: datetime
) -> bool:
    """Return whether the answer is new: not that of a form sent twice."""
    row = session.get(SpeakerAnswerRow, person.id)
    if row is not None and row.registration_id == registration_id:
        return False
    if row is None:
        row = SpeakerAnswerRow(person_id=person.id)
        session.add(row)
    row.registration_id = registration_id
    row.confirmed_at = now
    record(session, actor=actor, action="confirmed", about=("person", person.id))
    return True


def send_link(session: Session, person_id: int, *, actor: Actor) -> None:
    """Mail the person their link. Raises NotFoundError for one without a part, NoAddressError."""
    speaker = get_speaker(person_id, session)
    if not rules.has_address(speaker.person.details):
        raise NoAddressError(name=speaker.person.name)
    letters.send(session, speaker)
    _remember(session, [speaker])
    record(session, actor=actor, action="link mailed", about=("person", speaker.person.id))


def _remember(session: Session, mailed: Sequence[Speaker]) -> None:
    """Keep what the mails have told of the draft, but for those whose calendar holds what was published."""
    remember_invited(session, [one.person.id for one in mailed if one.standing in letters.ASKED])


def send_links(session: Session, *, actor: Actor, now: datetime) -> Mailed:
    """Mail the link to all who have not confirmed, apart from those mailed within 10 minutes. `now` is real time."""
    # Two who press at once come one after the other, and the second finds the first's mails.
    people.hold(session, (speaker.person.id for speaker in speakers(session)))
    everybody = speakers(session)
    meant = rules.to_be_mailed(everybody)
    due = [speaker for speaker in meant if not rules.mailed_just_now(speaker, now)]
    for speaker in due:
        letters.send(session, speaker)
        record(session, actor=actor, action="link mailed", about=("person", speaker.person.id))
    _remember(session, due)
    return Mailed(
        written=len(due),
        without_address=len(rules.open_without_address(everybody)),
        mailed_just_now=len(meant) - len(due),
    )


def renew_link(session: Session, person_id: PersonId, seen_version: int, *, actor: Actor) -> None:
    """Let the person's links given so far die; pressed twice on one page it is done once. Raises NotFoundError."""
    get_speaker(person_id, session)
    people.renew_link(session, person_id, seen_version, actor=actor)
