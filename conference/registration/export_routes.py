"""The filtered list as a file."""

from flask import Blueprint, Response, request

from conference.audit.looks import Look, note_look
from conference.registration.exporting import exported
from conference.registration.filters import ListFilters
from conference.registration.listing import counts_by_state
from conference.registration.model import State
from conference.web.access import Role, staff
from conference.web.exporting import XLSX, csv_parts, file_answer, xlsx_parts
from conference.web.heavy import heavy


def add_export_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/registrations/export", "export", export)


@staff(Role.DESK)
@heavy
def export() -> Response:
    """What the list shows, as CSV (?format=csv, &delimiter=; for the other kind) or XLSX, sent while it is read."""
    filters = ListFilters.of_query(request.args)
    counts = counts_by_state(filters)
    note_look(Look.REGISTRATIONS, people=sum(counts[state] for state in filters.states or State))
    rows = exported(filters)
    if request.args.get("format") == "xlsx":
        return file_answer(xlsx_parts(rows, "Registrations"), "registrations.xlsx", XLSX)
    delimiter = ";" if request.args.get("delimiter") == ";" else ","
    return file_answer(csv_parts(rows, delimiter), "registrations.csv", "text/csv; charset=utf-8")
