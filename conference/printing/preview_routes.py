"""Whatever is about to be printed, in the browser, page by page: looking at it prints and notes nothing.

`/staff/preview/` before the rest of a paper's address shows what that address answers, for who may open it there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RoutingException
from werkzeug.wrappers import Response as BaseResponse

from conference.core.ids import BadgeRunId
from conference.printing.answers import PDF, file_answer, pdf_answer
from conference.printing.choice import choice_of
from conference.printing.picking import Picking
from conference.printing.preview_parts import Part, part_of_batch
from conference.printing.preview_store import keep, maker_of, path_of
from conference.printing.raster import PaperFacts, facts_of, page_png
from conference.printing.runs import get_run
from conference.printing.service import people_of_run, people_to_print, setting_of_run
from conference.registration.filters import ListFilters
from conference.web.access import may, staff
from conference.web.headers import POLICY
from conference.web.still_there import still_there

# Pictures of a page are large, and each is drawn when it is asked for: so many are shown together, of A6 and less more.
AT_ONCE, AT_ONCE_SMALL = 4, 12
SMALL_MM2 = 105 * 150
# The words of an address that are the preview's own; all others are the paper's.
AT, FORM = "at", "as"
FORMS = ("pdf", "pages")
# A letter of invitation holds a passport's details, which no file may keep: it is opened by itself.
_NOT_SHOWN = {"printing.preview", "printing.preview_file", "printing.office_letter"}
_FILE_POLICY = "default-src 'none'; frame-ancestors 'self'"
# The page of the office from which a paper is printed: badges, unless it is named here.
_PARENTS = {
    "printing.sign": "printing.signs",
    "printing.list": "printing.signs",
    "printing.certificate_paper": "printing.signs",
    "printing.ticket_sample": "printing.signs",
    "printing.programme": "printing.booklet",
    "printing.programme_paper": "printing.programme_print",
    "printing.programme_plan": "printing.programme_print",
    "printing.box_labels": "printing.boxes",
    "printing.run_file": "printing.runs",
}


def add_preview_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/preview/<path:paper>", "preview", preview)
    blueprint.add_url_rule("/staff/previews/<key>.pdf", "preview_file", preview_file)
    blueprint.add_url_rule("/staff/previews/<key>/<int:number>.png", "preview_page", preview_page)


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A kept file, and where it stands in the whole paper: its first page's number, and how many pages that has."""

    key: str
    first: int
    count: int
    at: int
    facts: PaperFacts

    @property
    def last(self) -> int:
        return self.first + self.facts.count - 1

    @property
    def at_once(self) -> int:
        """How many pages are shown together as pictures."""
        return _at_once(self.facts)

    @property
    def is_part(self) -> bool:
        return self.facts.count < self.count


@staff()
def preview(paper: str) -> BaseResponse:
    """The paper as PDF and as pictures of its pages; what answers with something else than a PDF answers as it does."""
    endpoint, values = _maker(f"/staff/{paper}")
    if not may(endpoint):
        abort(403)
    part = _PARTS[endpoint](values, _at()) if endpoint in _PARTS else None
    if part is None:
        answer = make_response(current_app.view_functions[endpoint](**values))
        if answer.status_code != 200 or answer.mimetype != PDF:  # noqa: PLR2004 -- what is no paper tells why itself
            return answer
        answer.direct_passthrough = False  # of one that a worker made
        part = Part(pdf=answer.get_data(), first=1, count=0)
    return _page(endpoint, values, _shown(endpoint, part))


def _maker(path: str) -> tuple[str, dict[str, Any]]:
    """Return the endpoint that answers this address with a paper, and its values; 404 where none does."""
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None
    try:
        endpoint, values = adapter.match(path, method="GET")
    except (HTTPException, RoutingException):
        abort(404)
    if not path.endswith(".pdf") or not endpoint.startswith("printing.") or endpoint in _NOT_SHOWN:
        abort(404)
    return endpoint, dict(values)


def _at() -> int:
    typed = request.args.get(AT, "").strip()
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 9 else 1  # noqa: PLR2004 -- no paper has more pages


def _shown(endpoint: str, part: Part) -> Shown:
    key = keep(endpoint.rpartition(".")[2], part.pdf)
    path = path_of(key)
    whole = facts_of(path, 1, 0)
    pages, count = whole.count, part.count or whole.count
    at = min(max(_at(), part.first), part.first + pages - 1)
    return Shown(
        key=key,
        first=part.first,
        count=count,
        at=at,
        facts=facts_of(path, at - part.first + 1, _at_once(whole)),
    )


def _at_once(facts: PaperFacts) -> int:
    return AT_ONCE_SMALL if facts.width_mm * facts.height_mm <= SMALL_MM2 else AT_ONCE


def _page(endpoint: str, values: Mapping[str, Any], shown: Shown) -> Response:
    own = {name: request.args.getlist(name) for name in request.args if name not in {AT, FORM}}
    form = request.args.get(FORM, "")
    parent = _PARENTS.get(endpoint, "printing.badges_preflight")
    text = render_template(
        "printing/preview.html",
        shown=shown,
        form=form if form in FORMS else "",
        here=lambda **more: url_for("printing.preview", **values_of_here() | own | more),
        paper=url_for(endpoint, **dict(values) | own),
        own=own,
        parent=url_for(parent) if may(parent) else url_for("accounts.home"),
        parent_is=parent,
        endpoint=endpoint,
        values=values,
    )
    answer = Response(text, mimetype="text/html")
    files = url_for("printing.preview_file", key=shown.key, _external=True)
    # This one file and nothing else. Firefox asks the first for an <object>, Chromium the second as well.
    answer.headers["Content-Security-Policy"] = f"{POLICY}; object-src {files}; frame-src {files}"
    return answer


def values_of_here() -> dict[str, Any]:
    return dict(request.view_args or {})


@staff()
def preview_file(key: str) -> Response:
    """A kept paper, for who may make it. It may stand in a page of ours, and holds nothing that acts."""
    _require_right(key)
    with still_there():
        content = path_of(key).read_bytes()
    answer = pdf_answer(content, "preview.pdf")
    answer.headers["Content-Security-Policy"] = _FILE_POLICY
    return answer


@staff()
def preview_page(key: str, number: int) -> Response:
    """One page of a kept paper as PNG, for who may make it."""
    _require_right(key)
    return file_answer(page_png(path_of(key), number), f"page-{number}.png", "image/png")


def _require_right(key: str) -> None:
    endpoint = f"printing.{maker_of(key)}"
    if endpoint not in current_app.view_functions or not may(endpoint):
        abort(403)


def _part_of_choice(values: Mapping[str, Any], at: int) -> Part | None:
    """Return a part of the batch that the badges page asks for, None where its choice was refused."""
    del values
    choice, picking = choice_of(request.args), Picking.of_query(request.args)
    if choice.refusal is not None:
        return None
    people = people_to_print(ListFilters.of_query(request.args), picking)
    return part_of_batch(people, choice, is_stacked=picking.is_stacked, at=at)


def _part_of_run(values: Mapping[str, Any], at: int) -> Part:
    run = get_run(BadgeRunId(values["run_id"]))
    choice, picking = setting_of_run(run)
    return part_of_batch(people_of_run(run), choice, is_stacked=picking.is_stacked, at=at)


# Papers that can be as long as there are people: only the part that is looked at is drawn.
_PARTS: dict[str, Callable[[Mapping[str, Any], int], Part | None]] = {
    "printing.badges": _part_of_choice,
    "printing.run_file": _part_of_run,
}
