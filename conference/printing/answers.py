"""What the pages of paper share: which sheet is asked for, and how a file is answered."""

from collections.abc import Mapping

from flask import Response

from conference.printing.badges import SheetName

PDF = "application/pdf"


def sheet_of(args: Mapping[str, str]) -> SheetName:
    return "a6" if args.get("sheet") == "a6" else "a7"


def file_answer(content: bytes, filename: str, content_type: str) -> Response:
    """Return a file that is shown rather than saved, and kept by nobody on the way."""
    answer = Response(content, content_type=content_type)
    answer.headers["Content-Disposition"] = f'inline; filename="{filename}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def pdf_answer(content: bytes, filename: str) -> Response:
    return file_answer(content, filename, PDF)
