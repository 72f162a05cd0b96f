"""How staff set what the schedule's checks do."""

from typing import Any

from sqlalchemy.orm import Session as DbSession

from conference.audit.model import Actor
from conference.audit.service import record
from conference.db.revisions import revise
from conference.programme.errors import SeverityError
from conference.programme.facts import CheckSettings
from conference.programme.queries import check_settings
from conference.programme.records import lock_draft
from conference.programme.severity import choices_of
from conference.programme.tables import ScheduleCheckRow


def edit_checks(
    session: DbSession, expected_revision: int | None, settings: CheckSettings, *, actor: Actor
) -> int:
    """Write the settings and return their new revision. Raises SeverityError, and as `revise` does."""
    for kind, severity in settings.severities.items():
        if severity not in choices_of(kind):
            raise SeverityError(kind=kind.value)
    before, after = _columns(check_settings(session)), _columns(settings)
    lock_draft(session)  # its conflicts are others now, which open editors are to be told
    revision = revise(session, ScheduleCheckRow, 1, expected_revision, after)
    changes = {name: (before[name], value) for name, value in after.items() if before[name] != value}
    if changes:
        record(session, actor=actor, action="changed", about=("schedule_check", 1), changes=changes)
    return revision


def _columns(settings: CheckSettings) -> dict[str, Any]:
    return {
        "severities": {kind.value: severity.value for kind, severity in settings.severities.items()},
        "placeholders": list(settings.placeholders),
        "sponsors": list(settings.sponsors),
        "many_marks": settings.many_marks,
    }
