"""Files of `conference deploy` for several web processes, several machines, other ports, and places for uploads."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]  # no stubs are installed

from conference.cli import main
from conference.running.deploy import Machine, made
from tests.integration.running.test_deploying import HOST, an_app

TWO = Machine(ports=(8000, 8001))


def files(kind: str, machine: Machine, **settings: str) -> dict[str, str]:
    with an_app(**settings).app_context():
        return made(kind, machine)


def test_two_ports_are_one_unit_that_is_started_twice() -> None:
    units = files("systemd", TWO)
    assert sorted(units) == [
        "conference-backup.service",
        "conference-backup.timer",
        "conference-web@.service",
        "conference-worker.service",
    ]
    assert "serve --host 127.0.0.1 --port %i --no-worker\n" in units["conference-web@.service"]
    one = files("systemd", Machine(ports=(8080,), address="10.0.0.2"))
    assert "serve --host 10.0.0.2 --port 8080 --no-worker\n" in one["conference-web.service"]


def upstreams(text: str) -> list[str]:
    return re.findall(r"^    server (\S+?)(?: max_fails=1 fail_timeout=5s)?;$", text, re.MULTILINE)


def test_the_server_in_front_knows_each_process_wherever_it_is() -> None:
    for machine, wanted in (
        (Machine(), ["127.0.0.1:8000"]),
        (TWO, ["127.0.0.1:8000", "127.0.0.1:8001"]),
        (Machine(servers=("10.0.0.2:8000", "10.0.0.3:8000")), ["10.0.0.2:8000", "10.0.0.3:8000"]),
    ):
        nginx = files("nginx", machine)["conference.conf"]
        assert upstreams(nginx) == wanted
        # One alone is asked again at once: there is no other.
        assert ("max_fails" in nginx) is (len(wanted) > 1)
        caddy = files("caddy", machine)["Caddyfile"]
        assert f"reverse_proxy {' '.join(wanted)} {{" in caddy
        assert ("lb_try_duration" in caddy) is (len(wanted) > 1)


def test_the_ports_of_the_site_are_those_of_its_address() -> None:
    text = files("nginx", Machine(http_port=8080), CONFERENCE_BASE_URL=f"https://{HOST}:8443")[
        "conference.conf"
    ]
    assert re.findall(r"listen (\S+)[ ;]", text) == [
        "8080",
        "[::]:8080",
        "8443",
        "[::]:8443",
        "8443",
        "[::]:8443",
    ]
    assert f"return 301 https://{HOST}:8443$request_uri;" in text
    # Else links and redirects would lose the port.
    assert "proxy_set_header Host $host:8443;" in text
    usual = files("nginx", Machine())["conference.conf"]
    assert f"return 301 https://{HOST}$request_uri;" in usual
    assert "proxy_set_header Host $host;" in usual
    assert "location /api/ {\n        default_type text/plain;\n        return 403 " in usual
    assert (
        f"\n{HOST}:8443 {{"
        in files("caddy", Machine(), CONFERENCE_BASE_URL=f"https://{HOST}:8443")["Caddyfile"]
    )


@pytest.mark.parametrize("caddy", ["2.6", "2.7"])
def test_each_caddy_is_told_in_its_words_what_a_slow_client_may_hold(caddy: str) -> None:
    text = files("caddy", Machine(caddy=caddy))["Caddyfile"]
    assert ("\t\tbuffer_requests\n" in text, "request_buffers" in text) == (caddy == "2.6", caddy == "2.7")


@pytest.mark.parametrize("caddy", ["2.6", "2.7"])
def test_each_caddy_refuses_programs_without_tls(caddy: str) -> None:
    text = files("caddy", Machine(caddy=caddy))["Caddyfile"]
    plain = text.split(f"\nhttp://{HOST} {{", 1)[1].split("\n}\n", 1)[0]
    assert re.search(r'handle /api/\* \{\s*respond "Ask by https." 403\s*\}', plain)
    assert f"redir https://{HOST}{{uri}} permanent" in plain


# In CI the test runs all the same, and fails.
@pytest.mark.skipif(
    shutil.which("caddy") is None and not os.environ.get("CI"),
    reason="NOT RUN: it needs Debian's package caddy (apt-get install caddy)",
)
def test_debians_caddy_reads_its_file(tmp_path: Path) -> None:
    (tmp_path / "Caddyfile").write_text(
        files("caddy", Machine(caddy="2.6", ports=(8000, 8001)))["Caddyfile"], encoding="utf-8"
    )
    command = ["caddy", "adapt", "--validate", "--config", str(tmp_path / "Caddyfile")]
    said = subprocess.run(
        command, capture_output=True, text=True, check=False, env={"HOME": str(tmp_path), "PATH": "/usr/bin"}
    )
    assert said.returncode == 0, said.stderr


def test_units_may_write_where_uploads_lie_and_containers_share_theirs() -> None:
    folder = {"CONFERENCE_UPLOADS": "/mnt/conference"}
    for unit in ("web@", "worker", "backup"):
        assert (
            "ReadWritePaths=/var/lib/conference /srv/backups /mnt/conference\n"
            in files("systemd", TWO, **folder)[f"conference-{unit}.service"]
        )
    bucket = {
        "CONFERENCE_UPLOADS": "s3://conference-files/2022",
        "CONFERENCE_UPLOADS_ACCESS_KEY": "an-access-key",
        "CONFERENCE_UPLOADS_SECRET_KEY": "a-secret-key-of-the-store",
    }
    for given, wanted in ((folder, ""), (bucket, "s3://conference-files/2022")):
        text = files("compose", Machine(), **given)["compose.yaml"]
        assert yaml.safe_load(text)["services"]["web"]["environment"]["CONFERENCE_UPLOADS"] == wanted
        assert "a-secret-key-of-the-store" not in text
    assert "s3://" not in files("systemd", TWO, **bucket)["conference-web@.service"]


def test_a_server_that_would_be_a_line_of_its_own_is_refused() -> None:
    with pytest.raises(Exception, match="letters, digits"):
        files("nginx", Machine(servers=("10.0.0.2:8000; return 200",)))


def test_one_command_writes_the_files_of_several_servers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {
        "SECRET_KEY": "k" * 40,
        "BASE_URL": f"https://{HOST}",
        "INSTANCE": str(tmp_path / "instance"),
    }.items():
        monkeypatch.setenv(f"CONFERENCE_{name}", value)
    monkeypatch.setattr("sys.argv", ["conference", "deploy", "systemd", "nginx", "--port", "8000", "--port", "8001", "--out", str(tmp_path / "made")])  # fmt: skip
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code in {0, None}, capsys.readouterr().err
    assert {path.name for path in (tmp_path / "made").iterdir()} == {
        "conference-web@.service",
        "conference-worker.service",
        "conference-backup.service",
        "conference-backup.timer",
        "conference.conf",
    }
