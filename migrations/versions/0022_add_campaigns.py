"""Keep campaigns with their recipients, which mails belong together, and who wants no news."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_IN_SERIES = sa.text("series_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "mail_series",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("stopped", sa.String(20), nullable=False),
    )
    op.create_table(
        "mail_unsubscribed",
        sa.Column("address_digest", sa.String(40), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    _extend_outbox()
    _create_campaign()
    _create_recipient()


def _extend_outbox() -> None:
    with op.batch_alter_table("outbox") as batch:
        batch.add_column(sa.Column("series_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("news_slot", sa.String(64), nullable=False, server_default=""))
        batch.create_foreign_key(
            op.f("fk_outbox_series_id_mail_series"), "mail_series", ["series_id"], ["id"], ondelete="SET NULL"
        )
    with op.batch_alter_table("outbox") as batch:
        batch.alter_column("news_slot", server_default=None)
    op.create_index(
        "ix_outbox_series_id_state",
        "outbox",
        ["series_id", "state"],
        sqlite_where=_IN_SERIES,
        postgresql_where=_IN_SERIES,
    )


def _create_campaign() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("purpose", sa.String(10), nullable=False),
        sa.Column("audiences", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("scheduled_for", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_frozen", sa.Boolean(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id"], ["mail_series.id"], name=op.f("fk_campaign_series_id_mail_series")
        ),
    )
    op.create_index(op.f("ix_campaign_state"), "campaign", ["state"])


def _create_recipient() -> None:
    op.create_table(
        "campaign_recipient",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("key_digest", sa.String(40), nullable=False),
        sa.Column("about_type", sa.String(40), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=False),
        sa.Column("is_settled", sa.Boolean(), nullable=False),
        sa.Column("left_out", sa.String(20), nullable=False),
        sa.Column("again", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaign.id"],
            name=op.f("fk_campaign_recipient_campaign_id_campaign"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_campaign_recipient_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "campaign_id", "person_id", name=op.f("uq_campaign_recipient_campaign_id_person_id")
        ),
        sa.UniqueConstraint(
            "campaign_id", "key_digest", name=op.f("uq_campaign_recipient_campaign_id_key_digest")
        ),
    )
    op.create_index(op.f("ix_campaign_recipient_person_id"), "campaign_recipient", ["person_id"])
    op.create_index(
        "ix_campaign_recipient_campaign_id_is_settled", "campaign_recipient", ["campaign_id", "is_settled"]
    )


def downgrade() -> None:
    op.drop_table("campaign_recipient")
    op.drop_table("campaign")
    op.drop_index("ix_outbox_series_id_state", "outbox")
    with op.batch_alter_table("outbox") as batch:
        batch.drop_constraint(op.f("fk_outbox_series_id_mail_series"), type_="foreignkey")
        batch.drop_column("news_slot")
        batch.drop_column("series_id")
    op.drop_table("mail_unsubscribed")
    op.drop_table("mail_series")
