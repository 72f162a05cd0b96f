"""What the rooms below are told of running, and of the history that is sealed meanwhile. Called by `rooms.py`."""

from flask import Flask

from conference.accounts.registry import HomeCount, home_counts
from conference.audit.checking import checker
from conference.audit.routes import blueprint as audit
from conference.audit.sealing import sealer
from conference.audit.standing import count_wrong
from conference.audit.verifying import history_is_sealed
from conference.jobs.registry import sources
from conference.running.metrics import running_metrics
from conference.running.queries import backup_figures, count_backup_trouble
from conference.running.record_names import name_records
from conference.running.restore import restore_is_done
from conference.running.routes import blueprint
from conference.running.schedule import backups, erasures
from conference.web.language import lazy_gettext as _l
from conference.web.registry import invariants, metric_makers, readiness_checks, readiness_figures

_BACKUPS = HomeCount(
    label=_l("backups that are not well"), endpoint="running.standing", count=count_backup_trouble
)
_HISTORY = HomeCount(
    label=_l("things in the history that are not as they were sealed"),
    endpoint="audit.office_list",
    count=count_wrong,
)


def open_running(app: Flask) -> None:
    """Register the pages and fill the registries. Once an application."""
    app.register_blueprint(blueprint)
    metric_makers.fill("running", running_metrics)
    home_counts.fill("backups", _BACKUPS)
    readiness_checks.fill("restore", restore_is_done)
    sources.fill("backups", backups)
    sources.fill("erasures to note", erasures)
    readiness_figures.fill("backups", backup_figures)
    app.register_blueprint(audit)
    name_records()
    home_counts.fill("history", _HISTORY)
    sources.fill("entries to seal", sealer)
    sources.fill("history to check", checker)
    invariants.fill("history", history_is_sealed)
