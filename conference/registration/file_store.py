"""Files that answer questions, under random keys in the store of files, which no address reaches by itself.

A file is held for a day while its form is filled, and kept once an answer names it. What no answer names is deleted:
at once where an answer goes, and by the worker in any case.
"""

import hashlib
import hmac
import io
import re
import secrets
import time
from contextlib import suppress
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from conference.core.errors import DomainError, NoRoomError, NotFoundError
from conference.core.text import file_name
from conference.db.base import db
from conference.db.work import after_commit
from conference.registration.file_model import (
    BROKEN_PDF,
    EMPTY,
    MOST_BYTES,
    NO_ROOM,
    TOO_LARGE,
    WRONG_KIND,
    KeptFile,
    file_of,
)
from conference.registration.question_model import Kind
from conference.registration.question_queries import questions
from conference.registration.registry import picture_cleaners
from conference.registration.tables import AnswerRow
from conference.web.settings import current_settings
from conference.web.store import StoreAwayError, afterwards, store

HELD_S = 24 * 3600
# All that may wait at once for its form to be finished: anybody can send a file, and nobody may fill the disk.
MOST_HELD_BYTES = 500_000_000
_KEY = re.compile(r"[0-9a-f]{32}\.(?:pdf|jpg|png)", re.ASCII)
_KEPT, _HELD = "answers/kept/", "answers/held/"
_SIGNED = re.compile(r"([0-9a-f]{64}) (.*)", re.ASCII | re.DOTALL)
_BEGINNINGS = {"pdf": b"%PDF-", "jpg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}
# How much of a PDF's end may hold its trailer (ISO 32000-1, annex H, implementation note 18).
_TRAILER_BYTES = 1024


class FileRefusedError(ValueError):
    """A file will not do. Its text is the sentence for the reader."""


def _mac(value: str, secret: str) -> str:
    key = f"conference-answer-file\0{secret}".encode()
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()


def signed(value: str) -> str:
    """Return a kept file as a form carries it, so that nobody names a file that they did not send."""
    return f"{_mac(value, current_settings().secret_key)} {value}"


def unsigned(text: str) -> str | None:
    """Return what `signed` was given, None for anything else."""
    found = _SIGNED.fullmatch(text)
    if found is None:
        return None
    macs = (_mac(found[2], one) for one in current_settings().secret_keys)
    return found[2] if any(hmac.compare_digest(found[1], mac) for mac in macs) else None


def hold(content: bytes, typed_name: str) -> KeptFile:
    """Keep the file until its form is finished, a day at most. Raises FileRefusedError."""
    if not content:
        raise FileRefusedError(EMPTY)
    if len(content) > MOST_BYTES:
        raise FileRefusedError(TOO_LARGE)
    ending = next((one for one, begins in _BEGINNINGS.items() if content.startswith(begins)), None)
    if ending is None:
        raise FileRefusedError(WRONG_KIND)
    clean = _whole_pdf(content) if ending == "pdf" else _picture(content)
    key = f"{secrets.token_hex(16)}.{ending}"
    try:
        _write(key, clean)
    except (StoreAwayError, NoRoomError):
        raise FileRefusedError(NO_ROOM) from None
    return KeptFile(key=key, size_bytes=len(clean), name=file_name(typed_name, ending=ending))


def _whole_pdf(content: bytes) -> bytes:
    if b"%%EOF" not in content[-_TRAILER_BYTES:]:
        raise FileRefusedError(BROKEN_PDF)
    return content


def _picture(content: bytes) -> bytes:
    try:
        return picture_cleaners.get("pillow")(content)
    except DomainError as refused:
        raise FileRefusedError(refused.sentence) from None


def _write(key: str, content: bytes) -> None:
    if sum(one.size_bytes for one in store().listed(_HELD)) + len(content) > MOST_HELD_BYTES:
        raise FileRefusedError(NO_ROOM)
    store().put(_HELD + key, io.BytesIO(content))


def name_of(file: KeptFile) -> str:
    """Return where the file lies in the store; raises NotFoundError."""
    if _KEY.fullmatch(file.key):
        # It may move from the second to the first while it is looked for.
        for folder in (_KEPT, _HELD, _KEPT):
            if store().find(folder + file.key) is not None:
                return folder + file.key
    raise NotFoundError


def keep_once_committed(session: Session, value: object) -> None:
    """Let a file that an answer of this transaction names no longer wait; nothing for other answers."""
    file = file_of(value)
    if file is not None:
        after_commit(session, partial(afterwards, partial(_keep, file.key)))


def _keep(key: str) -> None:
    """Let the file wait no longer; one that could not be told so now is told by `forget_unnamed`."""
    if _KEY.fullmatch(key):
        with suppress(NotFoundError):
            store().move(_HELD + key, _KEPT + key)


def _file_questions(session: Session) -> list[int]:
    return [one.id for one in questions(session) if one.details.kind is Kind.FILE]


def forget_once_committed(session: Session) -> None:
    """Delete what no answer names any more once this transaction is committed. Costs nothing without file questions."""
    if _file_questions(session):
        after_commit(session, _forget_unnamed_afterwards)


def _forget_unnamed_afterwards() -> None:
    afterwards(forget_unnamed)


def _named() -> set[str]:
    # A session of its own: what was just committed counts.
    with Session(db.engine) as session:
        asked = _file_questions(session)
        values = session.scalars(select(AnswerRow.value).where(AnswerRow.question_id.in_(asked))).all()
    return {file.key for value in values if (file := file_of(value)) is not None}


def forget_unnamed() -> None:
    """Delete each kept file that no answer names, and keep those of finished forms that a crash left waiting."""
    before = time.time() - HELD_S
    kept = list(store().listed(_KEPT))
    old = [one for one in store().listed(_HELD) if one.written_at < before]
    if not kept and not old:
        return
    # Asked after the folders were read: a file that comes meanwhile is not among those that may go.
    named = _named()
    for one in kept:
        if one.key not in named:
            store().delete(one.name)
    for one in old:
        if one.key in named:
            _keep(one.key)
        else:
            store().delete(one.name)


def missing_files() -> int:
    """Return how many files an answer names that are not there."""
    # In the order in which files move, so that none is passed over.
    there = {one.key for folder in (_HELD, _KEPT) for one in store().listed(folder)}
    return len(_named() - there)


class FilesToForget:
    """Files without an answer, as a worker sees them: once an hour, since each look reads a folder and the answers."""

    def __init__(self) -> None:
        self._looked_at = float("-inf")

    def claim(self, owner: str) -> list[int]:  # noqa: ARG002 -- the signature is JobSource's
        if time.monotonic() < self._looked_at + 3600:
            return []
        self._looked_at = time.monotonic()
        return [1] if _file_questions(db.session()) else []

    def run(self, job_id: int, owner: str) -> None:  # noqa: ARG002 -- the signature is JobSource's
        forget_unnamed()


files = FilesToForget()
