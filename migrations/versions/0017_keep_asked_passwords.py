"""Keep who asked for a new password, until the worker has looked whether there is such an account."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "password_request",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("email_key", sa.String(254), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_answered", sa.Boolean(), nullable=False),
    )
    op.create_index(op.f("ix_password_request_email_key"), "password_request", ["email_key"])


def downgrade() -> None:
    op.drop_table("password_request")
