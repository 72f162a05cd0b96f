"""Invented invitations in each state, and codes of an invented partner."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from conference.audit.model import BY_SYSTEM
from conference.core.clock import clock
from conference.core.ids import CategoryId
from conference.demo.names import invented
from conference.demo.state import BEGINNING
from conference.registration.access_codes import create_code
from conference.registration.invitation_model import CodeDetails, Entitlement, InvitationDetails
from conference.registration.invitation_queries import find_open_to
from conference.registration.invitations import invite, lapse, revoke
from conference.registration.model import RegisterAttendee

CODE = "Genomes for all"
# Which of the demonstration's registrations come by the invitation, and by the code: participants otherwise.
BY_INVITATION, BY_CODE = 60, (76, 100, 130)
# Of the invented people, those after everybody who registers.
_FIRST_GUEST = 500


def _guest(number: int, category: CategoryId, *, days: int, **details: bool | str) -> InvitationDetails:
    """Return the invitation of an invented person, until so many days after the demonstration begins."""
    person = invented(_FIRST_GUEST + number)
    base = InvitationDetails(
        category_id=category,
        expires_at=BEGINNING.replace(hour=18, minute=0) + timedelta(days=days),
        email=f"guest{number}@demo.example",
        title=person.title,
        given_name=person.given_name,
        family_name=person.family_name,
        affiliation=person.affiliation,
        country=person.country,
        language="en",
    )
    return replace(base, **details)  # type: ignore[arg-type]  # names of its fields


def make_invitations(
    session: Session, guests: CategoryId, partners: CategoryId, registering: RegisterAttendee
) -> dict[int, RegisterAttendee]:
    """Invite and make codes; return what changes in the forms of those who come by them, by number.

    `registering` is the form of the one who will use an invitation.
    """
    for one in (
        _guest(1, guests, days=9, holds_seat=True, note="Asked by the dean"),
        _guest(2, guests, days=9, language="de"),
        _guest(3, guests, days=-2, note="Wrote that the date is difficult"),
        _guest(4, guests, days=5, holds_seat=True, note="Comes as a speaker after all"),
        replace(_guest(5, guests, days=12), email="", given_name="", family_name="", title="", note="For the embassy: whoever is sent"),
    ):  # fmt: skip
        invite(session, one, actor=BY_SYSTEM, now=clock.now())
    used = replace(_guest(6, guests, days=0, holds_seat=True), email=registering.person.email)
    invitation = invite(session, used, actor=BY_SYSTEM, now=clock.now())
    for code in (
        CodeDetails(category_id=partners, words=CODE, uses_allowed=25, note="For an invented network"),
        CodeDetails(category_id=partners, words="Old newsletter", note="Was in the spring newsletter", is_retired=True),
    ):  # fmt: skip
        create_code(session, code, actor=BY_SYSTEM)
    by_invitation = Entitlement(invitation_id=invitation, fixes_email=True)
    changed = {BY_INVITATION: replace(registering, category_id=guests, entitlement=by_invitation)}
    by_code = replace(registering, category_id=partners, entitlement=Entitlement(code=CODE))
    return changed | dict.fromkeys(BY_CODE, by_code)


def end_invitations(session: Session) -> None:
    """Let one invitation lapse, and revoke another."""
    late, gone = find_open_to("guest3@demo.example", session), find_open_to("guest4@demo.example", session)
    assert late is not None
    assert gone is not None
    lapse(session, late.id, now=clock.now())
    revoke(session, gone.id, actor=BY_SYSTEM, now=clock.now())
