"""The room's commands: badges and programme as PDF."""

from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from conference.audit.model import BY_SYSTEM
from conference.core.progress import progress_shown
from conference.db.work import transact
from conference.printing.book_format import FORMATS
from conference.printing.book_model import BookletOptions
from conference.printing.choice import choice_of
from conference.printing.design_colours import too_faint
from conference.printing.design_facts import facts_for
from conference.printing.designs import every_design, export_design, import_design, imported_design
from conference.printing.errors import CannotReadError, DesignFaultsError
from conference.printing.job_sheet import MOST_WORDS, Order, pictures_said
from conference.printing.model import Finding
from conference.printing.plans import plan_for
from conference.printing.preflight import BadgeSetter, advice_of
from conference.printing.programme_papers import printer_files_to
from conference.printing.service import badges_to_file, outline_to_file, programme_to_file, write_file
from conference.registration.category_queries import categories
from conference.web.language import FALLBACK, LANGUAGES, in_language


@click.command()
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The PDF to write."
)
@click.option(
    "--sheet", default="a7", show_default=True, help="The sheet's key, as the badges page lists them."
)
@click.option(
    "--design",
    default="",
    help="The design's key, as `conference designs list` tells; otherwise the sheet's.",
)
@click.option("--begin-at", default="1", show_default=True, help="First label used, for a part-used sheet.")
@click.option("--offset-x", default="0", show_default=True, help="Millimetres to the right, such as -1.5.")
@click.option("--offset-y", default="0", show_default=True, help="Millimetres down.")
@click.option(
    "--sides", type=click.Choice(["front", "long", "short"]), default="front", show_default=True,
    help="Fronts only, or both sides turned over the long or short edge.",
)  # fmt: skip
@click.option("--cut-marks/--no-cut-marks", "marks", default=None, help="Otherwise as the sheet needs them.")
@click.option("--outline", is_flag=True, help="Only a test page with the labels' outlines.")
@click.option("--category", default=None, help="Only this category, by its name.")
@with_appcontext
def badges(out: Path, category: str | None, *, outline: bool, marks: bool | None, **typed: str) -> None:
    """Print badges of everybody confirmed to a PDF."""
    with progress_shown("badges") as progress:
        words = {None: "", True: "yes", False: "no"}
        choice = choice_of(typed | {"marks": words[marks]})
        if outline:
            outline_to_file(out, choice)
            findings: tuple[Finding, ...] = ()
        else:
            findings = badges_to_file(out, choice, category_name=category, progress=progress)
    for finding in findings:
        click.echo(finding, err=True)
    for advice in advice_of(findings):
        click.echo(advice, err=True)
    click.echo(str(out))


@click.command()
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The PDF to write.")
@click.option(
    "--booklet", is_flag=True, help="Put the pages on A4 for folding: print both sides over the short edge."
)
@click.option(
    "--for-printer", "printer", type=click.Path(path_type=Path),
    help="A folder, or a ZIP, for single A5 pages in printing inks with bleed and crop marks, and a job sheet.",
)  # fmt: skip
@click.option(
    "--copies", type=click.IntRange(1, 1_000_000), help="How many the printer makes, for the job sheet."
)
@click.option(
    "--paper", default="", help="The printer's paper, such as “115 g silk, cover 170 g”, for the job sheet."
)
@click.option("--binding", default="", help="How it is bound, where not by two staples, for the job sheet.")
@click.option(
    "--language", type=click.Choice(list(LANGUAGES)), default=FALLBACK, show_default=True,
    help="The language of all that is not typed.",
)  # fmt: skip
@click.option(
    "--page", type=click.Choice(list(FORMATS), case_sensitive=False), default="A4", show_default=True,
    help="The size of its pages.",
)  # fmt: skip
@click.option(
    "--abstracts/--no-abstracts", default=True, show_default=True, help="Whether abstracts are told."
)
@with_appcontext
def programme(
    out: Path | None,
    printer: Path | None,
    language: str,
    page: str,
    *,
    booklet: bool,
    abstracts: bool,
    **order: Any,
) -> None:
    """Print the published programme to a PDF, or the draft, marked so, where nothing is published."""
    for name in ("paper", "binding"):
        if len(order[name]) > MOST_WORDS:
            raise click.UsageError(
                f"--{name} has {len(order[name])} characters: at most {MOST_WORDS} stand on the job sheet."
            )
    if out is None and printer is None:
        raise click.UsageError("Name a file by --out, or a folder or ZIP by --for-printer.")
    options = BookletOptions(page=page, has_abstracts=abstracts)
    with in_language(language):
        if out is not None:
            programme_to_file(out, options, is_folded=booklet)
            click.echo(str(out))
        if printer is not None:
            files = printer_files_to(printer, Order(**order), options)
            if files.coarse:
                click.echo(f"Pictures {pictures_said(files.coarse)}.", err=True)
            click.echo(str(printer))


@click.group()
def designs() -> None:
    """List, export, import and check designs of badges."""


@designs.command(name="list")
@with_appcontext
def list_designs() -> None:
    """List the designs by key, name and the labels they are for."""
    for one in every_design():
        sizes = one.design.sizes
        least = f"{sizes.least_width_mm:g} × {sizes.least_height_mm:g}"
        most = f"{sizes.most_width_mm:g} × {sizes.most_height_mm:g} mm"
        click.echo(f"{one.key}\t{one.design.name}\tlabels from {least} to {most}")


@designs.command()
@click.argument("key")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="The file to write; otherwise shown."
)
@with_appcontext
def export(key: str, out: Path | None) -> None:
    """Write the design KEY as JSON, pictures and all."""
    text = export_design(key)
    if out is None:
        click.echo(text, nl=False)
        return
    write_file(out, text.encode())
    click.echo(str(out))


@designs.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--name", default="", help="Its name here, in place of the file's own.")
@with_appcontext
def import_file(file: Path, name: str) -> None:
    """Add the design of a JSON file, and tell its key."""
    text = _told_with_faults(file)
    added = transact(lambda session: import_design(session, text, actor=BY_SYSTEM, name=name))
    click.echo(f"own-{added}")


@designs.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_appcontext
def check(file: Path) -> None:
    """Tell each fault of a JSON file, and colours that cannot be read; changes nothing."""
    design = imported_design(_told_with_faults(file))
    faint = too_faint(design, [(one.details.badge_word, one.details.badge_colour) for one in categories()])
    for one in faint:
        click.echo(one, err=True)
    plan = plan_for(design.sizes.least_width_mm, design.sizes.least_height_mm, design)
    setter = BadgeSetter(plan, facts_for(design))
    for name in setter.cut_short:
        click.echo(f"Element “{name}”: the event's words do not fit on the smallest label.", err=True)
    for name, characters in setter.lacking.items():
        click.echo(f"Element “{name}”: no font has {', '.join(characters)}. Use other words.", err=True)
    click.echo(f"{design.name}: can be printed" + (", and some colours should change." if faint else "."))


def _told_with_faults(file: Path) -> str:
    """Return the file's text; where the design has faults, tell each on a line of its own and end."""
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CannotReadError(
            file=str(file), reason=getattr(error, "strerror", None) or "it is no text in UTF-8"
        ) from None
    try:
        imported_design(text)
    except DesignFaultsError as error:
        for fault in error.faults:
            click.echo(fault, err=True)
        raise SystemExit(2) from None
    return text
