"""Keep each entry's place in the chain of the history, its digests, and the signed end of the chain."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # All of them may be empty, so that the version before writes entries on; the worker seals what it finds.
    with op.batch_alter_table("audit_entry") as batch:
        batch.add_column(sa.Column("position", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("digest", sa.String(64), nullable=True))
        batch.add_column(sa.Column("link", sa.String(64), nullable=True))
    unsealed = sa.text("position IS NULL")
    is_sealed = sa.text("position IS NOT NULL")
    op.create_index(
        "ix_audit_entry_position", "audit_entry", ["position"], unique=True, sqlite_where=is_sealed,
        postgresql_where=is_sealed,
    )  # fmt: skip
    op.create_index(
        "ix_audit_entry_unsealed", "audit_entry", ["id"], sqlite_where=unsealed, postgresql_where=unsealed
    )
    with op.batch_alter_table("audit_payload") as batch:
        batch.add_column(sa.Column("salt", sa.String(32), nullable=True))
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("link", sa.String(64), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("signature", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "audit_check",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_check")),
    )


def downgrade() -> None:
    op.drop_table("audit_check")
    op.drop_table("audit_head")
    with op.batch_alter_table("audit_payload") as batch:
        batch.drop_column("salt")
    op.drop_index("ix_audit_entry_unsealed", "audit_entry")
    op.drop_index("ix_audit_entry_position", "audit_entry")
    with op.batch_alter_table("audit_entry") as batch:
        for name in ("link", "digest", "position"):
            batch.drop_column(name)
