"""Keep whom an invoice goes to, and what was paid."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "invoice",
        sa.Column(
            "id",
            sa.Integer(),
            sa.ForeignKey("registration.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("postal_code", sa.String(20), nullable=False),
        sa.Column("city", sa.String(100), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("vat", sa.String(14), nullable=False),
        sa.Column("reference", sa.String(100), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("paid_minor", sa.Integer(), nullable=True),
        sa.Column("payment_reference", sa.String(100), nullable=False),
        sa.CheckConstraint("(paid_on IS NULL) = (paid_minor IS NULL)", name=op.f("ck_invoice_payment")),
    )


def downgrade() -> None:
    op.drop_table("invoice")
