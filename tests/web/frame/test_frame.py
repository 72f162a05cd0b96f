from alembic.script import ScriptDirectory
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from conference.db.work import unit_of_work
from conference.web.access import declared_access
from conference.web.headers import PERSONAL


def test_unknown_page_is_answered_in_the_sites_design(client: FlaskClient) -> None:
    answer = client.get("/no/such/page")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text
    assert "theme.css" in answer.text


def test_every_answer_carries_the_policy(client: FlaskClient) -> None:
    for url in ("/", "/no/such/page", "/healthz"):
        policy = client.get(url).headers["Content-Security-Policy"]
        assert "script-src 'self';" in policy
        assert "'unsafe-inline'" not in policy


def test_healthz_answers_without_a_database(client: FlaskClient, app: Flask) -> None:
    assert client.get("/healthz").json == {"status": "ok"}


def test_readyz_names_what_fails(client: FlaskClient) -> None:
    mail = {"late": 0, "oldest_due_s": 0.0, "campaign_oldest_due_s": 0.0, "given_up_last_hour": 0}
    backups = {"last_good_age_s": -1, "last_good_bytes": 0, "failed_since": 0, "trouble": 0}
    figures = {"mail": mail, "backups": backups}
    assert client.get("/readyz").json == {"status": "ready", "failed": {}, "figures": figures}
    with unit_of_work() as session:
        session.execute(text("DELETE FROM alembic_version"))
    newest = ScriptDirectory(client.application.extensions["migrate"].directory).get_current_head()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {
        "status": "not ready",
        "failed": {
            "migrations": f"the database is at none, this version needs {newest}: run `conference db upgrade`"
        },
        "figures": figures,
    }


def test_style_sheet_is_compressed_and_cached(client: FlaskClient) -> None:
    answer = client.get("/assets/x/theme.css", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "immutable" in answer.headers["Cache-Control"]


def test_unknown_asset_is_not_found(client: FlaskClient) -> None:
    assert client.get("/assets/x/nothing.css").status_code == 404
    assert client.get("/assets/x/..%2f..%2fapp.py").status_code == 404


def test_wrong_method_is_answered_in_the_sites_design(client: FlaskClient) -> None:
    answer = client.post("/healthz")
    assert answer.status_code == 405
    assert sorted(answer.headers["Allow"].split(", ")) == ["GET", "HEAD", "OPTIONS"]


def test_personal_pages_are_kept_nowhere(client: FlaskClient) -> None:
    kept = {
        url: client.get(url).headers["Cache-Control"]
        for url in ("/staff/", "/r/x", "/speaker/x", "/register/sent", "/privacy")
    }
    assert kept == {
        "/staff/": "no-store",
        "/r/x": "no-store",
        "/speaker/x": "no-store",
        "/register/sent": "no-store",
        "/privacy": "private, no-cache",
    }


def test_every_address_of_staff_or_with_a_link_in_it_is_personal(app: Flask) -> None:
    """Of a route that is yet to come too: the list of beginnings in `headers.py` is by hand."""
    who = {rule.rule: declared_access(app.view_functions[rule.endpoint]) for rule in app.url_map.iter_rules()}
    theirs = {address for address, access in who.items() if access and access.kind in {"staff", "link"}}
    # For programs that send a token, without names; it says so itself.
    assert {one for one in theirs if not one.startswith(PERSONAL)} == {"/metrics"}
