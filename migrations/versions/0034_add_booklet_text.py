"""Keep what organisers write for the programme booklet: welcome, directions and acknowledgements, in three languages."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_NAMES = [
    f"{kind}_{language}"
    for kind in ("welcome", "directions", "acknowledgements")
    for language in ("en", "sv", "de")
]


def upgrade() -> None:
    table = op.create_table(
        "booklet_text",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _NAMES),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booklet_text")),
        sa.CheckConstraint("id = 1", name=op.f("ck_booklet_text_single")),
    )
    op.bulk_insert(table, [{"id": 1, "revision": 1} | dict.fromkeys(_NAMES, "")])


def downgrade() -> None:
    op.drop_table("booklet_text")
