from collections.abc import Collection
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from conference.core.errors import NotFoundError
from conference.core.ids import MailId
from conference.db.base import db
from conference.jobs.model import JobState
from conference.mail.model import Attempt, MailHead, MailRecord
from conference.mail.rendering import masked
from conference.mail.tables import AttemptRow, OutboxRow
from conference.mail.wording_model import TEST_KIND

# The columns that each view of a mail is made of.
HEAD = tuple(one.name for one in fields(MailHead))


def head_of(row: OutboxRow | Row[*tuple[Any, ...]]) -> dict[str, Any]:
    """Return the fields of a MailHead by name, of a row that has those columns."""
    return {name: getattr(row, name) for name in HEAD} | {"id": MailId(row.id), "state": JobState(row.state)}


def _record(row: OutboxRow) -> MailRecord:
    return MailRecord(
        **head_of(row),
        sent_at=row.sent_at,
        about=(row.about_type, row.about_id),
        text=masked(row.text, row.link_slot, row.news_slot),
    )


def mails_about(record_type: str, record_id: int, session: Session | None = None) -> list[MailRecord]:
    """Return the mails that tell of one record, newest first, without what staff sent to themselves. One statement."""
    rows = (session or db.session).scalars(
        select(OutboxRow)
        .where(
            OutboxRow.about_type == record_type, OutboxRow.about_id == record_id, OutboxRow.kind != TEST_KIND
        )
        .order_by(OutboxRow.id.desc())
        .execution_options(populate_existing=True)
    )
    return [_record(row) for row in rows]


def last_written(kind: str, record_type: str, session: Session | None = None) -> dict[int, datetime]:
    """Return by record id when the newest mail of the kind was written, in real time. One statement."""
    rows = (session or db.session).execute(
        select(OutboxRow.about_id, func.max(OutboxRow.created_at))
        .where(OutboxRow.kind == kind, OutboxRow.about_type == record_type)
        .group_by(OutboxRow.about_id)
    )
    return {row[0]: row[1] for row in rows}


def counts_written(
    kinds: Collection[str], record_type: str, session: Session | None = None
) -> dict[int, int]:
    """Return by record id how many mails of these kinds were written, whatever became of them. One statement."""
    rows = (session or db.session).execute(
        select(OutboxRow.about_id, func.count())
        .where(OutboxRow.kind.in_(sorted(kinds)), OutboxRow.about_type == record_type)
        .group_by(OutboxRow.about_id)
    )
    return {row[0]: row[1] for row in rows}


def find_mail(mail_id: MailId, session: Session | None = None) -> MailRecord | None:
    row = (session or db.session).get(OutboxRow, mail_id, populate_existing=True)
    return _record(row) if row else None


def get_mail(mail_id: MailId, session: Session | None = None) -> MailRecord:
    """Return the mail; raises NotFoundError."""
    mail = find_mail(mail_id, session)
    if mail is None:
        raise NotFoundError
    return mail


def attempts_of(mail_id: MailId) -> list[Attempt]:
    """Return each try to send the mail, the newest first. One statement."""
    rows = db.session.scalars(
        select(AttemptRow).where(AttemptRow.mail_id == mail_id).order_by(AttemptRow.id.desc())
    )
    return [
        Attempt(
            owner=row.owner,
            began_at=row.began_at,
            ended_at=row.ended_at,
            state=JobState(row.state),
            answer=row.answer,
        )
        for row in rows
    ]


def count_stuck() -> int:
    """Return how many mails wait for a person: refused by a server, or held back."""
    stuck = select(func.count()).where(OutboxRow.state.in_((JobState.FAILED, JobState.HELD)))
    return db.session.scalar(stuck) or 0
