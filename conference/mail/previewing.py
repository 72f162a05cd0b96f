"""Mails as they would be written, for who decides whether to write them: rendered by the functions that send them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from conference.mail.model import AttachmentOrder

PREVIEWS = "conference.mail_previews"


@dataclass(frozen=True, kw_only=True, slots=True)
class Previewed:
    """A mail that was not written. `text` has its personal link masked."""

    kind: str
    recipient: str
    name: str
    language: str
    subject: str
    text: str
    attachments: Sequence[AttachmentOrder]


@contextmanager
def previewing(session: Session) -> Iterator[list[Previewed]]:
    """Let `enqueue` put the mails of this session into the list that is yielded, instead of into the outbox."""
    session.info[PREVIEWS] = found = list[Previewed]()
    try:
        yield found
    finally:
        del session.info[PREVIEWS]
