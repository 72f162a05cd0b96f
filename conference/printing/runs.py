"""Which badges were printed: noted with each run, told of a person and of all, and taken back after a jam."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.service import record
from conference.core.errors import NotFoundError
from conference.core.ids import BadgeRunId, RegistrationId
from conference.db.base import db
from conference.printing.picking import Printed, face_of
from conference.printing.tables import BadgePrintRow, BadgeRunRow, OtherBadgePrintRow
from conference.registration.model import BadgePerson

_ABOUT = "badge_run"
MOST_LISTED = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """A print run: `choice` is the query string of its sheet and setting."""

    id: BadgeRunId
    made_at: datetime
    staff_id: int | None
    choice: str
    sheet_name: str
    count: int


def add_run(
    session: Session,
    *,
    count: int,
    choice: str,
    sheet_name: str,
    actor: Actor,
    now: datetime,
    job_key: str | None = None,
) -> BadgeRunId:
    """Write a run without its badges, and the history's entry."""
    row = BadgeRunRow(
        made_at=now,
        staff_id=actor.id,
        choice=choice,
        sheet_name=sheet_name[:60],
        count=count,
        job_key=job_key,
    )
    session.add(row)
    session.flush()
    record(session, actor=actor, action="printed", about=(_ABOUT, row.id))
    return BadgeRunId(row.id)


def note_run(
    session: Session,
    people: Sequence[BadgePerson],
    *,
    choice: str,
    sheet_name: str,
    actor: Actor,
    now: datetime,
    job_key: str | None = None,
) -> BadgeRunId:
    """Write down that these people's badges are printed, in this order, and return the run.

    Two statements, however many they are. A job that is done a second time, after its worker was killed, has its run
    already, and this is it.
    """
    known = run_of_job(session, job_key) if job_key else None
    if known is not None:
        return known
    run_id = add_run(
        session,
        count=len(people),
        choice=choice,
        sheet_name=sheet_name,
        actor=actor,
        now=now,
        job_key=job_key,
    )
    badges = [
        {"run_id": run_id, "place": place, "registration_id": one.registration_id, "face": face_of(one)}
        for place, one in enumerate(people, 1)
    ]
    if badges:
        session.execute(insert(BadgePrintRow), badges)
    return run_id


def run_of_job(session: Session, job_key: str) -> BadgeRunId | None:
    """Return the run that this job noted, None where it has not yet. One statement."""
    found = session.scalar(select(BadgeRunRow.id).where(BadgeRunRow.job_key == job_key))
    return None if found is None else BadgeRunId(found)


def take_back(session: Session, run_id: BadgeRunId, *, actor: Actor) -> None:
    """Forget the run, so that its badges count as not printed by it. Raises NotFoundError."""
    get_run(run_id, session)
    for prints in (BadgePrintRow, OtherBadgePrintRow):
        session.execute(delete(prints).where(prints.run_id == run_id))
    session.execute(delete(BadgeRunRow).where(BadgeRunRow.id == run_id))
    record(session, actor=actor, action="taken back", about=(_ABOUT, run_id))


def _run(row: BadgeRunRow) -> Run:
    return Run(
        id=BadgeRunId(row.id),
        made_at=row.made_at,
        staff_id=row.staff_id,
        choice=row.choice,
        sheet_name=row.sheet_name,
        count=row.count,
    )


def get_run(run_id: BadgeRunId, session: Session | None = None) -> Run:
    """Return the run; raises NotFoundError."""
    row = (session or db.session).get(BadgeRunRow, run_id)
    if row is None:
        raise NotFoundError
    return _run(row)


def runs() -> list[Run]:
    """Return the last hundred runs, the newest first. One statement."""
    rows = db.session.scalars(select(BadgeRunRow).order_by(BadgeRunRow.id.desc()).limit(MOST_LISTED))
    return [_run(row) for row in rows]


def runs_of(registration_id: RegistrationId) -> list[tuple[Run, str]]:
    """Return each run that printed this person's badge, the newest first, and what it showed, as a digest."""
    found = db.session.execute(
        select(BadgeRunRow, BadgePrintRow.face)
        .join(BadgePrintRow, BadgePrintRow.run_id == BadgeRunRow.id)
        .where(BadgePrintRow.registration_id == registration_id)
        .order_by(BadgeRunRow.id.desc())
        .distinct()
    )
    return [(_run(row), face) for row, face in found]


def registrations_of(run_id: BadgeRunId) -> list[RegistrationId]:
    """Return whose badges the run printed, in its order."""
    rows = db.session.scalars(
        select(BadgePrintRow.registration_id)
        .where(BadgePrintRow.run_id == run_id)
        .order_by(BadgePrintRow.place)
    )
    return [RegistrationId(one) for one in rows]


def last_prints(only: Collection[RegistrationId] | None = None) -> dict[RegistrationId, Printed]:
    """Return of everybody, or of `only` these, whose badge was printed when it was last, and what it showed.

    One statement.
    """
    last = select(BadgePrintRow.registration_id, func.max(BadgePrintRow.id).label("id"))
    if only is not None:
        last = last.where(BadgePrintRow.registration_id.in_(only))
    newest = last.group_by(BadgePrintRow.registration_id).subquery()
    rows = db.session.execute(
        select(BadgePrintRow.registration_id, BadgePrintRow.face, BadgeRunRow.made_at)
        .join(newest, newest.c.id == BadgePrintRow.id)
        .join(BadgeRunRow, BadgeRunRow.id == BadgePrintRow.run_id)
    )
    return {RegistrationId(one): Printed(at=at, face=face) for one, face, at in rows}
