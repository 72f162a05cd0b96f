"""Keep which sessions somebody marked, with their registration, and who asked to be told of changes."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "session_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_session_mark_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_mark")),
        sa.UniqueConstraint(
            "registration_id", "session_id", name=op.f("uq_session_mark_registration_id_session_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_session_mark_session_id"), "session_mark", ["session_id"])
    op.create_table(
        "session_news_wish",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_session_news_wish_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_session_news_wish")),
    )


def downgrade() -> None:
    op.drop_table("session_news_wish")
    op.drop_table("session_mark")
