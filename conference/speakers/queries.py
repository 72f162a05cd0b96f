"""What pages and mails ask of speakers. Counts of statements are constant, however long the programme is."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from conference.core.errors import NotFoundError
from conference.core.ids import PersonId, RegistrationId
from conference.db.base import db
from conference.mail.queries import last_written
from conference.people.queries import people_by_id
from conference.programme.queries import draft, published
from conference.registration.queries import registrations_of
from conference.speakers.model import Answer, OwnPart, Speaker, Standing
from conference.speakers.rules import parts_by_person, standing
from conference.speakers.tables import SpeakerAnswerRow

MAIL = "speaker_link"


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


def speakers(session: Session | None = None) -> list[Speaker]:
    """Return everybody with a part in the draft, by family name. 14 statements, 15 after a new version."""
    parts = parts_by_person(draft(session), published(session))
    people = people_by_id(parts, session)
    answered, mailed = answers(session), last_written(MAIL, "person", session)
    registered = registrations_of(parts, session)
    found = []
    for person_id, own in parts.items():
        stand = standing(answered.get(person_id), registered.get(person_id))
        found.append(
            Speaker(
                person=people[person_id],
                parts=own,
                standing=stand.standing,
                since=stand.since,
                mailed_at=mailed.get(person_id),
            )
        )
    return found


def get_speaker(person_id: int, session: Session | None = None) -> Speaker:
    """Return one of them; raises NotFoundError for a person without a part."""
    found = next((speaker for speaker in speakers(session) if speaker.person.id == person_id), None)
    if found is None:
        raise NotFoundError
    return found


def count_open() -> int:
    """Return how many people with a part in the draft have not confirmed."""
    return sum(speaker.standing == Standing.OPEN for speaker in speakers())
