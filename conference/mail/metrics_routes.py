"""/metrics: every room's figures for a Prometheus server, by its token, and for staff."""

from flask import Blueprint
from werkzeug.wrappers import Response

from conference.mail.metrics import metrics_text
from conference.mail.watching import bounces_by_kind, lateness, mails_by_state, recent_attempts
from conference.mail.words import METRIC_WORDS
from conference.web.access import staff_or_bearer
from conference.web.registry import metric_makers

_TEXT = "text/plain; version=0.0.4; charset=utf-8"


def add_metrics_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/metrics", "metrics", metrics)


def mail_metrics() -> str:
    """Return the mails' figures."""
    return metrics_text(
        states={METRIC_WORDS[state]: count for state, count in mails_by_state().items()},
        attempts={METRIC_WORDS[state]: count for state, count in recent_attempts().items()},
        bounces=bounces_by_kind(),
        lateness=lateness(),
    )


@staff_or_bearer()
def metrics() -> Response:
    text = "".join([mail_metrics(), *(make() for make in metric_makers.entries())])
    return Response(text, content_type=_TEXT, headers={"Cache-Control": "no-store"})
