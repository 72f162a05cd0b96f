"""The worker looks at the whole chain once a day, so that an alteration is found without anybody asking."""

import logging
import time
from datetime import timedelta

from conference.audit.standing import standing
from conference.audit.verifying import note_check, verify
from conference.core.clock import real_now

log = logging.getLogger(__name__)
CHECKED_EACH = timedelta(hours=24)
_REST_S = 60.0


class AuditChecker:
    """The daily look as a worker sees it. A LongSource, since it reads all entries; two at once do no harm."""

    def __init__(self) -> None:
        self._rests_until = 0.0

    def claim(self, owner: str) -> list[int]:  # noqa: ARG002 -- the signature is JobSource's
        """Return that a look is due, a day after the last one, as soon as anything is sealed."""
        if time.monotonic() < self._rests_until:
            return []
        self._rests_until = time.monotonic() + _REST_S
        found = standing()
        # A look from the future, as after the clock went back, is none.
        is_due = found.checked_at is None or not timedelta() <= real_now() - found.checked_at < CHECKED_EACH
        return [1] if found.sealed and is_due else []

    def run(self, job_id: int, owner: str) -> None:  # noqa: ARG002 -- the signature is JobSource's
        verdict = verify()
        note_check(verdict)
        if verdict.wrong:
            log.error(
                "history: %d things are not as they were sealed: run `conference audit verify`", verdict.wrong
            )
        elif verdict.head is not None:
            # Where logs are kept elsewhere, this is an end that nobody who has the database can change.
            log.info(
                "history: %d entries are as they were sealed, the end is %s",
                verdict.sealed,
                verdict.head.short,
            )

    def give_back(self, owner: str) -> int:  # noqa: ARG002 -- the signature is LongSource's
        """Return 0: nothing is held, and a look that was broken off is due still."""
        return 0


checker = AuditChecker()
