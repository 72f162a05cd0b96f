"""The worker's part in forgetting filled forms, for the hours in which nobody registers."""

from conference.core.clock import real_now
from conference.db.base import db
from conference.db.work import transact
from conference.registration.attempts import forget_old, oldest_to_forget

AT_ONCE = 1000


class FormsToForget:
    """Forms whose 30 minutes are over, as a worker sees them. Needs no lease: emptying twice is emptying once."""

    def claim(self, owner: str) -> list[int]:  # noqa: ARG002 -- the signature is JobSource's
        found = oldest_to_forget(db.session(), now=real_now())
        return [] if found is None else [found]

    def run(self, job_id: int, owner: str) -> None:  # noqa: ARG002 -- the signature is JobSource's
        transact(lambda session: forget_old(session, now=real_now(), limit=AT_ONCE))


forms = FormsToForget()
