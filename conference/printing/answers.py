"""How a file of paper is answered."""

from flask import Response

PDF = "application/pdf"


def file_answer(content: bytes, filename: str, content_type: str) -> Response:
    """Return a file that is shown rather than saved, and kept by nobody on the way."""
    answer = Response(content, content_type=content_type)
    answer.headers["Content-Disposition"] = f'inline; filename="{filename}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def pdf_answer(content: bytes, filename: str) -> Response:
    return file_answer(content, filename, PDF)
