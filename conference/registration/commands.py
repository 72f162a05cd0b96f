"""The room's commands: registrations to and from files."""

import json
import os
from pathlib import Path

import click
from flask.cli import with_appcontext

from conference.audit.looks import OFFICE, Look, write_look
from conference.audit.model import BY_SYSTEM
from conference.core.clock import clock
from conference.db.base import db
from conference.db.work import transact
from conference.registration.category_queries import category_called
from conference.registration.exporting import exported
from conference.registration.filters import ListFilters
from conference.registration.importing import (
    FATE_WORDS,
    Fate,
    ImportOrder,
    Judged,
    counts,
    import_all,
    judged,
)
from conference.registration.listing import counts_by_state
from conference.registration.model import State
from conference.web.exporting import csv_parts, write_xlsx

_OUT = click.Path(path_type=Path, dir_okay=False)


@click.group("export")
def export_group() -> None:
    """Write what the office has to files."""


@export_group.command("registrations")
@click.option("--out", type=_OUT, required=True, help="The file to write: .csv or .xlsx.")
@click.option("--delimiter", type=click.Choice([",", ";"]), default=",", show_default=True, help="Of CSV.")
@click.option("--category", default=None, help="Only this category, by its name.")
@click.option(
    "--state", type=click.Choice(list(State)), multiple=True, help="Only this state; may be repeated."
)
@click.option("--text", default="", help="Only those that the search finds.")
@with_appcontext
def export_registrations(
    out: Path, delimiter: str, category: str | None, state: tuple[str, ...], text: str
) -> None:
    """Write registrations to a CSV or XLSX file."""
    if out.suffix.lower() not in {".csv", ".xlsx"}:
        raise click.BadParameter("the name must end in .csv or .xlsx", param_hint="--out")
    filters = ListFilters(
        text=text,
        category_id=category_called(category).id if category else None,
        states=tuple(State(one) for one in state),
    )
    counts = counts_by_state(filters)
    told: dict[str, int | str] = {"people": sum(counts[one] for one in filters.states or State)}
    transact(lambda session: write_look(session, Look.REGISTRATIONS, BY_SYSTEM, OFFICE, told))
    # Beside the file first, so that a file that is there is whole.
    part = out.with_name(f".{out.name}.part")
    with open(part, "wb", opener=_only_for_the_owner) as file:
        if out.suffix.lower() == ".xlsx":
            write_xlsx(exported(filters), file, "Registrations")
        else:
            file.writelines(csv_parts(exported(filters), delimiter))
    part.replace(out)
    click.echo(str(out))


def _only_for_the_owner(path: str, flags: int) -> int:
    """Open a file of personal data so that no other account of the machine reads it."""
    return os.open(path, flags, 0o600)


@click.group("import")
def import_group() -> None:
    """Read files into what the office has."""


@import_group.command("registrations")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--map",
    "pairs",
    multiple=True,
    metavar="COLUMN=FIELD",
    help="Which column is which field; may be repeated.",
)
@click.option("--category", default="", help="The category of rows that name none.")
@click.option("--send-mail", is_flag=True, help="Send each newcomer the confirmation.")
@click.option("--dry-run", is_flag=True, help="Only say what would become of each row.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of sentences.")
@with_appcontext
def import_registrations(
    file: Path, pairs: tuple[str, ...], category: str, send_mail: bool, dry_run: bool, as_json: bool
) -> None:
    """Register who stands in a CSV or XLSX file: all of them, or nobody where a row is refused."""
    order = ImportOrder(
        path=file, pairs=tuple(_pair(text) for text in pairs), category=category, with_mail=send_mail
    )
    rows = list(judged(db.session(), order, now=clock.now()))
    # Reading is over: on SQLite an open read would not see what is written next.
    db.session.rollback()
    is_refused = any(row.fate is Fate.REFUSED for row in rows)
    if not dry_run and not is_refused:
        rows = transact(lambda session: import_all(session, order, actor=BY_SYSTEM, now=clock.now()))
    _tell(rows, as_json=as_json, is_done=not dry_run and not is_refused)
    raise SystemExit(1 if is_refused else 0)


def _pair(text: str) -> tuple[str, str]:
    column, _, field = text.rpartition("=")
    if not column:
        raise click.BadParameter(f"{text} is not COLUMN=FIELD", param_hint="--map")
    return column, field


def _tell(rows: list[Judged], *, as_json: bool, is_done: bool) -> None:
    if as_json:
        told = [
            {"line": row.line, "fate": row.fate.value, "problem": str(row.problem) if row.problem else None}
            for row in rows
        ]
        click.echo(
            json.dumps({"imported": is_done, "counts": counts(rows), "rows": told}, ensure_ascii=False)
        )
        return
    for row in rows:
        if row.fate not in {Fate.NEW, Fate.KNOWN}:
            click.echo(f"Line {row.line}: {row.problem or FATE_WORDS[row.fate]}")
    for fate, count in counts(rows).items():
        click.echo(f"{FATE_WORDS[fate]}: {count}")
    click.echo("Imported." if is_done else "Nothing was written.")
