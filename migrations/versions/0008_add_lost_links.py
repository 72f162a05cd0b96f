"""Keep who asked for the personal link once more, until the worker has answered."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lost_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email_key", sa.String(length=254), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lost_link")),
        sa.UniqueConstraint("email_key", name=op.f("uq_lost_link_email_key")),
    )


def downgrade() -> None:
    op.drop_table("lost_link")
