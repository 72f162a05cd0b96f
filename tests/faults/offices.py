"""The office as it stands on a machine: one parent, its web processes and its worker, to be killed and begun again."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil

from tests.factories.forked import begun, listened
from tests.factories.own_postgres import held_family, kill_all
from tests.faults import loaded

ROOT = Path(__file__).parents[2]


class Served:
    """What `conference serve` runs: a parent, of gunicorn's arbiter and a worker, and two web processes of the arbiter."""

    def __init__(self, port: int, environment: Mapping[str, str]) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("CONFERENCE_")}
        self._environment = clean | dict(environment)
        self._port = port
        self._parent: psutil.Process | psutil.Popen | None = None

    def begin(self) -> None:
        command = [sys.executable, "-m", "conference.cli", "serve", "--port", str(self._port)]
        self._parent = psutil.Popen(
            command, cwd=ROOT, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def web(self) -> list[psutil.Process]:
        """Return the web processes that there are now."""
        assert self._parent is not None
        found = []
        for one in self._parent.children():
            try:
                found += one.children()
            except psutil.NoSuchProcess:
                continue
        return found

    def end(self) -> int:
        """Kill all of them with -9, whatever they are doing; return how many there were."""
        if self._parent is None:
            return 0
        parent, self._parent = self._parent, None
        killed = kill_all(held_family(parent))
        if isinstance(parent, psutil.Popen):
            parent.wait()
        return killed

    def close(self) -> None:
        self.end()


class Loaded(Served):
    """The same family, forked from a process that has loaded the application; `bear` is what bears: see `loaded`."""

    def __init__(
        self, port: int, environment: Mapping[str, str], bear: Callable[..., None] = loaded.bear
    ) -> None:
        super().__init__(port, environment)
        self._nursery, self._line = begun(bear, self._environment, port)
        assert listened(self._line) == "ready"

    def begin(self) -> None:
        self._line.send("begin")
        self._parent = psutil.Process(listened(self._line))

    def close(self) -> None:
        super().close()
        self._line.close()
        self._nursery.join()
