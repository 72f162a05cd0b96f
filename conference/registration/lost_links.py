"""The personal link once more, by mail. The page answers alike for each address, and as fast: a worker looks it up."""

from datetime import datetime
from typing import cast

from sqlalchemy import Table, delete, exists, insert, select
from sqlalchemy.orm import Session

from conference.core.clock import real_now
from conference.core.text import address_key
from conference.db.base import db
from conference.db.work import transact
from conference.mail.queries import mails_about
from conference.registration import letters
from conference.registration.group_letters import send_overview, was_told
from conference.registration.group_queries import groups_at_address, live_at_address
from conference.registration.rules import REMINDER_PAUSE
from conference.registration.tables import LostLinkRow

_LOST = cast("Table", LostLinkRow.__table__)


def ask_for_link(session: Session, email: str, *, now: datetime) -> None:
    """Keep the wish for the worker. One statement more than for an address that waits already. `now` is real time."""
    key = address_key(email)
    waits = select(exists().where(_LOST.c.email_key == key))
    if not session.connection().execute(waits).scalar():
        session.connection().execute(insert(_LOST), {"email_key": key, "asked_at": now})


def answer_request(session: Session, request_id: int, *, now: datetime) -> None:
    """Mail the links of what the address has, each at most once in 10 minutes, and forget the wish.

    That is its live registration, those of its group that share it, and the group's page.
    """
    row = session.get(LostLinkRow, request_id)
    if row is None:
        return
    email = row.email_key
    session.execute(delete(LostLinkRow).where(LostLinkRow.id == request_id))
    since = now - REMINDER_PAUSE
    for registration in live_at_address(email, session):
        earlier = mails_about("registration", registration.id, session)
        if not any(mail.kind == "lost_link" and mail.created_at > since for mail in earlier):
            letters.send(session, "lost_link", registration)
    for group in groups_at_address(email, session):
        if not was_told(session, group, since):
            send_overview(session, group)


class LostLinks:
    """Wishes as a worker sees them. Needs no lease: the row goes in the transaction that writes the mail."""

    def claim(self, owner: str) -> list[int]:  # noqa: ARG002 -- the signature is JobSource's
        return list(db.session().scalars(select(_LOST.c.id).order_by(_LOST.c.id).limit(100)))

    def run(self, job_id: int, owner: str) -> None:  # noqa: ARG002 -- the signature is JobSource's
        transact(lambda session: answer_request(session, job_id, now=real_now()))


lost_links = LostLinks()
