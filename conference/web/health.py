"""/healthz tells that the process answers, /readyz that it can do its work."""

from collections.abc import Callable
from contextlib import suppress

from flask import Flask, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from conference.db.base import db
from conference.db.migrations import migrations_are_enough
from conference.web.access import public
from conference.web.registry import readiness_checks, readiness_figures
from conference.web.store import store_trouble


@public
def healthz() -> Response:
    return jsonify(status="ok")


@public
def readyz() -> tuple[Response, int]:
    """Answer 200, or 503 with the checks that failed and why; reasons and figures hold no personal data."""
    failed = failed_checks()
    status = "not ready" if failed else "ready"
    return jsonify(status=status, failed=failed, figures=_figures()), 503 if failed else 200


def _figures() -> dict[str, dict[str, float]]:
    """Return each room's figures, or none of a room whose database is away, which the checks have told."""
    found = {}
    for name, make in readiness_figures.items():
        with suppress(SQLAlchemyError):
            found[name] = dict(make())
    return found


def failed_checks() -> dict[str, str]:
    """Return the reason by name for each check that fails now."""
    return {name: reason for name, check in readiness_checks.items() if (reason := _reason(check))}


def _reason(check: Callable[[], str | None]) -> str | None:
    try:
        return check()
    except SQLAlchemyError as error:
        return type(error).__name__


def database_answers() -> str | None:
    db.session.execute(text("SELECT 1"))
    return None


def init_health(app: Flask) -> None:
    app.add_url_rule("/healthz", "web.healthz", healthz)
    app.add_url_rule("/readyz", "web.readyz", readyz)
    readiness_checks.fill("database", database_answers)
    readiness_checks.fill("migrations", migrations_are_enough)
    readiness_checks.fill("uploads", store_trouble)
