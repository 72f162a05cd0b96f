"""`conference audit`: whether the history is what was written, and sealing by hand."""

import json
from dataclasses import asdict

import click
from flask.cli import with_appcontext

from conference.audit.renewing import begin_anew
from conference.audit.sealing import SealingStoppedError, seal_due
from conference.audit.verifying import Verdict, note_check, verify
from conference.core.clock import STOCKHOLM
from conference.core.progress import progress_shown

_MOST = 1_000_000


@click.group("audit")
def audit() -> None:
    """The history: who did, and looked at, what."""


@audit.command("verify")
@click.option(
    "--end",
    "written_down",
    default="",
    metavar="MARK",
    help="An end that was told earlier, as in 1234-0f9a13b2c4d5e6f7: the chain must still go through it.",
)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
@with_appcontext
def verify_command(written_down: str, *, as_json: bool) -> None:
    """Read the whole history and say what was altered, removed or put in; ends with 1 where something was."""
    with progress_shown("Entries read") as say:
        verdict = verify(written_down=written_down, say=say)
    if not written_down:
        # A mistyped end is nothing that is wrong with the history, and stays out of what the pages tell of it.
        note_check(verdict)
    if as_json:
        told = asdict(verdict)
        told["head"] = verdict.head.short if verdict.head else None
        click.echo(json.dumps(told))
    else:
        for line in said(verdict):
            click.echo(line)
    raise SystemExit(1 if verdict.wrong else 0)


def said(verdict: Verdict) -> list[str]:
    """Return the verdict in lines."""
    lines = [f"WRONG   {sentence}" for sentence in verdict.findings]
    if verdict.wrong > len(verdict.findings):
        lines.append(f"WRONG   … and {verdict.wrong - len(verdict.findings)} more.")
    lines.append(
        f"{verdict.sealed} entries are in the chain; of {verdict.erased} the values were erased; {verdict.waiting} wait to be sealed."
    )
    if verdict.head is not None:
        at = verdict.head.sealed_at.astimezone(STOCKHOLM)
        lines.append(f"Sealed up to {at:%Y-%m-%d %H:%M:%S}, the end is {verdict.head.short}.")
    if verdict.wrong:
        lines.append(
            "Compare with a backup from before. If you know why and it is to stay so: `conference audit begin-anew`."
        )
    else:
        lines.append(
            "Each entry is as it was sealed. Write the end down where nobody who runs this machine can change it."
        )
    return lines


@audit.command("seal")
@with_appcontext
def seal_command() -> None:
    """Seal what waits, as the worker does by itself every few seconds."""
    try:
        click.echo(f"{seal_due(most=_MOST)} entries sealed.")
    except SealingStoppedError as error:
        click.echo(f"Nothing is sealed: {error}. Run `conference audit verify`.", err=True)
        raise SystemExit(1) from None


@audit.command("begin-anew")
@click.option("--reason", required=True, help="Why, for who reads the history later.")
@click.confirmation_option(
    prompt="The chain is made anew of the history as it stands. What was altered stays altered. Go on?"
)
@with_appcontext
def begin_anew_command(reason: str) -> None:
    """Seal the whole history anew as it stands, when its key is lost or an alteration is to stay; the history says so."""
    verdict = verify()
    for line in said(verdict):
        click.echo(line)
    click.echo(f"{begin_anew(verdict, reason)} entries sealed anew, and an entry says so.")
    note_check(verify())
