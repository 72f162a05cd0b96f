"""The filtered list as a file."""

import tempfile
from collections.abc import Iterator

from flask import Blueprint, Response, request, stream_with_context

from conference.registration.exporting import Cell, csv_parts, exported, write_xlsx
from conference.registration.filters import ListFilters
from conference.web.access import Role, staff

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PIECE = 64 * 1024


def add_export_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/registrations/export", "export", export)


@staff(Role.DESK)
def export() -> Response:
    """What the list shows, as CSV (?format=csv, &delimiter=; for the other kind) or XLSX, sent while it is read."""
    rows = exported(ListFilters.of_query(request.args))
    if request.args.get("format") == "xlsx":
        return file_answer(xlsx_parts(rows), "registrations.xlsx", XLSX)
    delimiter = ";" if request.args.get("delimiter") == ";" else ","
    return file_answer(csv_parts(rows, delimiter), "registrations.csv", "text/csv; charset=utf-8")


def xlsx_parts(rows: Iterator[tuple[Cell, ...]]) -> Iterator[bytes]:
    # A ZIP archive ends with its index: it is written to a file without a name first, not to memory.
    with tempfile.TemporaryFile() as file:
        write_xlsx(rows, file)
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def file_answer(parts: Iterator[bytes], name: str, content_type: str) -> Response:
    answer = Response(stream_with_context(parts), content_type=content_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
