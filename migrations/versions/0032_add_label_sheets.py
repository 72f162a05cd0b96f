"""Keep the sheets of labels that an office describes itself."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0026"
branch_labels = None
depends_on = None


def _mm(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Double(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "label_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("name_key", sa.String(120), nullable=False),
        *map(_mm, ("page_width_mm", "page_height_mm", "width_mm", "height_mm")),
        sa.Column("columns", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        *map(_mm, ("left_mm", "top_mm", "pitch_x_mm", "pitch_y_mm")),
        sa.Column("is_folded", sa.Boolean(), nullable=False),
        sa.Column("is_cut", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_sheet")),
        sa.UniqueConstraint("name_key", name=op.f("uq_label_sheet_name_key")),
    )


def downgrade() -> None:
    op.drop_table("label_sheet")
