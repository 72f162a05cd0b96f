"""Every route for every role and for nobody, by a table written by hand (trust.md 20). A route not in it fails."""

from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from conference.web.access import Role, declared_access
from tests.factories.accounts import sign_in
from tests.factories.records import make_records

ANYONE = "anyone"
LINK = "whoever holds the link"
ALL = frozenset(Role)
ORGANISER = frozenset({Role.ORGANISER})
PROGRAMME = ORGANISER | {Role.PROGRAMME}
DESK = ORGANISER | {Role.DESK}

# Who may use which endpoint. Change a line here only together with a reason for it in the commit.
MATRIX: dict[str, str | frozenset[Role]] = {
    # The site
    "event.home": ANYONE,
    "event.privacy": ANYONE,
    "event.earlier_privacy": ANYONE,
    "event.accessibility": ANYONE,
    "programme.public_programme": ANYONE,
    "programme.public_day": ANYONE,
    "programme.public_session": ANYONE,
    "programme.public_speakers": ANYONE,
    "programme.calendar": ANYONE,
    "programme.grid_css": ANYONE,
    "interchange.schedule_xml": ANYONE,
    "interchange.schedule_json": ANYONE,
    "interchange.xcal": ANYONE,
    "interchange.csv_file": ANYONE,
    "interchange.xlsx_file": ANYONE,
    "interchange.data": ANYONE,
    "interchange.data_schema": ANYONE,
    "interchange.track_calendar": ANYONE,
    "interchange.room_calendar": ANYONE,
    "interchange.person_calendar": ANYONE,
    "interchange.marked_calendar": ANYONE,
    "interchange.changes_feed": ANYONE,
    "interchange.formats": ANYONE,
    "printing.public_programme": ANYONE,
    "registration.register": ANYONE,
    "registration.sent": ANYONE,
    "registration.correct": ANYONE,
    "accounts.forgotten": ANYONE,
    "registration.lost_link": ANYONE,
    "registration.group_form": ANYONE,
    "registration.group_sent": ANYONE,
    "registration.passed_on": ANYONE,
    "web.asset_file": ANYONE,
    "web.healthz": ANYONE,
    "web.readyz": ANYONE,
    # The demonstration's mailbox, which production does not have
    "demo.mailbox": ANYONE,
    "demo.letter": ANYONE,
    "demo.html_part": ANYONE,
    "demo.attachment": ANYONE,
    # Personal links
    "registration.own_page": LINK,
    "registration.own_change": LINK,
    "registration.own_withdraw": LINK,
    "registration.own_accept": LINK,
    "registration.own_file": LINK,
    "registration.own_invoice": LINK,
    "registration.invited": LINK,
    "privacy.own_data": LINK,
    "privacy.own_erase": LINK,
    "registration.own_calendar": LINK,
    "mail.linked_file": LINK,
    "printing.own_ticket": LINK,
    "printing.own_code": LINK,
    "speakers.own_page": LINK,
    "speakers.own_decline": LINK,
    "speakers.own_profile": LINK,
    "speakers.own_disclosure": LINK,
    "speakers.own_times": LINK,
    "speakers.own_talk": LINK,
    "speakers.public_portrait": ANYONE,
    "speakers.own_slides": LINK,
    "speakers.own_slides_file": LINK,
    "speakers.own_remove_slides": LINK,
    "speakers.own_slides_begin": LINK,
    "speakers.own_slides_piece": LINK,
    "speakers.own_slides_finish": LINK,
    "speakers.own_portrait": LINK,
    "speakers.own_remove_portrait": LINK,
    "speakers.own_portrait_file": LINK,
    "accounts.link": LINK,
    # Signing in and out
    "accounts.sign_in": ANYONE,
    "accounts.sign_out": ANYONE,
    "accounts.home": ALL,
    "accounts.password": ALL,
    # Accounts
    "accounts.members": ORGANISER,
    "accounts.member": ORGANISER,
    "accounts.invite": ORGANISER,
    "accounts.mail_link": ORGANISER,
    "accounts.new_link": ORGANISER,
    "accounts.remove": ORGANISER,
    # The event
    "event.office": ALL,
    "event.facts": ORGANISER,
    "event.organiser": ORGANISER,
    "event.new_track": PROGRAMME,
    "event.track": PROGRAMME,
    "event.delete_track": PROGRAMME,
    "event.new_room": PROGRAMME,
    "event.room": PROGRAMME,
    "event.delete_room": PROGRAMME,
    # People and speakers
    "people.office_list": ALL,
    "people.office_page": ALL,
    "people.new": PROGRAMME,
    "people.edit": PROGRAMME,
    "people.delete": PROGRAMME,
    "people.merge": PROGRAMME,
    "people.merge_with": PROGRAMME,
    "speakers.office_list": ALL,
    "speakers.overdue": ALL,
    "speakers.portrait_file": ALL,
    "speakers.slides": ALL,
    "speakers.slides_file": DESK | PROGRAMME,
    "speakers.dossier": PROGRAMME,
    "speakers.send_link": PROGRAMME,
    "speakers.send_links": PROGRAMME,
    "speakers.show_link": PROGRAMME,
    "speakers.renew_link": PROGRAMME,
    # Registrations
    "registration.office_list": DESK | {Role.VIEWER},
    "registration.office_page": DESK,
    "registration.office_change": DESK,
    "registration.office_file": DESK,
    "registration.fees": ORGANISER,
    "registration.fees_export": ORGANISER,
    "registration.payment": ORGANISER,
    "registration.no_payment": ORGANISER,
    "registration.office_invoice": ORGANISER,
    "registration.import_payments": ORGANISER,
    "registration.check_payments": ORGANISER,
    "registration.office_end": DESK,
    "registration.office_send_again": DESK,
    "registration.office_pass_on": DESK,
    "registration.export": DESK,
    "registration.figures": ORGANISER | {Role.VIEWER},
    "registration.figures_csv": ORGANISER | {Role.VIEWER},
    "registration.many": ORGANISER,
    "registration.message": ORGANISER,
    # What goes to many is an organiser's to send, and so to see: a sample shows addresses.
    "campaigns.office_list": ORGANISER,
    "campaigns.new": ORGANISER,
    "campaigns.office_page": ORGANISER,
    "campaigns.words": ORGANISER,
    "campaigns.words_html": ORGANISER,
    "campaigns.audience": ORGANISER,
    "campaigns.state": ORGANISER,
    "mail.unsubscribe": LINK,
    "registration.tags": ORGANISER,
    # Who stands at the desk may be admitted into each category, an invited-only one too.
    "registration.walk_in": DESK,
    "registration.walk_in_done": DESK,
    "registration.import_upload": ORGANISER,
    "registration.import_check": ORGANISER,
    "registration.invitations": ORGANISER,
    "registration.new_invitation": ORGANISER,
    "registration.invitation": ORGANISER,
    "registration.change_invitation": ORGANISER,
    "registration.mail_invitation": ORGANISER,
    "registration.revoke_invitation": ORGANISER,
    "registration.delete_invitation": ORGANISER,
    "registration.import_invitees": ORGANISER,
    "registration.check_invitees": ORGANISER,
    "registration.codes": ORGANISER,
    "registration.new_code": ORGANISER,
    "registration.code": ORGANISER,
    "registration.retire_code": ORGANISER,
    "registration.categories": ORGANISER,
    "registration.category": ORGANISER,
    "registration.new_category": ORGANISER,
    "registration.delete_category": ORGANISER,
    "registration.retire_category": ORGANISER,
    "registration.copy_category": ORGANISER,
    "registration.move_category": ORGANISER,
    "registration.extras": ORGANISER,
    "registration.extra": ORGANISER,
    "registration.extra_people": ORGANISER,
    "registration.new_extra": ORGANISER,
    "registration.delete_extra": ORGANISER,
    "registration.retire_extra": ORGANISER,
    "registration.copy_extra": ORGANISER,
    "registration.move_extra": ORGANISER,
    "registration.office_extras": DESK,
    "registration.questions": ORGANISER,
    "registration.question": ORGANISER,
    "registration.new_question": ORGANISER,
    "registration.retire_question": ORGANISER,
    "registration.copy_question": ORGANISER,
    "registration.move_question": ORGANISER,
    "registration.office_sensitive": DESK,
    "registration.own_extras": LINK,
    "registration.own_pass_on": LINK,
    "registration.own_group": LINK,
    "registration.group_page": LINK,
    "registration.group_add": LINK,
    "registration.group_withdraw": LINK,
    "registration.group_pass_on": LINK,
    "registration.approvals": ORGANISER,
    "privacy.office_erasures": ORGANISER,
    "privacy.office_erase": ORGANISER,
    "registration.waiting": DESK,
    "registration.admit": DESK,
    "registration.restore": DESK,
    # Programme
    "programme.office": ALL,
    "programme.office_session": ALL,
    "programme.session_history": ALL,
    "programme.versions": ALL,
    "programme.publish": ALL,
    "programme.publish_version": PROGRAMME,
    "programme.checks": PROGRAMME,
    "programme.new_session": PROGRAMME,
    "programme.edit_session": PROGRAMME,
    "programme.move_session": PROGRAMME,
    "programme.delete_session": PROGRAMME,
    "programme.new_talk": PROGRAMME,
    "programme.edit_talk": PROGRAMME,
    "programme.delete_talk": PROGRAMME,
    "interchange.upload_schedule": PROGRAMME,
    "interchange.check_schedule": PROGRAMME,
    # The schedule's editor: whoever is staff may look, and say where they are
    "editor.schedule": ALL,
    "editor.data": ALL,
    "editor.changes": ALL,
    "editor.heat": ALL,
    "editor.here": ALL,
    "editor_past.history": ALL,
    "editor_past.at": ALL,
    "editor.people": PROGRAMME,
    "editor.write": PROGRAMME,
    "editor.take_back": PROGRAMME,
    "editor.do_again": PROGRAMME,
    # Paper and mail
    "printing.badges": DESK,
    "printing.badges_preflight": DESK,
    "printing.ask_for_paper": DESK,
    "printing.paper": DESK,
    "printing.paper_file": DESK,
    "printing.programme": ALL,
    "mail.office_list": ALL,
    "mail.office_page": ALL,
    "mail.office_html": DESK | PROGRAMME,
    "mail.office_attachment": DESK | PROGRAMME,
    "mail.retry": DESK | PROGRAMME,
    "mail.cancel": DESK | PROGRAMME,
    "mail.resend": DESK | PROGRAMME,
    "mail.trust": DESK | PROGRAMME,
    # And a program that has the token: tests/web/mail/test_metrics.py
    "mail.metrics": ALL,
    "mail.wordings": ORGANISER,
    "mail.wording": ORGANISER,
    "mail.wording_html": ORGANISER,
    "mail.wording_original": ORGANISER,
}

# Addresses of nothing: who may not open what exists is not told either whether it does.
NOTHING = {
    "figure": "heights",
    "upload": "x",
    "token": "x",
    "key": "0",
    "name": "nothing.css",
    "day": "2022-09-24",
    "kind": "nothing",
    "tag": "xx",
}


def address_of_nothing(app: Flask, rule: Rule) -> str:
    values: dict[str, Any] = {name: NOTHING.get(name, 987654) for name in rule.arguments}
    with app.test_request_context():
        return app.url_for(rule.endpoint, **values)


def routes(app: Flask, address: Callable[[Flask, Rule], str]) -> list[tuple[str, str, str]]:
    """Return (endpoint, method, address) of every route."""
    return sorted(
        (rule.endpoint, method, address(app, rule))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}
    )


def expected(endpoint: str, method: str, role: Role | None) -> str:
    who = MATRIX[endpoint]
    if isinstance(who, str) or role in who:
        return "open"
    if role is None:
        return "to sign-in" if method == "GET" else "signed out"
    return "wrong role"


REFUSED = {401: "signed out", 403: "wrong role"}


def misses_its_token(answer: TestResponse) -> bool:
    """Return whether one of the schedule's scripts is told so, with the status of a wrong role but not as one."""
    return answer.status_code == HTTPStatus.FORBIDDEN and "What you changed last is not saved" in answer.text


def refusal(answer: TestResponse) -> str | None:
    """Return how the server refuses the right, or None where it does not."""
    if answer.status_code == 303 and answer.headers["Location"].startswith("/staff/sign-in?next="):
        return "to sign-in"
    return None if misses_its_token(answer) else REFUSED.get(answer.status_code)


def answered(client: FlaskClient, method: str, address: str) -> str:
    """Return "open" for a page, a way on, or a form that misses its token; without one nothing is ever changed."""
    answer = client.open(address, method=method)
    fine = {200, 303} if method == "GET" else {303, 400}
    is_open = answer.status_code in fine or misses_its_token(answer)
    return refusal(answer) or ("open" if is_open else answer.status)


def test_the_matrix_has_every_route_and_no_other(app: Flask) -> None:
    assert set(MATRIX) == {rule.endpoint for rule in app.url_map.iter_rules()}


def test_declarations_equal_the_matrix(app: Flask) -> None:
    declared: dict[str, str | frozenset[Role] | None] = {}
    for endpoint, view in app.view_functions.items():
        access = declared_access(view)
        names = {"public": ANYONE, "link": LINK}
        declared[endpoint] = None if access is None else names.get(access.kind, access.roles)
    assert declared == MATRIX


EVERYBODY = pytest.mark.parametrize(
    "role", [None, *Role], ids=lambda role: role.value if role else "anonymous"
)


@EVERYBODY
def test_answers_for_what_exists_equal_the_matrix(
    app: Flask, client: FlaskClient, tmp_path: Path, role: Role | None
) -> None:
    records = make_records(tmp_path)
    if role is not None:
        sign_in(client, role)
    every = routes(app, records.address)
    seen = {(endpoint, method): answered(client, method, address) for endpoint, method, address in every}
    assert seen == {(endpoint, method): expected(endpoint, method, role) for endpoint, method, _ in every}


@EVERYBODY
def test_refusals_for_what_does_not_exist_are_the_same(
    app: Flask, client: FlaskClient, role: Role | None
) -> None:
    if role is not None:
        sign_in(client, role)
    every = routes(app, address_of_nothing)
    seen = {
        (endpoint, method): refusal(client.open(address, method=method)) or "open"
        for endpoint, method, address in every
    }
    assert seen == {(endpoint, method): expected(endpoint, method, role) for endpoint, method, _ in every}


def test_what_does_not_exist_is_not_taken_for_an_answer(app: Flask, client: FlaskClient) -> None:
    """The control: a route whose record is missing would not pass for open."""
    sign_in(client, Role.ORGANISER)
    assert answered(client, "GET", "/staff/people/987654") == "404 NOT FOUND"
    assert answered(client, "GET", "/speaker/x") == "404 NOT FOUND"


def test_a_view_without_a_declaration_is_refused_and_found(app: Flask, client: FlaskClient) -> None:
    """The control of the tests above: what they look for is there when a declaration is missing."""
    sign_in(client, Role.ORGANISER)
    app.view_functions["planted"] = lambda: "secret"
    app.url_map.add(Rule("/planted", endpoint="planted"))
    assert client.get("/planted").status_code == 403
    with pytest.raises(AssertionError):
        test_the_matrix_has_every_route_and_no_other(app)
    with pytest.raises(AssertionError):
        test_declarations_equal_the_matrix(app)
