"""Paper for a request and for the command line: asks the rooms for their facts and writes files."""

from collections.abc import Callable
from pathlib import Path

from conference.event.queries import get_event, organisers
from conference.printing.badges import badge_sheet_pdf
from conference.printing.choice import Choice
from conference.printing.errors import CannotWriteError, NoCategoryError, UnknownCategoryError
from conference.printing.model import BadgePrint, Finding
from conference.printing.outline import outline_pdf
from conference.printing.plans import plan_of
from conference.printing.preflight import preflight
from conference.printing.programme import programme_pdf
from conference.printing.sheets import Sheet
from conference.programme.queries import draft, published
from conference.registration.category_queries import categories
from conference.registration.filters import ListFilters
from conference.registration.queries import badge_people

Progress = Callable[[int], None]


def badges(filters: ListFilters, choice: Choice, progress: Progress | None = None) -> BadgePrint:
    """Return the badges of those whom the office's list shows with these filters, on the sheet chosen."""
    return badge_sheet_pdf(
        badge_people(filters),
        sheet=choice.sheet,
        setting=choice.setting,
        event_title=get_event().title,
        organisers=[organiser.name for organiser in organisers()],
        progress=progress,
    )


def badge_findings(filters: ListFilters, sheet: Sheet) -> tuple[int, tuple[Finding, ...]]:
    """Return how many people would get a badge, and what their badges cannot show."""
    people = badge_people(filters)
    return len(people), preflight(people, plan_of(sheet))


def badges_to_file(
    path: Path, choice: Choice, category_name: str | None = None, progress: Progress | None = None
) -> tuple[Finding, ...]:
    """Write the badges of all, or of one category, and return what they cannot show.

    Raises what the choice was refused for, UnknownCategoryError, NoCategoryError, CannotWriteError or FontMissingError.
    """
    if choice.refusal is not None:
        raise choice.refusal
    printed = badges(_of_category(category_name), choice, progress)
    _write(path, printed.pdf)
    return printed.findings


def outline_to_file(path: Path, choice: Choice) -> None:
    """Write the test page of the sheet chosen. Raises what the choice was refused for, and CannotWriteError."""
    if choice.refusal is not None:
        raise choice.refusal
    _write(path, outline_pdf(choice.sheet, choice.setting))


def _of_category(name: str | None) -> ListFilters:
    if name is None:
        return ListFilters()
    known = {category.details.name: category.id for category in categories()}
    if name not in known:
        raise UnknownCategoryError(name=name, known=", ".join(known)) if known else NoCategoryError(name=name)
    return ListFilters(category_id=known[name])


def programme_paper(*, of_draft: bool) -> bytes | None:
    """Return the booklet of the draft or of the published version, None where there is none."""
    programme = draft() if of_draft else published()
    return programme_pdf(programme, get_event(), organisers()) if programme else None


def programme_to_file(path: Path) -> None:
    """Write the published programme, or the draft, marked as one, where nothing is published."""
    paper = programme_paper(of_draft=False) or programme_paper(of_draft=True)
    assert paper is not None  # there is always a draft
    _write(path, paper)


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise CannotWriteError(file=str(path), reason=error.strerror or type(error).__name__) from error
