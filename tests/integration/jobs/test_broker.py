"""What is given to a real Redis, and to whom it is not given."""

import json
import logging
import socket
import ssl
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from conference.config import Settings, load_settings
from conference.jobs.broker import QUEUE, connected, make_celery, open_post
from conference.jobs.courier import Parcel
from conference.jobs.opening import broker_trouble, open_broker
from tests.factories.broker import RedisServer, needs_redis, redis_server, wait_for
from tests.factories.mail import queue_note
from tests.factories.smtp import server_context

HIGH, LOW = QUEUE, f"{QUEUE}\x06\x169"  # Redis has a list for each priority


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    with redis_server(tmp_path) as server:
        yield server


def _settings(url: str) -> Settings:
    return load_settings({}, "test", {"BROKER_URL": url})


def _lies_there(redis: RedisServer, key: str = HIGH) -> list[bytes]:
    with redis.client() as client:
        found: list[bytes] = client.lrange(key, 0, -1)
        return found[::-1]


def _body(message: bytes) -> Any:
    return json.loads(b64decode(json.loads(message)["body"]))[0]


@needs_redis
def test_a_message_names_rows_and_nobody(app: Flask, redis: RedisServer) -> None:
    settings: Settings = app.extensions["conference.settings"]
    open_broker(app, replace(settings, broker_url=redis.url))
    mail_id = queue_note(app, recipient="asa@clinic.example", name="Åsa Lind")
    wait_for(lambda: bool(_lies_there(redis)), 10)
    (message,) = _lies_there(redis)
    assert json.loads(message)["content-type"] == "application/json"
    assert json.loads(message)["headers"]["task"] == "conference.run"
    assert _body(message) == ["mail", [mail_id]]
    envelope = json.loads(message)
    written = json.dumps(envelope, ensure_ascii=False) + b64decode(envelope["body"]).decode()
    assert not any(word in written for word in ("clinic", "asa@", "Lind", "Åsa"))


@needs_redis
def test_a_campaign_lies_apart_from_what_goes_before_it(redis: RedisServer) -> None:
    with open_post(_settings(redis.url)) as post:
        post(Parcel(source="mail", row_ids=(1, 2), rank=1))
        post(Parcel(source="mail", row_ids=(3,), rank=0))
    assert [_body(one) for one in _lies_there(redis, LOW)] == [["mail", [1, 2]]]
    assert [_body(one) for one in _lies_there(redis, HIGH)] == [["mail", [3]]]
    celery = make_celery(_settings(redis.url))
    with celery.connection_for_read() as connection:
        queue = celery.amqp.queues[QUEUE](connection.default_channel)
        first, second = queue.get(no_ack=True), queue.get(no_ack=True)
    assert [json.loads(one.body)[0] for one in (first, second)] == [["mail", [3]], ["mail", [1, 2]]]


@contextmanager
def _unknown_authority() -> Iterator[tuple[int, list[bytes]]]:
    """Yield the port of a server whose certificate nobody vouches for, and what it was told."""
    heard: list[bytes] = []

    def serve(listener: socket.socket) -> None:
        with listener.accept()[0] as plain:
            plain.settimeout(60)
            try:
                with server_context().wrap_socket(plain, server_side=True) as line:
                    heard.append(line.recv(100))
            except (ssl.SSLError, OSError):
                return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        yield listener.getsockname()[1], heard
        thread.join(60)


@pytest.mark.parametrize("scheme", ["rediss", "amqps"])
def test_a_broker_whose_certificate_nobody_vouches_for_is_told_nothing(scheme: str) -> None:
    with _unknown_authority() as (port, heard):
        celery = make_celery(_settings(f"{scheme}://user:secret@127.0.0.1:{port}//"))
        with pytest.raises(Exception, match="CERTIFICATE_VERIFY_FAILED"), connected(celery) as send:
            send("conference.sweep")
    assert heard == []


def test_nobody_steers_a_worker_through_the_broker() -> None:
    conf = make_celery(_settings("redis://127.0.0.1:1/0")).conf
    assert (conf.worker_enable_remote_control, conf.accept_content, conf.task_serializer) == (
        False,
        ["json"],
        "json",
    )
    assert (conf.result_backend, conf.task_acks_late, conf.task_ignore_result) == (None, False, True)


@needs_redis
def test_the_check_asks_the_broker(redis: RedisServer) -> None:
    assert (broker_trouble(_settings("")), broker_trouble(_settings(redis.url))) == ("", "")
    redis.kill()
    assert broker_trouble(_settings(redis.url.replace("://", "://:secret@"))) == (
        "broker: it does not answer (ConnectionError). Meanwhile every worker looks for what is due by itself."
        " Start it, or correct CONFERENCE_BROKER_URL."
    )


@needs_redis
def test_a_broker_that_is_killed_and_comes_back_is_used_again(
    redis: RedisServer, app: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conference.jobs.courier.REST_S", 0.2)
    settings: Settings = app.extensions["conference.settings"]
    open_broker(app, replace(settings, broker_url=redis.url))
    queue_note(app)
    wait_for(lambda: bool(_lies_there(redis)), 10)
    redis.kill()
    with caplog.at_level(logging.WARNING, "conference.jobs.courier"):
        queue_note(app)
        wait_for(lambda: bool(caplog.records), 10)
    redis.start()
    wait_for(lambda: bool(queue_note(app)) and bool(_lies_there(redis)), 10)
