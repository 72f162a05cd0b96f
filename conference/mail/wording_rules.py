"""Which wordings can be kept: everything in braces is known, and what must be there is there. Pure."""

from conference.core.errors import DomainError
from conference.mail.errors import (
    BlockInSubjectError,
    NeededPlaceholderError,
    SubjectLinesError,
    UnknownPlaceholderError,
)
from conference.mail.placeholders import in_braces, names_in, unknown
from conference.mail.wording_model import Wording
from conference.mail.wording_shapes import Kind


def problems(kind: Kind, wording: Wording) -> list[DomainError]:
    """Return each refusal, the subject's first, none where the wording can be kept."""
    return [*_of_subject(kind, wording.subject), *_of_text(kind, wording.text)]


def _of_subject(kind: Kind, subject: str) -> list[DomainError]:
    wrong: list[DomainError] = []
    if len(subject.splitlines()) > 1:
        wrong.append(SubjectLinesError("subject"))
    known = in_braces(kind.word_names)
    for one in unknown(subject, kind.word_names):
        is_block = one.name in kind.names
        error = BlockInSubjectError if is_block else UnknownPlaceholderError
        wrong.append(error("subject", name=f"{{{one.name}}}", line=one.line, known=known))
    return wrong


def _of_text(kind: Kind, text: str) -> list[DomainError]:
    known = in_braces(kind.names)
    wrong: list[DomainError] = [
        UnknownPlaceholderError("text", name=f"{{{one.name}}}", line=one.line, known=known)
        for one in unknown(text, kind.names)
    ]
    there = names_in(text)
    wrong += [NeededPlaceholderError("text", name=f"{{{name}}}") for name in kind.needed if name not in there]
    return wrong
