"""Every paper of the programme by name, for a request and for the command line: asks the rooms for their facts."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path

from conference.core.clock import STOCKHOLM, clock
from conference.event.queries import get_event, organisers
from conference.printing.book_model import AS_USUAL, BookletOptions
from conference.printing.changes_paper import changes_pdf
from conference.printing.day_plan import day_plan_pdf
from conference.printing.day_plan_layout import PAPERS, DayPlan, Paper, plan_of_day
from conference.printing.errors import (
    CannotWriteError,
    DayTooWideError,
    DraftForPrinterError,
    NoSuchDayError,
)
from conference.printing.folding import four_up_pdf
from conference.printing.job_sheet import Order, job_sheet_pdf
from conference.printing.pocket_card import card_sides, pocket_card_pdf
from conference.printing.press import CoarsePicture, press_file
from conference.printing.programme import stamp
from conference.printing.service import booklet_of, folded_booklet_of
from conference.programme.errors import NotSentToPrintError
from conference.programme.model import Programme
from conference.programme.printings import find_printing
from conference.programme.queries import published
from conference.programme.since_print import since_print
from conference.web.language import FALLBACK, in_language


@dataclass(frozen=True, kw_only=True, slots=True)
class PrinterFiles:
    """What goes to the printer, and what staff should look at before."""

    pages: bytes
    job_sheet: bytes
    page_count: int
    coarse: tuple[CoarsePicture, ...]

    @property
    def named(self) -> dict[str, bytes]:
        return {"programme.pdf": self.pages, "job-sheet.pdf": self.job_sheet}


def plan_paper(programme: Programme, day: date, paper: str) -> bytes:
    """Return the day's plan on "a4" or "a3". Raises NoSuchDayError, DayTooWideError."""
    return day_plan_pdf(day_plan(programme, day, paper), get_event(), stamp(programme))


def day_plan(programme: Programme, day: date, paper: str) -> DayPlan:
    if day not in programme.days or paper not in PAPERS:
        raise NoSuchDayError("day")
    return plan_of_day(programme, day, PAPERS[paper])


def card_paper(programme: Programme) -> bytes:
    return pocket_card_pdf(card_sides(programme), get_event(), stamp(programme))


def cards_paper(programme: Programme) -> bytes:
    """Return the pocket card four times on A4."""
    return four_up_pdf(card_paper(programme))


def changes_paper(programme: Programme) -> bytes:
    """Return what has changed since printing; raises NotSentToPrintError."""
    since = since_print(programme)
    if since is None:
        raise NotSentToPrintError
    return changes_pdf(since, get_event())


def printer_files(order: Order, options: BookletOptions = AS_USUAL) -> PrinterFiles:
    """Return the public version for the printer. Raises DraftForPrinterError before the first, NotForPressError."""
    programme = published()
    if programme is None:
        raise DraftForPrinterError
    press = press_file(booklet_of(programme, replace(options, page="A5")))
    today = clock.now().astimezone(STOCKHOLM).date()
    # A paper of the office, which is English: printers read it whatever the booklet's language is.
    with in_language(FALLBACK):
        sheet = job_sheet_pdf(press, order, get_event(), organisers(), stamp(programme), today)
    return PrinterFiles(pages=press.pdf, job_sheet=sheet, page_count=press.pages, coarse=press.coarse)


def zipped(files: PrinterFiles) -> bytes:
    """Return one ZIP of both files; PDFs are compressed already."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.named.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
    return out.getvalue()


def printer_files_to(path: Path, order: Order, options: BookletOptions = AS_USUAL) -> PrinterFiles:
    """Write the printer's files into a folder, or into a ZIP where the path ends so. Raises also CannotWriteError."""
    files = printer_files(order, options)
    try:
        if path.suffix.lower() == ".zip":
            path.write_bytes(zipped(files))
        else:
            path.mkdir(parents=True, exist_ok=True)
            for name, content in files.named.items():
                (path / name).write_bytes(content)
    except OSError as error:
        raise CannotWriteError(file=str(path), reason=error.strerror or type(error).__name__) from error
    return files


Maker = Callable[[Programme], bytes]
# By their word in the address of staff's papers; everybody has card and changes too.
PLAIN: dict[str, Maker] = {
    "folded": folded_booklet_of,
    "card": card_paper,
    "cards": cards_paper,
    "changes": changes_paper,
}


def plans_there_are(programme: Programme) -> list[tuple[date, list[Paper]]]:
    """Return each day with the papers that its plan fits on; none for a day that is too wide for all."""
    return [(day, [one for one in PAPERS.values() if _fits(programme, day, one)]) for day in programme.days]


def smallest_paper(programme: Programme, day: date) -> str:
    """Return the smallest paper that the day's plan fits on; the largest where it fits on none, and is refused."""
    fitting = next((papers for one, papers in plans_there_are(programme) if one == day and papers), None)
    return fitting[0].key if fitting else list(PAPERS)[-1]


def _fits(programme: Programme, day: date, paper: Paper) -> bool:
    try:
        plan_of_day(programme, day, paper)
    except DayTooWideError:
        return False
    return True


def public_makers(programme: Programme) -> dict[str, Maker]:
    """Return what everybody may have of the version, by the name under which it is kept."""
    found: dict[str, Maker] = {"booklet": booklet_of, "card": PLAIN["card"]}
    for day, papers in plans_there_are(programme):
        for paper in papers:
            found[plan_name(day, paper.key)] = partial(plan_paper, day=day, paper=paper.key)
    if find_printing() is not None:
        found["changes"] = PLAIN["changes"]
    return found


def plan_name(day: date, paper: str) -> str:
    return f"plan {day}-{paper}"
