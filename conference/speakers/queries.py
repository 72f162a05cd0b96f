"""What pages and mails ask of speakers. Counts of statements are constant, however long the programme is."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from conference.core.clock import STOCKHOLM, clock
from conference.core.errors import NotFoundError
from conference.core.ids import PersonId, RegistrationId
from conference.db.base import db
from conference.event.queries import get_event
from conference.mail.queries import last_written
from conference.people.queries import people_by_id
from conference.programme.queries import draft, published
from conference.registration.queries import find_live_by_person, registrations_of
from conference.speakers.model import (
    Answer,
    ConsentKind,
    Disclosure,
    Interest,
    Invitation,
    Missing,
    OwnPart,
    Profile,
    Speaker,
    Standing,
    Standpoint,
    StoredProfile,
    Task,
)
from conference.speakers.rules import language_of, parts_by_person, standing
from conference.speakers.tables import (
    ConsentRow,
    DisclosureRow,
    InvitationRow,
    ProfileRow,
    ReminderRow,
    SpeakerAnswerRow,
)
from conference.speakers.tasks import NOT_CONFIRMED, missing

MAIL = "speaker_link"
_EVERY_INVITATION = select(InvitationRow).execution_options(populate_existing=True)


def _answer(row: SpeakerAnswerRow) -> Answer:
    registration_id = None if row.registration_id is None else RegistrationId(row.registration_id)
    return Answer(registration_id=registration_id, confirmed_at=row.confirmed_at)


def find_answer(person_id: PersonId, session: Session | None = None) -> Answer | None:
    row = (session or db.session).get(SpeakerAnswerRow, person_id, populate_existing=True)
    return _answer(row) if row else None


def answers(session: Session | None = None) -> dict[PersonId, Answer]:
    """Return who has answered by the link. One statement."""
    rows = (session or db.session).scalars(select(SpeakerAnswerRow))
    return {PersonId(row.person_id): _answer(row) for row in rows}


def own_parts(person_id: PersonId, session: Session | None = None) -> tuple[OwnPart, ...]:
    """Return one person's parts in the draft, none where there are none. As many statements as both programmes."""
    return parts_by_person(draft(session), published(session)).get(person_id, ())


def _invitation(row: InvitationRow) -> Invitation:
    return Invitation(
        answer_by=row.answer_by, declined_at=row.declined_at, reason=row.reason, language=row.language
    )


def find_invitation(person_id: PersonId, session: Session | None = None) -> Invitation | None:
    row = (session or db.session).get(InvitationRow, person_id, populate_existing=True)
    return _invitation(row) if row else None


def invitations(session: Session | None = None) -> dict[int, Invitation]:
    """Return every invitation by the person's id. One statement."""
    return {row.person_id: _invitation(row) for row in (session or db.session).scalars(_EVERY_INVITATION)}


def speakers_language(person_id: PersonId, session: Session | None = None) -> str:
    """Return the language that the speaker is written to in, "" for the default. Two statements."""
    return language_of(find_live_by_person(person_id, session), find_invitation(person_id, session))


def find_profile(person_id: PersonId, session: Session | None = None) -> StoredProfile:
    """Return the profile, an empty one with the revision None where nothing was saved yet."""
    row = (session or db.session).get(ProfileRow, person_id, populate_existing=True)
    if row is None:
        return StoredProfile(profile=Profile(), revision=None)
    profile = Profile(**{name: getattr(row, name) for name in Profile().as_values()})
    return StoredProfile(profile=profile, revision=row.revision)


def consents_of(person_id: PersonId, session: Session | None = None) -> dict[ConsentKind, bool]:
    """Return by kind what the person chose last; what was never chosen is not in it. One statement."""
    chosen = select(ConsentRow).where(ConsentRow.person_id == person_id).order_by(ConsentRow.id)
    return {ConsentKind(row.kind): row.is_given for row in (session or db.session).scalars(chosen)}


def disclosures_of(person_id: PersonId, session: Session | None = None) -> tuple[Disclosure, ...]:
    """Return the signed versions, the newest first. One statement."""
    of_person = select(DisclosureRow).where(DisclosureRow.person_id == person_id)
    rows = (session or db.session).scalars(of_person.order_by(DisclosureRow.version.desc()))
    return tuple(_disclosure(row) for row in rows)


def disclosures_signed(session: Session | None = None) -> dict[PersonId, Disclosure]:
    """Return the newest signed version of everybody who signed one. One statement."""
    rows = (session or db.session).scalars(select(DisclosureRow).order_by(DisclosureRow.version))
    return {PersonId(row.person_id): _disclosure(row) for row in rows}


def _disclosure(row: DisclosureRow) -> Disclosure:
    return Disclosure(
        version=row.version,
        is_nothing=row.is_nothing,
        interests={Interest(kind): text for kind, text in row.interests.items()},
        signed_name=row.signed_name,
        signed_at=row.signed_at,
    )


def _done(people: Iterable[int], session: Session | None = None) -> dict[int, set[Task]]:
    """Return what each of the people has done, answering apart. Two statements."""
    done: dict[int, set[Task]] = {person_id: set() for person_id in people}
    disclosed = select(DisclosureRow.person_id).where(DisclosureRow.person_id.in_(done)).distinct()
    written = select(ProfileRow.id).where(ProfileRow.id.in_(done), ProfileRow.biography != "")
    for task, found in ((Task.DISCLOSURE, disclosed), (Task.BIOGRAPHY, written)):
        for person_id in (session or db.session).scalars(found):
            done[person_id].add(task)
    return done


def missing_of(person_id: PersonId, stand: Standing, session: Session | None = None) -> tuple[Missing, ...]:
    """Return what one person still has to do. Three statements."""
    done = _done([person_id], session)[person_id]
    return _missing(stand, done, find_invitation(person_id, session), session)


def _missing(
    stand: Standing, done: set[Task], invitation: Invitation | None, session: Session | None
) -> tuple[Missing, ...]:
    today = clock.now().astimezone(STOCKHOLM).date()
    return missing(stand, done, invitation, first_day=get_event(session).first_day, today=today)


def speakers(session: Session | None = None) -> list[Speaker]:
    """Return everybody with a part in the draft, by family name. 17 statements, 18 after a new version."""
    parts = parts_by_person(draft(session), published(session))
    people, registered = people_by_id(parts, session), registrations_of(parts, session)
    answered, mailed = answers(session), last_written(MAIL, "person", session)
    invited = invitations(session)
    done = _done(parts, session)
    found = []
    for person_id, own in parts.items():
        invitation = invited.get(person_id)
        stand = standing(answered.get(person_id), registered.get(person_id), invitation)
        is_invited = stand.standing is Standing.OPEN and person_id in mailed
        word = Standing.INVITED if is_invited else stand.standing
        found.append(
            Speaker(
                person=people[person_id],
                parts=own,
                standing=word,
                since=stand.since,
                mailed_at=mailed.get(person_id),
                invitation=invitation,
                missing=_missing(word, done[person_id], invitation, session),
                language=language_of(registered.get(person_id), invitation),
            )
        )
    return found


def standings(ids: Iterable[PersonId], session: Session | None = None) -> list[Standpoint]:
    """Return where those of the people stand who still have a record, whatever the draft says. Five statements."""
    people = people_by_id(ids, session)
    registered, answered = registrations_of(people, session), answers(session)
    mailed = last_written(MAIL, "person", session)
    invited = invitations(session)
    found = []
    for person_id, person in people.items():
        live, invitation = registered.get(person_id), invited.get(person_id)
        word = standing(answered.get(person_id), live, invitation).standing
        if word is Standing.OPEN and person_id in mailed:
            word = Standing.INVITED
        found.append(Standpoint(person=person, standing=word, language=language_of(live, invitation)))
    return found


def get_speaker(person_id: int, session: Session | None = None) -> Speaker:
    """Return one of them; raises NotFoundError for a person without a part."""
    found = next((speaker for speaker in speakers(session) if speaker.person.id == person_id), None)
    if found is None:
        raise NotFoundError
    return found


def count_open() -> int:
    """Return how many people with a part in the draft have not confirmed."""
    return sum(speaker.standing in NOT_CONFIRMED for speaker in speakers())


def disclosure_stands(person_id: PersonId, session: Session | None = None) -> bool:
    """Return whether the person has signed a disclosure of interests."""
    return Task.DISCLOSURE in _done([person_id], session)[person_id]


def disclosed(session: Session | None = None) -> set[PersonId]:
    """Return who has signed a disclosure of interests. One statement."""
    signed = select(DisclosureRow.person_id).distinct()
    return {PersonId(person_id) for person_id in (session or db.session).scalars(signed)}


def reminded(weeks: int, session: Session | None = None) -> set[int]:
    """Return who was reminded already, so many weeks before the event."""
    written = select(ReminderRow.person_id).where(ReminderRow.weeks == weeks)
    return set((session or db.session).scalars(written))
