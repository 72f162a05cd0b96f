"""Keep badge designs of the office's own, and which design the badges of a sheet are printed in."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "badge_design",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("name_key", sa.String(120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badge_design")),
        sa.UniqueConstraint("name_key", name=op.f("uq_badge_design_name_key")),
    )
    op.create_table(
        "sheet_design",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_key", sa.String(40), nullable=False),
        sa.Column("design_key", sa.String(40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_design")),
        sa.UniqueConstraint("sheet_key", name=op.f("uq_sheet_design_sheet_key")),
    )


def downgrade() -> None:
    op.drop_table("sheet_design")
    op.drop_table("badge_design")
