"""What a form of questions sent, files included: each is looked into, kept, and named in its answer's place."""

from collections.abc import Iterable

from flask import g, request
from werkzeug.datastructures import FileStorage, MultiDict

from conference.registration.file_model import MOST_BYTES
from conference.registration.file_store import FileRefusedError, hold, unsigned
from conference.registration.question_model import Kind, Question

# So much is read at all: room for files that are somewhat too large, whose form then comes back with a sentence.
MOST_POSTED = 25_000_000


def posted(asked: Iterable[Question]) -> MultiDict[str, str]:
    """Return the form of this request. Where a file is asked for, its answer is a kept file, or what is wrong with it.

    A form is read twice where the questions changed meanwhile; the files are kept once.
    """
    with_files = [one for one in asked if one.details.kind is Kind.FILE]
    if not with_files:
        return request.form
    # For this form alone; before anything of the body is read.
    request.max_content_length = MOST_POSTED
    known: dict[str, list[str]] = g.setdefault("kept_files", {})
    fields = MultiDict(request.form)
    for question in with_files:
        if question.field not in known:
            known[question.field] = _answer(question, fields)
        fields.setlist(question.field, known[question.field])
    return fields


def _answer(question: Question, fields: MultiDict[str, str]) -> list[str]:
    """Return the file that was kept, a new one instead, or the sentence that refuses a new one before the kept one."""
    kept = [value for text in fields.getlist(question.field)[:1] if (value := unsigned(text)) is not None]
    sent = request.files.get(f"{question.field}-file")
    if sent is None or not sent.filename:
        return [] if f"{question.field}-remove" in fields else kept
    try:
        return [_held(sent)]
    except FileRefusedError as refused:
        return [str(refused), *kept]


def _held(sent: FileStorage) -> str:
    content = sent.stream.read(MOST_BYTES + 1)
    return hold(content, sent.filename or "").as_value()
