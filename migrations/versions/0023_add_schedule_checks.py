"""Keep what the schedule's checks ask: hours and walks of rooms, shared and emptied rooms, containers, posters, severities."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# Their defaults only fill the rows that are there, and are taken away again: those of the models are Python's.
_OF_SESSION = ("is_pinned", "may_share_room", "sponsor")
_OF_TALK = ("poster_number", "board")
_KEEPS_IDS = {"sqlite_autoincrement": True}


def upgrade() -> None:
    _extend_session()
    with op.batch_alter_table("talk", table_kwargs=_KEEPS_IDS) as batch:
        for name in _OF_TALK:
            batch.add_column(sa.Column(name, sa.String(20), nullable=False, server_default=""))
    with op.batch_alter_table("room") as batch:
        batch.add_column(_flag("is_emptied_by_plenary"))
    with op.batch_alter_table("programme_version") as batch:
        batch.add_column(_flag("is_final"))
    _take_defaults_away()
    _create_room_tables()
    _create_checks()


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def _extend_session() -> None:
    with op.batch_alter_table("session", table_kwargs=_KEEPS_IDS) as batch:
        batch.add_column(_flag("is_pinned"))
        batch.add_column(_flag("may_share_room"))
        batch.add_column(sa.Column("expected_people", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("sponsor", sa.String(120), nullable=False, server_default=""))
        batch.add_column(sa.Column("parent_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("extra_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_session_parent_id_session"), "session", ["parent_id"], ["id"], ondelete="SET NULL"
        )
        batch.create_foreign_key(
            op.f("fk_session_extra_id_extra"), "extra", ["extra_id"], ["id"], ondelete="SET NULL"
        )
        batch.create_index(op.f("ix_session_parent_id"), ["parent_id"])
        batch.create_index(op.f("ix_session_extra_id"), ["extra_id"])


def _take_defaults_away() -> None:
    with op.batch_alter_table("session", table_kwargs=_KEEPS_IDS) as batch:
        for name in _OF_SESSION:
            batch.alter_column(name, server_default=None)
    with op.batch_alter_table("talk", table_kwargs=_KEEPS_IDS) as batch:
        for name in _OF_TALK:
            batch.alter_column(name, server_default=None)
    with op.batch_alter_table("room") as batch:
        batch.alter_column("is_emptied_by_plenary", server_default=None)
    with op.batch_alter_table("programme_version") as batch:
        batch.alter_column("is_final", server_default=None)


def _create_room_tables() -> None:
    op.create_table(
        "room_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_room_hours_span")),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name=op.f("fk_room_hours_room_id_room"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_hours")),
        sa.UniqueConstraint("room_id", "day", name=op.f("uq_room_hours_room_id_day")),
    )
    op.create_table(
        "room_walk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("room_id < other_id", name=op.f("ck_room_walk_order")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_room_walk_minutes")),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name=op.f("fk_room_walk_room_id_room"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["room.id"], name=op.f("fk_room_walk_other_id_room"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_walk")),
        sa.UniqueConstraint("room_id", "other_id", name=op.f("uq_room_walk_room_id_other_id")),
    )
    op.create_index(op.f("ix_room_walk_other_id"), "room_walk", ["other_id"])


def _create_checks() -> None:
    checks = op.create_table(
        "schedule_check",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("severities", sa.JSON(), nullable=False),
        sa.Column("placeholders", sa.JSON(), nullable=False),
        sa.Column("sponsors", sa.JSON(), nullable=False),
        sa.Column("many_marks", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_schedule_check_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule_check")),
    )
    placeholders = ["Panel", "TBA", "TBC", "TBD", "N.N.", "To be announced", "To be confirmed"]
    first = {"id": 1, "severities": {}, "placeholders": placeholders, "sponsors": [], "many_marks": 10}
    op.bulk_insert(checks, [first | {"revision": 1}])


def downgrade() -> None:
    op.drop_table("schedule_check")
    op.drop_table("room_walk")
    op.drop_table("room_hours")
    with op.batch_alter_table("programme_version") as batch:
        batch.drop_column("is_final")
    with op.batch_alter_table("room") as batch:
        batch.drop_column("is_emptied_by_plenary")
    with op.batch_alter_table("talk", table_kwargs=_KEEPS_IDS) as batch:
        for name in _OF_TALK:
            batch.drop_column(name)
    # The release before does not know the kind; of those that it knows, this one may stand without a room too.
    op.execute("UPDATE session SET kind = 'social' WHERE kind = 'exhibition'")
    with op.batch_alter_table("session", table_kwargs=_KEEPS_IDS) as batch:
        batch.drop_index(op.f("ix_session_extra_id"))
        batch.drop_index(op.f("ix_session_parent_id"))
        batch.drop_constraint(op.f("fk_session_extra_id_extra"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_session_parent_id_session"), type_="foreignkey")
        for name in ("extra_id", "parent_id", "expected_people", *_OF_SESSION):
            batch.drop_column(name)
