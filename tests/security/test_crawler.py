"""Every link and form as each role, with ids swapped: no 500, and no page that the matrix does not allow (issue 7).

On SQLite over the whole demonstration; on PostgreSQL briefly, over one record of each kind. What nobody should send goes into
some fields of each form; `python -m tests.security crawl --deep` sends all of it into each field.
"""

from pathlib import Path

import pytest
from flask import Flask

from tests.security.crawler import crawl, endpoints_of, ground_of, make_world

# Of the API, for programs with a token alone; a mail that cannot be sent again says so.
NEVER_OPEN = {"api.registration", "api.registrations", "mail.resend"}
# What is not taken as a page offers it: it asks for what only a person has (a password, a passkey, the code of an app or of
# the desk, a file of the right columns), for a state that no record is in, or for what a script knows. Each has tests.
NEVER_TAKEN = {
    "accounts.add_passkey", "accounts.authenticator", "accounts.desk", "accounts.limit", "accounts.own_passkey_begin",
    "accounts.passkey", "accounts.passkey_begin", "accounts.recovery_codes", "accounts.remove_authenticator",
    "accounts.remove_passkey", "accounts.reset_second_factor", "accounts.resume", "accounts.sign_in",
    "campaigns.words_html", "editor.do_again", "editor.here", "editor.take_back", "editor.write", "event.delete_room",
    "event.delete_track", "interchange.check_schedule", "mail.resend", "mail.retry", "mail.trust", "mail.wording_html",
    "mail.wording_original", "people.delete", "printing.import_design", "printing.print_run_again", "printing.undo_here",
    "privacy.office_erase", "programme.call_off_version", "programme.publish_version", "programme.set_publish_time",
    "programme.tell_version", "registration.admit", "registration.check_invitees", "registration.correct",
    "registration.delete_category", "registration.mail_invitation", "registration.office_sensitive",
    "registration.own_accept", "registration.own_visa", "registration.revoke_invitation", "registration.visa_letter",
    "speakers.own_slides_begin", "speakers.own_slides_finish",
}  # fmt: skip


def test_no_page_breaks_and_none_is_open_that_the_matrix_closes(
    app: Flask, database_url: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    is_whole = database_url.startswith("sqlite")
    world = make_world(app, tmp_path, with_demonstration=is_whole)
    readers = () if is_whole else ("organiser", "holders of links", "anonymous", "limited programme")
    with ground_of(database_url, tmp_path, tmp_path_factory.mktemp("kept")) as ground:
        found = crawl(app, world, ground, readers=readers, is_brief=not is_whole)
    assert found.lines == []
    # It came everywhere.
    assert endpoints_of(app, "GET") - found.looked_at <= NEVER_OPEN
    assert endpoints_of(app, "POST") - found.sent == set()
    assert endpoints_of(app, "POST") - found.accepted <= NEVER_TAKEN
