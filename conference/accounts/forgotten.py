"""A forgotten password. The page answers alike for each address, and as fast: a worker looks whether there is an account."""

from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import ColumnElement, Table, delete, func, insert, select, true, update
from sqlalchemy.orm import Session

from conference.accounts.errors import TooManyRequestsError
from conference.accounts.letters import mail_reset
from conference.accounts.queries import find_member_at
from conference.accounts.rules import check_address
from conference.accounts.tables import PasswordRequestRow
from conference.core.clock import real_now
from conference.core.text import address_key
from conference.db.base import db
from conference.db.work import transact

# Own choice: three mails an hour fill nobody's mailbox. A thousand wishes are more than any office has people, and more
# than fifty addresses may send: who keeps an account from its password by wrong ones cannot close this way in as well.
WINDOW = timedelta(hours=1)
OF_ONE_ADDRESS = 3
OF_ALL = 1000

_ASKED = cast("Table", PasswordRequestRow.__table__)


def ask_for_password(session: Session, email: str, *, now: datetime) -> None:
    """Keep the wish for the worker, of a known and an unknown address alike. `now` is real time.

    More than three of one address in an hour are passed over in silence. Raises AddressShapeError, and
    TooManyRequestsError where OF_ALL came from all.
    """
    key = address_key(check_address(email))
    if _count(session, now, true()) >= OF_ALL:
        raise TooManyRequestsError("email")
    if _count(session, now, _ASKED.c.email_key == key) < OF_ONE_ADDRESS:
        values = {"email_key": key, "asked_at": now, "is_answered": False}
        session.connection().execute(insert(_ASKED), values)


def _count(session: Session, now: datetime, which: ColumnElement[bool]) -> int:
    counted = select(func.count()).select_from(_ASKED).where(_ASKED.c.asked_at > now - WINDOW, which)
    return session.connection().execute(counted).scalar() or 0


def answer_request(session: Session, request_id: int, *, now: datetime) -> None:
    """Mail the link if the address has an account, and forget the wishes that count no longer."""
    connection = session.connection()
    key = connection.execute(select(_ASKED.c.email_key).where(_ASKED.c.id == request_id)).scalar()
    connection.execute(update(_ASKED).where(_ASKED.c.id == request_id).values(is_answered=True))
    connection.execute(delete(_ASKED).where(_ASKED.c.asked_at <= now - WINDOW, _ASKED.c.is_answered))
    member = find_member_at(key, session) if key is not None else None
    if member is not None and member.suspended_at is None:
        mail_reset(session, member, now=now)


class PasswordRequests:
    """Wishes as a worker sees them. Needs no lease: the row is marked in the transaction that writes the mail."""

    def claim(self, owner: str) -> list[int]:  # noqa: ARG002 -- the signature is JobSource's
        waiting = select(_ASKED.c.id).where(_ASKED.c.is_answered.is_(False)).order_by(_ASKED.c.id)
        return list(db.session().scalars(waiting.limit(100)))

    def run(self, job_id: int, owner: str) -> None:  # noqa: ARG002 -- the signature is JobSource's
        transact(lambda session: answer_request(session, job_id, now=real_now()))


password_requests = PasswordRequests()
