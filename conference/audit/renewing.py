"""A chain begun anew: the way on when the key of its end is lost, or an alteration that is known is to stay."""

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from conference.audit.heads import find_head, forget_outside
from conference.audit.model import BY_SYSTEM
from conference.audit.sealing import seal_due
from conference.audit.service import record
from conference.audit.tables import EntryRow, HeadRow
from conference.audit.verifying import Verdict
from conference.db.work import transact

ACTION = "sealed anew"
# More batches than there can be.
_ALL = 10_000_000


def begin_anew(before: Verdict, reason: str) -> int:
    """Seal every entry anew, in the order of their numbers, and return how many.

    The last entry says why, what the end was before and how much was wrong. Broken off, a worker goes on with it.
    """

    def work(session: Session) -> None:
        # First of all, as who seals does: else a batch of a worker and this would each wait for what the other holds.
        find_head(session, locks=True)
        everything = update(EntryRow).values(position=None, digest=None, link=None)
        session.execute(everything.execution_options(synchronize_session=False))
        session.execute(delete(HeadRow).execution_options(synchronize_session=False))
        end = before.head.short if before.head else ""
        changes = {"end": (end, ""), "wrong": (before.wrong, 0)}
        record(session, actor=BY_SYSTEM, action=ACTION, about=("history", 0), changes=changes, reason=reason)

    transact(work)
    forget_outside()
    return seal_due(most=_ALL, forces=True)
