"""Which versions were sent to print. What readers hold in their hands is the one that was sent last."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from conference.audit.model import Actor
from conference.audit.service import record
from conference.core.errors import NotFoundError
from conference.db.base import db
from conference.db.revisions import delete_revised
from conference.db.standing import standing
from conference.programme.errors import NotSentToPrintError, SentToPrintAlreadyError
from conference.programme.model import Printing
from conference.programme.records import hold_draft
from conference.programme.tables import PrintingRow, VersionRow
from conference.web.language import date_time

_ABOUT = "programme_version"


@standing
def printings(session: DbSession) -> tuple[Printing, ...]:
    """Return every version that was sent to print, what was sent last first. Kept in memory until one is marked."""
    rows = session.scalars(select(PrintingRow).order_by(PrintingRow.sent_at.desc(), PrintingRow.id.desc()))
    return tuple(
        Printing(
            id=row.id, number=row.number, sent_at=row.sent_at, sent_by=row.sent_by, revision=row.revision
        )
        for row in rows
    )


def find_printing() -> Printing | None:
    """Return what was sent to print last, None where nothing was."""
    return next(iter(printings(db.session())), None)


def mark_sent(session: DbSession, number: int, *, actor: Actor, now: datetime) -> None:
    """Mark the version as sent to print. Raises NotFoundError, SentToPrintAlreadyError."""
    hold_draft(session)
    version_id = session.scalar(select(VersionRow.id).where(VersionRow.number == number))
    if version_id is None:
        raise NotFoundError
    before = session.scalar(select(PrintingRow).where(PrintingRow.number == number))
    if before is not None:
        raise SentToPrintAlreadyError(number=number, moment=date_time(before.sent_at))
    session.add(PrintingRow(number=number, sent_at=now, sent_by=actor.id))
    session.flush()
    record(session, actor=actor, action="sent to print", about=(_ABOUT, version_id))


def take_back(session: DbSession, number: int, seen_revision: int | None, *, actor: Actor) -> None:
    """Take the version's mark back. Raises NotSentToPrintError where there is none, and as `delete_revised`."""
    hold_draft(session)
    row = session.execute(
        select(PrintingRow.id, VersionRow.id.label("version_id"))
        .join(VersionRow, VersionRow.number == PrintingRow.number)
        .where(PrintingRow.number == number)
    ).first()
    if row is None:
        raise NotSentToPrintError
    delete_revised(session, PrintingRow, row.id, seen_revision)
    record(session, actor=actor, action="print taken back", about=(_ABOUT, row.version_id))
