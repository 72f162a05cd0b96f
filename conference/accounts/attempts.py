"""How often somebody may try to get in, counted for all processes together in the database (trust.md 22).

Each attempt is counted before it is looked at, in one UPDATE, so that many at once are no way round. Known and unknown
accounts are counted alike. What is stored tells neither account nor address.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

from sqlalchemy import Table, case, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from conference.accounts.errors import TooManyAttemptsError
from conference.accounts.tables import AttemptCountRow
from conference.core.clock import real_now
from conference.core.text import address_key
from conference.db.work import transact
from conference.web.peers import client_address
from conference.web.settings import current_settings

_COUNT = cast("Table", AttemptCountRow.__table__)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_KEPT = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """`most` attempts within a window of so much real time; windows follow each other without a gap."""

    what: str
    most: int
    window: timedelta

    def begin(self, now: datetime) -> datetime:
        """Return when the window of this moment began."""
        return now - (now - _EPOCH) % self.window


# Own choice. A person mistypes a password a few times; an office of forty may sit behind one address.
_QUARTER = timedelta(minutes=15)
SIGN_IN_ACCOUNT = Limit(what="sign-in of account", most=10, window=_QUARTER)
SIGN_IN_ADDRESS = Limit(what="sign-in from address", most=100, window=_QUARTER)
# Of a million codes three count at any time: 10 in 15 min take years.
FACTOR_ACCOUNT = Limit(what="second factor of account", most=10, window=_QUARTER)
FACTOR_ADDRESS = Limit(what="second factor from address", most=100, window=_QUARTER)
# The tenth wrong code of a day is told, however slowly they come: its owner, and the other organisers, so often at most.
WRONG_CODES = Limit(what="wrong codes of account", most=9, window=timedelta(days=1))
TOLD_OWNER = Limit(what="owner told of wrong codes", most=1, window=timedelta(hours=1))
TOLD_ORGANISERS = Limit(what="organisers told of wrong codes", most=1, window=timedelta(days=1))
PASSWORD_ACCOUNT = Limit(what="present password of account", most=10, window=_QUARTER)
CONFIRM_MAIL = Limit(what="mail to confirm of account", most=5, window=timedelta(hours=1))
RESET_ADDRESS = Limit(what="forgotten password from address", most=20, window=timedelta(hours=1))
LINK_ADDRESS = Limit(what="sign-in link from address", most=100, window=_QUARTER)
PASSKEY_ADDRESS = Limit(what="passkey from address", most=100, window=_QUARTER)
DESK_ADDRESS = Limit(what="desk code from address", most=100, window=_QUARTER)
# Of 2^40 codes a few count, for a day: a million tries find one with a chance of one to some hundred thousand. Fewer
# would let a stranger with some addresses keep the desks out on the morning.
DESK_ALL = Limit(what="desk code", most=20_000, window=timedelta(hours=1))


def count_attempts(*limits: tuple[Limit, str], field: str | None = None) -> None:
    """Count one attempt for each limit and whom it counts, as in (SIGN_IN_ACCOUNT, "a@x.example"), in a transaction of its own.

    In the order given, to the first that is used up: an address that waits counts against no account, which it would
    keep out for others. Raises TooManyAttemptsError, which names the wait. A count that a power cut takes back costs
    nothing.
    """
    now = real_now()

    def work(session: Session) -> int:
        waits = (count_one(session, limit, whom, now=now) for limit, whom in limits)
        return next((wait for wait in waits if wait), 0)

    wait_s = transact(work, eased=True)
    if wait_s:
        raise TooManyAttemptsError(field, wait_s)


def by_address() -> str:
    """Return whom limits of an address count."""
    return client_address()


def count_one(session: Session, limit: Limit, whom: str, *, now: datetime) -> int:
    """Count one attempt and return 0, or the seconds to wait where there were too many. `now` is real time."""
    begun, connection = limit.begin(now), session.connection()
    mine = _COUNT.c.key == key_of(limit, whom)
    is_new = _COUNT.c.window_at < begun
    counted = connection.execute(
        update(_COUNT)
        .where(mine, or_(is_new, _COUNT.c.uses < limit.most))
        .values(
            window_at=case((is_new, begun), else_=_COUNT.c.window_at),
            uses=case((is_new, 1), else_=_COUNT.c.uses + 1),
        )
    )
    if counted.rowcount == 1:
        return 0
    if connection.execute(select(_COUNT.c.uses).where(mine)).first() is not None:
        return int((begun + limit.window - now).total_seconds()) + 1
    connection.execute(delete(_COUNT).where(_COUNT.c.window_at < now - _KEPT))
    # Of two who come first at once, one meets the key: `transact` lets it begin again.
    connection.execute(insert(_COUNT), {"key": key_of(limit, whom), "window_at": begun, "uses": 1})
    return 0


def forget_attempts(session: Session, limit: Limit, whom: str) -> None:
    """Begin to count anew, for who has got in."""
    session.connection().execute(delete(_COUNT).where(_COUNT.c.key == key_of(limit, whom)))


def key_of(limit: Limit, whom: str) -> str:
    """Return under what the attempts of somebody are counted: accounts in whatever case they are typed."""
    message = f"conference-attempts\0{limit.what}\0{address_key(whom)}".encode()
    return hmac.new(current_settings().secret_key.encode(), message, hashlib.sha256).hexdigest()
