"""Paper for a request and for the command line: asks the rooms for their facts and writes files."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.core.clock import clock
from conference.core.ids import BadgeRunId
from conference.db.work import transact
from conference.event.queries import get_event, organisers
from conference.printing.badges import badge_sheet_pdf
from conference.printing.book_facts import booklet_facts
from conference.printing.book_model import AS_USUAL, BookletOptions
from conference.printing.box_service import order_language
from conference.printing.choice import Choice, choice_of
from conference.printing.design_facts import facts_for
from conference.printing.errors import CannotWriteError, NoCategoryError, UnknownCategoryError
from conference.printing.folding import folded_pdf
from conference.printing.model import BadgePrint, Finding
from conference.printing.other_people import others_of
from conference.printing.outline import outline_pdf
from conference.printing.picking import Picking, Which, picked, stacked
from conference.printing.plans import plan_of
from conference.printing.preflight import preflight
from conference.printing.programme import programme_pdf
from conference.printing.runs import Run, last_prints, note_run, registrations_of
from conference.programme.model import Programme
from conference.programme.queries import draft, published
from conference.registration.category_queries import categories
from conference.registration.filters import ListFilters
from conference.registration.model import BadgePerson
from conference.registration.queries import badge_people, badge_people_of

Progress = Callable[[int], None]


def people_to_print(filters: ListFilters, picking: Picking) -> list[BadgePerson]:
    """Return whose badges are meant, in their order: of those whom the office's list shows with these filters."""
    printed = {} if picking.which is Which.ALL else last_prints()
    return picked(badge_people(filters), picking, printed, order_language())


def badges(
    people: Sequence[BadgePerson | None],
    choice: Choice,
    *,
    is_stacked: bool = False,
    progress: Progress | None = None,
) -> BadgePrint:
    """Return these people's badges on the sheet chosen, label by label; None leaves a label free."""
    design = choice.design
    facts = facts_for(design)

    def printed(whom: Sequence[BadgePerson | None]) -> BadgePrint:
        return badge_sheet_pdf(
            whom,
            sheet=choice.sheet,
            setting=choice.setting,
            design=design,
            facts=facts,
            progress=progress,
        )

    if not is_stacked:
        return printed(people)
    known = [one for one in people if one is not None]
    findings = preflight(known, plan_of(choice.sheet, design), facts)
    return replace(printed(stacked(printable(known, findings), choice.sheet.count)), findings=findings)


def found_on(people: Sequence[BadgePerson], choice: Choice) -> tuple[Finding, ...]:
    """Return all that these people's badges cannot show in the choice's design, without drawing any."""
    design = choice.design
    return preflight(people, plan_of(choice.sheet, design), facts_for(design))


def printable_on(people: Sequence[BadgePerson], choice: Choice) -> list[BadgePerson]:
    """Return those of the people whose badges can be printed on the sheet chosen."""
    return printable(people, found_on(people, choice))


def printable(people: Sequence[BadgePerson], findings: Sequence[Finding]) -> list[BadgePerson]:
    """Return those whose badges can be printed: one that is left out of a pile would shift all behind it."""
    left_out = {one.registration_id for one in findings if one.leaves_badge_out}
    return [one for one in people if one.registration_id not in left_out]


def print_run(
    people: Sequence[BadgePerson],
    choice: Choice,
    *,
    is_stacked: bool,
    actor: Actor,
    job_key: str | None = None,
) -> tuple[BadgeRunId, tuple[Finding, ...]]:
    """Note that these people's badges are printed, and return the run and what was left out of it, with the reason.

    A job that is done a second time is noted once, by `job_key`.
    """
    findings = found_on(people, choice)
    kept = printable(people, findings)
    words = urlencode(choice.as_query() | Picking(is_stacked=is_stacked).as_query())
    now = clock.now()

    def work(session: Session) -> BadgeRunId:
        return note_run(
            session,
            kept,
            choice=words,
            sheet_name=choice.sheet.name,
            actor=actor,
            now=now,
            job_key=job_key,
        )

    return transact(work), findings


def people_of_run(run: Run) -> list[BadgePerson]:
    """Return whose badges the run printed, as stored now, in its order: those who still have a badge, and others."""
    meant = registrations_of(run.id)
    known = {one.registration_id: one for one in badge_people_of(meant)} if meant else {}
    people = [known[one] for one in meant if one in known]
    return people + [one.as_badge(place) for place, one in enumerate(others_of(run.id), 1)]


def setting_of_run(run: Run) -> tuple[Choice, Picking]:
    """Return the run's sheet and setting, and its order. Raises UnknownSheetError where its own sheet was deleted since."""
    query = dict(parse_qsl(run.choice))
    return choice_of(query), Picking.of_query(query)


def paper_of_run(run: Run, progress: Progress | None = None) -> BadgePrint:
    """Return the run's badges as they would be printed now, of those who still have one.

    Raises as `setting_of_run` does.
    """
    choice, picking = setting_of_run(run)
    return badges(people_of_run(run), choice, is_stacked=picking.is_stacked, progress=progress)


def badges_to_file(
    path: Path, choice: Choice, category_name: str | None = None, progress: Progress | None = None
) -> tuple[Finding, ...]:
    """Write the badges of all, or of one category, and return what they cannot show.

    Raises what the choice was refused for, UnknownCategoryError, NoCategoryError, CannotWriteError or FontMissingError.
    """
    if choice.refusal is not None:
        raise choice.refusal
    people = people_to_print(_of_category(category_name), Picking())
    printed = badges(people, choice, progress=progress)
    write_file(path, printed.pdf)
    return printed.findings


def outline_to_file(path: Path, choice: Choice) -> None:
    """Write the test page of the sheet chosen. Raises what the choice was refused for, and CannotWriteError."""
    if choice.refusal is not None:
        raise choice.refusal
    write_file(path, outline_pdf(choice.sheet, choice.setting))


def _of_category(name: str | None) -> ListFilters:
    if name is None:
        return ListFilters()
    known = {category.details.name: category.id for category in categories()}
    if name not in known:
        raise UnknownCategoryError(name=name, known=", ".join(known)) if known else NoCategoryError(name=name)
    return ListFilters(category_id=known[name])


def programme_paper(*, of_draft: bool, options: BookletOptions = AS_USUAL) -> bytes | None:
    """Return the booklet of the draft or of the published version, None where there is none."""
    programme = draft() if of_draft else published()
    return booklet_of(programme, options) if programme else None


def booklet_of(programme: Programme, options: BookletOptions = AS_USUAL) -> bytes:
    """Return the programme's booklet in the language of the moment, its pages one after the other."""
    return programme_pdf(programme, get_event(), organisers(), options=options, facts=booklet_facts())


def folded_booklet_of(programme: Programme, options: BookletOptions = AS_USUAL) -> bytes:
    """Return the booklet's A5 pages on A4, to be folded and stapled."""
    return folded_pdf(booklet_of(programme, replace(options, page="A5")))


def programme_to_file(path: Path, options: BookletOptions = AS_USUAL, *, is_folded: bool = False) -> None:
    """Write the published programme, or the draft, marked as one, where nothing is published.

    `is_folded` puts A5 pages on A4 for folding and stapling.
    """
    shown = published() or draft()
    write_file(path, folded_booklet_of(shown, options) if is_folded else booklet_of(shown, options))


def write_file(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise CannotWriteError(file=str(path), reason=error.strerror or type(error).__name__) from error
