"""What /metrics tells of the running installation: requests, database, places, jobs, backups."""

from collections import Counter

from flask import current_app

from conference.audit.standing import standing
from conference.jobs.queries import jobs_by_state
from conference.registration.category_queries import categories
from conference.registration.extra_queries import extras
from conference.registration.model import Seats
from conference.running.queries import backup_figures
from conference.web.counters import BUCKETS, all_figures
from conference.web.metrics import Labels, family, family_of
from conference.web.refusals import REFUSED

_Sample = tuple[str, Labels, float]


def running_metrics() -> str:
    """Return the lines. Counters have a label `process`: sum the rates of all, since each begins at 0 when it starts."""
    lines = [*_request_lines(), *_seat_lines()]
    jobs = {state.value: float(count) for state, count in jobs_by_state().items()}
    lines += family("conference_jobs", "gauge", "Longer work of the last day, by state.", "state", jobs)
    backups = backup_figures()
    lines += family(
        "conference_backup_age_seconds", "gauge", "How long ago the last good backup was taken; -1 for none.", "",
        {"": backups["last_good_age_s"]},
    )  # fmt: skip
    lines += family(
        "conference_backup_failed", "gauge", "Backups that failed since the last good one.", "",
        {"": backups["failed_since"]},
    )  # fmt: skip
    history = standing()
    lines += family(
        "conference_history_waiting", "gauge", "Entries of the history that wait to be sealed.", "",
        {"": float(history.waiting)},
    )  # fmt: skip
    lines += family(
        "conference_history_wrong", "gauge", "What was not as it was sealed when the whole history was last looked at.", "",
        {"": float(history.wrong)},
    )  # fmt: skip
    return "\n".join(lines) + "\n"


def _request_lines() -> list[str]:
    requests: list[_Sample] = []
    times: list[_Sample] = []
    seconds: list[_Sample] = []
    statements: list[_Sample] = []
    refused: list[_Sample] = []
    for process, figures in all_figures(current_app):
        own: Labels = (("process", process),)
        requests += [
            ("", (*own, ("route", route), ("status", status)), count)
            for key, count in sorted(figures.items())
            if key.startswith("requests|")
            for _, route, status in [key.split("|", 2)]
        ]
        refused += [
            ("", (*own, ("rank", key.removeprefix(REFUSED))), count)
            for key, count in sorted(figures.items())
            if key.startswith(REFUSED)
        ]
        times += _times(own, figures)
        seconds.append(("", own, figures.get("database", 0.0)))
        statements.append(("", own, figures.get("statements", 0.0)))
    return [
        *family_of("conference_requests_total", "counter", "Requests by route and status.", requests),
        *family_of(
            "conference_refused_total", "counter", "Requests that were asked to come again, by rank.", refused
        ),
        *family_of("conference_request_seconds", "histogram", "How long requests took.", times),
        *family_of("conference_database_seconds_total", "counter", "Seconds spent in the database.", seconds),
        *family_of(
            "conference_database_statements_total", "counter", "Statements to the database.", statements
        ),
    ]


def _times(own: Labels, figures: dict[str, float]) -> list[_Sample]:
    counted = Counter(
        {key.removeprefix("le|"): count for key, count in figures.items() if key.startswith("le|")}
    )
    told: list[_Sample] = []
    total = 0.0
    for bound in (*map(str, BUCKETS), "+Inf"):
        total += counted[bound]
        told.append(("_bucket", (*own, ("le", bound)), total))
    return [*told, ("_sum", own, figures.get("seconds", 0.0)), ("_count", own, total)]


def _seat_lines() -> list[str]:
    places = [("category", one.details.name, one.ledger) for one in categories()]
    places += [("extra", one.details.name, one.ledger) for one in extras()]
    left = [
        ("", (("of", kind), ("name", name)), float(max(0, seats.seats - seats.taken - seats.reserved)))
        for kind, name, seats in places
        if seats.seats is not None
    ]
    return [
        *family_of(
            "conference_seats_left", "gauge", "Places that can still be taken, where they are limited.", left
        ),
        *_counted("conference_seats_taken", "Places that are taken.", places, "taken"),
        *_counted("conference_seats_waiting", "People on the waiting list.", places, "waiting"),
    ]


def _counted(name: str, about: str, places: list[tuple[str, str, Seats]], what: str) -> list[str]:
    samples = [
        ("", (("of", kind), ("name", word)), float(getattr(seats, what))) for kind, word, seats in places
    ]
    return family_of(name, "gauge", about, samples)
