"""Keep each step in which the draft is edited: to undo it, to tell it, and to see the draft as it was."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "programme_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(20), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("draft_revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reverses", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(64), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_programme_step_staff_id_staff"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["reverses"],
            ["programme_step.id"],
            name=op.f("fk_programme_step_reverses_programme_step"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_step")),
        sa.UniqueConstraint("draft_revision", name=op.f("uq_programme_step_draft_revision")),
        sa.UniqueConstraint("key", name=op.f("uq_programme_step_key")),
    )
    op.create_index("ix_programme_step_staff_id_state", "programme_step", ["staff_id", "state"])
    op.create_index(op.f("ix_programme_step_reverses"), "programme_step", ["reverses"])
    op.create_table(
        "programme_step_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["step_id"],
            ["programme_step.id"],
            name=op.f("fk_programme_step_change_step_id_programme_step"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_step_change")),
    )
    op.create_index(op.f("ix_programme_step_change_step_id"), "programme_step_change", ["step_id"])
    op.create_index(op.f("ix_programme_step_change_session_id"), "programme_step_change", ["session_id"])
    op.create_table(
        "editor_presence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("tab", sa.String(32), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_editor_presence_staff_id_staff"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editor_presence")),
        sa.UniqueConstraint("staff_id", "tab", name=op.f("uq_editor_presence_staff_id_tab")),
    )
    op.create_index(op.f("ix_editor_presence_seen_at"), "editor_presence", ["seen_at"])


def downgrade() -> None:
    op.drop_table("editor_presence")
    op.drop_table("programme_step_change")
    op.drop_table("programme_step")
