from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any

from conference.core.ids import MailId
from conference.jobs.model import JobState


class Rank(IntEnum):
    """Which mail goes first of those that are due: nobody's confirmation waits behind a message to a thousand."""

    OWN = 0  # about one's own registration, talk or account
    CAMPAIGN = 1  # the same to many


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkOrder:
    """Which maker makes the personal link when the mail is sent, and of what. `ref` is plain JSON."""

    kind: str
    ref: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class AttachmentOrder:
    """Which maker makes the attachment when the mail is sent. `facts` is plain JSON, frozen in the outbox."""

    kind: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """A file. `content_type` may carry parameters, as in "text/calendar; charset=utf-8; method=PUBLISH".

    One that `is_beside` text and HTML is no file to open but the same once more, for the calendar (RFC 6047, 2.4); of
    several the first is, since programs read one.
    """

    filename: str
    content_type: str
    content: bytes = field(repr=False)
    is_beside: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class MailRecord:
    """One mail as the office sees it: the personal link in `text` is masked. Times are real time.

    `due_at` is when it is tried next, while it is queued or retrying.
    """

    id: MailId
    kind: str
    recipient: str
    recipient_name: str
    subject: str
    state: JobState
    created_at: datetime
    sent_at: datetime | None
    due_at: datetime
    attempts: int
    last_answer: str
    about: tuple[str, int]
    text: str = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """One try to send a mail, with what the mail was after it and the server's words. Times are real time."""

    owner: str
    began_at: datetime
    ended_at: datetime
    state: JobState
    answer: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MailFilters:
    """`text` is looked for in address and name of the recipient; `state` None means all."""

    text: str = ""
    state: JobState | None = None
    page: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class MailPage:
    mails: tuple[MailRecord, ...]
    total: int
    page: int
    pages: int
