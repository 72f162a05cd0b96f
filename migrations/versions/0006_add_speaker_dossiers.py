"""Keep what speakers answer beside confirming: declining, profile, consents, disclosures, times when they cannot."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _person(name: str, **more: Any) -> sa.Column[int]:
    return sa.Column(
        name, sa.Integer(), sa.ForeignKey("person.id", ondelete="CASCADE"), nullable=False, **more
    )


def _time(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "unavailable",
        sa.Column("id", sa.Integer(), primary_key=True),
        _person("person_id", index=True),
        _time("starts_at"),
        _time("ends_at"),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_unavailable_span")),
    )
    op.create_table(
        "speaker_invitation",
        _person("person_id", primary_key=True, autoincrement=False),
        sa.Column("answer_by", sa.Date(), nullable=True),
        _time("declined_at", nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
    )
    op.create_table(
        "speaker_profile",
        _person("id", primary_key=True, autoincrement=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("biography", sa.Text(), nullable=False),
        sa.Column("pronunciation", sa.String(200), nullable=False),
        sa.Column("travel", sa.Text(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
    )
    op.create_table(
        "speaker_consent",
        sa.Column("id", sa.Integer(), primary_key=True),
        _person("person_id", index=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        _time("at"),
    )
    op.create_table(
        "speaker_portrait",
        _person("person_id", primary_key=True, autoincrement=False),
        sa.Column("webp_key", sa.String(40), nullable=False),
        sa.Column("jpeg_key", sa.String(40), nullable=False),
    )
    op.create_table(
        "disclosure",
        sa.Column("id", sa.Integer(), primary_key=True),
        _person("person_id"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_nothing", sa.Boolean(), nullable=False),
        sa.Column("interests", sa.JSON(), nullable=False),
        sa.Column("signed_name", sa.String(200), nullable=False),
        _time("signed_at"),
        sa.UniqueConstraint("person_id", "version", name=op.f("uq_disclosure_person_id_version")),
    )
    op.create_table(
        "speaker_reminder",
        _person("person_id", primary_key=True, autoincrement=False),
        sa.Column("weeks", sa.Integer(), primary_key=True, autoincrement=False),
        _time("written_at"),
    )


def downgrade() -> None:
    tables = ("speaker_reminder", "disclosure", "speaker_portrait", "speaker_consent", "speaker_profile")
    for name in (*tables, "speaker_invitation", "unavailable"):
        op.drop_table(name)
