"""Looks at sensitive data are entries too: one a look, whoever looked at whatever, and how many people it was about."""

import hashlib
import hmac
import json
from datetime import timedelta
from enum import StrEnum

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session

from conference.audit.model import BY_LINK, Actor, by_staff
from conference.audit.service import record
from conference.audit.tables import EntryRow, PayloadRow
from conference.core.clock import clock
from conference.db.base import db
from conference.db.work import transact
from conference.web.access import current_principal
from conference.web.settings import current_settings

# Who turns a page back, loads it again, or sees a paper before it is printed, looks once.
FOLDED_FOR = timedelta(minutes=15)
# What a look at many is about: the office's lists have no number.
OFFICE = ("office", 0)
# What of an address does not say whom a list shows: its pages, and the form of the file.
_NO_FILTER = frozenset({"page", "before", "format", "delimiter"})


class Look(StrEnum):
    """What can be looked at, as the entry's action says it."""

    REGISTRATIONS = "registrations exported"
    FEES = "fees seen"
    FEES_FILE = "fees exported"
    INVOICE = "invoice seen"
    ANSWER_FILE = "file of an answer seen"
    LETTER = "letter with passport seen"
    DOSSIER = "speaker's file seen"
    LINK = "speaker's link seen"
    DISCLOSURES = "disclosures exported"
    MEMBER = "committee member's disclosure seen"
    LIST = "list of people printed"
    OWN_DATA = "own data taken out"
    HISTORY = "history exported"


# Every action that is a look, those that other rooms write among them.
LOOKS = frozenset(one.value for one in Look) | {
    "sensitive answers seen",
    "registrations read",
    "read by a program",
}


def note_look(look: Look, about: tuple[str, int] = OFFICE, *, people: int = 1, which: str = "") -> None:
    """Record that who asks looks at this, before it is shown: if that cannot be written down, nobody sees it.

    `people` is how many it tells of, or how many entries; `which` is one of several papers. A look of the same kind at the same by the same
    person within FOLDED_FOR is the same look, unless it shows more people, or asks a list for others. Commits a
    transaction of its own; raises what the database raises.
    """
    principal = current_principal()
    actor = by_staff(principal.id) if principal is not None else BY_LINK
    told: dict[str, int | str] = {"people": people} | ({"list": which} if which else {})
    asked = _asked() if about == OFFICE else ""
    told |= {"filter": asked} if asked else {}
    if _was_noted(look, actor, about, told):
        return
    transact(lambda session: write_look(session, look, actor, about, told))


def _asked() -> str:
    """Return a mark of what this request narrows a list to, 16 hexadecimal digits; "" where it does not.

    Keyed, since a search may hold a name, which nobody shall guess from what the history keeps.
    """
    pairs = sorted(pair for pair in request.args.items(multi=True) if pair[1] and pair[0] not in _NO_FILTER)
    if not pairs:
        return ""
    key = current_settings().secret_keys[0]
    return hmac.new(key.encode(), json.dumps(pairs).encode(), hashlib.sha256).hexdigest()[:16]


def write_look(
    session: Session, look: Look, actor: Actor, about: tuple[str, int], told: dict[str, int | str]
) -> None:
    """Record a look in this transaction, as a command does that no request stands behind."""
    changes = {name: (None, value) for name, value in told.items()}
    record(session, actor=actor, action=look.value, about=about, changes=changes)


def _was_noted(look: Look, actor: Actor, about: tuple[str, int], told: dict[str, int | str]) -> bool:
    """Return whether it stands there already as the last one of its kind. One statement."""
    last = db.session.execute(
        select(EntryRow.at, PayloadRow.values)
        .join(PayloadRow, PayloadRow.entry_id == EntryRow.id)
        .where(
            EntryRow.record_type == about[0],
            EntryRow.record_id == about[1],
            EntryRow.action == look.value,
            EntryRow.actor_kind == actor.kind,
            EntryRow.actor_id == actor.id,
        )
        .order_by(EntryRow.id.desc())
        .limit(1)
    ).one_or_none()
    if last is None or not timedelta() <= clock.now() - last.at < FOLDED_FOR:
        return False
    noted = {name: pair[1] for name, pair in last[1].items()}
    is_same = all(noted.get(name, "") == told.get(name, "") for name in ("list", "filter"))
    return bool(is_same and noted.get("people", 0) >= told["people"])
