from enum import StrEnum


class JobState(StrEnum):
    """Where a leased row stands. `mail` shows RUNNING as "sending" and DONE as "sent"."""

    QUEUED = "queued"
    RUNNING = "running"
    RETRYING = "retrying"  # failed for now; `due_at` says when it is tried again
    DONE = "done"
    FAILED = "failed"  # given up; only a person starts it again
    CANCELLED = "cancelled"  # not wanted any more
    HELD = "held"  # something of ours is missing; only a person starts it again


CLAIMABLE = (JobState.QUEUED, JobState.RETRYING)
