"""Let a delegation be registered by one person, and keep who is in it."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "registration_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("email_key", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("link_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_registration_group_category_id_category")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_registration_group_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_group")),
        sa.UniqueConstraint("form_key", name=op.f("uq_registration_group_form_key")),
        sa.UniqueConstraint(
            "email_key", "category_id", name=op.f("uq_registration_group_email_key_category_id")
        ),
    )
    op.create_index("ix_registration_group_category_id", "registration_group", ["category_id"])
    op.create_index("ix_registration_group_person_id", "registration_group", ["person_id"])
    op.create_table(
        "registration_group_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=250), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["registration_group.id"],
            name=op.f("fk_registration_group_member_group_id_registration_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_registration_group_member_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_group_member")),
        sa.UniqueConstraint("group_id", "place", name=op.f("uq_registration_group_member_group_id_place")),
        sa.UniqueConstraint("registration_id", name=op.f("uq_registration_group_member_registration_id")),
    )


def downgrade() -> None:
    op.drop_table("registration_group_member")
    op.drop_table("registration_group")
