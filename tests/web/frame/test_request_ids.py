"""Each answer has a word, by which its lines in the log are found; who may choose it is configured."""

import json
import logging
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.web.logs import JsonLines
from conference.web.settings import attach_settings
from tests.conftest import settings_for

GIVEN = "proxy-0123456789"
OWN = re.compile(r"[0-9a-f]{16}")


def believe(app: Flask, database_url: str, tmp_path: Path, networks: str) -> None:
    attach_settings(app, settings_for(database_url, tmp_path, TRUSTED_PROXIES=networks))


def word_for(client: FlaskClient, given: str) -> str:
    return client.get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"]


def test_each_answer_has_its_own(client: FlaskClient) -> None:
    words = {client.get(path).headers["X-Request-ID"] for path in ("/", "/healthz", "/nothing-here")}
    assert len(words) == 3
    assert all(OWN.fullmatch(word) for word in words)


def test_a_trusted_proxys_word_is_taken_and_a_strangers_is_not(
    app: Flask, client: FlaskClient, database_url: str, tmp_path: Path
) -> None:
    assert OWN.fullmatch(word_for(client, GIVEN))
    believe(app, database_url, tmp_path, "10.0.0.0/8")
    assert OWN.fullmatch(word_for(client, GIVEN))
    believe(app, database_url, tmp_path, "10.0.0.0/8,127.0.0.1/32")
    assert word_for(client, GIVEN) == GIVEN


@pytest.mark.parametrize(
    "given", ["short", "x" * 65, "with blank 123", "<script>alert(1)</script>", "ä" * 10]
)
def test_a_word_of_another_shape_is_not_taken(
    app: Flask, client: FlaskClient, database_url: str, tmp_path: Path, given: str
) -> None:
    believe(app, database_url, tmp_path, "127.0.0.1/32")
    assert OWN.fullmatch(word_for(client, given.encode().decode("latin-1")))


def test_an_error_page_shows_it(client: FlaskClient) -> None:
    answer = client.get("/nothing-here")
    assert f"<code>{answer.headers['X-Request-ID']}</code>" in answer.text


def test_the_log_names_the_route_and_never_the_address(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="conference.requests"):
        client.get("/r/17-1-" + "a" * 27 + "?email=asa@lab.example")
    (record,) = [one for one in caplog.records if one.name == "conference.requests"]
    told = json.loads(JsonLines().format(record))
    assert (told["route"], told["status"], told["method"]) == ("/r/<token>", 404, "GET")
    assert told["ms"] >= 0
    assert "aaaa" not in json.dumps(told)
    assert "asa" not in json.dumps(told)


def test_a_proxy_is_known_by_its_address_in_ipv6_too(
    app: Flask, client: FlaskClient, database_url: str, tmp_path: Path
) -> None:
    """A server that listens on [::] sees a proxy of IPv4 as ::ffff:127.0.0.1."""
    believe(app, database_url, tmp_path, "127.0.0.1/32")
    mapped = {"REMOTE_ADDR": "::ffff:127.0.0.1"}
    answer = client.get("/healthz", headers={"X-Request-ID": GIVEN}, environ_overrides=mapped)
    assert answer.headers["X-Request-ID"] == GIVEN
