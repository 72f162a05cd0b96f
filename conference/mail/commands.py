"""The room's command: reports of mails that came back, from files or from a mail server's pipe."""

import json

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from conference.core.clock import real_now
from conference.db.work import transact
from conference.mail.bounces import Fate, Outcome, note
from conference.mail.reports import MOST_BYTES, NotAReportError, read_report

REFUSED = 2
# EX_TEMPFAIL of sysexits.h: a mail server that pipes reports here keeps this one and tries again.
TRY_LATER = 75
_WORDS = {
    Fate.MARKED: "mail {mail} came back for good ({status}); its address is marked",
    Fate.NOTED: "mail {mail} is late or was given up for now ({status}); that is noted",
    Fate.KNOWN: "mail {mail}: reported before, nothing was changed",
    Fate.ARRIVED: "mail {mail}: a receipt ({status}), nothing was changed",
    Fate.OTHER_RECIPIENT: "mail {mail} went to another address, nothing was changed",
    Fate.UNKNOWN: "no mail from here has this Message-ID, nothing was changed",
}


@click.command("bounces")
@click.argument("files", nargs=-1, type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for each file.")
@with_appcontext
def bounces(files: tuple[str, ...], *, as_json: bool) -> None:
    """Note delivery status notifications (RFC 3464), one in each file; without a file, or for -, standard input."""
    unread = 0
    for name in files or ("-",):
        try:
            outcome, why = _taken(name), ""
        except NotAReportError as error:
            outcome, why = Outcome(fate=Fate.NOT_READ), str(error)
        except OSError as error:
            outcome, why = Outcome(fate=Fate.NOT_READ), error.strerror or type(error).__name__
            unread += 1
        click.echo(_line(name, outcome, why, as_json=as_json))
    if unread:
        raise SystemExit(REFUSED)


def _taken(name: str) -> Outcome:
    with click.open_file(name, "rb") as file:
        # One byte more than is read, so that a file that is too large is seen to be.
        report = read_report(file.read(MOST_BYTES + 1))
    now = real_now()
    try:
        return transact(lambda session: note(session, report, now=now))
    except SQLAlchemyError as error:
        # Only the type: the text of the error may hold an address.
        words = (
            f"The database cannot be used now ({type(error).__name__}). Nothing was changed; try again later."
        )
        click.echo(words, err=True)
        raise SystemExit(TRY_LATER) from None


def _line(name: str, outcome: Outcome, why: str, *, as_json: bool) -> str:
    if as_json:
        facts = {
            "file": name,
            "result": outcome.fate.value,
            "mail": outcome.mail_id,
            "status": outcome.status,
        }
        return json.dumps(facts | ({"why": why} if why else {}), ensure_ascii=False)
    words = _WORDS.get(outcome.fate, "not read: " + why.replace("{", "(").replace("}", ")"))
    shown = click.format_filename(name) if name != "-" else "standard input"
    return f"{shown}: {words.format(mail=outcome.mail_id, status=outcome.status)}"
