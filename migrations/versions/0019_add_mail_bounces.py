"""Keep which mails came back, which mail was written from which, and find mails and tries by their time."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_bounce",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("diagnostic", sa.String(1000), nullable=False),
        sa.Column("is_hard", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["outbox.id"], name=op.f("fk_mail_bounce_mail_id_outbox"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("mail_id", name=op.f("uq_mail_bounce_mail_id")),
    )
    with op.batch_alter_table("outbox") as batch:
        batch.add_column(sa.Column("copy_of", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_outbox_copy_of_outbox"), "outbox", ["copy_of"], ["id"], ondelete="SET NULL"
        )
        batch.create_index(op.f("ix_outbox_copy_of"), ["copy_of"])
        batch.create_index(
            "ix_outbox_created_at_state_kind_language", ["created_at", "state", "kind", "language"]
        )
    op.create_index("ix_mail_attempt_state_ended_at", "mail_attempt", ["state", "ended_at"])


def downgrade() -> None:
    op.drop_index("ix_mail_attempt_state_ended_at", "mail_attempt")
    with op.batch_alter_table("outbox") as batch:
        batch.drop_index("ix_outbox_created_at_state_kind_language")
        batch.drop_index(op.f("ix_outbox_copy_of"))
        batch.drop_constraint(op.f("fk_outbox_copy_of_outbox"), type_="foreignkey")
        batch.drop_column("copy_of")
    op.drop_table("mail_bounce")
