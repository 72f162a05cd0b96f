"""What an owner is told of the account: each change of what guards it is audited and mailed."""

from datetime import datetime

from sqlalchemy.orm import Session

from conference.accounts.attempts import TOLD_ORGANISERS, TOLD_OWNER, WRONG_CODES, count_one
from conference.accounts.model import TRIED, StaffMember
from conference.accounts.queries import get_member, organisers
from conference.accounts.words import GUARD_WORDS
from conference.audit.model import BY_FORM, Actor
from conference.audit.service import record
from conference.core.ids import StaffId
from conference.mail.model import LinkOrder
from conference.mail.service import enqueue
from conference.web.language import in_language
from conference.web.registry import page_facts

KIND = "account_guarded"


def note_guard(session: Session, staff_id: StaffId, action: str, *, actor: Actor, now: datetime) -> None:
    """Write down that what guards the account changed, and mail its owner. `action` is of GUARD_WORDS."""
    record(session, actor=actor, action=action, about=("staff", staff_id))
    write_notice(session, get_member(staff_id, session), action, now)


def write_notice(session: Session, member: StaffMember, action: str, now: datetime) -> None:
    """Mail the member what happened, in the language of the account."""
    with in_language(member.language):
        mail_member(session, member, KIND, what=str(GUARD_WORDS[action]), at=now)


def note_wrong_code(session: Session, staff_id: StaffId, *, now: datetime) -> None:
    """Count a wrong code; from the tenth of a day on tell the owner, once an hour, and other organisers, once a day.

    Whoever gave it had given the right password, or a link of the mailbox. `now` is real time.
    """
    if count_one(session, WRONG_CODES, str(staff_id), now=now) == 0:
        return
    owner = get_member(staff_id, session)
    if count_one(session, TOLD_OWNER, str(staff_id), now=now) == 0:
        record(session, actor=BY_FORM, action="second factor tried often", about=("staff", staff_id))
        _tell_of_tries(session, owner, owner, now)
    others = [one for one in organisers(session) if one.id != staff_id]
    if others and count_one(session, TOLD_ORGANISERS, str(staff_id), now=now) == 0:
        for one in others:
            _tell_of_tries(session, one, owner, now)


def _tell_of_tries(session: Session, reader: StaffMember, owner: StaffMember, now: datetime) -> None:
    with in_language(reader.language):
        mail_member(session, reader, TRIED, account=owner.email, is_owner=reader.id == owner.id, at=now)


def mail_member(
    session: Session, member: StaffMember, kind: str, *, link: LinkOrder | None = None, **facts: object
) -> None:
    """Mail the member, in the language of the moment, with these facts beside the event and the account."""
    enqueue(
        session,
        kind=kind,
        recipient=member.email,
        recipient_name=member.name,
        about=("staff", member.id),
        facts={"event": page_facts.get("event")(), "member": member, **facts},
        link=link,
    )
