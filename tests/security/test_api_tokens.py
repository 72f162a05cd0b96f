"""Tokens of programs: kept as hashes, dead at once, counted across workers, limited, recorded, and never in an address."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from conference.accounts.queries import get_member
from conference.accounts.service import remove, set_role
from conference.api import checking, tokens
from conference.api.errors import DeadTokenError
from conference.api.model import Scope
from conference.api.tokens import MOST_A_MINUTE, get_token, revoke_token, use_token
from conference.app import create_app
from conference.audit.model import BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.clock import real_now
from conference.core.ids import StaffId
from conference.db.base import db
from conference.db.work import transact
from conference.web.access import Role, by_token
from conference.web.errors import _on_fault
from conference.web.settings import current_settings
from tests.factories.accounts import make_member
from tests.factories.api import a_token, bearer
from tests.factories.registration import make_category, register_attendee

LIST = "/api/v1/registrations"
UNKNOWN = "This token does not count: it is unknown, revoked or over, or who made it is no organiser any more. Ask an organiser for a new one."


def refusal(client: FlaskClient, sent: dict[str, str], address: str = LIST) -> tuple[int, str, str]:
    """Return the status, what WWW-Authenticate says, and the words of a refusal."""
    answer = client.get(address, headers=sent)
    assert answer.content_type == "application/problem+json"
    assert answer.json is not None
    return answer.status_code, answer.headers["WWW-Authenticate"], answer.json["detail"]


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer  "},
        {"Authorization": "x"},
    ],
    ids=["nothing", "a password", "no words", "blanks", "nonsense"],
)
def test_without_a_token_nothing_is_told(app: Flask, client: FlaskClient, sent: dict[str, str]) -> None:
    status, challenge, words = refusal(client, sent)
    assert (status, challenge) == (401, 'Bearer realm="conference"')
    assert words.startswith("This needs a token.")


@pytest.mark.parametrize(
    "words", ["cfo_unknown", "x" * 5000, "cfo_Ångström", "cfo_'; DROP TABLE api_token; --"]
)
def test_an_unknown_token_is_refused(app: Flask, client: FlaskClient, words: str) -> None:
    sent = bearer(words.encode().decode("latin-1"))
    assert refusal(client, sent) == (401, 'Bearer realm="conference", error="invalid_token"', UNKNOWN)


def test_a_token_in_an_address_opens_nothing(app: Flask, client: FlaskClient) -> None:
    words = a_token()[1]
    for name in ("token", "access_token", "key"):
        assert client.get(f"{LIST}?{name}={words}").status_code == 401
        told = client.get(f"/api/v1/event?{name}={words}")
        assert told.status_code == 400
        assert words not in told.text


def _revoke(token_id: int, _maker: StaffId) -> None:
    transact(lambda session: revoke_token(session, token_id, actor=BY_SYSTEM, now=real_now()))


def _demote(_token_id: int, maker: StaffId) -> None:
    seen = get_member(maker).revision
    transact(lambda session: set_role(session, maker, seen, Role.PROGRAMME, actor=BY_SYSTEM))


def _remove(_token_id: int, maker: StaffId) -> None:
    seen = get_member(maker).revision
    transact(lambda session: remove(session, maker, seen, actor=BY_SYSTEM))


@pytest.mark.parametrize(
    "end", [_revoke, _demote, _remove], ids=["revoked", "maker demoted", "maker removed"]
)
def test_a_token_is_dead_at_once(app: Flask, client: FlaskClient, end: Any) -> None:
    make_member(Role.ORGANISER)
    maker = make_member(Role.ORGANISER, "other@staff.example")
    token_id, words = a_token(staff_id=maker)
    assert client.get(LIST, headers=bearer(words)).status_code == 200
    db.session.remove()
    end(token_id, maker)
    assert refusal(client, bearer(words)) == (
        401,
        'Bearer realm="conference", error="invalid_token"',
        UNKNOWN,
    )


def test_a_token_that_is_over_is_dead_at_that_moment(app: Flask) -> None:
    today = real_now().date()
    token_id, _ = a_token(last_day=today + timedelta(days=1))
    over = get_token(token_id, real_now()).expires_at
    assert over is not None
    before = over - timedelta(microseconds=1)
    assert transact(lambda session: use_token(session, token_id, now=before)).token_id == token_id
    with pytest.raises(DeadTokenError):
        transact(lambda session: use_token(session, token_id, now=over))


def test_the_database_holds_no_token(app: Flask) -> None:
    words = a_token()[1]
    row = db.session.execute(text("SELECT * FROM api_token")).mappings().one()
    assert words not in str(dict(row))
    assert words.startswith(row["hint"])
    assert len(row["hint"]) == 8  # 39 of its 43 random characters are nowhere
    assert len(words) == 47


def test_two_tokens_of_one_name_are_different(app: Flask) -> None:
    assert a_token()[1] != a_token()[1]


# Limits


def test_a_token_is_limited_by_the_minute_for_all_workers(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two applications on one database count together, and the next minute begins anew."""
    monkeypatch.setattr(tokens, "MOST_A_MINUTE", 3)
    now = datetime(2026, 1, 1, 12, 0, 20, tzinfo=UTC)
    monkeypatch.setattr(checking, "real_now", lambda: now)
    words, other = a_token()[1], a_token()[1]
    other_worker = create_app(current_settings())
    other_worker.test_client_class = app.test_client_class
    one, two = app.test_client(), other_worker.test_client()
    assert [client.get(LIST, headers=bearer(words)).status_code for client in (one, two, one)] == [200] * 3
    answer = two.get(LIST, headers=bearer(words))
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "41")
    assert answer.json is not None
    assert answer.json["detail"] == "A token may be used 3 times a minute. Go on in 41 seconds."
    assert one.get(LIST, headers=bearer(other)).status_code == 200  # each has its own count
    later = now + timedelta(seconds=41)
    monkeypatch.setattr(checking, "real_now", lambda: later)
    assert one.get(LIST, headers=bearer(words)).status_code == 200
    with other_worker.app_context():
        db.engine.dispose()


def test_a_use_without_the_scope_counts_too(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "MOST_A_MINUTE", 2)
    now = real_now()
    monkeypatch.setattr(checking, "real_now", lambda: now)
    words = a_token(Scope.LIST)[1]
    monkeypatch.setitem(app.view_functions, "api.registrations", _for_another_scope())
    statuses = [client.get(LIST, headers=bearer(words)).status_code for _ in range(3)]
    assert statuses == [403, 403, 429]


def _for_another_scope() -> Any:

    @by_token("other:read")
    def view() -> str:
        return "secret"

    return view


def test_a_missing_scope_is_named(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.view_functions, "api.registrations", _for_another_scope())
    status, challenge, words = refusal(client, bearer(a_token()[1]))
    assert status == 403
    assert challenge == 'Bearer realm="conference", error="insufficient_scope", scope="other:read"'
    assert words.startswith("This token has not the scope other:read.")


def test_the_limit_is_generous() -> None:
    assert MOST_A_MINUTE == 600


# What is recorded, and what is not


def test_each_reading_is_recorded(app: Flask, client: FlaskClient) -> None:
    category = make_category()
    ids = [register_attendee(category, email=f"{name}@lab.example") for name in ("a", "b")]
    token_id, words = a_token(name="Door signs")
    answer = client.get(LIST, headers=bearer(words))
    read = [one for one in history_of("api_token", token_id) if one.action == "registrations read"]
    assert [one.changes["registrations"][1] for one in read] == [ids]
    assert read[0].actor.id == make_member(Role.ORGANISER)
    client.get(f"{LIST}/{ids[0]}", headers=bearer(words))
    newest = history_of("registration", ids[0])[0]
    assert (newest.action, newest.reason) == ("read by a program", "Door signs")
    # What the program has already, it does not read.
    client.get(LIST, headers=bearer(words) | {"If-None-Match": answer.headers["ETag"]})
    client.head(LIST, headers=bearer(words))
    client.get(f"{LIST}?state=withdrawn", headers=bearer(words))
    assert len(history_of("api_token", token_id)) == 2  # made, and read once


def test_no_log_line_holds_a_token(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:

    def breaks(*_args: object) -> None:
        raise ValueError("broken")

    words = a_token()[1]
    app.register_error_handler(Exception, _on_fault)
    monkeypatch.setattr("conference.api.registration_routes.records_after", breaks)
    with caplog.at_level(logging.DEBUG):
        assert app.test_client().get(LIST, headers=bearer(words)).status_code == 500
        client.get(LIST, headers=bearer(words + "x"))
    assert "broken" in caplog.text  # the control: what went wrong is told
    assert words[8:] not in caplog.text
