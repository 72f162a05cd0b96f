"""Badges of many people as a file that a worker makes, since a page may not take that long."""

import re
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from conference.audit.model import BY_SYSTEM, by_staff
from conference.core.clock import real_now
from conference.core.ids import JobId, StaffId
from conference.db.base import db
from conference.db.work import transact
from conference.jobs.errors import JobNotDoneError
from conference.jobs.model import Job, JobState
from conference.jobs.queries import results_named
from conference.jobs.registry import Say
from conference.jobs.service import ask_for, forget_old
from conference.printing.choice import Choice, choice_of
from conference.printing.pack import evening_pack
from conference.printing.picking import Picking
from conference.printing.service import badges, people_to_print, print_run
from conference.registration.filters import ListFilters
from conference.web.settings import current_settings

KIND = "badges"
PACK = "evening pack"
# Own choice: as many badges are set in about two seconds, and the desk's own lists are shorter.
AT_ONCE = 2000
SAY_EACH_S = 1.0
REST_S = 3600
_NAME = re.compile(r"[0-9a-f]{32}\.(pdf|zip)", re.ASCII)


def ask_for_badges(
    session: Session, filters: ListFilters, choice: Choice, staff_id: int, picking: Picking | None = None
) -> JobId:
    """Return the job that makes the badges of those whom the list shows with these filters."""
    query = urlencode(filters.as_query(), doseq=True)
    chosen = urlencode(choice.as_query() | (picking or Picking()).as_query())
    facts = {"choice": chosen, "query": query, "staff": staff_id}
    return ask_for(session, kind=KIND, facts=facts, staff_id=staff_id)


def ask_for_pack(session: Session, choice: Choice, staff_id: int) -> JobId:
    """Return the job that makes the evening pack, with badges for this sheet."""
    facts = {"choice": urlencode(choice.as_query()), "query": "", "staff": staff_id}
    return ask_for(session, kind=PACK, facts=facts, staff_id=staff_id)


def _folder() -> Path:
    folder = current_settings().instance / "papers"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What a job was asked for: of whom, on which sheet, in which order, and by whom."""

    filters: ListFilters
    choice: Choice
    picking: Picking
    staff_id: int | None

    def as_query(self) -> dict[str, Any]:
        return self.filters.as_query() | self.choice.as_query() | self.picking.as_query()


def asked_for(job: Job) -> Asked:
    """Return what the job was asked for. Raises UnknownSheetError for a sheet that was deleted since."""
    read = cast("dict[str, Any]", MultiDict(parse_qsl(job.facts["query"])))
    # A job of an older release says no more than the sheet.
    chosen = dict(parse_qsl(job.facts.get("choice") or urlencode({"sheet": job.facts.get("sheet", "")})))
    return Asked(
        filters=ListFilters.of_query(read),
        choice=choice_of(chosen),
        picking=Picking.of_query(chosen),
        staff_id=job.facts.get("staff"),
    )


def make_badges(job: Job, say: Say) -> str:
    """Write the badges into a file of the instance folder and return its random name."""
    asked = asked_for(job)
    people = people_to_print(asked.filters, asked.picking)
    total = len(people)
    said_at = time.monotonic()
    say(0, total)

    def progress(done: int) -> None:
        nonlocal said_at
        if time.monotonic() - said_at >= SAY_EACH_S:
            say(done, total)
            said_at = time.monotonic()

    printed = badges(people, asked.choice, is_stacked=asked.picking.is_stacked, progress=progress)
    actor = by_staff(StaffId(asked.staff_id)) if asked.staff_id else BY_SYSTEM
    print_run(people, asked.choice, is_stacked=asked.picking.is_stacked, actor=actor)
    say(total, total)
    return _kept(printed.pdf, "pdf")


def make_pack(job: Job, say: Say) -> str:
    """Write the evening pack into a file of the instance folder and return its random name."""
    return _kept(evening_pack(asked_for(job).choice, say), "zip")


def _kept(content: bytes, ending: str) -> str:
    name = f"{secrets.token_hex(16)}.{ending}"
    half = _folder() / f"{name}.part"
    half.write_bytes(content)
    half.rename(_folder() / name)
    return name


def paper_of(job: Job) -> bytes:
    """Return the file that the job made; raises JobNotDoneError."""
    path = _folder() / job.result
    if job.state is not JobState.DONE or not _NAME.fullmatch(job.result) or not path.is_file():
        raise JobNotDoneError
    return path.read_bytes()


def forget_papers() -> None:
    """Delete yesterday's jobs, and each file that no job names and that is not being made now."""
    transact(lambda session: forget_old(session, now=real_now()))
    before = time.time() - REST_S
    old = [path for path in _folder().iterdir() if path.stat().st_mtime < before]
    with Session(db.engine) as session:
        named = results_named(session)
    for path in old:
        if path.name not in named:
            path.unlink(missing_ok=True)


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
