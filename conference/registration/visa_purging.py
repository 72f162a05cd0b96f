"""Passports' details whose time is over, as a worker sees them: they go when sensitive answers do."""

from conference.core.clock import clock
from conference.db.work import transact
from conference.event.queries import get_event
from conference.registration.question_rules import is_to_purge
from conference.registration.visa_service import has_passports, purge_passports


class PassportsToPurge:
    """Needs no lease: purging twice is purging once."""

    def claim(self, owner: str) -> list[int]:  # noqa: ARG002 -- the signature is JobSource's
        return [1] if is_to_purge(get_event().last_day, clock.now()) and has_passports() else []

    def run(self, job_id: int, owner: str) -> None:  # noqa: ARG002 -- the signature is JobSource's
        if is_to_purge(get_event().last_day, clock.now()):
            transact(purge_passports)


passports = PassportsToPurge()
