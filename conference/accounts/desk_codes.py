"""The desk on a shared computer: a short code of the day lets in who types a name, for the desk's role alone.

Who comes in gets a row among the accounts that has no address and no password: histories show the name that was typed,
and everything that refers to an account works as for one.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from conference.accounts.errors import DeskCodeRefusedError
from conference.accounts.model import Browser
from conference.accounts.queries import staff_names
from conference.accounts.service import open_session
from conference.accounts.tables import DeskCodeRow, DeskShiftRow, StaffRow, StaffSessionRow
from conference.audit.model import Actor, by_staff
from conference.audit.service import record
from conference.core.clock import STOCKHOLM
from conference.core.errors import NotFoundError
from conference.core.ids import StaffId, new_code, new_token, read_code
from conference.db.base import db
from conference.web.access import Role
from conference.web.settings import current_settings

# 40 bits, for a day at most, behind a limit of attempts: short enough to be read aloud.
LENGTH = 8
_GROUP = 4
NAME_MAX = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskCode:
    """A code as organisers see it. `people` are the names that were typed with it, the first first."""

    id: int
    label: str
    maker: str
    begins_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    is_over: bool
    people: tuple[str, ...]

    @property
    def is_alive(self) -> bool:
        return self.revoked_at is None and not self.is_over


class ShiftEnd(StrEnum):
    """Why a helper is no longer in: the code was revoked or is over, or else it still lets them in."""

    REVOKED = "revoked"
    OVER = "over"
    SIGNED_OUT = "signed out"


def _hash(code: str) -> str:
    """Return what is stored of a code: with the secret key, since who reads the database could try all of 40 bits."""
    key = current_settings().secret_key.encode()
    return hmac.new(key, f"conference-desk\0{code}".encode(), hashlib.sha256).hexdigest()


def day_span(day: date) -> tuple[datetime, datetime]:
    """Return both midnights of the day in Stockholm."""
    begin, end = (datetime.combine(day + timedelta(days=days), time(), STOCKHOLM) for days in (0, 1))
    return begin, end


def make_code(session: Session, label: str, day: date, *, staff_id: StaffId, now: datetime) -> str:
    """Return a new code for the day, which nothing tells again, as in "7KQ2-M4XD". `now` is real time."""
    code = new_code(LENGTH)
    begin, end = day_span(day)
    row = DeskCodeRow(
        code_hash=_hash(code),
        label=label,
        staff_id=staff_id,
        created_at=now,
        begins_at=max(begin, now),
        expires_at=end,
    )
    session.add(row)
    session.flush()
    record(session, actor=by_staff(staff_id), action="desk code made", about=("desk_code", row.id))
    return f"{code[:_GROUP]}-{code[_GROUP:]}"


def come_in(session: Session, typed: str, name: str, *, now: datetime, browser: Browser) -> str:
    """Return the token of a session at the desk, which ends with the code. Raises DeskCodeRefusedError."""
    alive = (DeskCodeRow.begins_at <= now, DeskCodeRow.expires_at > now, DeskCodeRow.revoked_at.is_(None))
    # Locked, so that a code that is revoked at this moment lets in nobody after.
    code = session.scalar(
        select(DeskCodeRow).where(DeskCodeRow.code_hash == _hash(read_code(typed)), *alive).with_for_update()
    )
    if code is None:
        raise DeskCodeRefusedError("code")
    staff_id = _shift(session, code, name, now)
    record(session, actor=by_staff(staff_id), action="came in by a desk code", about=("desk_code", code.id))
    return open_session(session, staff_id, now=now, browser=browser, until=code.expires_at)


def _shift(session: Session, code: DeskCodeRow, name: str, now: datetime) -> StaffId:
    """Return who this is: the row of the same name and code, or a new one."""
    shown = f"{name} (desk code: {code.label})"
    same = select(StaffRow.id).join(DeskShiftRow, DeskShiftRow.staff_id == StaffRow.id)
    found = session.scalar(same.where(DeskShiftRow.desk_code_id == code.id, StaffRow.name == shown).limit(1))
    if found is not None:
        return StaffId(found)
    # No address: what stands in its place cannot be typed as one.
    row = StaffRow(
        email="",
        email_key=f"desk code {new_token()}",
        name=shown,
        role=Role.DESK.value,
        created_at=now,
        is_by_code=True,
    )
    session.add(row)
    session.flush()
    session.add(DeskShiftRow(desk_code_id=code.id, staff_id=row.id, began_at=now))
    return StaffId(row.id)


def revoke_code(session: Session, code_id: int, *, actor: Actor, now: datetime) -> None:
    """Let the code and everybody who came in by it be out now; a second time changes nothing. Raises NotFoundError.

    It asks for no revision: it only goes one way, and must never have to wait for a second look.
    """
    unrevoked = (DeskCodeRow.id == code_id, DeskCodeRow.revoked_at.is_(None))
    done = session.execute(update(DeskCodeRow).where(*unrevoked).values(revoked_at=now))
    assert isinstance(done, CursorResult)
    if done.rowcount != 1:
        if session.get(DeskCodeRow, code_id) is None:
            raise NotFoundError
        return
    theirs = select(DeskShiftRow.staff_id).where(DeskShiftRow.desk_code_id == code_id)
    session.execute(
        delete(StaffSessionRow)
        .where(StaffSessionRow.staff_id.in_(theirs))
        .execution_options(synchronize_session=False)
    )
    record(session, actor=actor, action="desk code revoked", about=("desk_code", code_id))


def end_of_shift(staff_id: StaffId, now: datetime) -> ShiftEnd:
    """Return why a helper who came in by a code is out. One statement."""
    code = db.session.scalar(
        select(DeskCodeRow)
        .join(DeskShiftRow, DeskShiftRow.desk_code_id == DeskCodeRow.id)
        .where(DeskShiftRow.staff_id == staff_id)
    )
    if code is not None and code.revoked_at is not None:
        return ShiftEnd.REVOKED
    return ShiftEnd.OVER if code is None or code.expires_at <= now else ShiftEnd.SIGNED_OUT


def desk_codes(now: datetime) -> list[DeskCode]:
    """Return every code, the newest first. Three statements."""
    rows = db.session.scalars(select(DeskCodeRow).order_by(DeskCodeRow.id.desc())).all()
    names = staff_names(row.staff_id for row in rows)
    people = _people()
    return [
        DeskCode(
            id=row.id,
            label=row.label,
            maker=names.get(StaffId(row.staff_id), "") if row.staff_id is not None else "",
            begins_at=row.begins_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
            is_over=row.expires_at <= now,
            people=tuple(people.get(row.id, ())),
        )
        for row in rows
    ]


def _people() -> dict[int, Sequence[str]]:
    found: dict[int, list[str]] = {}
    rows = db.session.execute(
        select(DeskShiftRow.desk_code_id, StaffRow.name)
        .join(StaffRow, StaffRow.id == DeskShiftRow.staff_id)
        .order_by(DeskShiftRow.id)
    )
    for code_id, name in rows:
        found.setdefault(code_id, []).append(name.rpartition(" (desk code:")[0])
    return {code_id: tuple(names) for code_id, names in found.items()}
