"""Examples of the mails of registrations, groups and invitations, for who changes their words."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from conference.core.clock import clock
from conference.core.ids import InvitationId
from conference.mail.specimens import supply
from conference.people.queries import get_person
from conference.registration import invitation_letters
from conference.registration.extra_queries import held_extras
from conference.registration.group_letters import send_farewell, send_overview
from conference.registration.group_queries import find_group
from conference.registration.group_tables import GroupRow
from conference.registration.invitation_queries import get_invitation
from conference.registration.letters import send
from conference.registration.model import Registration, State
from conference.registration.queries import registration_of_row
from conference.registration.tables import InvitationRow, RegistrationRow
from conference.web.language import gettext, in_language

# Where somebody stands who gets this mail; in a place where it is none of these.
_STATES = {
    "waiting": (State.WAITING,),
    "pending": (State.PENDING,),
    "declined": (State.DECLINED,),
    "offered": (State.OFFERED,),
    "offer_lapsed": (State.WITHDRAWN, State.CANCELLED),
    "withdrawn": (State.WITHDRAWN, State.CANCELLED),
}
_SEATED = (State.CONFIRMED, State.ATTENDED)
# What a registration does not tell, and a mail names.
_REASON = "(the reason that the office writes)"
_EXTRA = "(the extra)"


def of_registration(session: Session, kind: str, number: str, language: str) -> None:
    """Make the mail of the registration with this number, or of the newest that stands where the mail is due."""
    registration = _found(session, kind, number)
    if registration is None:
        return
    extras = held_extras(registration.id, language, session)
    send(
        session,
        kind,
        _as_if_due(kind, registration, language),
        had_seat=True,
        reason=_REASON,
        extras=extras,
        extra=extras[0].name if extras else _EXTRA,
    )
    if kind == "changed":
        supply(session, changes=[_change_of(registration, session, language)], has_papers=True)
    if kind == "waiting" and registration.state is not State.WAITING:
        supply(session, waiting_place=1)


def _change_of(registration: Registration, session: Session, language: str) -> tuple[str, str]:
    """Return a row of the table of what is new, as if it were: label and value."""
    with in_language(language):
        return gettext("Affiliation"), get_person(registration.person_id, session).details.affiliation


def _found(session: Session, kind: str, number: str) -> Registration | None:
    rows = select(RegistrationRow).where(RegistrationRow.email != "")
    newest = rows.order_by(RegistrationRow.id.desc()).limit(1)
    if number:
        wanted = [rows.where(RegistrationRow.number == number.upper())]
    else:
        fits = RegistrationRow.state.in_(_STATES.get(kind, _SEATED))
        wanted = [newest.where(fits), newest]
    for statement in wanted:
        row = session.scalars(statement).first()
        if row is not None:
            return registration_of_row(row)
    return None


def _as_if_due(kind: str, registration: Registration, language: str) -> Registration:
    states = _STATES.get(kind, _SEATED)
    return replace(
        registration,
        language=language,
        state=registration.state if registration.state in states else states[0],
        offered_until=registration.offered_until or clock.now() + timedelta(days=3),
        waiting_number=registration.waiting_number or 1,
    )


def of_former(session: Session, kind: str, number: str, language: str) -> None:
    """Make the farewell to who passed the place on, as if this registration's person had."""
    registration = _found(session, kind, number)
    if registration is not None:
        ended = replace(registration, language=language)
        send_farewell(session, ended, get_person(ended.person_id, session), now=clock.now())


def of_group(session: Session, _kind: str, _number: str, language: str) -> None:
    """Make the overview of the newest group."""
    newest = session.scalar(select(GroupRow.id).order_by(GroupRow.id.desc()).limit(1))
    group = find_group(newest, session) if newest is not None else None
    if group is not None:
        send_overview(session, replace(group, language=language))


def of_invitation(session: Session, _kind: str, _number: str, language: str) -> None:
    """Make the mail of the newest invitation that has an address."""
    invited = select(InvitationRow.id).where(InvitationRow.email != "")
    newest = session.scalar(invited.order_by(InvitationRow.id.desc()).limit(1))
    if newest is not None:
        invitation = get_invitation(InvitationId(newest), session)
        details = replace(invitation.details, language=language)
        invitation_letters.send(session, replace(invitation, details=details))
