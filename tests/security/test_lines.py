"""What goes over a line is encrypted, by protocols of today, with certificates that somebody looks at (ASVS 12)."""

import re
import ssl
from collections.abc import Iterator

import pytest

from conference.app import create_app
from conference.config import SettingsError, load_settings, require_safe
from conference.jobs.broker import make_celery
from conference.running.deploy import FILES, Machine, made
from conference.running.lines import open_lines

SETTINGS = {
    "CONFERENCE_SECRET_KEY": "k" * 40,
    "CONFERENCE_BASE_URL": "https://office.conference.example",
    "CONFERENCE_MAIL_SERVER": "smtp.example",
    "CONFERENCE_MAIL_SENDER": "office@conference.example",
}


@pytest.fixture
def files() -> Iterator[dict[str, str]]:
    with create_app(load_settings(SETTINGS, "production")).app_context():
        yield {name: text for kind in FILES for name, text in made(kind, Machine()).items()}


def test_nginx_speaks_tls_1_2_and_1_3_with_forward_secrecy_alone(files: dict[str, str]) -> None:
    text = files["conference.conf"]
    assert re.findall(r"ssl_protocols ([^;]+);", text) == ["TLSv1.2 TLSv1.3"]
    (ciphers,) = re.findall(r"ssl_ciphers ([^;]+);", text)
    assert all(
        re.fullmatch(r"ECDHE-(ECDSA|RSA)-(AES(256|128)-GCM|CHACHA20)-[A-Z0-9]+", one)
        for one in ciphers.split(":")
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers(ciphers)  # OpenSSL knows each of them, and of 1.2 no other
    old = [one["name"] for one in context.get_ciphers() if one["protocol"] == "TLSv1.2"]
    assert sorted(old) == sorted(ciphers.split(":"))
    # Without TLS nothing is answered but the way to it, and under another name nothing at all.
    assert "return 301 https://" in text
    assert "ssl_reject_handshake on;" in text


def test_no_file_of_a_machine_turns_tls_down_or_opens_a_port_to_everybody(files: dict[str, str]) -> None:
    whole = "\n".join(files.values())
    assert not re.search(r"SSLv|TLSv1(\.[01])?[ ;]|tls_insecure|proxy_ssl_verify off|autoindex|debug", whole)
    # Behind the server in front, the office and the database's container are of this machine alone.
    assert re.findall(r"ports: \[\"([\d.]+):", files["compose.yaml"]) == ["127.0.0.1"]
    assert "--host 127.0.0.1" in files["conference-web.service"]


@pytest.mark.parametrize(
    ("given", "variable"),
    [
        ({"BASE_URL": "http://conference.example"}, "CONFERENCE_BASE_URL"),
        ({"MAIL_TLS": "none"}, "CONFERENCE_MAIL_TLS"),
        (
            {"MAIL_OAUTH_TOKEN_URL": "http://login.example/t", "MAIL_USERNAME": "a"},
            "CONFERENCE_MAIL_OAUTH_TOKEN_URL",
        ),
    ],
)
def test_production_refuses_a_line_that_others_can_read(given: dict[str, str], variable: str) -> None:
    environment = SETTINGS | {f"CONFERENCE_{name}": value for name, value in given.items()}
    with pytest.raises(SettingsError, match=variable):
        require_safe(load_settings(environment))


@pytest.mark.parametrize(
    ("given", "lines"),
    [
        ({"DATABASE_URL": "postgresql+psycopg://u:p@db.example/c"}, ["database line"]),
        ({"DATABASE_URL": "postgresql+psycopg://u:p@10.0.0.7/c?sslmode=require"}, ["database line"]),
        ({"DATABASE_URL": "postgresql+psycopg://u:p@db.example/c?sslmode=verify-full"}, []),
        ({"DATABASE_URL": "postgresql+psycopg://u:p@localhost/c"}, []),
        ({"DATABASE_URL": "postgresql+psycopg:///c?host=/run/postgresql"}, []),
        ({"DATABASE_URL": "postgresql+psycopg://u:p@database/c"}, []),
        ({}, []),
        ({"BROKER_URL": "redis://:p@broker.example:6379/0"}, ["broker line"]),
        ({"BROKER_URL": "amqp://u:p@broker.example//"}, ["broker line"]),
        ({"BROKER_URL": "rediss://:p@broker.example:6379/0"}, []),
        ({"BROKER_URL": "redis://127.0.0.1:6379/0"}, []),
    ],
)
def test_a_line_to_another_machine_that_others_can_read_is_told(
    given: dict[str, str], lines: list[str]
) -> None:
    found = list(open_lines(load_settings({f"CONFERENCE_{name}": value for name, value in given.items()})))
    assert [name for name, _, _ in found] == lines
    assert not any(":p@" in word or "u:p" in word for line in found for word in line)


@pytest.mark.parametrize("url", ["rediss://:p@broker.example:6379/0", "amqps://u:p@broker.example//"])
def test_a_brokers_certificate_is_looked_at(url: str) -> None:
    told = make_celery(load_settings({"CONFERENCE_BROKER_URL": url})).conf.broker_use_ssl
    if url.startswith("rediss"):
        assert told == {"ssl_cert_reqs": ssl.CERT_REQUIRED, "ssl_check_hostname": True}
    else:
        assert (told["context"], told["server_hostname"]) == ({"check_hostname": True}, "broker.example")
