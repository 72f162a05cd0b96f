"""The room's commands: what whoever runs the installation does by hand."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from conference.core.clock import real_now
from conference.core.progress import progress_shown
from conference.db.work import transact
from conference.jobs.worker import new_owner
from conference.mail.restoring import release_brought_back
from conference.running.archive import verified
from conference.running.backup import back_up
from conference.running.deploy import FILES, Machine, made
from conference.running.doctor import Level, findings
from conference.running.errors import RunningError
from conference.running.keys import reseal_all, still_shut
from conference.running.model import LEFT_OUT, Manifest
from conference.running.queries import backup_trouble
from conference.running.restore import Restored, restore
from conference.running.schedule import ScheduledBackups
from conference.web.settings import current_settings

MB = 1_000_000
MACHINE = Machine()


@contextmanager
def megabytes(label: str) -> Iterator[Callable[[int], None]]:
    """Yield a counter of bytes that shows whole megabytes on a terminal."""
    with progress_shown(f"{label}, MB") as show:
        total = 0

        def say(more: int) -> None:
            nonlocal total
            total += more
            if show is not None:
                show(total // MB)

        yield say


def _told(manifest: Manifest) -> str:
    rows, files = sum(manifest.counts.values()), sum(name.startswith("files/") for name in manifest.members)
    return (
        f"{manifest.database} {manifest.server} at migration {manifest.migration}, version {manifest.application}, "
        f"taken {manifest.taken_at:%Y-%m-%d %H:%M:%S} UTC: {rows} rows in {len(manifest.counts)} tables, {files} files."
    )


@click.group("backup", invoke_without_command=True)
@click.option("--out", type=click.Path(path_type=Path), help="The archive to write, as in office.tar.gz.")
@click.option(
    "--scheduled", is_flag=True, help="Into CONFERENCE_BACKUP_FOLDER, if one is due, as a worker does."
)
@click.pass_context
def backup(context: click.Context, out: Path | None, *, scheduled: bool) -> None:
    """Write database and uploaded files into one archive, while the site runs."""
    if context.invoked_subcommand is not None:
        return
    if scheduled:
        context.invoke(_scheduled)
        return
    if out is None:
        raise click.UsageError("Say where to: conference backup --out FILE.")
    context.invoke(_backup, out=out)


@click.command()
@with_appcontext
def _scheduled() -> None:
    if not current_settings().backup_folder:
        raise RunningError("CONFERENCE_BACKUP_FOLDER is not set: say where backups are to lie.")
    source, owner = ScheduledBackups(), f"{new_owner()} by hand"[:100]
    claimed = source.claim(owner)
    for job_id in claimed:
        source.run(job_id, owner)
    trouble = backup_trouble()
    click.echo(trouble or ("A backup was made." if claimed else "No backup is due."))
    raise SystemExit(1 if trouble else 0)


@click.command()
@with_appcontext
def _backup(out: Path) -> None:
    with megabytes("Saved") as say:
        manifest = back_up(out.absolute(), say)
    click.echo(f"{out}: {out.stat().st_size / MB:.1f} MB, {_told(manifest)}")
    click.echo(LEFT_OUT)


@backup.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="The manifest as one line of JSON.")
def verify(file: Path, *, as_json: bool) -> None:
    """Read an archive whole and compare every checksum with its manifest."""
    if not file.is_file():
        raise RunningError(f"There is no archive {file}.")
    with megabytes("Read") as say:
        found = verified(file, say)
    if as_json:
        click.echo(json.dumps(asdict(found), default=str))
        return
    click.echo(f"{file} is whole: {_told(found.manifest)}")


@backup.command("release-mails")
@with_appcontext
def release_mails() -> None:
    """Let the mails go out that `conference restore` held, because they may have been sent since the backup."""
    count = transact(lambda session: release_brought_back(session, now=real_now()))
    click.echo(f"{count} mails go out now.")


@click.command("deploy")
@click.argument("kinds", type=click.Choice(list(FILES)), nargs=-1, required=True, metavar="KIND...")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder to write the files into; else they are printed.",
)
@click.option("--user", default=MACHINE.user, show_default=True, help="As whom the office runs (systemd).")
@click.option(
    "--environment",
    default=MACHINE.environment,
    show_default=True,
    help="The file of its settings (systemd).",
)
@click.option(
    "--host",
    "address",
    default=MACHINE.address,
    show_default=True,
    help="The address at which the office listens.",
)
@click.option(
    "--port",
    "ports",
    type=click.IntRange(1, 65535),
    multiple=True,
    default=MACHINE.ports,
    show_default=True,
    help="Where it listens; given twice, two that are started and stopped one by one.",
)
@click.option(
    "--server",
    "servers",
    multiple=True,
    help="Where nginx or Caddy find the office, on any machine, as in 10.0.0.2:8000 (once each; else the ports here).",
)
@click.option(
    "--http-port",
    type=click.IntRange(1, 65535),
    default=MACHINE.http_port,
    show_default=True,
    help="Where nginx leads on to https, whose port is that of CONFERENCE_BASE_URL.",
)
@click.option(
    "--certificate", default=MACHINE.certificate, show_default=True, help="The chain of certificates (nginx)."
)
@click.option(
    "--certificate-key", default=MACHINE.certificate_key, show_default=True, help="Its key (nginx)."
)
@click.option(
    "--caddy",
    type=click.Choice(["2.6", "2.7"]),
    default=MACHINE.caddy,
    show_default=True,
    help="Which Caddy reads its file: 2.6 of Debian, or 2.7 and later.",
)
@click.option("--cache", default=MACHINE.cache, show_default=True, help="Where nginx keeps assets.")
@click.option("--access-log", default=MACHINE.access_log, show_default=True, help="nginx's log of requests.")
@click.option("--error-log", default=MACHINE.error_log, show_default=True, help="nginx's log of its errors.")
@with_appcontext
def deploy(kinds: tuple[str, ...], out: Path | None, **given: Any) -> None:
    """Print the files for systemd, nginx, caddy or compose, or for several of them, made from the settings."""
    machine = Machine(**given)
    files = {name: text for kind in kinds for name, text in made(kind, machine).items()}
    for name, text in files.items():
        if out is None:
            click.echo(f"# ---- {name}\n{text}")
            continue
        out.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(text, encoding="utf-8")
        click.echo(out / name)


@click.group("keys")
def keys() -> None:
    """The secret key and the encryption keys."""


@keys.command("rotate")
@with_appcontext
def rotate() -> None:
    """Seal anew with the first encryption key what older ones sealed. Broken off, it goes on where it was."""
    told = reseal_all(lambda name, done: click.echo(f"{name}: {done} sealed anew …", err=True))
    for name, count in told.items():
        click.echo(f"{name}: {count} sealed anew with the first key.")
    shut = still_shut()
    if shut:
        click.echo(f"WRONG   {shut}. Keep every older key in CONFERENCE_ENCRYPTION_KEY.")
        raise SystemExit(1)
    click.echo(
        "Everything opens with the first key: take the others out of CONFERENCE_ENCRYPTION_KEY and restart."
    )


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
@with_appcontext
def doctor(*, as_json: bool) -> None:
    """Look at all that the office needs to run, and say what to do; ends with 1 where something does not work."""
    found = findings(quick=False)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found]))
    else:
        for one in found:
            click.echo(f"{one.level.upper():<5} {one.name}: {one.said}.")
            if one.remedy:
                click.echo(f"      {one.remedy}")
    raise SystemExit(1 if any(one.level is Level.BAD for one in found) else 0)


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--erasures",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="A ledger of erasures (erasures.jsonl), or a later archive, to forget by. May be given more than once.",
)
@with_appcontext
def restore_command(file: Path, erasures: tuple[Path, ...]) -> None:
    """Put an archive back into an empty place, and erase again who was erased since."""
    with megabytes("Read") as say:
        done = restore(file.absolute(), erasures, say, lambda text: click.echo(text, err=True))
    click.echo(f"Put back: {_told(done.manifest)}")
    for line in _next_steps(done):
        click.echo(line)
    if done.broken:
        raise SystemExit(1)


def _next_steps(done: Restored) -> list[str]:
    told = [f"{done.erased} people were erased again."]
    told.append(
        f"Ended: {done.ended.sessions} sign-ins, {done.ended.links} one-time links, {done.ended.desk_codes} desk codes "
        f"and {done.tokens} API tokens. People sign in again; programs get new tokens under Accounts."
    )
    told.append(
        "TO DO   Accounts, roles, passwords and second factors are as when the backup was made: look under Accounts for "
        "whom you have removed, suspended or given less since, and make new recovery codes where some were used."
    )
    told += [
        f"TO DO   An erased person has a part in the draft: {titles}. Take them out."
        for titles in done.parts_left
    ]
    told += [f"WRONG   {sentence}" for sentence in done.broken]
    told += [f"TO DO   {sentence}" for sentence in done.warnings]
    if done.mails_held:
        told.append(
            f"TO DO   {done.mails_held} mails waited when the backup was made, and may have been sent since: they are "
            "held. Look at them under Mails, then let all go with `conference backup release-mails`, or some by hand."
        )
    if not done.broken:
        told.append("Every invariant holds.")
    told.append("Next: run `conference doctor`, look at the office, then start `conference serve`.")
    return told
