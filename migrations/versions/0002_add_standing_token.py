"""Add the token that stands for the event, its places and the categories, so that processes may keep them in memory."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = op.create_table(
        "standing_token",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("token", sa.String(length=22), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_token")),
    )
    op.bulk_insert(table, [{"id": 1, "token": secrets.token_urlsafe(16)}])


def downgrade() -> None:
    op.drop_table("standing_token")
