"""Who of those invited has come: when they last signed in, and until when a link lets them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from conference.accounts.tables import StaffLinkRow
from conference.audit.queries import last_acts
from conference.core.ids import StaffId
from conference.db.base import db

# As the history notes them: it alone knows of a sign-in after its session is over.
SIGN_INS = ("signed in", "signed in by link", "signed in by passkey")


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """`signed_in_at` is the conference's time, None for who never came. `link_until`: when a link that still lets in ends."""

    signed_in_at: datetime | None = None
    link_until: datetime | None = None


def arrivals(ids: Collection[StaffId], now: datetime) -> dict[StaffId, Arrival]:
    """Return how each of the accounts was come to, by id, at the real time `now`. Two statements, however many they are."""
    came = last_acts("staff", ids, actions=SIGN_INS)
    opens = (StaffLinkRow.used_at.is_(None), StaffLinkRow.expires_at > now, StaffLinkRow.staff_id.in_(ids))
    ends = select(StaffLinkRow.staff_id, func.max(StaffLinkRow.expires_at)).where(*opens)
    until = {row[0]: row[1] for row in db.session.execute(ends.group_by(StaffLinkRow.staff_id))}
    return {one: Arrival(signed_in_at=came.get(one), link_until=until.get(one)) for one in ids}
