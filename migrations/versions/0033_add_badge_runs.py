"""Keep which badges were printed, when and how they looked, so that the desk prints what is new or changed."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "badge_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("choice", sa.String(200), nullable=False),
        sa.Column("sheet_name", sa.String(60), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_badge_run_staff_id_staff"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badge_run")),
    )
    op.create_index(op.f("ix_badge_run_made_at"), "badge_run", ["made_at"])
    op.create_table(
        "badge_print",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("face", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["badge_run.id"], name=op.f("fk_badge_print_run_id_badge_run"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_badge_print_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badge_print")),
        sa.UniqueConstraint("run_id", "place", name=op.f("uq_badge_print_run_id_place")),
    )
    op.create_index(op.f("ix_badge_print_registration_id"), "badge_print", ["registration_id"])


def downgrade() -> None:
    op.drop_table("badge_print")
    op.drop_table("badge_run")
