"""Groups, and who is in them. Apart from `tables` only because that file is long enough."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from conference.db.base import Base
from conference.db.types import UtcDateTime


class GroupRow(Base):
    """A delegation that one person registered: its coordinator, who need not take part."""

    __tablename__ = "registration_group"
    # One group an address and category: a stranger cannot fill a mailbox with one group after the other.
    __table_args__ = (UniqueConstraint("email_key", "category_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # As AttemptRow.form_key: the same form sent again finds what it made.
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"), index=True)
    # The coordinator, with a record of their own unless they take part.
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    # core.text.address_key() of the coordinator's address.
    email_key: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(5), default="")
    # Raised to let the links to the group's page given so far die.
    link_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MemberRow(Base):
    """A person whom the coordinator named, as typed. `registration_id` is None where the address was known before."""

    __tablename__ = "registration_group_member"
    __table_args__ = (UniqueConstraint("group_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("registration_group.id", ondelete="CASCADE"))
    # Counts up within the group and is never given twice.
    place: Mapped[int]
    registration_id: Mapped[int | None] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), unique=True
    )
    name: Mapped[str] = mapped_column(String(250))
    email: Mapped[str] = mapped_column(String(254))
    # Whether the coordinator sees and manages the place.
    is_shown: Mapped[bool]
