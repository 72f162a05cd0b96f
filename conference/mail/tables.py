from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from conference.db.base import Base
from conference.db.revisions import Revised
from conference.db.standing import Standing
from conference.db.types import UtcDateTime
from conference.jobs.lease import Leased, claim_index

_IN_SERIES = text("series_id IS NOT NULL")


class SeriesRow(Base):
    """Mails that belong together, as those of one campaign, and whether they may go."""

    __tablename__ = "mail_series"

    id: Mapped[int] = mapped_column(primary_key=True)
    # A conference.mail.series.Stop: "" while they may go.
    stopped: Mapped[str] = mapped_column(String(20), default="")


class OutboxRow(Leased, Base):
    """One mail to one recipient, rendered, written in the transaction of what it tells of."""

    __tablename__ = "outbox"
    __table_args__ = (
        claim_index("outbox"),
        Index("ix_outbox_state_due_at", "state", "due_at"),
        Index("ix_outbox_about_type_about_id", "about_type", "about_id"),
        # What the office filters by, beside the long texts, which would be read along from the row itself.
        Index("ix_outbox_created_at_state_kind_language", "created_at", "state", "kind", "language"),
        # Small, since most mails are in no series.
        Index(
            "ix_outbox_series_id_state",
            "series_id",
            "state",
            sqlite_where=_IN_SERIES,
            postgresql_where=_IN_SERIES,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # The folder below templates/mail/ that it was made from.
    kind: Mapped[str] = mapped_column(String(40))
    recipient: Mapped[str] = mapped_column(String(254))
    recipient_name: Mapped[str] = mapped_column(String(250), default="")
    subject: Mapped[str] = mapped_column(String(500))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    # The random word that stands in text and html where a personal link goes, and how to make that link when
    # sending: {"kind": …, "ref": …}. The link itself is never stored.
    link_slot: Mapped[str] = mapped_column(String(64), default="")
    link: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # [{"kind": …, "facts": {…}}]: made when sending, from facts frozen here.
    attachments: Mapped[list[Any]] = mapped_column(JSON, default=list)
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    # In which it was written, empty for a mail of before this was kept.
    language: Mapped[str] = mapped_column(String(8), default="")
    # Which record it tells of, as in ("registration", 7), for that record's page.
    about_type: Mapped[str] = mapped_column(String(40))
    about_id: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The mail whose words it repeats to another address.
    copy_of: Mapped[int | None] = mapped_column(ForeignKey("outbox.id", ondelete="SET NULL"), index=True)
    series_id: Mapped[int | None] = mapped_column(ForeignKey("mail_series.id", ondelete="SET NULL"))
    # The random word that stands where the link to unsubscribe goes; empty for what is about one's own registration.
    news_slot: Mapped[str] = mapped_column(String(64), default="")


class AttemptRow(Base):
    """One try to send a mail, written with its end: who tried, when, and the server's words."""

    __tablename__ = "mail_attempt"
    # Each page of the office asks how many were given up lately.
    __table_args__ = (Index("ix_mail_attempt_state_ended_at", "state", "ended_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mail_id: Mapped[int] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"), index=True)
    owner: Mapped[str] = mapped_column(String(100))
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # By it the limits of a minute are counted.
    ended_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    # One of conference.jobs.model.JobState: what the mail was after this try.
    state: Mapped[str] = mapped_column(String(20))
    answer: Mapped[str] = mapped_column(String(1000))


class BounceRow(Base):
    """What a server further on reported of a sent mail (RFC 3464): one row a mail, so that a replay is nothing."""

    __tablename__ = "mail_bounce"

    id: Mapped[int] = mapped_column(primary_key=True)
    mail_id: Mapped[int] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"), unique=True)
    # The fields Action and Status of the report, as in "failed" and "5.1.1", and the words of Diagnostic-Code.
    action: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20))
    diagnostic: Mapped[str] = mapped_column(String(1000))
    # Whether the address is thereby marked; the office takes the mark off an address that is right after all.
    is_hard: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class UnsubscribedRow(Base):
    """That an address wants no news. Its digest alone is kept, so that the wish outlives the erasure of its person."""

    __tablename__ = "mail_unsubscribed"

    # conference.mail.news.digest_of
    address_digest: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class WordingRow(Standing, Revised, Base):
    """Subject and text of one mail in one language as staff changed them; both are empty for the original again.

    A row stays once it is made, so that its revision goes on rising: one that began anew would let an editor who
    still has the old page open write over a newer text.
    """

    __tablename__ = "mail_wording"
    __table_args__ = (UniqueConstraint("kind", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str] = mapped_column(String(150))
    text: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
