"""The page of who has to come again, and the rank of a request, both by the request's head alone."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from conference.accounts import cookie
from conference.db.work import counted_statements
from conference.running.metrics import running_metrics
from conference.web import ranks
from conference.web.access import LINK, Role, declared_access
from conference.web.ranks import ranking_of
from conference.web.refusals import Refusals
from conference.web.server_queue import Rank
from tests.factories.accounts import sign_in
from tests.factories.web_server import request


def _read(raw: bytes) -> tuple[str, dict[str, str], str]:
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    return first, dict(one.split(": ", 1) for one in rest), body.decode()


def test_the_page_comes_again_by_itself_and_asks_no_database(app: Flask) -> None:
    with counted_statements() as statements:
        refusals = Refusals(app)
        first, fields, body = _read(refusals.answer(request("/programme"), 7))
    assert first == "HTTP/1.1 503 SERVICE UNAVAILABLE"
    assert statements == []
    assert (fields["Retry-After"], fields["Cache-Control"], fields["Connection"]) == (
        "7",
        "no-store",
        "close",
    )
    assert "default-src 'none'" in fields["Content-Security-Policy"]
    assert int(fields["Content-Length"]) == len(body.encode())
    assert '<meta http-equiv="refresh" content="7">' in body
    assert "about 7 seconds" in body
    # Who reads may be somebody whose form was turned away a moment ago.
    assert "What was confirmed to you is saved. A form that was turned away is not" in body
    assert "Set-Cookie" not in fields


def test_a_form_is_told_that_nothing_was_saved_and_that_it_can_be_sent_again(app: Flask) -> None:
    _, fields, body = _read(Refusals(app).answer(request("/register", method="POST", body=b"a=b"), 5))
    assert fields["Retry-After"] == "5"
    assert "http-equiv" not in body  # which would ask for the page, and forget what was sent
    assert "was not saved" in body
    assert "send it once more" in body


@pytest.mark.parametrize(
    ("path", "fields", "tag", "words"),
    [
        ("/", [], "en", "Many people are here at once"),
        ("/", ["Accept-Language: sv-SE,sv;q=0.9,en;q=0.5"], "sv", "Många är här samtidigt"),
        ("/register?code=x&lang=de", ["Accept-Language: sv"], "de", "Viele sind gleichzeitig hier"),
        ("/?lang=xx", ["Accept-Language: fr"], "en", "Many people are here at once"),
        ("/?lang=dede", [], "en", "Many people are here at once"),
    ],
    ids=["none", "the-browsers", "chosen", "unknown", "longer"],
)
def test_the_page_speaks_the_readers_language(
    app: Flask, path: str, fields: list[str], tag: str, words: str
) -> None:
    body = _read(Refusals(app).answer(request(path, *fields), 5))[2]
    assert f'<html lang="{tag}">' in body
    assert words in body


@pytest.mark.parametrize(
    ("path", "fields"), [("/api/v1/event", []), ("/staff/schedule", ["Accept: application/json"])]
)
def test_a_program_gets_a_problem(app: Flask, path: str, fields: list[str]) -> None:
    _, headers, body = _read(Refusals(app).answer(request(path, *fields), 9))
    assert (headers["Content-Type"], headers["Retry-After"]) == ("application/problem+json", "9")
    assert json.loads(body)["status"] == 503


def test_a_look_at_the_head_alone_gets_no_body(app: Flask) -> None:
    assert _read(Refusals(app).answer(request("/", method="HEAD"), 5))[2] == ""


def test_a_link_that_leads_on_stays_within_the_site(app: Flask) -> None:
    body = _read(Refusals(app).answer(request("//other.example/", "Host: other.example"), 5))[2]
    assert "other.example" not in body


def test_refusals_are_counted_and_told_at_most_each_ten_seconds(app: Flask) -> None:
    refusals = Refusals(app)
    for rank in (Rank.NEW, Rank.NEW, Rank.BEGUN):
        refusals.note(rank)
    assert refusals.to_tell() == "3 requests were refused: they would have waited for too long"
    refusals.note(Rank.NEW)
    assert refusals.to_tell() is None
    told = running_metrics()
    assert 'rank="new"} 3.0' in told
    assert 'rank="begun"} 1.0' in told


def test_no_head_is_too_odd_for_a_rank_or_an_answer(app: Flask) -> None:
    rank_of, refusals = ranking_of(app), Refusals(app)

    @given(
        st.binary(max_size=300),
        st.sampled_from([b"", b"GET /staff HTTP/1.1\r\nCookie: conference=", b"GET /?lang="]),
    )
    @settings(max_examples=150, deadline=None)
    def hold(rest: bytes, begins: bytes) -> None:
        head = begins + rest + b"\r\n\r\n"
        assert rank_of(head) in {Rank.BEGUN, Rank.NEW}
        assert refusals.answer(head, 5).startswith(b"HTTP/1.1 503")

    hold()


def _cookie(client: FlaskClient) -> str:
    found = client.get_cookie("conference")
    assert found is not None
    return f"Cookie: other=1; conference={found.value}"


def test_the_rank_of_staff_is_by_a_session_that_is_true(app: Flask, client: FlaskClient) -> None:
    rank_of = ranking_of(app)
    sign_in(client, Role.DESK)
    held = _cookie(client)
    assert rank_of(request("/staff/desk", held)) is Rank.FIRST
    assert rank_of(request("/staff/desk", held[:-3] + "abc")) is Rank.BEGUN
    assert rank_of(request("/staff/desk")) is Rank.NEW
    assert rank_of(request("/programme", held)) is Rank.BEGUN


@pytest.mark.parametrize("foreign", ["a[b]=1", "{}", 'c="', "d=å", "=", "no-value"])
def test_a_foreign_cookie_takes_no_staff_session_away(app: Flask, client: FlaskClient, foreign: str) -> None:
    sign_in(client, Role.DESK)
    held = _cookie(client).replace("other=1", foreign)
    assert ranking_of(app)(request("/staff/desk", held)) is Rank.FIRST


def test_who_opened_the_form_is_no_staff(app: Flask, client: FlaskClient) -> None:
    client.get("/register")
    assert ranking_of(app)(request("/staff/desk", _cookie(client))) is Rank.BEGUN


def test_every_personal_link_goes_before_newcomers(app: Flask) -> None:
    rank_of = ranking_of(app)
    views = app.view_functions
    links = [rule.rule for rule in app.url_map.iter_rules() if declared_access(views[rule.endpoint]) == LINK]
    assert len(links) > 10
    assert [
        rule for rule in links if rank_of(request(rule.replace("<", "").replace(">", ""))) is Rank.NEW
    ] == []


def test_the_key_of_a_staff_session_is_the_one_of_the_accounts() -> None:
    assert ranks.STAFF == cookie._KEY


@pytest.mark.parametrize(
    ("head", "rank"),
    [
        (request("/healthz"), Rank.FIRST),
        (request("/readyz?x=1"), Rank.FIRST),
        (request("/readyz", "x-forwarded-for: 192.0.2.7"), Rank.NEW),
        (request("/healthz/../register"), Rank.NEW),
        (request("/"), Rank.NEW),
        (request("/programme/2022-09-22"), Rank.NEW),
        (request("/register", method="POST", body=b"a=b"), Rank.BEGUN),
        (request("/r/1-1-abc"), Rank.BEGUN),
        (request("/assets/abc/theme.css"), Rank.BEGUN),
        (request("/api/v1/event", "Authorization: Bearer abc"), Rank.BEGUN),
        (request("/", "Cookie: conference"), Rank.NEW),
        (request("/staff/desk", 'Cookie: conference="\xff\x00'), Rank.NEW),
        (b"\x00\xff", Rank.BEGUN),
        (b"", Rank.BEGUN),
    ],
)  # fmt: skip
def test_the_rank_of_others(app: Flask, head: bytes, rank: Rank) -> None:
    assert ranking_of(app)(head) is rank
