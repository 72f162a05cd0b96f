from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from conference.db.base import Base
from conference.db.revisions import Revised
from conference.db.standing import Standing
from conference.db.types import UtcDateTime
from conference.registration.conditions import ENDED, KEPT, LIVE, OFFERED, OPEN, OPEN_TO_ONE, SEALED, index_of


class CategoryRow(Standing, Revised, Base):
    """A kind of registration with its seat ledger. `seats`: None is unlimited, 0 is closed.

    `taken` and `waiting` are counted here, by the conditional UPDATEs of `ledger`, and nowhere else.
    """

    __tablename__ = "category"
    __table_args__ = (
        CheckConstraint("taken >= 0", name="taken"),
        CheckConstraint("waiting >= 0", name="waiting"),
        CheckConstraint("reserved >= 0", name="reserved"),
        CheckConstraint("admitted_over >= 0", name="admitted_over"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[int]
    name: Mapped[str] = mapped_column(String(100), unique=True)
    name_sv: Mapped[str] = mapped_column(String(100), default="")
    name_de: Mapped[str] = mapped_column(String(100), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    description_sv: Mapped[str] = mapped_column(Text, default="")
    description_de: Mapped[str] = mapped_column(Text, default="")
    seats: Mapped[int | None]
    taken: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0)
    waiting_serial: Mapped[int] = mapped_column(default=0)
    # Held for invitations that promise a place.
    reserved: Mapped[int] = mapped_column(default=0)
    # Admitted over the limit, and not in `taken`.
    admitted_over: Mapped[int] = mapped_column(default=0)
    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Access: public, invited or code.
    access: Mapped[str] = mapped_column(String(10), default="public")
    needs_approval: Mapped[bool] = mapped_column(default=False)
    is_for_speakers: Mapped[bool] = mapped_column(default=False)
    # Offered to nobody any more, and kept for those who are in it.
    is_retired: Mapped[bool] = mapped_column(default=False)
    badge_word: Mapped[str] = mapped_column(String(30))
    # 1 to 6: a colour of the theme's badge bands.
    badge_colour: Mapped[int] = mapped_column(default=1)
    # ISO dates with spaces between; "" is every day of the event.
    days: Mapped[str] = mapped_column(String(200), default="")
    fee_minor: Mapped[int] = mapped_column(default=0)
    currency: Mapped[str] = mapped_column(String(3), default="EUR")


class RegistrationRow(Revised, Base):
    __tablename__ = "registration"
    __table_args__ = (
        index_of("uq_registration_live_email_key", "email_key", where=LIVE, unique=True),
        # Costs a form nothing: what is entered is live.
        index_of("ix_registration_ended_email_key", "email_key", where=ENDED),
        Index("ix_registration_category_id_state", "category_id", "state"),
        # Finds the offers that lapse, and stays small.
        index_of("ix_registration_offered_until", "offered_until", where=OFFERED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Short, printed and spoken: 6 characters of Crockford's alphabet. Not a capability.
    number: Mapped[str] = mapped_column(String(6), unique=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    # The place in the category's waiting list, by `waiting_serial`; None for who never waited.
    waiting_number: Mapped[int | None]
    # Until when an offered place can be accepted, by the conference's clock.
    offered_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Admitted over the limit: holds none of the category's seats.
    is_over_limit: Mapped[bool] = mapped_column(default=False)
    # In which its mails are written; "" is English.
    language: Mapped[str] = mapped_column(String(5), default="")
    email: Mapped[str] = mapped_column(String(254))
    # core.text.address_key(email): unique among live states.
    email_key: Mapped[str] = mapped_column(String(254))
    profession: Mapped[str] = mapped_column(String(40), default="")
    # A key of CAREER_STAGES, "" where nothing was answered.
    career_stage: Mapped[str] = mapped_column(String(40), default="")
    no_photographs: Mapped[bool] = mapped_column(default=False)
    # What the QR code of ticket and badge says: 20 characters, random, nothing personal.
    badge_code: Mapped[str] = mapped_column(String(20), unique=True)
    # Raised to let the self-service links given so far die.
    link_version: Mapped[int] = mapped_column(default=1)
    # The version of the privacy notice that the form was sent under; None where nobody was shown it.
    notice_number: Mapped[int | None]
    # RFC 5545 SEQUENCE of the calendar file: rises with each change that the file shows.
    calendar_sequence: Mapped[int] = mapped_column(default=0)
    # core.text.folded(): number, names, address, affiliation.
    search_text: Mapped[str] = mapped_column(String(1000), default="")
    # registration.sorting.sort_key(): family and given name; affiliation.
    sort_name: Mapped[str] = mapped_column(String(400), default="", index=True)
    sort_affiliation: Mapped[str] = mapped_column(String(400), default="", index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # When the desk marked that the person came; None as long as it has not, or where it was undone.
    attended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReplacedCodeRow(Base):
    """A code that a registration had before: it opens no door, and the desk can say whose it was."""

    __tablename__ = "replaced_code"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
    replaced_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TagRow(Base):
    """A word of the office's own on a registration, for its lists."""

    __tablename__ = "registration_tag"

    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), primary_key=True
    )
    tag: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)


class ConsentRow(Base):
    """A choice that was ticked, with the words it was asked in. No row: not ticked."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(40))
    wording: Mapped[str] = mapped_column(Text)
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AttemptRow(Base):
    """One filled form, by its random key: a repeat is harmless, and for 30 minutes, till `payload` is emptied, it is corrected."""

    __tablename__ = "registration_attempt"
    __table_args__ = (
        # Finds what is still to be emptied, and stays small however many forms there were.
        index_of("ix_registration_attempt_kept", "created_at", where=KEPT),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    payload: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    registration_id: Mapped[int | None] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
    # Real time: this is the life of a link, not of the conference.
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ExtraRow(Standing, Revised, Base):
    """Something chosen beside the category, with places of its own: counted as in CategoryRow, by `ledger` alone."""

    __tablename__ = "extra"
    __table_args__ = (
        CheckConstraint("taken >= 0", name="taken"),
        CheckConstraint("waiting >= 0", name="waiting"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[int]
    name: Mapped[str] = mapped_column(String(100), unique=True)
    name_sv: Mapped[str] = mapped_column(String(100), default="")
    name_de: Mapped[str] = mapped_column(String(100), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    description_sv: Mapped[str] = mapped_column(Text, default="")
    description_de: Mapped[str] = mapped_column(Text, default="")
    seats: Mapped[int | None]
    taken: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0)
    waiting_serial: Mapped[int] = mapped_column(default=0)
    is_retired: Mapped[bool] = mapped_column(default=False)
    fee_minor: Mapped[int] = mapped_column(default=0)
    currency: Mapped[str] = mapped_column(String(3), default="EUR")


class CategoryExtraRow(Base):
    """A category whose people may choose the extra. It changes together with its ExtraRow only."""

    __tablename__ = "category_extra"
    __table_args__ = (UniqueConstraint("category_id", "extra_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id", ondelete="CASCADE"))
    extra_id: Mapped[int] = mapped_column(ForeignKey("extra.id", ondelete="CASCADE"), index=True)
    # Chosen by itself for who registers in the category.
    is_included: Mapped[bool] = mapped_column(default=False)


class RegistrationExtraRow(Base):
    """An extra that somebody chose. `state` is an ExtraState; `waiting_number` as in RegistrationRow."""

    __tablename__ = "registration_extra"
    __table_args__ = (
        UniqueConstraint("registration_id", "extra_id"),
        Index("ix_registration_extra_extra_id_state", "extra_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"))
    extra_id: Mapped[int] = mapped_column(ForeignKey("extra.id"))
    state: Mapped[str] = mapped_column(String(20))
    waiting_number: Mapped[int | None]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class QuestionRow(Standing, Revised, Base):
    """A question of the office. `kind` is a Kind; `options` are lists of key and three labels."""

    __tablename__ = "question"

    id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    label: Mapped[str] = mapped_column(String(300))
    label_sv: Mapped[str] = mapped_column(String(300), default="")
    label_de: Mapped[str] = mapped_column(String(300), default="")
    help: Mapped[str] = mapped_column(Text, default="")
    help_sv: Mapped[str] = mapped_column(Text, default="")
    help_de: Mapped[str] = mapped_column(Text, default="")
    options: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    is_required: Mapped[bool] = mapped_column(default=False)
    # Ids of categories; empty is all.
    categories: Mapped[list[int]] = mapped_column(JSON, default=list)
    depends_on: Mapped[int | None] = mapped_column(ForeignKey("question.id"))
    depends_value: Mapped[str] = mapped_column(String(300), default="")
    for_staff: Mapped[bool] = mapped_column(default=False)
    is_sensitive: Mapped[bool] = mapped_column(default=False)
    is_retired: Mapped[bool] = mapped_column(default=False)


class AnswerRow(Base):
    """One answer of one registration: `value`, or encrypted `sealed` with the words of the consent."""

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("registration_id", "question_id"),
        # Finds what is to be purged, and stays small.
        index_of("ix_answer_sealed", "id", where=SEALED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    value: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    sealed: Mapped[str | None] = mapped_column(Text)
    consent_wording: Mapped[str | None] = mapped_column(Text)
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)


class InvoiceRow(Revised, Base):
    """Whom a registration's invoice goes to, and what was paid. `id` is the registration's."""

    __tablename__ = "invoice"
    __table_args__ = (CheckConstraint("(paid_on IS NULL) = (paid_minor IS NULL)", name="payment"),)

    id: Mapped[int] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(Text)
    postal_code: Mapped[str] = mapped_column(String(20))
    city: Mapped[str] = mapped_column(String(100))
    country: Mapped[str] = mapped_column(String(2))
    vat: Mapped[str] = mapped_column(String(14))
    reference: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(254))
    paid_on: Mapped[date | None] = mapped_column(Date)
    # Hundredths of the currency that all fees have.
    paid_minor: Mapped[int | None]
    payment_reference: Mapped[str] = mapped_column(String(100))


class LostLinkRow(Base):
    """Somebody who asked for the personal link of an address, until the worker has looked whether there is one."""

    __tablename__ = "lost_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    # core.text.address_key(email).
    email_key: Mapped[str] = mapped_column(String(254), unique=True)
    # Real time, as of every mail.
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class InvitationRow(Revised, Base):
    """A personal invitation to a category. Its link is signed, and never stored.

    While `state` is open and it `holds_seat`, one of the category's `reserved` is its own.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        # One open invitation an address; those without one are for whoever holds the link.
        index_of("uq_invitation_open_email_key", "email_key", where=OPEN_TO_ONE, unique=True),
        # Finds those that lapse, and stays small.
        index_of("ix_invitation_expires_at", "expires_at", where=OPEN),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"), index=True)
    # "" where the invitation is for whoever holds its link.
    email: Mapped[str] = mapped_column(String(254), default="")
    # core.text.address_key(email).
    email_key: Mapped[str] = mapped_column(String(254), default="")
    title: Mapped[str] = mapped_column(String(60), default="")
    given_name: Mapped[str] = mapped_column(String(120), default="")
    family_name: Mapped[str] = mapped_column(String(120), default="")
    affiliation: Mapped[str] = mapped_column(String(200), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    # The office's own words; the invited person does not see them.
    note: Mapped[str] = mapped_column(String(500), default="")
    # By the conference's clock; half-open.
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    skips_approval: Mapped[bool] = mapped_column(default=False)
    holds_seat: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(10), default="open")
    # Raised to let the links given so far die.
    link_version: Mapped[int] = mapped_column(default=1)
    language: Mapped[str] = mapped_column(String(5), default="")
    # What it registered.
    registration_id: Mapped[int | None] = mapped_column(
        ForeignKey("registration.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AccessCodeRow(Revised, Base):
    """A code that opens a category to a number of people. `uses` is counted by conditional UPDATEs alone."""

    __tablename__ = "access_code"
    __table_args__ = (
        CheckConstraint("uses >= 0 AND (uses_allowed IS NULL OR uses <= uses_allowed)", name="uses"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"), index=True)
    # As the office typed them, and as they are compared: access_codes.code_key().
    words: Mapped[str] = mapped_column(String(60))
    words_key: Mapped[str] = mapped_column(String(120), unique=True)
    note: Mapped[str] = mapped_column(String(500), default="")
    # None is any number.
    uses_allowed: Mapped[int | None]
    uses: Mapped[int] = mapped_column(default=0)
    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    skips_approval: Mapped[bool] = mapped_column(default=False)
    is_retired: Mapped[bool] = mapped_column(default=False)


class CodeUseRow(Base):
    """A registration that came by a code. It stays when the registration ends: a use is not given back."""

    __tablename__ = "access_code_use"

    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    code_id: Mapped[int] = mapped_column(ForeignKey("access_code.id"), index=True)


class WrongCodeRow(Base):
    """A code that was sent and is not known, kept for an hour so that guessing has a limit. Says nothing of who sent it."""

    __tablename__ = "wrong_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    # Real time.
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
