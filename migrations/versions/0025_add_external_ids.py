"""Keep by which ids other systems know sessions, people, rooms and tracks, so that a second import doubles nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_OF = ("session", "person", "room", "track")


def upgrade() -> None:
    op.create_table(
        "external_id",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("source", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("key", sa.String(220), nullable=False),
        *(sa.Column(f"{name}_id", sa.Integer(), nullable=True) for name in _OF),
        sa.Column("said", sa.JSON(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [f"{name}_id"],
                [f"{name}.id"],
                name=op.f(f"fk_external_id_{name}_id_{name}"),
                ondelete="CASCADE",
            )
            for name in _OF
        ),
        sa.UniqueConstraint("source", "kind", "key", name=op.f("uq_external_id_source_kind_key")),
    )
    for name in _OF:
        op.create_index(op.f(f"ix_external_id_{name}_id"), "external_id", [f"{name}_id"])


def downgrade() -> None:
    op.drop_table("external_id")
