"""Find the registrations that ended with an address by an index of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_NAME = "ix_registration_ended_email_key"
_ENDED = sa.text("state IN ('declined', 'withdrawn', 'cancelled')")


def upgrade() -> None:
    op.create_index(_NAME, "registration", ["email_key"], sqlite_where=_ENDED, postgresql_where=_ENDED)


def downgrade() -> None:
    op.drop_index(_NAME, "registration")
