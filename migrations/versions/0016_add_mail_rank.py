"""Rank mails, so that what tells of one's own registration goes before campaigns, and find what was sent lately."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_WAITING = sa.text("state IN ('queued', 'retrying')")


def upgrade() -> None:
    with op.batch_alter_table("outbox") as batch:
        batch.add_column(sa.Column("rank", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("outbox") as batch:
        batch.alter_column("rank", server_default=None)
    op.create_index(
        op.f("ix_outbox_waiting"),
        "outbox",
        ["rank", "due_at", "id"],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
    op.create_index(op.f("ix_mail_attempt_ended_at"), "mail_attempt", ["ended_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_mail_attempt_ended_at"), "mail_attempt")
    op.drop_index(op.f("ix_outbox_waiting"), "outbox")
    with op.batch_alter_table("outbox") as batch:
        batch.drop_column("rank")
