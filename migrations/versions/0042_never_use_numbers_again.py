"""Let SQLite never give a deleted record's number to a new one: the history knows records and accounts by number."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

# What can be deleted and has a history, by table and by the kind of its entries. PostgreSQL counts on by itself.
_KINDS = {
    "staff": "staff",
    "person": "person",
    "invitation": "invitation",
    "category": "category",
    "extra": "extra",
    "room": "room",
    "track": "track",
    "campaign": "campaign",
    "label_sheet": "label_sheet",
    "badge_design": "badge_design",
}


def _rewrite(*, keeps_numbers: bool) -> None:
    for table in _KINDS:
        options = {"sqlite_autoincrement": keeps_numbers}
        with op.batch_alter_table(table, recreate="always", table_kwargs=options):
            pass


def upgrade() -> None:
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        return
    _rewrite(keeps_numbers=True)
    for table, kind in _KINDS.items():
        # Numbers of what was deleted already are not given again either.
        known = [bind.scalar(sa.text(f"SELECT max(id) FROM {table}"))]  # noqa: S608 -- the names stand above
        of_entries = sa.text("SELECT max(record_id) FROM audit_entry WHERE record_type = :kind")
        known.append(bind.scalar(of_entries, {"kind": kind}))
        if table == "staff":
            known.append(bind.scalar(sa.text("SELECT max(actor_id) FROM audit_entry")))
        last = max((one for one in known if one is not None), default=0)
        bind.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table})
        bind.execute(
            sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"),
            {"name": table, "last": last},
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rewrite(keeps_numbers=False)
