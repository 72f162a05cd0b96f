from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from conference.core.ids import JobId


class JobState(StrEnum):
    """Where a leased row stands. `mail` shows RUNNING as "sending" and DONE as "sent"."""

    QUEUED = "queued"
    RUNNING = "running"
    RETRYING = "retrying"  # failed for now; `due_at` says when it is tried again
    DONE = "done"
    FAILED = "failed"  # given up; only a person starts it again
    CANCELLED = "cancelled"  # not wanted any more
    HELD = "held"  # something of ours is missing; only a person starts it again
    PAUSED = "paused"  # waits until who stopped it lets it go on


CLAIMABLE = (JobState.QUEUED, JobState.RETRYING)
# What a worker has not begun, and may yet be told to.
UNSENT = (*CLAIMABLE, JobState.PAUSED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """A piece of work as a page shows it: `done` of `total`, which is 0 until it is known. Times are real time."""

    id: JobId
    kind: str
    facts: Mapping[str, Any]
    state: JobState
    done: int
    total: int
    result: str
    last_answer: str
    due_at: datetime
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Announced:
    """A row that was written for a worker: all that a broker is told of it.

    `source` is its name in jobs.registry.sources; of what a broker has the lower `rank` goes first.
    """

    source: str
    row_id: int
    rank: int = 0
