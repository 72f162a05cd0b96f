"""The office's list of mails: its lines and its counts. Counts of statements are constant, however long it is."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from sqlalchemy import func, select

from conference.db.base import db
from conference.jobs.model import JobState
from conference.mail.filters import MailFilters, filtered
from conference.mail.model import MailLine
from conference.mail.queries import HEAD, head_of
from conference.mail.tables import BounceRow, OutboxRow

PAGE_SIZE = 50
_TEMPLATES = Path(__file__).parents[2] / "templates" / "mail"


@cache
def kinds() -> tuple[str, ...]:
    """Return the kinds of mail there are, which are the folders of their templates."""
    return tuple(sorted(folder.parent.name for folder in _TEMPLATES.glob("*/subject.txt")))


def counts_by_state(filters: MailFilters) -> dict[JobState, int]:
    """Return how many of each state match, whatever states the filters name. One statement."""
    counted = select(OutboxRow.state, func.count()).group_by(OutboxRow.state)
    rows = db.session.execute(filtered(counted, replace(filters, states=())))
    found = {JobState(state): count for state, count in rows.all()}
    return {state: found.get(state, 0) for state in JobState}


def listed(filters: MailFilters, page: int) -> list[MailLine]:
    """Return the mails of one page, newest first. One statement, which reads no text of a mail."""
    chosen = filtered(select(OutboxRow.id), filters).order_by(OutboxRow.id.desc())
    ids = chosen.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE).subquery()
    rows = db.session.execute(
        select(
            *(getattr(OutboxRow, name) for name in HEAD),
            OutboxRow.language,
            BounceRow.is_hard,
        )
        .join(ids, ids.c.id == OutboxRow.id)
        .outerjoin(BounceRow, BounceRow.mail_id == OutboxRow.id)
        .order_by(OutboxRow.id.desc())
    )
    return [MailLine(**head_of(row), language=row.language, came_back=row.is_hard) for row in rows]
