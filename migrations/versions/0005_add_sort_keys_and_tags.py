"""Let the office sort its list by name and organisation in each database alike, and tag registrations."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_KEYS = ("sort_name", "sort_affiliation")
# As conference/core/text.py had it when this migration was written.
_BARE = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "æ": "ae", "œ": "oe", "ı": "i"})
_AT_ONCE = 1000


def _key(*parts: str) -> str:
    return b"\x01".join(_folded(part).encode() for part in parts).hex()[:400]


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join(bare.translate(_BARE).split())


def _fill() -> None:
    connection = op.get_bind()
    read = sa.text(
        "SELECT r.id, p.given_name, p.family_name, p.affiliation FROM registration r"
        " JOIN person p ON p.id = r.person_id WHERE r.id > :after ORDER BY r.id LIMIT :most"
    )
    write = sa.text(
        "UPDATE registration SET sort_name = :sort_name, sort_affiliation = :sort_affiliation WHERE id = :id"
    )
    after = 0
    while rows := connection.execute(read, {"after": after, "most": _AT_ONCE}).all():
        connection.execute(
            write,
            [
                {
                    "id": row.id,
                    "sort_name": _key(row.family_name or row.given_name, row.given_name),
                    "sort_affiliation": _key(row.affiliation),
                }
                for row in rows
            ],
        )
        after = rows[-1].id


def upgrade() -> None:
    with op.batch_alter_table("registration") as batch:
        for name in _KEYS:
            batch.add_column(sa.Column(name, sa.String(400), nullable=True))
    _fill()
    with op.batch_alter_table("registration") as batch:
        for name in _KEYS:
            batch.alter_column(name, existing_type=sa.String(400), nullable=False)
    for name in _KEYS:
        op.create_index(f"ix_registration_{name}", "registration", [name])
    op.create_table(
        "registration_tag",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_registration_tag_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("registration_id", "tag", name=op.f("pk_registration_tag")),
    )
    op.create_index("ix_registration_tag_tag", "registration_tag", ["tag"])


def downgrade() -> None:
    op.drop_table("registration_tag")
    for name in _KEYS:
        op.drop_index(f"ix_registration_{name}", table_name="registration")
    with op.batch_alter_table("registration") as batch:
        for name in _KEYS:
            batch.drop_column(name)
