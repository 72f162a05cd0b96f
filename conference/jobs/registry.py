import threading
from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

from conference.jobs.model import Job
from conference.web.registry import Registry


class JobSource(Protocol):
    """A table of leased rows, as a worker sees it. Both methods are called inside an application context."""

    def claim(self, owner: str) -> list[int]:
        """Return the ids of due rows that are this owner's from now on, in a committed transaction."""
        ...

    def run(self, job_id: int, owner: str) -> None:
        """Do the claimed work and settle the row. What it raises is logged, and the lease runs out."""
        ...


@runtime_checkable
class BatchSource(JobSource, Protocol):
    """A source whose rows are better done many at a time, as mails over one connection."""

    def work_off(self, owner: str, stop: threading.Event) -> int:
        """Claim and do what is due for a while, and return how many rows were done.

        Once `stop` is set the row in hand is finished, and what was claimed and not begun is given back.
        """
        ...


@runtime_checkable
class AnnouncedSource(JobSource, Protocol):
    """A source whose rows are announced when they are written, so that a broker can carry their ids."""

    def work_off_rows(self, owner: str, row_ids: Sequence[int], stop: threading.Event) -> int:
        """Claim and do those of these rows that are due, and return how many were done.

        One that is done, or in another's hands, is passed over: a message may come late, twice or from anywhere.
        """
        ...


@runtime_checkable
class LongSource(JobSource, Protocol):
    """A source whose rows can take minutes, as papers do: a worker gives it a thread of its own."""

    def give_back(self, owner: str) -> int:
        """Let what this owner has in hand wait again, as if it had not been claimed, and return how many rows.

        Whoever is still at it does not settle it any more.
        """
        ...


sources: Registry[JobSource] = Registry("job source")

# What does a job of a kind: it is given the job and a function to say how far it is, as in say(300, 1000), which
# raises LeaseLostError; it returns the name of the file that it made, "" for none.
Say = Callable[[int, int], None]
JobMaker = Callable[[Job, Say], str]
job_makers: Registry[JobMaker] = Registry("job maker")
