"""Add extras with places of their own, which categories offer them, and who chose them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "extra",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("name_sv", sa.String(100), nullable=False),
        sa.Column("name_de", sa.String(100), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("description_sv", sa.Text(), nullable=False),
        sa.Column("description_de", sa.Text(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("waiting_serial", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.Column("fee_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("taken >= 0", name=op.f("ck_extra_taken")),
        sa.CheckConstraint("waiting >= 0", name=op.f("ck_extra_waiting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extra")),
        sa.UniqueConstraint("name", name=op.f("uq_extra_name")),
    )
    op.create_table(
        "category_extra",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("extra_id", sa.Integer(), nullable=False),
        sa.Column("is_included", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["category.id"],
            name=op.f("fk_category_extra_category_id_category"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["extra_id"], ["extra.id"], name=op.f("fk_category_extra_extra_id_extra"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category_extra")),
        sa.UniqueConstraint("category_id", "extra_id", name=op.f("uq_category_extra_category_id_extra_id")),
    )
    op.create_index(op.f("ix_category_extra_extra_id"), "category_extra", ["extra_id"])
    op.create_table(
        "registration_extra",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("extra_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("waiting_number", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_registration_extra_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["extra_id"], ["extra.id"], name=op.f("fk_registration_extra_extra_id_extra")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_extra")),
        sa.UniqueConstraint(
            "registration_id", "extra_id", name=op.f("uq_registration_extra_registration_id_extra_id")
        ),
    )
    op.create_index("ix_registration_extra_extra_id_state", "registration_extra", ["extra_id", "state"])


def downgrade() -> None:
    op.drop_table("registration_extra")
    op.drop_table("category_extra")
    op.drop_table("extra")
