from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from conference.db.base import Base
from conference.db.types import UtcDateTime


class ErasureRow(Base):
    """That a person was erased, by number: so that what is put back from an older copy is erased again."""

    __tablename__ = "erasure"

    # No foreign key: it outlives the record.
    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    erased_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ErasureRequestRow(Base):
    """A wish to be erased, until the office has answered it."""

    __tablename__ = "erasure_request"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ErasureSaltRow(Base):
    """One random word, with which the ledger of erasures writes people's numbers: see `privacy.ledger`."""

    __tablename__ = "erasure_salt"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    salt: Mapped[str] = mapped_column(String(43))
