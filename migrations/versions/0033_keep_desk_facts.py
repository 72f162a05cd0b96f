"""Keep what the desk needs: sort keys, attendance, codes that died, boxes, badges of others, and the job of a run."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("sort_as", sa.String(120), nullable=False, server_default=""))
    with op.batch_alter_table("person") as batch:
        batch.alter_column("sort_as", server_default=None)
    op.add_column("registration", sa.Column("attended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("badge_run", sa.Column("job_key", sa.String(80), nullable=True))
    op.create_index(op.f("ix_badge_run_job_key"), "badge_run", ["job_key"], unique=True)
    _create_replaced_code()
    _create_badge_boxes()
    _create_other_badge_print()


def _create_replaced_code() -> None:
    op.create_table(
        "replaced_code",
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_replaced_code_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_replaced_code")),
    )
    op.create_index(op.f("ix_replaced_code_registration_id"), "replaced_code", ["registration_id"])


def _create_badge_boxes() -> None:
    boxes = op.create_table(
        "badge_boxes",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("starts", sa.String(200), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_badge_boxes_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badge_boxes")),
    )
    # Four boxes, parted evenly, in the host's order.
    op.bulk_insert(boxes, [{"id": 1, "count": 4, "starts": "", "language": "sv", "revision": 1}])


def _create_other_badge_print() -> None:
    op.create_table(
        "other_badge_print",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["badge_run.id"],
            name=op.f("fk_other_badge_print_run_id_badge_run"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_other_badge_print_person_id_person"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_other_badge_print")),
        sa.UniqueConstraint("run_id", "place", name=op.f("uq_other_badge_print_run_id_place")),
    )
    op.create_index(op.f("ix_other_badge_print_person_id"), "other_badge_print", ["person_id"])


def downgrade() -> None:
    op.drop_table("other_badge_print")
    op.drop_table("badge_boxes")
    op.drop_table("replaced_code")
    op.drop_index(op.f("ix_badge_run_job_key"), "badge_run")
    op.drop_column("badge_run", "job_key")
    op.drop_column("registration", "attended_at")
    with op.batch_alter_table("person") as batch:
        batch.drop_column("sort_as")
