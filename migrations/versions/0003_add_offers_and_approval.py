"""Give categories times, languages, fees and who may use them, and registrations the states between form and door."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_LIVE_BEFORE = "state IN ('confirmed', 'waiting')"
_LIVE = "state IN ('pending', 'offered', 'confirmed', 'waiting', 'attended', 'no_show')"
_UNIQUE = "uq_registration_live_email_key"
# By name: the type, and the value for the rows that are there.
Columns = dict[str, tuple[sa.types.TypeEngine[Any], object]]
_EMPTY_TEXT = {"name_sv": 100, "name_de": 100, "days": 200}


def _index_addresses(live: str) -> None:
    op.drop_index(_UNIQUE, table_name="registration")
    op.create_index(
        _UNIQUE,
        "registration",
        ["email_key"],
        unique=True,
        sqlite_where=sa.text(live),
        postgresql_where=sa.text(live),
    )


def _add(table: str, columns: Columns) -> None:
    """Add columns that hold a value in each row that is there, and no default of the database afterwards."""
    with op.batch_alter_table(table) as batch:
        for name, (kind, _) in columns.items():
            batch.add_column(sa.Column(name, kind, nullable=True))
    rows = sa.table(table, *(sa.column(name, kind) for name, (kind, _) in columns.items()))
    op.execute(sa.update(rows).values({name: value for name, (_, value) in columns.items()}))
    with op.batch_alter_table(table) as batch:
        for name, (kind, _) in columns.items():
            batch.alter_column(name, existing_type=kind, nullable=False)


def upgrade() -> None:
    columns: Columns = {name: (sa.String(length), "") for name, length in _EMPTY_TEXT.items()}
    columns |= {name: (sa.Text(), "") for name in ("description_sv", "description_de")}
    columns |= {name: (sa.Integer(), 0) for name in ("reserved", "admitted_over", "fee_minor")}
    columns |= {name: (sa.Boolean(), False) for name in ("needs_approval", "is_retired")}
    columns |= {"access": (sa.String(10), "public"), "currency": (sa.String(3), "EUR")}
    _add("category", columns)
    op.execute(sa.text("UPDATE category SET access = 'invited' WHERE NOT is_public"))
    with op.batch_alter_table("category") as batch:
        batch.add_column(sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True))
        batch.drop_column("is_public")
        batch.create_check_constraint("reserved", "reserved >= 0")
        batch.create_check_constraint("admitted_over", "admitted_over >= 0")
    _add("registration", {"is_over_limit": (sa.Boolean(), False), "language": (sa.String(5), "")})
    with op.batch_alter_table("registration") as batch:
        batch.add_column(sa.Column("offered_until", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_registration_offered_until",
        "registration",
        ["offered_until"],
        sqlite_where=sa.text("state = 'offered'"),
        postgresql_where=sa.text("state = 'offered'"),
    )
    _index_addresses(_LIVE)


def downgrade() -> None:
    # What the release before does not know becomes what it does: who came or was offered a place has one.
    op.execute(
        sa.text(
            "UPDATE registration SET state = 'confirmed' WHERE state IN ('offered', 'attended', 'no_show')"
        )
    )
    op.execute(sa.text("UPDATE registration SET state = 'cancelled' WHERE state IN ('pending', 'declined')"))
    _index_addresses(_LIVE_BEFORE)
    op.drop_index("ix_registration_offered_until", table_name="registration")
    with op.batch_alter_table("registration") as batch:
        for name in ("offered_until", "is_over_limit", "language"):
            batch.drop_column(name)
    _add("category", {"is_public": (sa.Boolean(), True)})
    op.execute(sa.text("UPDATE category SET is_public = (access = 'public')"))
    with op.batch_alter_table("category") as batch:
        batch.drop_constraint(op.f("ck_category_reserved"), type_="check")
        batch.drop_constraint(op.f("ck_category_admitted_over"), type_="check")
        for name in (
            *_EMPTY_TEXT,
            "description_sv",
            "description_de",
            "reserved",
            "admitted_over",
            "fee_minor",
        ):
            batch.drop_column(name)
        for name in ("needs_approval", "is_retired", "access", "currency", "opens_at", "closes_at"):
            batch.drop_column(name)
