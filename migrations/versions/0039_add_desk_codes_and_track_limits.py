"""Keep the desk's codes of a day, who came in by them, and which accounts edit some tracks only."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("staff") as batch:
        batch.add_column(sa.Column("is_by_code", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("staff") as batch:
        batch.alter_column("is_by_code", server_default=None)
    with op.batch_alter_table("staff") as batch:
        batch.add_column(sa.Column("is_limited", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("staff") as batch:
        batch.alter_column("is_limited", server_default=None)
    op.create_table(
        "staff_track",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_track_staff_id_staff"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["track_id"], ["track.id"], name=op.f("fk_staff_track_track_id_track"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("staff_id", "track_id", name=op.f("pk_staff_track")),
    )
    op.create_index(op.f("ix_staff_track_track_id"), "staff_track", ["track_id"])
    op.create_table(
        "desk_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("label", sa.String(40), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_desk_code_staff_id_staff"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_desk_code_code_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_desk_code_staff_id"), "desk_code", ["staff_id"])
    op.create_table(
        "desk_shift",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("desk_code_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["desk_code_id"],
            ["desk_code.id"],
            name=op.f("fk_desk_shift_desk_code_id_desk_code"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_desk_shift_staff_id_staff"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_shift")),
        sa.UniqueConstraint("staff_id", name=op.f("uq_desk_shift_staff_id")),
    )
    op.create_index(op.f("ix_desk_shift_desk_code_id"), "desk_shift", ["desk_code_id"])


def downgrade() -> None:
    op.drop_table("staff_track")
    op.drop_table("desk_shift")
    op.drop_table("desk_code")
    # They have no address: nobody could sign in as one, and the list of accounts would show them.
    op.execute("DELETE FROM staff WHERE is_by_code")
    with op.batch_alter_table("staff") as batch:
        batch.drop_column("is_limited")
        batch.drop_column("is_by_code")
