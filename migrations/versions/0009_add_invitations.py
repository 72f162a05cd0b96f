"""Add personal invitations, and codes with a number of uses."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_OPEN = sa.text("state = 'open'")
_OPEN_TO_ONE = sa.text("state = 'open' AND email_key <> ''")


def upgrade() -> None:
    _create_invitation()
    _create_codes()


def _create_invitation() -> None:
    texts = {
        "email": 254,
        "email_key": 254,
        "title": 60,
        "given_name": 120,
        "family_name": 120,
        "affiliation": 200,
        "country": 2,
        "note": 500,
        "state": 10,
        "language": 5,
    }
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(length=length), nullable=False) for name, length in texts.items()),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("skips_approval", sa.Boolean(), nullable=False),
        sa.Column("holds_seat", sa.Boolean(), nullable=False),
        sa.Column("link_version", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_invitation_category_id_category")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_invitation_registration_id_registration"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
    )
    op.create_index(op.f("ix_invitation_category_id"), "invitation", ["category_id"])
    op.create_index(op.f("ix_invitation_registration_id"), "invitation", ["registration_id"])
    op.create_index(
        "uq_invitation_open_email_key",
        "invitation",
        ["email_key"],
        unique=True,
        sqlite_where=_OPEN_TO_ONE,
        postgresql_where=_OPEN_TO_ONE,
    )
    op.create_index(
        "ix_invitation_expires_at", "invitation", ["expires_at"], sqlite_where=_OPEN, postgresql_where=_OPEN
    )


def _create_codes() -> None:
    op.create_table(
        "access_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=60), nullable=False),
        sa.Column("words_key", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("uses_allowed", sa.Integer(), nullable=True),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("skips_approval", sa.Boolean(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "uses >= 0 AND (uses_allowed IS NULL OR uses <= uses_allowed)", name=op.f("ck_access_code_uses")
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_access_code_category_id_category")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_code")),
        sa.UniqueConstraint("words_key", name=op.f("uq_access_code_words_key")),
    )
    op.create_index(op.f("ix_access_code_category_id"), "access_code", ["category_id"])
    op.create_table(
        "access_code_use",
        sa.Column("registration_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["code_id"], ["access_code.id"], name=op.f("fk_access_code_use_code_id_access_code")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_access_code_use_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_access_code_use")),
    )
    op.create_index(op.f("ix_access_code_use_code_id"), "access_code_use", ["code_id"])
    op.create_table(
        "wrong_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wrong_code")),
    )
    op.create_index(op.f("ix_wrong_code_sent_at"), "wrong_code", ["sent_at"])


def downgrade() -> None:
    """Give back the places that invitations held: the older version would count them for ever."""
    op.drop_table("wrong_code")
    op.drop_table("access_code_use")
    op.drop_table("access_code")
    op.drop_table("invitation")
    category = sa.table("category", sa.column("reserved", sa.Integer()))
    op.execute(category.update().values(reserved=0))
