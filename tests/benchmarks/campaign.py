"""`campaign`: the mails of a campaign to 10,000 written by its job, beside a bare insert of as many ready rows.

`rate` and `floor_rate` are mails a CPU second; `longest_write_s` is for how long the job kept other writers out at
most, `longest_act_s` the same of starting, pausing, letting go on and ending it, and `wall_s` how long the job took.
"""

import argparse
import secrets
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, cast

import flask_migrate
import psutil
from sqlalchemy import Table, event, insert, select
from sqlalchemy.orm import Session

from conference.app import create_app
from conference.audit.model import BY_SYSTEM
from conference.campaigns.model import Audience, AudienceKind
from conference.campaigns.service import cancel_campaign, pause_campaign, resume_campaign
from conference.config import load_settings
from conference.core.clock import clock
from conference.core.ids import CampaignId
from conference.db.base import db
from conference.db.work import counted_statements, transact, writing_engine
from conference.mail.series import leftovers
from conference.mail.tables import OutboxRow
from tests.benchmarks.registration_rows import fill_rows
from tests.benchmarks.servers import databases, office_environment
from tests.factories.campaigns import begin, figures, make_campaign, work_jobs
from tests.factories.registration import make_category

_OUTBOX = cast("Table", OutboxRow.__table__)


def _held_out() -> list[float]:
    """Return a list that grows by how long each transaction that writes was open."""
    begun: dict[int, float] = {}
    taken: list[float] = []
    event.listen(writing_engine(), "begin", lambda one: begun.update({id(one): time.perf_counter()}))
    event.listen(writing_engine(), "commit", lambda one: taken.append(time.perf_counter() - begun[id(one)]))
    return taken


def _floor_s() -> float:
    """Return the CPU seconds of writing the same rows once more, with numbers of their own."""
    with db.engine.connect() as connection:
        rows = [dict(row) for row in connection.execute(select(_OUTBOX)).mappings()]
    for row in rows:
        del row["id"]
        row["message_id"] = secrets.token_hex(16)
    before = time.process_time()
    transact(lambda session: session.execute(insert(_OUTBOX), rows))
    return time.process_time() - before


def _longest_act_s(campaign: CampaignId, writes: list[float]) -> float:
    """Return the longest transaction of pausing it, letting it go on and ending it, with what a worker does of each."""
    writes.clear()
    for act in (pause_campaign, resume_campaign, partial(cancel_campaign, now=clock.now())):
        transact(partial(_do, act, campaign))
        for one in leftovers.claim("worker"):
            leftovers.run(one, "worker")
        db.session.rollback()
    return max(writes)


def _do(act: Callable[..., None], campaign: CampaignId, session: Session) -> None:
    act(session, campaign, actor=BY_SYSTEM)


def measure(count: int) -> dict[str, Any]:
    """Return the figures of one campaign to so many."""
    with (
        databases() as (office_url, _),
        tempfile.TemporaryDirectory() as folder,
        create_app(load_settings(office_environment(office_url, Path(folder)), "test")).app_context(),
    ):
        flask_migrate.upgrade()
        fill_rows(make_category(), count)
        campaign = make_campaign(Audience(kind=AudienceKind.REGISTRATIONS, value="state=confirmed"))
        writes = _held_out()
        begin(campaign)
        begun_s, rss = max(writes), psutil.Process().memory_info().rss
        writes.clear()
        cpu, wall = time.process_time(), time.perf_counter()
        with counted_statements() as statements:
            work_jobs()
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        grown = psutil.Process().memory_info().rss - rss
        assert figures(campaign).queued == count
        longest_s = max(writes)
        longest_act_s = max(begun_s, _longest_act_s(campaign, writes))
        assert figures(campaign).cancelled == count
        floor_s = _floor_s()
        db.engine.dispose()
    return {
        "name": "campaign",
        "count": count,
        "rate": round(count / cpu, 1),
        "floor_rate": round(count / max(floor_s, 0.001), 1),
        "ratio": round(floor_s / cpu, 3),
        "peak_rss_mib": round(grown / 2**20, 1),
        "queries": len(statements) // count,
        "cpu_s": round(cpu, 2),
        "wall_s": round(wall, 2),
        "longest_write_s": round(longest_s, 3),
        "longest_act_s": round(longest_act_s, 3),
    }


def main(arguments: list[str]) -> dict[str, Any]:
    """Return the benchmark's figures; `--count` recipients."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=10_000)
    return measure(parser.parse_args(arguments).count)
