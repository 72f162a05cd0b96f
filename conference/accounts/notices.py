"""What an owner is told of the account: each change of what guards it is audited and mailed."""

from datetime import datetime

from sqlalchemy.orm import Session

from conference.accounts.model import StaffMember
from conference.accounts.queries import get_member
from conference.accounts.words import GUARD_WORDS
from conference.audit.model import Actor
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
