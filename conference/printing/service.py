"""Paper for a request and for the command line: asks the rooms for their facts and writes files."""

from collections.abc import Callable
from pathlib import Path

from conference.event.queries import get_event, organisers
from conference.printing.badges import SheetName, badge_sheet_pdf
from conference.printing.errors import CannotWriteError, NoCategoryError, UnknownCategoryError
from conference.printing.model import BadgePrint, Finding
from conference.printing.plans import PLANS
from conference.printing.preflight import preflight
from conference.printing.programme import programme_pdf
from conference.programme.queries import draft, published
from conference.registration.category_queries import categories
from conference.registration.filters import ListFilters
from conference.registration.queries import badge_people

Progress = Callable[[int], None]


def badges(filters: ListFilters, sheet: SheetName, progress: Progress | None = None) -> BadgePrint:
    """Return the badges of those whom the office's list shows with these filters."""
    return badge_sheet_pdf(
        badge_people(filters),
        sheet=sheet,
        event_title=get_event().title,
        organisers=[organiser.name for organiser in organisers()],
        progress=progress,
    )


def badge_findings(filters: ListFilters, sheet: SheetName) -> tuple[int, tuple[Finding, ...]]:
    """Return how many people would get a badge, and what their badges cannot show."""
    people = badge_people(filters)
    return len(people), preflight(people, PLANS[sheet])


def badges_to_file(
    path: Path, sheet: SheetName = "a7", category_name: str | None = None, progress: Progress | None = None
) -> tuple[Finding, ...]:
    """Write the badges of all, or of one category, and return what they cannot show.

    Raises UnknownCategoryError, NoCategoryError, CannotWriteError or FontMissingError.
    """
    printed = badges(_of_category(category_name), sheet, progress)
    _write(path, printed.pdf)
    return printed.findings


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
