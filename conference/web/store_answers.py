"""Files of the store as answers: piece by piece, whole or the part that was asked for, and never in the memory as a whole."""

from collections.abc import Iterator
from typing import IO

from flask import Response, request, send_file

from conference.core.errors import NotFoundError
from conference.web.folder_store import FolderStore
from conference.web.store import store

_PIECE = 1 << 16


def stored_answer(name: str, mimetype: str, filename: str, *, is_attachment: bool = True) -> Response:
    """Answer the file under a type of ours; raises NotFoundError.

    A browser saves it and shows it in no page of ours, unless it is no attachment: one that this program drew itself.
    """
    place = store()
    if isinstance(place, FolderStore):
        # By the system's own way from file to line.
        path = place.at_hand(name)
        answer = send_file(path, mimetype=mimetype, as_attachment=is_attachment, download_name=filename)
    else:
        answer = _streamed(name, mimetype)
        answer.headers.set(
            "Content-Disposition", "attachment" if is_attachment else "inline", filename=filename
        )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    if is_attachment:
        answer.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _streamed(name: str, mimetype: str) -> Response:
    place = store()
    kept = place.find(name)
    if kept is None:
        raise NotFoundError
    asked = request.range.range_for_length(kept.size_bytes) if request.range else None
    start, end = asked or (0, kept.size_bytes)
    # An answer that has begun cannot be taken back: what is away is told before its first byte.
    body = None if request.method == "HEAD" else place.open(name, start, end - start)
    answer = Response(_pieces(body, end - start), mimetype=mimetype, direct_passthrough=True)
    answer.content_length = end - start
    answer.accept_ranges = "bytes"
    if asked:
        answer.status_code = 206
        answer.content_range.set(start, end, kept.size_bytes)
    return answer


def _pieces(body: IO[bytes] | None, length: int) -> Iterator[bytes]:
    if body is None:
        return
    with body:
        while length > 0 and (piece := body.read(min(_PIECE, length))):
            length -= len(piece)
            yield piece
