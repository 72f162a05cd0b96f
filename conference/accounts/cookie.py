"""What the browser holds of a staff session: the random token, in Flask's signed cookie."""

import logging
from datetime import datetime

from flask import request, session
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from conference.accounts.devices import device_words
from conference.accounts.model import SEEN_STEP, Browser, Means
from conference.accounts.queries import find_principal
from conference.accounts.tables import StaffSessionRow
from conference.accounts.tokens import token_hash
from conference.core.clock import real_now
from conference.core.ids import StaffId
from conference.db.base import db
from conference.db.work import transact
from conference.web.access import Principal, SignedIn, current_principal, is_asked_by_itself
from conference.web.security_log import tell

log = logging.getLogger(__name__)
_KEY = "staff"
# Who came in by a desk code, for when that is over: by the id that histories know, which opens nothing.
_SHIFT = "shift"


def keep_token(token: str) -> None:
    """Begin the browser's session anew with this token: what was in it before sign-in is not carried over."""
    session.clear()
    session[_KEY] = token
    _log_entry(token_hash(token))


def _log_entry(hashed: str) -> None:
    """Log who has come in and by what, or who still has to give a second factor. One statement.

    The browser of a helper at the desk keeps that it is one.
    """
    known = (StaffSessionRow.staff_id, StaffSessionRow.means, StaffSessionRow.is_pending)
    found = db.session.execute(select(*known).where(StaffSessionRow.token_hash == hashed)).first()
    if found is not None:
        if found.means == Means.DESK_CODE.value:
            session[_SHIFT] = found.staff_id
        event = "second factor asked" if found.is_pending else "signed in"
        facts = {"staff": found.staff_id, "means": Means(found.means).name.lower()}
        tell(event, facts, is_bad=False)


def held_token() -> str | None:
    return session.get(_KEY)


def held_shift() -> StaffId | None:
    """Return who came in by a desk code in this browser, signed in still or not, and has not signed out."""
    return StaffId(session[_SHIFT]) if _SHIFT in session else None


def drop_token() -> None:
    principal = current_principal()
    if principal is not None:
        tell("signed out", {"staff": principal.id}, is_bad=False)
    session.clear()


def this_browser(means: Means = Means.PASSWORD) -> Browser:
    """Return what a session keeps of the browser that asks."""
    return Browser(device=device_words(request.headers.get("User-Agent", "")), means=means)


def load_principal() -> Principal | None:
    """Return who asks. No statement for a browser without a token, one with, two each five minutes."""
    token = held_token()
    if not token:
        return None
    now = real_now()
    principal = find_principal(token_hash(token), now)
    if principal is not None and principal.session is not None:
        _note_seen(principal.session, now)
    return principal


def _note_seen(found: SignedIn, now: datetime) -> None:
    if now - found.seen_at < SEEN_STEP or is_asked_by_itself():
        return
    mine = StaffSessionRow.id == found.id
    try:
        transact(
            lambda session: session.execute(update(StaffSessionRow).where(mine).values(seen_at=now)),
            eased=True,
        )
    except DBAPIError as error:
        # The page itself does not need it: it is noted with the next one.
        log.warning("a session's last use was not noted: %s", type(error).__name__)
