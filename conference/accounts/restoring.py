"""Ways into accounts that a backup brought back: somebody may have closed them since, so none of them counts."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CursorResult, Delete, Update, delete, select, update
from sqlalchemy.orm import Session

from conference.accounts.model import CONFIRMATION, LINKED
from conference.accounts.tables import (
    ChallengeRow,
    DeskCodeRow,
    PasswordRequestRow,
    StaffLinkRow,
    StaffRow,
    StaffSessionRow,
)
from conference.audit.model import BY_SYSTEM
from conference.audit.service import record
from conference.mail.service import cancel_unsent


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """How many sessions, one-time links and desk codes counted until now."""

    sessions: int = 0
    links: int = 0
    desk_codes: int = 0


def end_every_access(session: Session, *, now: datetime) -> Ended:
    """Sign everybody out, let every one-time link and desk code die, and return how many counted. `now` is real time.

    Passwords and second factors stay: by them people come in again. Mails that would bring a dead link do not go out.
    """
    for staff_id in session.scalars(
        select(StaffSessionRow.staff_id).distinct().order_by(StaffSessionRow.staff_id)
    ):
        record(session, actor=BY_SYSTEM, action="signed out everywhere", about=("staff", staff_id))
    alive = (DeskCodeRow.revoked_at.is_(None), DeskCodeRow.expires_at > now)
    for code_id in session.scalars(select(DeskCodeRow.id).where(*alive).order_by(DeskCodeRow.id)):
        record(session, actor=BY_SYSTEM, action="desk code revoked", about=("desk_code", code_id))
    unused = (StaffLinkRow.used_at.is_(None), StaffLinkRow.expires_at > now)
    open_ones = StaffSessionRow.expires_at > now
    sessions = _count(session, delete(StaffSessionRow).where(open_ones))
    links = _count(session, delete(StaffLinkRow).where(*unused))
    codes = _count(session, update(DeskCodeRow).where(*alive).values(revoked_at=now))
    for table in (StaffSessionRow, StaffLinkRow, ChallengeRow, PasswordRequestRow):
        _count(session, delete(table))
    for staff_id in session.scalars(
        select(StaffRow.id).where(StaffRow.is_by_code.is_(False)).order_by(StaffRow.id)
    ):
        cancel_unsent(session, ("staff", staff_id), (*LINKED, CONFIRMATION))
    return Ended(sessions=sessions, links=links, desk_codes=codes)


def _count(session: Session, statement: Delete | Update) -> int:
    result = session.execute(statement.execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)
    return result.rowcount
