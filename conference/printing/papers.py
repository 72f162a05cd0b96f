"""Badges of many people as a file that a worker makes, since a page may not take that long."""

import re
import secrets
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from conference.audit.model import BY_SYSTEM, Actor, by_staff
from conference.core.clock import clock, real_now
from conference.core.ids import BadgeRunId, JobId, StaffId
from conference.db.base import db
from conference.db.work import transact
from conference.jobs.errors import JobNotDoneError
from conference.jobs.model import Job, JobState
from conference.jobs.queries import results_named
from conference.jobs.registry import Say
from conference.jobs.service import ask_for, forget_old, stop
from conference.printing.choice import Choice, choice_of
from conference.printing.other_people import forget_typed
from conference.printing.pack import evening_pack
from conference.printing.picking import Picking
from conference.printing.runs import Run, get_run, run_of_job, take_back
from conference.printing.service import badges, people_of_run, people_to_print, print_run, printable_on
from conference.printing.splitting import write_split
from conference.registration.filters import ListFilters
from conference.web.store import store

KIND = "badges"
PACK = "evening pack"
# Own choice: as many badges are set in about two seconds, and the desk's own lists are shorter.
AT_ONCE = 2000
SAY_EACH_S = 1.0
REST_S = 3600
# Own choice, as of registrations: who was typed in for a badge is forgotten half a year after it was printed.
TYPED_KEPT = timedelta(days=183)
_FOLDER = "papers/"
_NAME = re.compile(r"[0-9a-f]{32}\.(pdf|zip)", re.ASCII)


def ask_for_badges(
    session: Session,
    filters: ListFilters,
    choice: Choice,
    staff_id: int,
    picking: Picking | None = None,
    *,
    is_split: bool = False,
) -> JobId:
    """Return the job that makes the badges of those whom the list shows with these filters, in parts where asked."""
    query = urlencode(filters.as_query(), doseq=True)
    chosen = urlencode(choice.as_query() | (picking or Picking()).as_query())
    facts: dict[str, Any] = {"choice": chosen, "query": query, "staff": staff_id}
    if is_split:
        facts["split"] = True
    return ask_for(session, kind=KIND, facts=facts, staff_id=staff_id)


def ask_for_run(session: Session, run: Run, staff_id: int) -> JobId:
    """Return the job that makes the file of a run again, which is no print of its own."""
    facts = {"choice": run.choice, "query": "", "staff": staff_id, "run": int(run.id)}
    return ask_for(session, kind=KIND, facts=facts, staff_id=staff_id)


def ask_for_pack(session: Session, choice: Choice, staff_id: int) -> JobId:
    """Return the job that makes the evening pack, with badges for this sheet."""
    facts = {"choice": urlencode(choice.as_query()), "query": "", "staff": staff_id}
    return ask_for(session, kind=PACK, facts=facts, staff_id=staff_id)


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What a job was asked for: of whom, on which sheet, in which order, and by whom; or which run again."""

    filters: ListFilters
    choice: Choice
    picking: Picking
    staff_id: int | None
    is_split: bool = False
    run_id: BadgeRunId | None = None

    def as_query(self) -> dict[str, Any]:
        return self.filters.as_query() | self.choice.as_query() | self.picking.as_query()


def asked_for(job: Job) -> Asked:
    """Return what the job was asked for. Raises UnknownSheetError for a sheet that was deleted since."""
    read = cast("dict[str, Any]", MultiDict(parse_qsl(job.facts["query"])))
    # A job of an older release says no more than the sheet.
    chosen = dict(parse_qsl(job.facts.get("choice") or urlencode({"sheet": job.facts.get("sheet", "")})))
    run_id = job.facts.get("run")
    return Asked(
        filters=ListFilters.of_query(read),
        choice=choice_of(chosen),
        picking=Picking.of_query(chosen),
        staff_id=job.facts.get("staff"),
        is_split=bool(job.facts.get("split")),
        run_id=None if run_id is None else BadgeRunId(run_id),
    )


def job_key(job: Job) -> str:
    """Return what tells the job from every other, also from one that gets its number once it is forgotten."""
    return f"{job.id} {job.created_at.isoformat()}"


def noted_run(job: Job) -> Run | None:
    """Return the run that the job noted, or is to print again."""
    run_id = asked_for(job).run_id or run_of_job(db.session(), job_key(job))
    return get_run(run_id) if run_id is not None else None


def make_badges(job: Job, say: Say) -> str:
    """Write the badges into a file of the store and return its random name.

    They are noted as printed once they are drawn. Done again after its worker was killed, the job draws those whom it
    noted: nobody is new any more then.
    """
    asked, run = asked_for(job), noted_run(job)
    people = people_of_run(run) if run else people_to_print(asked.filters, asked.picking)
    total, said_at = len(people), time.monotonic()
    say(0, total)

    def progress(done: int) -> None:
        nonlocal said_at
        if time.monotonic() - said_at >= SAY_EACH_S:
            say(done, total)
            said_at = time.monotonic()

    is_stacked = asked.picking.is_stacked
    half = store().scratch() / f"{secrets.token_hex(16)}.part"
    if asked.is_split:
        kept = printable_on(people, asked.choice)
        write_split(half, kept, asked.choice, is_stacked=is_stacked, progress=progress)
    else:
        half.write_bytes(badges(people, asked.choice, is_stacked=is_stacked, progress=progress).pdf)
    say(total, total)
    if run is None:
        actor = by_staff(StaffId(asked.staff_id)) if asked.staff_id else BY_SYSTEM
        print_run(people, asked.choice, is_stacked=is_stacked, actor=actor, job_key=job_key(job))
    return _named(half, "zip" if asked.is_split else "pdf")


def stop_job(session: Session, job: Job, *, actor: Actor) -> bool:
    """Stop the job, take back what it noted meanwhile, and return whether there was something to stop."""
    if not stop(session, job.id):
        return False
    run_id = run_of_job(session, job_key(job))
    if run_id is not None:
        take_back(session, run_id, actor=actor)
    return True


def make_pack(job: Job, say: Say) -> str:
    """Write the evening pack into a file of the store and return its random name."""
    return _kept(evening_pack(asked_for(job).choice, say), "zip")


def _kept(content: bytes, ending: str) -> str:
    half = store().scratch() / f"{secrets.token_hex(16)}.part"
    half.write_bytes(content)
    return _named(half, ending)


def _named(half: Path, ending: str) -> str:
    """Give a file that is whole its name; one that is not goes with the old ones."""
    key = f"{half.stem}.{ending}"
    store().adopt(_FOLDER + key, half)
    return key


def paper_of(job: Job) -> str:
    """Return where the file that the job made lies in the store; raises JobNotDoneError."""
    if job.state is not JobState.DONE or not _NAME.fullmatch(job.result):
        raise JobNotDoneError
    if store().find(_FOLDER + job.result) is None:
        raise JobNotDoneError
    return _FOLDER + job.result


def forget_papers() -> None:
    """Delete yesterday's jobs, each file that no job names and that is not being made now, and names typed long ago."""
    transact(lambda session: forget_old(session, now=real_now()))
    transact(lambda session: forget_typed(session, clock.now() - TYPED_KEPT))
    before = time.time() - REST_S
    old = [one for one in store().listed(_FOLDER) if one.written_at < before]
    with Session(db.engine) as session:
        named = results_named(session)
    for one in old:
        if one.key not in named:
            store().delete(one.name)


class PapersToForget:
    """Old files as a worker sees them: looked for once an hour."""

    def __init__(self) -> None:
        self._looked_at = float("-inf")

    def claim(self, owner: str) -> list[int]:  # noqa: ARG002 -- the signature is JobSource's
        if time.monotonic() < self._looked_at + REST_S:
            return []
        self._looked_at = time.monotonic()
        return [1]

    def run(self, job_id: int, owner: str) -> None:  # noqa: ARG002 -- the signature is JobSource's
        forget_papers()


papers = PapersToForget()
