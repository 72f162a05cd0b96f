"""The files of `conference deploy` are read by the programs they are for, and say the application's own numbers."""

import configparser
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # no stubs are installed
from flask import Flask

from conference.app import create_app
from conference.config import SPECS, load_settings
from conference.registration.file_posting import MOST_POSTED as FORM_BYTES
from conference.running.deploy import FILES, Machine, made
from conference.running.errors import RunningError
from conference.running.limits import (
    WEB_CONNECTIONS,
    WEB_STOPS_WITHIN_S,
    WEB_TIMEOUT_S,
    WORKER_STOPS_WITHIN_S,
)
from conference.speakers.slide_kinds import MOST_BYTES as SLIDE_BYTES
from conference.web.errors import RETRY_AFTER_S

HOST = "office.conference.example"
SETTINGS = {
    "CONFERENCE_SECRET_KEY": "k" * 40,
    "CONFERENCE_BASE_URL": f"https://{HOST}",
    "CONFERENCE_MAIL_SERVER": "smtp.example",
    "CONFERENCE_MAIL_SENDER": 'Office "of" $all <office@conference.example>',
    "CONFERENCE_MAIL_PASSWORD": "s3cret-of-the-mail",
    "CONFERENCE_BACKUP_FOLDER": "/srv/backups",
    "CONFERENCE_DATABASE_URL": "postgresql+psycopg://office:geheim@localhost/conference",
}


def an_app(**more: str) -> Flask:
    return create_app(load_settings(SETTINGS | more, "production"))


@pytest.fixture
def texts() -> Iterator[dict[str, str]]:
    """Every file by its name."""
    with an_app().app_context():
        yield {name: text for kind in FILES for name, text in made(kind, Machine()).items()}


def unit(text: str) -> configparser.ConfigParser:
    # Names may come twice in a section, as Environment does; the last is enough for these tests.
    found = configparser.ConfigParser(strict=False, interpolation=None)
    found.optionxform = str  # type: ignore[assignment,method-assign]  # systemd's names have capitals
    found.read_string(text)
    return found


def test_no_file_holds_a_secret(texts: dict[str, str]) -> None:
    for text in texts.values():
        assert not any(secret in text for secret in ("k" * 40, "s3cret-of-the-mail", "geheim"))


def test_units_stop_no_earlier_than_the_processes_do(texts: dict[str, str]) -> None:
    for name, stops_s in (("web", WEB_STOPS_WITHIN_S), ("worker", WORKER_STOPS_WITHIN_S)):
        service = unit(texts[f"conference-{name}.service"])["Service"]
        assert int(service["TimeoutStopSec"]) > stops_s
        assert service["ExecStart"].startswith(f"{sys.prefix}/bin/conference ")


def test_a_web_process_may_hold_files_for_all_its_connections(texts: dict[str, str]) -> None:
    service = unit(texts["conference-web.service"])["Service"]
    assert int(service["LimitNOFILE"]) > 2 * WEB_CONNECTIONS + 256


@pytest.mark.parametrize("name", ["web", "worker", "backup"])
def test_units_are_hardened(texts: dict[str, str], name: str) -> None:
    service = unit(texts[f"conference-{name}.service"])["Service"]
    wanted = {
        "NoNewPrivileges": "yes",
        "ProtectSystem": "strict",
        "PrivateTmp": "yes",
        "StateDirectory": "conference",
    }
    assert {one: service[one] for one in wanted} == wanted
    assert service["CapabilityBoundingSet"] == ""
    assert service["User"] == "conference"
    assert service["ReadWritePaths"] == "/var/lib/conference /srv/backups"


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="NOT RUN: this machine has no systemd-analyze"
)
def test_systemd_reads_the_units(texts: dict[str, str], tmp_path: Path) -> None:
    for name in FILES["systemd"]:
        (tmp_path / name).write_text(texts[name], encoding="utf-8")
    paths = [str(tmp_path / name) for name in FILES["systemd"]]
    said = subprocess.run(["systemd-analyze", "verify", *paths], capture_output=True, text=True, check=False)
    # What else is on this machine is no matter.
    ours = [line for line in (said.stdout + said.stderr).splitlines() if "conference-" in line]
    assert (ours, said.returncode) == ([], 0)


def in_nginx(text: str, name: str) -> list[str]:
    return re.findall(rf"^\s*{name} (.+);$", text, re.MULTILINE)


def test_nginx_has_the_applications_numbers(texts: dict[str, str]) -> None:
    text = texts["conference.conf"]
    form, slides = map(int, in_nginx(text, "client_max_body_size"))
    assert form == FORM_BYTES
    assert SLIDE_BYTES < slides < SLIDE_BYTES + 1_000_000
    assert in_nginx(text, "proxy_read_timeout") == [f"{WEB_TIMEOUT_S + 5}s"]
    assert in_nginx(text, "add_header Retry-After") == [f"{RETRY_AFTER_S} always"] * 2
    assert in_nginx(text, "error_page") == ["502 504 = @restarting", "429 = @too_much"]
    assert in_nginx(text, "server_name") == [HOST, HOST]


def test_no_form_is_larger_than_what_the_server_takes(texts: dict[str, str]) -> None:
    """Each limit of a page of its own, read from the sources, against the two that the server knows."""
    root = Path(__file__).parents[3] / "conference"
    setters = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if ".max_content_length =" in path.read_text(encoding="utf-8")
    }
    # A new one is compared with FORM_BYTES here, or gets a place of its own in deploy.py.
    assert setters == {
        "speakers/portrait_routes.py",
        "speakers/slide_routes.py",
        "registration/file_posting.py",
        "registration/import_routes.py",
        "interchange/import_routes.py",
        "printing/design_list_routes.py",
        "printing/design_routes.py",
    }
    from conference.printing.design_routes import MOST_POSTED as DESIGN  # beside the others
    from conference.printing.design_schema import MOST_BYTES as DESIGN_FILE  # beside the others
    from conference.speakers.portrait_routes import _MOST_POSTED as PORTRAIT  # private on purpose elsewhere
    from conference.speakers.slide_files import PIECE_BYTES  # beside the others
    from conference.web.importing_files import MAX_BYTES  # beside the others

    others = (PIECE_BYTES + 1, MAX_BYTES + 100_000, DESIGN, DESIGN_FILE + 100_000)
    assert max(PORTRAIT, *others) <= FORM_BYTES


def test_slides_have_their_place_and_nothing_else_has(texts: dict[str, str]) -> None:
    (pattern,) = re.findall(r'location ~ "(.+)" \{', texts["conference.conf"])
    assert f'path_regexp "{pattern}"' in texts["Caddyfile"]
    app = an_app()
    with app.test_request_context():
        address = app.url_for("speakers.own_slides", token="17-1-abc", talk_id=3)
        assert re.search(pattern, address)
        assert not re.search(pattern, app.url_for("speakers.own_slides_begin", token="t", talk_id=3))
        assert not re.search(
            pattern, app.url_for("speakers.own_slides_piece", token="t", talk_id=3, upload="u")
        )
        assert not re.search(pattern, "/register")


# In CI it runs all the same, and fails.
@pytest.mark.skipif(
    shutil.which("nginx") is None and not os.environ.get("CI"),
    reason="NOT RUN: it needs Debian's package nginx-light (apt-get install nginx-light)",
)
def test_nginx_reads_its_file(tmp_path: Path) -> None:
    key, chain = tmp_path / "key.pem", tmp_path / "chain.pem"
    pem = (Path(__file__).parents[2] / "factories" / "loopback.pem").read_text(encoding="utf-8")
    for path in (key, chain):
        path.write_text(pem, encoding="utf-8")
    machine = Machine(
        certificate=str(chain),
        certificate_key=str(key),
        cache=str(tmp_path / "cache"),
        access_log=str(tmp_path / "access.log"),
        error_log=str(tmp_path / "error.log"),
    )
    with an_app().app_context():
        (tmp_path / "office.conf").write_text(made("nginx", machine)["conference.conf"], encoding="utf-8")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {tmp_path}/{kind}; " for kind in kinds)
    main = f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off; {temporary} include {tmp_path}/office.conf; }}"
    (tmp_path / "nginx.conf").write_text(main, encoding="utf-8")
    command = ["nginx", "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert "[warn]" not in said.stderr


def test_caddys_braces_close_and_its_numbers_are_ours(texts: dict[str, str]) -> None:
    text = texts["Caddyfile"]
    assert text.count("{") == text.count("}")
    assert [int(one) for one in re.findall(r"max_size (\d+)", text)][1] == FORM_BYTES
    assert f"\n{HOST} {{" in text


def test_the_composition_is_whole(texts: dict[str, str]) -> None:
    told: dict[str, Any] = yaml.safe_load(texts["compose.yaml"])
    services = told["services"]
    assert set(services) == {"database", "redis", "upgrade", "web", "worker"}
    assert services["web"]["stop_grace_period"] == f"{WEB_STOPS_WITHIN_S + 5}s"
    assert services["worker"]["command"][:3] == ["conference", "worker", "--broker"]
    used = {one for service in services.values() for one in service.get("secrets", [])}
    assert used == set(told["secrets"])
    named = {one.partition(":")[0] for service in services.values() for one in service.get("volumes", [])}
    assert named == set(told["volumes"])
    for service in ("web", "worker", "upgrade"):
        assert services[service]["read_only"] is True
        assert services[service]["cap_drop"] == ["ALL"]


def test_the_compositions_environment_is_what_the_application_reads(
    texts: dict[str, str], tmp_path: Path
) -> None:
    environment = yaml.safe_load(texts["compose.yaml"])["services"]["web"]["environment"]
    known = {f"CONFERENCE_{spec.name}" for spec in SPECS}
    assert {name.removesuffix("_FILE") for name in environment} <= known
    read = {
        name: value.replace("$$", "$") for name, value in environment.items() if not name.endswith("_FILE")
    }
    settings = load_settings(read | {"CONFERENCE_SECRET_KEY": "k" * 40})
    assert settings.mail_sender == SETTINGS["CONFERENCE_MAIL_SENDER"]
    assert settings.backup_folder == "/var/backups/conference"
    assert "s3cret-of-the-mail" not in str(environment)


def test_without_the_sites_name_it_says_so() -> None:
    with (
        an_app(CONFERENCE_BASE_URL="").app_context(),
        pytest.raises(RunningError, match="CONFERENCE_BASE_URL is not set"),
    ):
        made("nginx", Machine())


@pytest.mark.parametrize(
    "address", ["https://a;b.example", "https://a{b", "https://a b.example", 'https://a"b']
)
def test_a_name_that_would_be_a_line_of_its_own_is_refused(address: str) -> None:
    with (
        an_app(CONFERENCE_BASE_URL=address).app_context(),
        pytest.raises(RunningError, match="CONFERENCE_BASE_URL names no host"),
    ):
        made("nginx", Machine())


def test_a_path_is_one_word_whatever_it_holds() -> None:
    with (
        an_app(CONFERENCE_BACKUP_FOLDER="/srv/my 100% safe").app_context(),
        pytest.raises(RunningError, match="/srv/my 100% safe"),
    ):
        made("systemd", Machine())
    with an_app().app_context():
        for name in ("user", "environment", "certificate", "certificate_key", "cache", "access_log"):
            for value in ("a b", "a;b", "a\nUser=root", "a{", "%h", ""):
                given: dict[str, Any] = {name: value}
                with pytest.raises(RunningError, match="letters, digits"):
                    made("nginx", Machine(**given))


def test_a_value_of_several_lines_is_one_value_of_the_composition() -> None:
    told = 'one\ntwo\tthree: "four" # $five \\'
    with an_app(CONFERENCE_MAIL_OAUTH_TOKEN_COMMAND=told).app_context():
        text = made("compose", Machine())["compose.yaml"]
    environment = yaml.safe_load(text)["services"]["web"]["environment"]
    assert environment["CONFERENCE_MAIL_OAUTH_TOKEN_COMMAND"].replace("$$", "$") == told


def test_no_servers_log_names_addresses_and_links(texts: dict[str, str]) -> None:
    """Both write the request's line, with somebody's link in it, where the office does not answer (trust.md 26)."""
    assert in_nginx(texts["conference.conf"], "error_log") == ["/var/log/nginx/conference.error.log crit"]
    (logging,) = re.findall(r"log default \{\s*exclude (.+)\s", texts["Caddyfile"])
    assert logging.split() == ["http.log.error", "http.handlers.reverse_proxy"]


def test_the_composition_has_every_secret_that_is_set_here_and_no_other() -> None:
    more = {"CONFERENCE_OLD_SECRET_KEYS": "o" * 40, "CONFERENCE_METRICS_TOKEN": "m" * 40}
    for given, names in (
        (more, {"old_secret_keys", "metrics_token", "mail_password"}),
        ({}, {"mail_password"}),
    ):
        with an_app(**given).app_context():
            told = yaml.safe_load(made("compose", Machine())["compose.yaml"])
        own = {"secret_key", "encryption_key", "database_url"} | names
        assert set(told["secrets"]) == own | {"database_password"}
        assert set(told["services"]["web"]["secrets"]) == own
        environment = told["services"]["web"]["environment"]
        assert {f"CONFERENCE_{name.upper()}_FILE" for name in own} <= set(environment)
    with create_app(
        load_settings({k: v for k, v in SETTINGS.items() if "PASSWORD" not in k}, "production")
    ).app_context():
        text = made("compose", Machine())["compose.yaml"]
    assert "mail_password" not in text  # an empty file would be refused at the start
