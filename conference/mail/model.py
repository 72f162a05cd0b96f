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
class Prepared:
    """A mail that is rendered and not written yet: its columns, by name."""

    values: Mapping[str, object] = field(repr=False)


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
class MailHead:
    """What each view of a mail tells, by the names of the outbox's columns. Times are real time.

    `due_at` is when it is tried next, while it is queued or retrying.
    """

    id: MailId
    kind: str
    recipient: str
    recipient_name: str
    subject: str
    state: JobState
    created_at: datetime
    due_at: datetime
    attempts: int
    last_answer: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MailRecord(MailHead):
    """One mail as the office sees it: the personal link in `text` is masked."""

    sent_at: datetime | None
    about: tuple[str, int]
    text: str = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class MailLine(MailHead):
    """One mail as a line of the office's list, without what it says. `came_back` is None, or whether for good."""

    language: str
    came_back: bool | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """One try to send a mail, with what the mail was after it and the server's words. Times are real time."""

    owner: str
    began_at: datetime
    ended_at: datetime
    state: JobState
    answer: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounce:
    """What a server further on reported of a mail. `is_hard`: the address takes no mail, says the report.

    `was_hard`: it said so at first, whatever the office said afterwards.
    """

    action: str
    status: str
    diagnostic: str = field(repr=False)
    is_hard: bool
    was_hard: bool
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenedMail:
    """One mail with all that its page shows. `html` has the personal link masked, as `record.text` has.

    `owner` and `lease_until` say who is sending it and how long they may; `copy_of` is the mail that it repeats to
    another address, `copies` are those that repeat it. `link_kind` is that of its personal link, "" without one.
    """

    record: MailRecord
    html: str = field(repr=False)
    language: str
    attachments: tuple[AttachmentOrder, ...]
    owner: str
    lease_until: datetime | None
    copy_of: MailId | None
    copies: tuple[MailId, ...]
    bounce: Bounce | None
    link_kind: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AboutPage:
    """The page of the record that a mail tells of: an endpoint, its values, and its name.

    `correct` is the endpoint, with the same values, at which the mail's address is corrected so that a new mail is
    written; "" where that is not the remedy.
    """

    endpoint: str
    values: Mapping[str, Any]
    label: str
    correct: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Queue:
    """How the queue stands, in real time: since when the oldest mail of each rank is due, or its worker gone.

    `settled_at` is when the last try ended, `lease_until` until when somebody may have a mail in hand.
    """

    own_since: datetime | None
    campaign_since: datetime | None
    settled_at: datetime | None
    lease_until: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Lateness:
    """For how many seconds the oldest mail of each rank has been due, 0.0 without one, and whether that is too long."""

    own_due_s: float
    campaign_due_s: float
    is_late: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """Why the office should look at its mails: since when the oldest waits, None in time, and how many failed."""

    late_since: datetime | None
    failures: int
