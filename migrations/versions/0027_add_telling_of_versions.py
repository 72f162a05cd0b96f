"""Name versions, withdraw them, let one wait for its time, and keep what people were told of the programme last."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_VERSION = sa.table(
    "programme_version",
    sa.column("number", sa.Integer()),
    sa.column("published_at", sa.DateTime(timezone=True)),
    sa.column("public_since", sa.DateTime(timezone=True)),
    sa.column("calendar_sequence", sa.Integer()),
    sa.column("snapshot", sa.JSON()),
)
_PERSON = sa.table("person", sa.column("id", sa.Integer()))


def upgrade() -> None:
    _extend_version()
    op.create_table(
        "programme_scheduled",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("draft_revision", sa.Integer(), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("telling", sa.String(10), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_programme_scheduled_single")),
        sa.ForeignKeyConstraint(
            ["set_by"], ["staff.id"], name=op.f("fk_programme_scheduled_set_by_staff"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_scheduled")),
    )
    _create_told()


def _extend_version() -> None:
    # Their defaults only fill the rows that are there, and are taken away again: those of the models are Python's.
    with op.batch_alter_table("programme_version") as batch:
        batch.add_column(sa.Column("name", sa.String(60), nullable=False, server_default=""))
        batch.add_column(sa.Column("telling", sa.String(10), nullable=False, server_default="now"))
        batch.add_column(sa.Column("public_since", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("calendar_sequence", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("lifted", sa.JSON(), nullable=False, server_default="{}"))
        batch.add_column(sa.Column("rewritten", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("withdrawn_by", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_programme_version_withdrawn_by_staff"),
            "staff",
            ["withdrawn_by"],
            ["id"],
            ondelete="SET NULL",
        )
    op.execute(
        _VERSION.update().values(public_since=_VERSION.c.published_at, calendar_sequence=_VERSION.c.number)
    )
    with op.batch_alter_table("programme_version") as batch:
        for name in ("name", "telling", "lifted", "rewritten"):
            batch.alter_column(name, server_default=None)
        batch.alter_column("public_since", nullable=False)
        batch.alter_column("calendar_sequence", nullable=False)


def _create_told() -> None:
    told = op.create_table(
        "speaker_told",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("slots", sa.JSON(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_speaker_told_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_speaker_told")),
    )
    op.create_table(
        "marked_told",
        sa.Column("registration_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sessions", sa.JSON(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_marked_told_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_marked_told")),
    )
    rows = list(_told_by_the_newest())
    if rows:
        op.bulk_insert(told, rows)


def _told_by_the_newest() -> Iterator[dict[str, Any]]:
    """Yield what everybody was told: the release before mailed each version to whom it concerned when it was published."""
    bind = op.get_bind()
    newest = sa.select(_VERSION.c.published_at, _VERSION.c.snapshot).order_by(_VERSION.c.number.desc())
    row = bind.execute(newest.limit(1)).first()
    if row is None:
        return
    told_at: datetime = row.published_at
    slots = slots_of(row.snapshot)
    for person_id in bind.execute(sa.select(_PERSON.c.id)).scalars():
        if person_id in slots:
            yield {"person_id": person_id, "slots": slots[person_id], "told_at": told_at}


def slots_of(snapshot: Mapping[str, Any]) -> dict[int, dict[str, Any]]:
    """Return by person what a version told them, as speakers/told.py keeps it."""
    found: dict[int, dict[str, Any]] = {}
    names = {room["id"]: room["name"] for room in snapshot["rooms"]}
    for session in snapshot["sessions"]:
        parts = [(f"session-{session['id']}", session, part) for part in session["people"]]
        for talk in session["talks"]:
            parts += [(f"talk-{talk['id']}", talk, part) for part in talk["people"]]
        for key, of, part in parts:
            if of["span"] is None:
                continue
            own = found.setdefault(part["person"], {})
            roles = own[key]["roles"] if key in own else []
            own[key] = {
                "roles": roles if part["role"] in roles else [*roles, part["role"]],
                "title": of["title"],
                "session": session["title"],
                "session_id": session["id"],
                "start": of["span"][0],
                "end": of["span"][1],
                "room_id": session["room"],
                "room": names.get(session["room"], ""),
                "drafted": False,
            }
    return found


def downgrade() -> None:
    op.drop_table("marked_told")
    op.drop_table("speaker_told")
    op.drop_table("programme_scheduled")
    # The release before shows the newest version whatever became of it: withdrawn ones go.
    op.execute("DELETE FROM programme_version WHERE withdrawn_at IS NOT NULL")
    with op.batch_alter_table("programme_version") as batch:
        batch.drop_constraint(op.f("fk_programme_version_withdrawn_by_staff"), type_="foreignkey")
        for name in (
            "name",
            "telling",
            "public_since",
            "calendar_sequence",
            "lifted",
            "rewritten",
            "withdrawn_at",
            "withdrawn_by",
        ):
            batch.drop_column(name)
