"""Files of the store as answers: whole or the part that was asked for, and never in the memory as a whole.

Each goes from a file to the line by the system itself, for as long as its reader takes, and holds no thread meanwhile.
"""

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import IO, cast

from flask import Response, request, send_file
from werkzeug.wsgi import wrap_file

from conference.core.errors import NotFoundError
from conference.web.folder_store import FolderStore
from conference.web.store import Store, store

_PIECE = 1 << 16


def stored_answer(name: str, mimetype: str, filename: str, *, is_attachment: bool = True) -> Response:
    """Answer the file under a type of ours; raises NotFoundError.

    A browser saves it and shows it in no page of ours, unless it is no attachment: one that this program drew itself.
    """
    place = store()
    if isinstance(place, FolderStore):
        path = place.at_hand(name)
        answer = send_file(path, mimetype=mimetype, as_attachment=is_attachment, download_name=filename)
        _send_part(answer, path)
    else:
        answer = _fetched(place, name, mimetype)
        answer.headers.set(
            "Content-Disposition", "attachment" if is_attachment else "inline", filename=filename
        )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    if is_attachment:
        answer.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _send_part(answer: Response, path: Path) -> None:
    """Let an answer of a part go by the system's own way too: the framework would read it, however large, into the line."""
    if answer.status_code != HTTPStatus.PARTIAL_CONTENT or request.method == "HEAD":
        return
    cast("IO[bytes]", answer.response).close()
    start = answer.content_range.start or 0
    file = path.open("rb", buffering=0)
    file.seek(start)
    part = _Part(file, (answer.content_range.stop or start) - start)
    answer.response = wrap_file(request.environ, cast("IO[bytes]", part))


class _Part:
    """A file from where it stands on; whoever reads it, and does not send from its descriptor, comes to its end after `length`."""

    def __init__(self, file: IO[bytes], length: int) -> None:
        self._file, self._left = file, length

    def fileno(self) -> int:
        return self._file.fileno()

    def read(self, size: int) -> bytes:
        got = self._file.read(min(size, self._left))
        self._left -= len(got)
        return got

    def close(self) -> None:
        self._file.close()


def _fetched(place: Store, name: str, mimetype: str) -> Response:
    kept = place.find(name)
    if kept is None:
        raise NotFoundError
    asked = request.range.range_for_length(kept.size_bytes) if request.range else None
    start, end = asked or (0, kept.size_bytes)
    answer = Response(mimetype=mimetype, direct_passthrough=True)
    if request.method != "HEAD":
        # An answer that has begun cannot be taken back: what is away is told before its first byte.
        body = _copy(place, place.open(name, start, end - start), end - start)
        answer.response = wrap_file(request.environ, body)
    answer.content_length = end - start
    answer.accept_ranges = "bytes"
    if asked:
        answer.status_code = 206
        answer.content_range.set(start, end, kept.size_bytes)
    return answer


def _copy(place: Store, body: IO[bytes], length: int) -> IO[bytes]:
    """Return what comes in a file without a name, which is gone once the answer is."""
    file = tempfile.TemporaryFile(dir=place.scratch())  # noqa: SIM115 -- closed with the answer
    try:
        for piece in _pieces(body, length):
            file.write(piece)
        file.seek(0)
    except BaseException:
        with suppress(OSError):  # what it still holds finds no room either
            file.close()
        raise
    return cast("IO[bytes]", file)


def _pieces(body: IO[bytes], length: int) -> Iterator[bytes]:
    with body:
        while length > 0 and (piece := body.read(min(_PIECE, length))):
            length -= len(piece)
            yield piece
