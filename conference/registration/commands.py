"""The room's commands: registrations to and from files."""

import os
from pathlib import Path

import click
from flask.cli import with_appcontext

from conference.registration.category_queries import category_called
from conference.registration.exporting import csv_parts, exported, write_xlsx
from conference.registration.filters import ListFilters
from conference.registration.model import State

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
    # Beside the file first, so that a file that is there is whole.
    part = out.with_name(f".{out.name}.part")
    with open(part, "wb", opener=_only_for_the_owner) as file:
        if out.suffix.lower() == ".xlsx":
            write_xlsx(exported(filters), file)
        else:
            file.writelines(csv_parts(exported(filters), delimiter))
    part.replace(out)
    click.echo(str(out))


def _only_for_the_owner(path: str, flags: int) -> int:
    """Open a file of personal data so that no other account of the machine reads it."""
    return os.open(path, flags, 0o600)
