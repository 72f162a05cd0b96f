"""Every link and form as each role, with ids swapped: no 500, and no page that the matrix does not allow (issue 7).

On SQLite over the whole demonstration; on PostgreSQL over one record of each kind. `python -m tests.security crawl --deep`
looks at more rows, and sends each bad value in each field.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, redirect, request

from conference.audit.model import BY_SYSTEM
from conference.audit.service import record
from conference.core.clock import clock
from conference.db.work import transact
from conference.web.access import PUBLIC, Role, public, staff
from conference.web.headers import secure
from tests.security.crawl_checks import Reader
from tests.security.crawl_ground import Ground
from tests.security.crawl_world import World
from tests.security.crawler import Crawled, crawl, ground_of, make_world
from tests.security.matrix import LINK, MATRIX

# What no look opens: it waits for a password that is right, or for a mail that was sent.
NEVER_OPEN = {"accounts.second_step", "api.registration", "api.registrations", "mail.resend"}
# What no plain form is taken for: it asks for what only a person has, or refuses what the page itself says it refuses.
NEVER_TAKEN: set[str] = set()


@pytest.fixture
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


def test_no_page_breaks_and_none_is_open_that_the_matrix_closes(
    app: Flask, database_url: str, tmp_path: Path, kept: Path
) -> None:
    is_whole = database_url.startswith("sqlite")
    world = make_world(app, tmp_path, with_demonstration=is_whole)
    with ground_of(database_url, tmp_path, kept) as ground:
        found = crawl(app, world, ground, readers=() if is_whole else ("organiser", "holders of links", "viewer"))
    assert found.lines == []
    looks, sends = (endpoints_of(app, method) for method in ("GET", "POST"))
    assert (looks - found.looked_at, sends - found.sent) == (NEVER_OPEN, set())
    assert sends - found.accepted == NEVER_TAKEN


def endpoints_of(app: Flask, method: str) -> set[str]:
    return {rule.endpoint for rule in app.url_map.iter_rules() if method in (rule.methods or ())}
