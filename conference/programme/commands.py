"""The room's command: what stands in the draft's way."""

import json

import click
from flask.cli import with_appcontext

from conference.db.base import db
from conference.programme.draft_conflicts import as_plain, as_sentence, conflicts_of_draft


@click.command("conflicts")
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of sentences.")
@with_appcontext
def conflicts_command(*, as_json: bool) -> None:
    """Tell what stands in the way of publishing the draft. Ends with 1 where something blocks it."""
    found = conflicts_of_draft(db.session())
    blocking = sum(one.blocking for one in found)
    if as_json:
        plain = [as_plain(one) for one in found]
        click.echo(json.dumps({"blocking": blocking, "conflicts": plain}, ensure_ascii=False))
    else:
        for one in found:
            click.echo(as_sentence(one))
        click.echo(f"Conflicts: {len(found)}, of which {blocking} block a publication.")
    raise SystemExit(1 if blocking else 0)
