import click
from flask.cli import with_appcontext

from conference.core.clock import clock
from conference.privacy.record import processing_record
from conference.privacy.retention import end_due, end_staff, end_staff_mails, endings


@click.command()
@click.option("--dry-run", is_flag=True, help="Only show what would go, and when.")
@with_appcontext
def retention(*, dry_run: bool) -> None:
    """Erase what has been kept for long enough; the worker does the same by itself."""
    if dry_run:
        for ending in endings():
            until = f"goes on {ending.at:%Y-%m-%d}" if ending.at else "stays"
            click.echo(f"{ending.kind.name}: {ending.people} people, {until}")
        return
    total = 0
    while count := end_due(clock.now()):
        total += count
    click.echo(f"{total} people erased.")
    if forgotten := end_staff(clock.now()):
        click.echo(f"{forgotten} names of helpers at the desk, and sessions of staff long over, forgotten.")
    emptied = 0
    while count := end_staff_mails():
        emptied += count
    if emptied:
        click.echo(f"{emptied} mails to staff emptied.")


@click.group()
def privacy() -> None:
    """What is held about people, and why."""


@privacy.command("record")
@with_appcontext
def record_of_processing() -> None:
    """Print the record of processing activities (GDPR art. 30)."""
    click.echo(processing_record(), nl=False)
