"""The room's commands: schedules to and from files. They join the groups `import` and `export`."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from conference.audit.model import BY_SYSTEM
from conference.core.clock import clock
from conference.core.ids import PersonId
from conference.core.text import folded
from conference.db.base import db
from conference.db.work import transact
from conference.interchange.editions import FORMS, edition_of
from conference.interchange.errors import AnswerUnknownError, OtherDaysError
from conference.interchange.files import FileOrder, read_file
from conference.interchange.model import Plan, ReadSchedule, Wishes
from conference.interchange.queries import known
from conference.interchange.reading_values import FIRST_YEAR, LAST_YEAR
from conference.interchange.rules import plan
from conference.interchange.service import Outcome, import_schedule
from conference.interchange.telling import plan_as_plain, plan_in_words
from conference.people.queries import people_by_id
from conference.programme.errors import NothingPublishedError
from conference.programme.model import Programme
from conference.programme.queries import draft, published, version
from conference.programme.rules import publishable

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


class DayParameter(click.ParamType[date]):
    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            found = date.fromisoformat(str(value))
        except ValueError:
            found = date.min
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            self.fail(f"{value} is no day: write it as in 2022-09-22.", param, ctx)
        return found


@click.command("schedule")
@click.argument("file", type=_FILE)
@click.option("--dry-run", is_flag=True, help="Only say what would be added, changed and removed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of sentences.")
@click.option(
    "--shift-to", type=DayParameter(), default=None, help="The day that the file's first day is to be."
)
@click.option(
    "--zone", default="", help="The time zone of times without an offset, before what the file says."
)
@click.option("--source", default="", help="What the file is known by; within it ids are unique.")
@click.option("--keep", is_flag=True, help="Keep sessions that the file no longer has.")
@click.option(
    "--person",
    "people",
    multiple=True,
    metavar="NAME=NUMBER",
    help="Who that is, or NAME=new; may be repeated.",
)
@click.option(
    "--map", "pairs", multiple=True, metavar="COLUMN=FIELD", help="Of a table: which column is which field."
)
@with_appcontext
def import_schedule_command(
    *,
    file: Path,
    dry_run: bool,
    as_json: bool,
    shift_to: date | None,
    zone: str,
    source: str,
    keep: bool,
    people: tuple[str, ...],
    pairs: tuple[str, ...],
) -> None:
    """Take a schedule (XML, JSON, CSV or XLSX) into the draft: what is new, what changed, what is gone."""
    order = FileOrder(path=file, name=file.stem, zone=zone, source=source, pairs=_pairs("--map", pairs))
    read = read_file(order)
    wishes = Wishes(shift_to=shift_to, keeps_missing=keep, answers=_answers(read, _pairs("--person", people)))
    try:
        outcome = None if dry_run else _import(read, wishes)
        made = outcome.plan if outcome else _planned(read, wishes)
    except OtherDaysError as error:
        raise click.UsageError(f"{error} That day is said by --shift-to DATE.") from None
    if as_json:
        conflicts = outcome.conflicts if outcome else None
        plain = plan_as_plain(made, read, is_done=outcome is not None, conflicts=conflicts)
        click.echo(json.dumps(plain, ensure_ascii=False))
    else:
        _tell(made, read, outcome)
    raise SystemExit(1 if dry_run and made.open_questions else 0)


def _planned(read: ReadSchedule, wishes: Wishes) -> Plan:
    made = plan(known(read.source), read, wishes)
    # Reading is over: on SQLite an open read would not see what is written next.
    db.session.rollback()
    return made


def _import(read: ReadSchedule, wishes: Wishes) -> Outcome:
    return transact(
        lambda session: import_schedule(session, read, wishes, actor=BY_SYSTEM, may_set_days=True)
    )


def _tell(made: Plan, read: ReadSchedule, outcome: Outcome | None) -> None:
    for line in plan_in_words(made, read):
        click.echo(line)
    if outcome is None:
        click.echo("Nothing was written.")
        return
    click.echo(
        f"Imported. Conflicts in the draft: {len(outcome.conflicts)} (`conference conflicts` lists them)."
    )


def _pairs(option: str, texts: Sequence[str]) -> tuple[tuple[str, str], ...]:
    found = [text.rpartition("=") for text in texts]
    for text, (left, _, _) in zip(texts, found, strict=True):
        if not left:
            raise click.BadParameter(f"{text} has no =", param_hint=option)
    return tuple((left, right) for left, _, right in found)


def _answers(read: ReadSchedule, pairs: Sequence[tuple[str, str]]) -> dict[str, PersonId | None]:
    """Return by key whom each name means. Raises AnswerUnknownError for a name or number that there is not."""
    keys: dict[str, list[str]] = {}
    for session in read.sessions:
        for one in session.people or ():
            keys.setdefault(folded(one.name), []).append(one.key)
    there = people_by_id([int(number) for _, number in pairs if _is_number(number)])
    found: dict[str, PersonId | None] = {}
    for name, number in pairs:
        is_known = number == "new" or (_is_number(number) and int(number) in there)
        if folded(name) not in keys or not is_known:
            raise AnswerUnknownError(answer=f"{name}={number}")
        who = None if number == "new" else PersonId(int(number))
        found |= dict.fromkeys(keys[folded(name)], who)
    return found


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10  # noqa: PLR2004 -- more digits than any id has


@click.command("schedule")
@click.option("--format", "name", type=click.Choice(list(FORMS)), required=True, help="How it is written.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file to write."
)
@click.option("--draft", "of_draft", is_flag=True, help="The draft instead of the published version.")
@click.option(
    "--version", "number", type=click.IntRange(1), default=None, help="Another version than the newest."
)
@with_appcontext
def export_schedule_command(*, name: str, out: Path, of_draft: bool, number: int | None) -> None:
    """Write the published schedule to a file."""
    if of_draft and number is not None:
        raise click.BadParameter("a draft has no version", param_hint="--version")
    # Addresses are those of the site, which a command does not serve.
    with current_app.test_request_context():
        content = FORMS[name].write(edition_of(_programme(of_draft=of_draft, number=number), clock.now()))
    # Beside the file first, so that a file that is there is whole.
    part = out.with_name(f".{out.name}.part")
    part.write_bytes(content)
    part.replace(out)
    click.echo(str(out))


def _programme(*, of_draft: bool, number: int | None) -> Programme:
    """Return what is to be written; raises NothingPublishedError, NotFoundError for a version that there is not."""
    if of_draft:
        return publishable(draft())
    found = version(number) if number is not None else published()
    if found is None:
        raise NothingPublishedError
    return found
