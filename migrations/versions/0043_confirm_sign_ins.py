"""Note when a sign-in was last confirmed, and the mailed link that confirms one. An older version writes neither."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("staff_session") as table:
        table.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("asked_hash", sa.String(64), nullable=True))
        table.add_column(sa.Column("asked_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("staff_session") as table:
        table.drop_column("asked_until")
        table.drop_column("asked_hash")
        table.drop_column("confirmed_at")
