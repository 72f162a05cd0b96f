"""Processes of their own that have the application loaded: to start Python and import it takes two seconds of CPU.

A server without threads imports it once and forks each child from there. What the children are and do is real: an id,
an environment, files and connections of their own, and signals that end them and nobody else.
"""

import importlib
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

CONFERENCE = "conference.cli"
# Long enough for any machine: a child that hangs is what this is against.
ENDS_WITHIN_S = 300
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.factories.forked", "tests.faults.registering", CONFERENCE])


def begun(target: Callable[..., object], *arguments: object) -> tuple[BaseProcess, Connection]:
    """Start `target(line, *arguments)` in a child, and return it with our end of the line."""
    ours, theirs = _FORKS.Pipe()
    child = _FORKS.Process(target=target, args=(theirs, *arguments), daemon=True)
    child.start()
    theirs.close()  # so that a child that dies is heard
    return child, ours


def command(
    arguments: Sequence[str], environment: Mapping[str, str], program: str = CONFERENCE
) -> subprocess.CompletedProcess[str]:
    """Return what `conference ARGUMENTS`, or another program's main(), answered in this environment, and printed."""
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        child = command_begun(arguments, environment, out, err, program)
        child.join(ENDS_WITHIN_S)
        code = child.exitcode
        if code is None:
            child.kill()
            raise subprocess.TimeoutExpired(list(arguments), ENDS_WITHIN_S)
        return subprocess.CompletedProcess(
            list(arguments), code, out.read_text("utf-8"), err.read_text("utf-8")
        )


def command_begun(
    arguments: Sequence[str], environment: Mapping[str, str], out: Path, err: Path, program: str = CONFERENCE
) -> BaseProcess:
    """Start the command, which writes what it prints into these files, and return its process."""
    child = _FORKS.Process(target=_command, args=(program, list(arguments), dict(environment), out, err))
    child.start()
    return child


def _command(program: str, arguments: list[str], environment: dict[str, str], out: Path, err: Path) -> None:
    """Be the command: its environment, its own files as output, and its exit code."""
    os.environ.clear()
    os.environ.update(environment)
    for number, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
    sys.stdout, sys.stderr = os.fdopen(1, "w", encoding="utf-8"), os.fdopen(2, "w", encoding="utf-8")
    # As from a terminal, whoever began the tests.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = [program.rpartition(".")[2], *arguments]
    sys.exit(importlib.import_module(program).main())


def listened(line: Connection) -> Any:
    """Return what the child says next, or None from one that died."""
    try:
        return line.recv()
    except EOFError:
        return None
