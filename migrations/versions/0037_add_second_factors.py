"""Keep second factors, passkeys, what sign-ins are known by, and who is suspended; who is signed in stays so."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _of_staff(table: str, *, nullable: bool = False) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    return sa.Column("staff_id", sa.Integer(), nullable=nullable), sa.ForeignKeyConstraint(
        ["staff_id"], ["staff.id"], name=op.f(f"fk_{table}_staff_id_staff"), ondelete="CASCADE"
    )


def upgrade() -> None:
    with op.batch_alter_table("staff") as batch:
        batch.add_column(_moment("suspended_at", nullable=True))
        batch.add_column(sa.Column("totp_sealed", sa.String(500), nullable=True))
        batch.add_column(sa.Column("totp_step", sa.Integer(), nullable=True))
    with op.batch_alter_table("staff_session") as batch:
        batch.add_column(_moment("seen_at", nullable=True))
        batch.add_column(sa.Column("device", sa.String(60), nullable=False, server_default=""))
        batch.add_column(sa.Column("means", sa.String(20), nullable=False, server_default="password"))
        batch.add_column(sa.Column("is_pending", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE staff_session SET seen_at = created_at")
    with op.batch_alter_table("staff_session") as batch:
        batch.alter_column("seen_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        for name in ("device", "means", "is_pending"):
            batch.alter_column(name, server_default=None)
    op.create_table(
        "staff_recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        *_of_staff("staff_recovery_code"),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_recovery_code")),
    )
    op.create_index(op.f("ix_staff_recovery_code_staff_id"), "staff_recovery_code", ["staff_id"])
    op.create_table(
        "staff_passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        *_of_staff("staff_passkey"),
        sa.Column("credential_hash", sa.String(64), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        _moment("created_at"),
        _moment("last_used_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_passkey")),
        sa.UniqueConstraint("credential_hash", name=op.f("uq_staff_passkey_credential_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_staff_passkey_staff_id"), "staff_passkey", ["staff_id"])
    op.create_table(
        "staff_challenge",
        sa.Column("id", sa.Integer(), nullable=False),
        *_of_staff("staff_challenge", nullable=True),
        sa.Column("challenge_hash", sa.String(64), nullable=False),
        _moment("expires_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_challenge")),
        sa.UniqueConstraint("challenge_hash", name=op.f("uq_staff_challenge_challenge_hash")),
    )
    op.create_index(op.f("ix_staff_challenge_expires_at"), "staff_challenge", ["expires_at"])
    op.create_index(op.f("ix_staff_challenge_staff_id"), "staff_challenge", ["staff_id"])


def downgrade() -> None:
    for table in ("staff_challenge", "staff_passkey", "staff_recovery_code"):
        op.drop_table(table)
    # Who has not given the second factor yet must not be taken for signed in.
    op.execute("DELETE FROM staff_session WHERE is_pending")
    with op.batch_alter_table("staff_session") as batch:
        for name in ("is_pending", "means", "device", "seen_at"):
            batch.drop_column(name)
    with op.batch_alter_table("staff") as batch:
        for name in ("totp_step", "totp_sealed", "suspended_at"):
            batch.drop_column(name)
