"""`conference`: what is typed to start, look after and fill an installation."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import click
import flask_migrate
import flask_migrate.cli
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import inspect, make_url
from sqlalchemy.exc import SQLAlchemyError

from conference.accounts.commands import reset_second_factor
from conference.accounts.service import invite
from conference.app import create_app
from conference.audit.commands import audit
from conference.audit.heads import forget_outside
from conference.audit.queries import latest_at
from conference.config import SPECS, Settings, SettingsError, load_settings, require_safe, unsafe
from conference.core.clock import clock
from conference.core.errors import DomainError
from conference.core.full_disk import is_full
from conference.core.progress import progress_shown
from conference.db.base import db
from conference.db.migrating import UpgradeBusyError
from conference.db.migrations import migrations_are_current
from conference.db.work import transact
from conference.demo.data import Contents, fill, is_filled, latest_moment
from conference.demo.mailbox import start_mailbox
from conference.demo.run import serve_demo
from conference.demo.state import (
    BEGINNING,
    DemoState,
    default_database_url,
    demo_settings,
    find_state,
    keep_state,
    new_secret,
)
from conference.event.queries import missing_facts
from conference.interchange.commands import export_schedule_command, import_schedule_command
from conference.jobs.opening import broker_trouble, require_broker
from conference.jobs.worker import run_worker
from conference.mail.commands import bounces
from conference.mail.errors import UnsendableError
from conference.mail.trying import try_mail
from conference.printing.commands import badges, designs, programme
from conference.printing.fonts import faces
from conference.privacy.commands import privacy, retention
from conference.programme.commands import conflicts_command
from conference.registration.commands import export_group, import_group
from conference.running.commands import backup, deploy, doctor, keys, restore_command
from conference.running.errors import RunningError
from conference.running.limits import WORKER_STOPS_WITHIN_S
from conference.running.restore import unfinished
from conference.serve import AddressTakenError, listen
from conference.serve import serve as serve_web
from conference.web.access import Role
from conference.web.health import failed_checks
from conference.web.language import FALLBACK, LANGUAGES
from conference.web.logs import configure_logs
from conference.web.settings import shown

REFUSED = 2


def _database_sentence(error: SQLAlchemyError) -> str:
    reason = str(getattr(error, "orig", error)).splitlines()[0]
    if "no such table" in reason or "does not exist" in reason:
        return f"The database is not ready ({reason}). Run `conference db upgrade`."
    return f"The database cannot be used: {reason}. Check CONFERENCE_DATABASE_URL and the folder's rights."


@contextmanager
def _one_sentence() -> Iterator[None]:
    """Turn what is expected to go wrong into its sentence and exit code 2, without a traceback."""
    try:
        yield
    except (SettingsError, AddressTakenError, RunningError, DomainError, UnsendableError) as error:
        click.echo(str(error), err=True)
        raise SystemExit(REFUSED) from None
    except UpgradeBusyError as error:
        click.echo(str(error), err=True)
        raise SystemExit(REFUSED) from None
    except SQLAlchemyError as error:
        click.echo(_database_sentence(error), err=True)
        raise SystemExit(REFUSED) from None
    except OSError as error:
        remedy = " Make room on its disk, and begin again." if is_full(error) else ""
        click.echo(f"{error.filename or 'A file'} cannot be used: {error.strerror}.{remedy}", err=True)
        raise SystemExit(REFUSED) from None


def _command_app() -> Flask:
    """Return the application for a command: the demonstration's where one was started here and nothing else is set."""
    settings = load_settings(os.environ)
    state = find_state(settings.instance)
    given = os.environ.get("CONFERENCE_DATABASE_URL") or os.environ.get("CONFERENCE_DATABASE_URL_FILE")
    if (
        state is not None
        and not {"CONFERENCE_SECRET_KEY", "CONFERENCE_SECRET_KEY_FILE"} & set(os.environ)
        and given in {None, state.database_url}
    ):
        app = create_app(demo_settings(dict(os.environ), state))
        clock.shift(timedelta(seconds=state.clock_offset_s))
        return app
    return create_app(settings)


class OneSentenceGroup(click.Group):
    """A group whose commands, Flask-Migrate's among them, end in one sentence instead of a traceback."""

    def invoke(self, context: click.Context) -> Any:
        with _one_sentence():
            return super().invoke(context)


@click.group(cls=OneSentenceGroup)
@click.pass_context
def main(context: click.Context) -> None:
    """Registration, schedule, mail, badges and programme of one conference."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    context.obj = ScriptInfo(create_app=_command_app, set_debug_flag=False)


main.add_command(flask_migrate.cli.db)
main.add_command(bounces)
main.add_command(retention)
main.add_command(privacy)
main.add_command(export_group)
main.add_command(import_group)
main.add_command(conflicts_command)
main.add_command(badges)
main.add_command(designs)
main.add_command(programme)
main.add_command(audit)
main.add_command(backup)
main.add_command(restore_command)
main.add_command(doctor)
main.add_command(keys)
main.add_command(deploy)
export_group.add_command(export_schedule_command)
import_group.add_command(import_schedule_command)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port to listen on."
)
@click.option("--no-worker", is_flag=True, help="Serve pages only; run `conference worker` elsewhere.")
def serve(host: str, port: int, no_worker: bool) -> None:
    """Serve in production: web processes and one worker."""
    settings = load_settings(os.environ)
    require_safe(settings)
    faces()
    _require_migrated(create_app(settings))
    raise SystemExit(
        serve_web(
            host,
            port,
            web_workers=settings.web_workers,
            worker_stops_within_s=None if no_worker else WORKER_STOPS_WITHIN_S,
        )
    )


def _require_migrated(app: Flask) -> None:
    """Raise SettingsError before anything listens, if the database is not whole or not at this version's migrations."""
    broken_off = unfinished(app.extensions["conference.settings"])
    if broken_off is not None:
        raise SettingsError(f"The database is not ready: {broken_off}.")
    with app.app_context():
        waiting = migrations_are_current()
    if waiting is not None:
        raise SettingsError(f"The database is not ready: {waiting}.")


@main.command()
@click.option(
    "--concurrency",
    type=click.IntRange(1, 32),
    default=1,
    show_default=True,
    help="How many threads work at once, each over a connection of its own to the mail server.",
)
@click.option("--broker", is_flag=True, help="Take work from CONFERENCE_BROKER_URL, by Celery.")
def worker(concurrency: int, *, broker: bool) -> None:
    """Send mails and do other waiting work, until SIGTERM; then end within 10 seconds, no mail left in doubt."""
    app = _command_app()
    settings: Settings = app.extensions["conference.settings"]
    faces()
    if settings.mode == "production":
        require_safe(settings)
    broken_off = unfinished(settings)
    if broken_off is not None:
        raise SettingsError(f"The database is not ready: {broken_off}.")
    configure_logs(settings.log_format)
    if broker:
        require_broker(settings)
        from conference.jobs.broker_worker import run_broker_worker  # Celery is an extra

        raise SystemExit(run_broker_worker(app, concurrency))
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    if not run_worker(app, stop, concurrency):
        logging.shutdown()
        os._exit(0)  # what its thread waits for may hold an ordinary end up


@main.command()
@click.option("--mail", "address", default=None, help="Send one mail there instead, and print each answer.")
def check(address: str | None) -> None:
    """Show each setting, where its value came from, and what is unsafe."""
    app = _command_app()
    if address is not None:
        with app.app_context():
            try_mail(address, click.echo)
        click.echo(f"The mail server took the mail to {address}.")
        return
    settings: Settings = app.extensions["conference.settings"]
    if settings.mode == "demo":
        click.echo("These are the settings of the demonstration that was started here.")
    for spec in SPECS:
        variable = f"CONFERENCE_{spec.name}"
        click.echo(f"{variable:<28} {settings.sources[variable]:<14} {shown(settings, spec)}")
    findings = unsafe(settings) if settings.mode == "production" else ()
    with app.app_context():
        failed = failed_checks()
        waiting = [f"{name}: {reason}" for name, reason in failed.items()] or missing_facts()
    if trouble := broker_trouble(settings):
        waiting.append(trouble)
    for finding in findings:
        click.echo(f"UNSAFE  {finding.variable}: {finding.remedy}")
    for sentence in waiting:
        click.echo(f"TO DO   {sentence}")
    click.echo(f"{len(findings)} unsafe, {len(waiting)} to do.")
    raise SystemExit(1 if findings or failed else 0)


@main.group()
def staff() -> None:
    """Accounts of the office."""


staff.add_command(reset_second_factor)


@staff.command("invite")
@click.argument("email")
@click.option(
    "--role", type=click.Choice([role.value for role in Role]), required=True, help="What the account may do."
)
@click.option("--name", default="", help="The person's name.")
@click.option(
    "--language",
    type=click.Choice(list(LANGUAGES)),
    default=FALLBACK,
    help="Of the mails to a new account.",
)
def staff_invite(email: str, role: str, name: str, language: str) -> None:
    """Make an account, or a new way into one, and print its one-time sign-in link."""
    app = _command_app()
    with app.app_context():
        token = transact(lambda session: invite(session, email, Role(role), name=name, language=language))
        base = app.extensions["conference.settings"].base_url or "http://127.0.0.1:8000"
    click.echo(f"{base}/staff/link/{token}")


@main.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port on 127.0.0.1."
)
@click.option("--now", "now_text", default=None, help="When it is to be, as in 2022-09-22T08:00+02:00.")
@click.option("--reset", is_flag=True, help="Throw the demonstration's data away and start over.")
@click.option("--no-serve", is_flag=True, help="Only fill the database.")
def demo(port: int, now_text: str | None, reset: bool, no_serve: bool) -> None:
    """Start everything on this machine with invented data: site, office, worker and a mailbox."""
    settings = load_settings(os.environ)
    now = _moment(now_text) if now_text else settings.now
    faces()
    listener = None if no_serve else listen("127.0.0.1", port)
    state = _demo_state(settings, port)
    app = _demo_app(settings, state, reset=reset)
    with app.app_context():
        contents = _filled(now)
    _keep_clock(settings, state)
    if listener is None:
        click.echo(contents.sentence)
        return
    token = _organiser_link(app)
    serve_demo(app, listener, lambda: _announce(contents, port, token))


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"--now {text} is no time: write it as in 2022-09-22T08:00+02:00.") from error
    if moment.tzinfo is None:
        raise SettingsError(f"--now {text} has no offset: write it as in 2022-09-22T08:00+02:00.")
    return moment


def _demo_state(settings: Settings, port: int) -> DemoState:
    url = os.environ.get("CONFERENCE_DATABASE_URL") or default_database_url(settings.instance)
    known = find_state(settings.instance)
    secret = known.secret_key if known else new_secret()
    mail_port = start_mailbox(settings.instance / "mailbox")
    return DemoState(database_url=url, secret_key=secret, port=port, mail_port=mail_port)


def _demo_app(settings: Settings, state: DemoState, *, reset: bool) -> Flask:
    settings.instance.mkdir(parents=True, exist_ok=True)
    keep_state(settings.instance, state)
    app = create_app(demo_settings(dict(os.environ), state))
    with app.app_context():
        _refuse_real_data(state)
        if reset:
            for mail in (settings.instance / "mailbox").glob("*.eml"):
                mail.unlink()
            forget_outside()
            flask_migrate.downgrade(revision="base")
        flask_migrate.upgrade()
    return app


def _refuse_real_data(state: DemoState) -> None:
    """Raise SettingsError if the database holds a conference that is no demonstration.

    A fresh database has no audit entry: the first migration's facts are nobody's act.
    """
    if "event" not in inspect(db.engine).get_table_names() or is_filled():
        return
    if latest_at() is not None or Contents.counted().people:
        place = make_url(state.database_url).render_as_string(hide_password=True)
        raise SettingsError(
            f"{place} holds a real conference. Set CONFERENCE_DATABASE_URL to an empty database for the demonstration."
        )


def _filled(now: datetime | None) -> Contents:
    if not is_filled():
        clock.begin_at(BEGINNING)
        with progress_shown("invented records") as progress:
            fill(progress)
    clock.begin_at(now or max(BEGINNING, latest_moment()))
    return Contents.counted()


def _keep_clock(settings: Settings, state: DemoState) -> None:
    keep_state(settings.instance, replace(state, clock_offset_s=clock.offset.total_seconds()))


def _organiser_link(app: Flask) -> str:
    with app.app_context():
        name = "Demonstration organiser"
        return transact(
            lambda session: invite(session, "organiser@conference.example", Role.ORGANISER, name=name)
        )


def _announce(contents: Contents, port: int, token: str) -> None:
    # By its name: browsers make no passkeys for a bare address.
    site = f"http://localhost:{port}"
    click.echo(contents.sentence)
    click.echo(f"Site:           {site}/")
    click.echo(f"Staff sign-in:  {site}/staff/link/{token}")
    click.echo(f"Mailbox:        {site}/demo/mailbox")
    click.echo("Stop with Ctrl+C. The data stays; --reset starts over.")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
