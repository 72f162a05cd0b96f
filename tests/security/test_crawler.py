"""Every link and form as each role, with ids swapped: no 500, and no page that the matrix does not allow (issue 7).

On SQLite over the whole demonstration; on PostgreSQL briefly, over one record of each kind. What nobody should send goes into
some fields of each form; `python -m tests.security crawl --deep` sends all of it into each field.
"""

from pathlib import Path

import pytest
from flask import Flask

from tests.security.crawler import crawl, endpoints_of, ground_of, make_world

# Of the API, for programs with a token alone; a mail that cannot be sent again says so, and so does a paper that no worker has
# made yet, of which a demonstration has one. A link that confirms who somebody is opens for ten minutes, in the browser that asked.
NEVER_OPEN = {
    "accounts.confirm_link",
    "api.registration",
    "api.registrations",
    "mail.resend",
    "printing.paper_file",
}
# Who comes in by a desk code has the desk's role: by hand they crawl too.
WHOLE = ("organiser", "holders of links", "anonymous", "programme", "limited programme", "desk", "viewer")
BRIEF = ("organiser", "holders of links", "anonymous", "limited programme")
# Most forms are taken as somebody would fill them. The others ask for what only a person has (a password, a passkey, the code
# of an app, a file of the right columns), or for a state that no record is in: `crawl` by hand names them.
LEAST_TAKEN = 80


def test_no_page_breaks_and_none_is_open_that_the_matrix_closes(
    app: Flask, database_url: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    is_whole = database_url.startswith("sqlite")
    world = make_world(app, tmp_path, with_demonstration=is_whole)
    readers = WHOLE if is_whole else BRIEF
    with ground_of(database_url, tmp_path, tmp_path_factory.mktemp("kept")) as ground:
        found = crawl(app, world, ground, readers=readers, is_brief=not is_whole)
    assert found.lines == []
    # What an account limited to tracks may not send is closed on its pages.
    assert found.beyond == frozenset()
    # It came everywhere.
    assert endpoints_of(app, "GET") - found.looked_at <= NEVER_OPEN
    assert endpoints_of(app, "POST") - found.sent == set()
    assert len(endpoints_of(app, "POST") & found.accepted) >= LEAST_TAKEN
