"""Keep the career stage that a registration names."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("registration") as batch:
        # The rows there are were not asked. Afterwards no default: the models say it.
        batch.add_column(sa.Column("career_stage", sa.String(40), nullable=False, server_default=""))
    with op.batch_alter_table("registration") as batch:
        batch.alter_column("career_stage", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("registration") as batch:
        batch.drop_column("career_stage")
