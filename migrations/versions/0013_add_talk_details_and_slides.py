"""Keep co-authors, level and keywords of talks, the language of invitations, and whose slides lie where."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_OF_TALK = ("level", "keywords", "co_authors")


def upgrade() -> None:
    with op.batch_alter_table("talk", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.add_column(sa.Column("level", sa.String(20), nullable=False, server_default=""))
        batch.add_column(sa.Column("keywords", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("co_authors", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("speaker_invitation") as batch:
        batch.add_column(sa.Column("language", sa.String(2), nullable=False, server_default=""))
    _without_defaults()
    op.create_table(
        "slides",
        sa.Column("talk_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["talk_id"], ["talk.id"], name=op.f("fk_slides_talk_id_talk"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_slides_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("talk_id", name=op.f("pk_slides")),
    )
    op.create_index(op.f("ix_slides_person_id"), "slides", ["person_id"])


def _without_defaults() -> None:
    """Take the defaults away again, which only filled the rows that were there: those of the models are Python's."""
    with op.batch_alter_table("talk", table_kwargs={"sqlite_autoincrement": True}) as batch:
        for name in _OF_TALK:
            batch.alter_column(name, server_default=None)
    with op.batch_alter_table("speaker_invitation") as batch:
        batch.alter_column("language", server_default=None)


def downgrade() -> None:
    op.drop_table("slides")
    with op.batch_alter_table("speaker_invitation") as batch:
        batch.drop_column("language")
    with op.batch_alter_table("talk", table_kwargs={"sqlite_autoincrement": True}) as batch:
        for name in _OF_TALK:
            batch.drop_column(name)
