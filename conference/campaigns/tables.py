from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from conference.db.base import Base
from conference.db.revisions import Revised
from conference.db.types import UtcDateTime


class CampaignRow(Revised, Base):
    """One mail to an audience, from the first draft to its last mail."""

    __tablename__ = "campaign"
    # The history knows it by number: an old one must never come to mean another.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    # The office's own name for it.
    title: Mapped[str] = mapped_column(String(100))
    # A Purpose.
    purpose: Mapped[str] = mapped_column(String(10))
    # [{"kind": AudienceKind, "value": …}]
    audiences: Mapped[list[Any]] = mapped_column(JSON)
    # {"en": {"subject": …, "text": …}}
    texts: Mapped[dict[str, Any]] = mapped_column(JSON)
    # A CampaignState.
    state: Mapped[str] = mapped_column(String(20), index=True)
    # By the conference's clock.
    scheduled_for: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Whether its recipients are fixed; nobody joins or leaves after that.
    is_frozen: Mapped[bool] = mapped_column(default=False)
    # How many whom the audiences named got no mail, by Exclusion, when the recipients were fixed.
    left_out: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    series_id: Mapped[int | None] = mapped_column(ForeignKey("mail_series.id"))


class RecipientRow(Base):
    """One person to whom a campaign is written, once: by the person, and by the address."""

    __tablename__ = "campaign_recipient"
    __table_args__ = (
        UniqueConstraint("campaign_id", "person_id"),
        UniqueConstraint("campaign_id", "key_digest"),
        Index("ix_campaign_recipient_campaign_id_is_settled", "campaign_id", "is_settled"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    # The digest of what no two mails may share: of the address, or of a group's own key for a place in it.
    key_digest: Mapped[str] = mapped_column(String(40))
    # The record from which address and facts are read when the mail is written.
    about_type: Mapped[str] = mapped_column(String(40))
    about_id: Mapped[int]
    # Whether the mail is written, or was found not to be wanted any more, for the Exclusion in `left_out`.
    is_settled: Mapped[bool] = mapped_column(default=False)
    left_out: Mapped[str] = mapped_column(String(20), default="")
    # How often its mail was cancelled because the reader's address changed, and is written anew.
    again: Mapped[int] = mapped_column(default=0)
