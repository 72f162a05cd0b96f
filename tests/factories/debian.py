"""A bare Debian machine in a folder: its PostgreSQL, Redis and nginx on free ports, and what would change this one, noted.

A script that somebody pastes as root runs here with other paths and ports; `systemctl`, `apt-get` and what gives
files to accounts only note what they were asked for, and `start` then starts the units that were enabled.
"""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.factories.ports import free_port

ROOT = Path(__file__).parents[2]
STARTS_WITHIN_S = 60
# What stands on the machine, and so in the script, under these names.
_FOLDERS = ("/etc", "/var/lib", "/var/backups", "/var/cache", "/var/log")
_NOTED = ("apt-get", "adduser", "chown", "systemctl", "certbot")


def postgres_programs() -> Path | None:
    """Return where Debian's newest PostgreSQL has its programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


def missing_programs() -> list[str]:
    """Return Debian's packages that this machine lacks for it."""
    wanted = {"nginx-light": "nginx", "redis-server": "redis-server", "openssl": "openssl"}
    missing = [package for package, program in wanted.items() if shutil.which(program) is None]
    return missing if postgres_programs() else [*missing, "postgresql"]


def section(title: str) -> str:
    """Return the README's section of that title."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return text.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


def blocks() -> dict[str, str]:
    """Return the README's commands by the number that each block begins with."""
    found = re.findall(r"```sh\n(# (\d[ab]?)\. .*?)```", section("Install it on Debian"), re.DOTALL)
    assert len({number for _, number in found}) == len(found)
    return {number: text for text, number in found}


@dataclass(slots=True)
class Machine:
    """The folder that stands for the machine, its ports by what listens there, and what runs on it."""

    root: Path
    ports: dict[str, int]
    # Where PostgreSQL's data and its socket are.
    cluster: Path
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    changes: dict[str, str] = field(default_factory=dict)

    def place(self, path: str) -> Path:
        return self.root / path.lstrip("/")

    def adapted(self, script: str) -> str:
        """Return the script with this machine's places instead of Debian's, which are settings and arguments in it."""
        for old, new in self.changes.items():
            script = script.replace(old, new)
        folders = "|".join(map(re.escape, _FOLDERS))
        return re.sub(rf"(?<![\w/.-])({folders})/", rf"{self.root}\1/", script)

    def paste(self, script: str) -> str:
        """Run the commands as somebody who pastes them, one after the other, to the first that fails; return what they said."""
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("CONFERENCE_")
        }
        environment |= {"PATH": f"{self.root / 'shims'}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
        environment |= {
            "PGHOST": str(self.cluster),
            "PGPORT": str(self.ports["postgres"]),
            "PGUSER": "postgres",
        }
        said = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", self.adapted(script)],
            env=environment, cwd=self.root, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert said.returncode == 0, f"{script}\n{said.stdout}\n{said.stderr}"
        return said.stdout

    def noted(self, program: str) -> list[str]:
        """Return with which words the program was called, a line a call."""
        path = self.root / "noted" / program
        return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []

    def enabled(self) -> list[str]:
        """Return the units that are to run, in the order in which they were enabled."""
        calls = [line.split() for line in self.noted("systemctl")]
        return [word for call in calls if call[0] == "enable" for word in call[1:] if word != "--now"]

    def start(self, unit: str) -> None:
        """Start a unit's command as it stands in its file, with its environment and in its folder."""
        service = self._unit(unit)
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("CONFERENCE_")
        }
        for path in service["EnvironmentFile"]:
            lines = Path(path).read_text(encoding="utf-8").splitlines()
            environment |= dict(line.split("=", 1) for line in lines)
        environment |= dict(one.split("=", 1) for one in service["Environment"])
        (command,), (folder,) = service["ExecStart"], service["WorkingDirectory"]
        with (self.root / f"{unit}.log").open("ab") as log:
            self.running[unit] = subprocess.Popen(
                shlex.split(command),
                env=environment,
                cwd=folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _unit(self, unit: str) -> Mapping[str, list[str]]:
        """Return each setting of the unit's service, with all its values."""
        name, _, instance = unit.partition("@")
        path = self.place("/etc/systemd/system") / (f"{name}@.service" if instance else f"{name}.service")
        found: dict[str, list[str]] = {}
        for line in path.read_text(encoding="utf-8").replace("%i", instance).splitlines():
            key, is_setting, value = line.partition("=")
            if is_setting and not line.startswith("#"):
                found.setdefault(key, []).append(value)
        return found

    def stop(self, unit: str) -> int:
        """Stop it as systemd does, and return how it ended."""
        process = self.running.pop(unit)
        process.send_signal(signal.SIGTERM)
        return process.wait(60)

    def log(self, unit: str) -> str:
        return (self.root / f"{unit}.log").read_text(encoding="utf-8", errors="replace")

    def stop_all(self) -> None:
        """End all at once: nothing of it is needed any more. Each is a family of its own."""
        for process in self.running.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for(happened: Callable[[], bool], what: str, at_most_s: float = STARTS_WITHIN_S) -> None:
    end = time.monotonic() + at_most_s
    while not happened():
        assert time.monotonic() < end, f"{what}: not within {at_most_s:.0f} s"
        time.sleep(0.05)


def _shims(root: Path) -> None:
    """Put programs before the machine's own that note what they are asked, or do it without another account."""
    folder, noted = root / "shims", root / "noted"
    folder.mkdir()
    noted.mkdir()
    texts = {name: f'echo "$*" >> {noted}/{name}' for name in _NOTED}
    # As the account that runs the test.
    texts["runuser"] = 'shift 3; exec "$@"'
    texts["install"] = f'args=(); while [ $# -gt 0 ]; do case "$1" in -o|-g) shift;; *) args+=("$1");; esac; shift; done; exec {shutil.which("install")} "${{args[@]}}"'  # fmt: skip
    nginx = shutil.which("nginx")
    texts["nginx"] = f'exec {nginx} "$@" -p {root} -c {root}/nginx.conf'
    for name, text in texts.items():
        path = folder / name
        path.write_text(f"#!/bin/bash\n{text}\n", encoding="utf-8")
        path.chmod(0o755)


def _nginx(root: Path) -> None:
    """Write what Debian's nginx.conf says of files that are enabled, with places of our own."""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {root}/tmp-{kind}; " for kind in kinds)
    user = "user root; " if os.geteuid() == 0 else ""
    main = f"{user}daemon off; pid {root}/nginx.pid; error_log stderr; worker_processes 1; events {{}} http {{ access_log off; {temporary} include {root}/etc/nginx/sites-enabled/*; }}"
    (root / "nginx.conf").write_text(main, encoding="utf-8")


def _as_postgres(command: list[str]) -> list[str]:
    """Return the command as another account than root, which PostgreSQL does not run as."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


def _cluster(folder: Path, programs: Path) -> Path:
    """Make a cluster whose account `postgres` comes in by its socket and all others by password, and return its data."""
    data = folder / "data"
    who = ["-U", "postgres", "--auth-local=trust", "--auth-host=scram-sha-256"]
    init = [str(programs / "initdb"), "-D", str(data), *who, "--no-sync", "-E", "UTF8"]
    subprocess.run(_as_postgres(init), check=True, capture_output=True, cwd=folder)
    return data


@contextmanager
def _postgres(folder: Path, port: int) -> Iterator[None]:
    """Run Debian's PostgreSQL with a cluster of its own in the folder, which asks over the network for passwords."""
    programs = postgres_programs()
    assert programs is not None
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    data = _cluster(folder, programs)
    options = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": folder,
        "fsync": "off",
    }
    command = [
        str(programs / "postgres"),
        "-D",
        str(data),
        *(f"--{name}={it}" for name, it in options.items()),
    ]
    process = subprocess.Popen(_as_postgres(command), cwd=folder, stderr=subprocess.DEVNULL)
    ready = [str(programs / "pg_isready"), "-q", "-h", str(folder), "-p", str(port)]
    try:
        wait_for(lambda: subprocess.run(ready, check=False).returncode == 0, "PostgreSQL")
        yield
    finally:
        # Below `runuser`, which hands the signal on.
        process.send_signal(signal.SIGINT if os.geteuid() else signal.SIGTERM)
        process.wait(60)


def bare_machine(root: Path) -> Machine:
    """Return a machine where nothing runs, for commands that only make files."""
    _shims(root)
    return Machine(root=root, ports={"postgres": 0}, cluster=root)


@contextmanager
def debian(root: Path) -> Iterator[Machine]:
    """Yield the machine with PostgreSQL running; the script starts the rest. All is ended afterwards."""
    names = ("postgres", "redis", "http", "https", "web", "other")
    for place in ("/etc/nginx/sites-enabled", "/etc/systemd/system", "/var/lib/conference", "/var/log/nginx"):
        (root / place.lstrip("/")).mkdir(parents=True)
    _shims(root)
    _nginx(root)
    # Where PostgreSQL's account may go, and short enough for a socket's name: a test's folder is neither.
    with tempfile.TemporaryDirectory(prefix="conference-cluster-") as cluster:
        machine = Machine(root=root, ports={name: free_port() for name in names}, cluster=Path(cluster))
        machine.changes = {"/opt/conference/.venv": sys.prefix}
        with _postgres(machine.cluster, machine.ports["postgres"]):
            try:
                yield machine
            finally:
                machine.stop_all()
