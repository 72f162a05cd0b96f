"""A run of Schemathesis in this process, against the application itself: no server, no socket, the same cases each time."""

import contextvars
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import schemathesis
from flask import Flask
from schemathesis.config import SchemathesisConfig
from schemathesis.core.transport import Response
from schemathesis.engine import Status, from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished
from schemathesis.engine.recorder import CheckNode
from schemathesis.schemas import BaseSchema

DOCUMENT = "/api/v1/openapi.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """What a run found: each failure once, as "GET /talks: …"; `asked` counts requests by operation, `statuses` answers."""

    failures: frozenset[str]
    asked: Mapping[str, int]
    statuses: Mapping[int, int]


def held_to_its_document(
    app: Flask, headers: Mapping[str, str] | None = None, *, examples: int = 8, only: str = ""
) -> Run:
    """Send to each operation the boundaries of its parameters, what its document forbids, and so many drawn examples.

    Every check of Schemathesis counts. `only` is a path, as in "/sessions".
    """
    config = SchemathesisConfig.from_dict(
        {
            "headers": dict(headers or {}),
            "seed": 1,
            "workers": 1,
            "continue-on-failure": True,
            "generation": {
                "max-examples": examples, "deterministic": True, "database": "none", "no-shrink": True,
            },
            # Its own requests without the token fail in a WSGI application for an argument that only a socket takes;
            # tests/security/test_api_tokens.py asks for what needs a token without one.
            "checks": {"ignored_auth": {"enabled": False}},
            # Nothing is written, so no step depends on another one.
            "phases": {"stateful": {"enabled": False}},
        }
    )  # fmt: skip
    # Without this test's own context: an application's would be taken for the request's.
    return contextvars.Context().run(_run, app, config, only)


def _run(app: Flask, config: SchemathesisConfig, only: str) -> Run:
    document: BaseSchema = schemathesis.openapi.from_wsgi(DOCUMENT, app, config=config)
    if only:
        document = document.include(path=only)
    failures: set[str] = set()
    asked: Counter[str] = Counter()
    statuses: Counter[int] = Counter()
    for event in from_schema(document).execute():
        if isinstance(event, NonFatalError | FatalError):
            failures.add(f"error: {_flat(str(event))}")
        if not isinstance(event, ScenarioFinished):
            continue
        for case_id, checks in event.recorder.checks.items():
            label = event.recorder.cases[case_id].value.operation.label
            asked[label] += 1
            answer = event.recorder.interactions[case_id].response
            if answer is not None:
                statuses[answer.status_code] += 1
            failures |= {f"{label}: {told}" for one in checks if (told := _told(one, answer))}
    return Run(failures=frozenset(failures), asked=asked, statuses=statuses)


def _told(check: CheckNode, answer: Response | None) -> str | None:
    """Return what the check found, None where it found nothing."""
    if check.status is not Status.FAILURE or check.failure_info is None:
        return None
    # A cursor is opaque: no schema tells one that was given from one that was made up, and refusing that is right.
    if check.name == "positive_data_acceptance" and answer is not None and answer.json()["field"] == "cursor":
        return None
    failure = check.failure_info.failure
    return f"{check.name}: {failure.title}. {_flat(failure.message)} {_flat(check.failure_info.code_sample)}"


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)[:300]
