"""All that is held about one person, asked of every room."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from conference.audit.personal import held as history_held
from conference.campaigns.personal import held as campaigns_held
from conference.core.ids import PersonId, RegistrationId
from conference.db.base import db
from conference.event.queries import get_event, organisers
from conference.interchange.personal import held as external_ids_held
from conference.mail.personal import held as mails_held
from conference.mail.personal import wishes_held
from conference.people.personal import held as person_held
from conference.people.queries import get_person, merged_into
from conference.printing.personal import held as badges_held
from conference.privacy.model import ErasureRequest
from conference.privacy.tables import ErasureRequestRow
from conference.programme.personal import held as programme_held
from conference.programme.personal import marks_held, talks_held
from conference.registration.group_personal import groups_held
from conference.registration.invitation_personal import held as invitations_held
from conference.registration.invitation_personal import invitation_ids
from conference.registration.personal import addresses, registration_ids
from conference.registration.personal import held as registrations_held
from conference.speakers.personal import held as speaker_held


def records_of(person_id: PersonId, session: Session | None = None) -> list[tuple[str, int]]:
    """Return the records that are about the person, by kind and number, as mails and history name them."""
    numbers = [person_id, *merged_into(person_id, session or db.session())]
    own = [(kind, int(number)) for number in numbers for kind in ("person", "speaker")]
    own += [("registration", int(one)) for one in registration_ids(person_id, session)]
    return own + [("invitation", int(one)) for one in invitation_ids(person_id, session)]


def everything_held(person_id: PersonId) -> dict[str, Any]:
    """Return all that is held about the person, as plain JSON values, with who holds it (GDPR art. 15 and 20)."""
    records, known = records_of(person_id), addresses(person_id, db.session())
    return {
        "event": get_event().title,
        "held by": [f"{one.name}, {one.privacy_contact}".rstrip(", ") for one in organisers()],
        "person": person_held(person_id),
        "registrations": registrations_held(person_id),
        "invitations": invitations_held(person_id),
        "groups": groups_held(person_id),
        "speaker": speaker_held(person_id),
        "programme": programme_held(db.session(), person_id),
        "sessions marked": marks_held(person_id),
        "talks": talks_held(db.session(), person_id),
        "known elsewhere as": external_ids_held(person_id),
        "badges": badges_held(records),
        "mails": mails_held(records, known),
        "campaigns": campaigns_held(person_id),
        "no news": wishes_held([*known, get_person(person_id).details.email]),
        "history": history_held(records),
    }


def requests() -> list[ErasureRequest]:
    """Return who asked to be erased, the longest waiting first."""
    rows = db.session.scalars(select(ErasureRequestRow).order_by(ErasureRequestRow.requested_at))
    return [
        ErasureRequest(
            person_id=PersonId(row.person_id),
            registration_id=RegistrationId(row.registration_id),
            requested_at=row.requested_at,
        )
        for row in rows
    ]


def count_requests() -> int:
    return db.session.scalar(select(func.count()).select_from(ErasureRequestRow)) or 0


def has_requested(person_id: PersonId) -> bool:
    return db.session.get(ErasureRequestRow, person_id) is not None
