from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

# Names by rule, so that a migration can drop on PostgreSQL what it made, and SQLite's copies keep them.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The base of every table. Plain, because Flask-SQLAlchemy 3.1.1 fails on SQLAlchemy 2.1's dataclass bases."""

    metadata = MetaData(naming_convention=NAMING)


# Tables derive from Base, not from db.Model, which mypy refuses.
db = SQLAlchemy(model_class=Base, disable_autonaming=True)
