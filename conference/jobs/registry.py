from typing import Protocol

from conference.web.registry import Registry


class JobSource(Protocol):
    """A table of leased rows, as a worker sees it. Both methods are called inside an application context."""

    def claim(self, owner: str) -> list[int]:
        """Return the ids of due rows that are this owner's from now on, in a committed transaction."""
        ...

    def run(self, job_id: int, owner: str) -> None:
        """Do the claimed work and settle the row. What it raises is logged, and the lease runs out."""
        ...


sources: Registry[JobSource] = Registry("job source")
