"""Empty places that a backup can be put into."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from flask import Flask
from psycopg import sql
from sqlalchemy import make_url

from tests.conftest import opened


@contextmanager
def empty_url(like: str, folder: Path) -> Iterator[str]:
    """Yield the address of a database of the same kind in which there is nothing."""
    url = make_url(like)
    if url.get_backend_name() == "sqlite":
        yield f"sqlite:///{folder / 'restored.sqlite3'}"
        return
    name = f"empty_{uuid.uuid4().hex}"
    line = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(line, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(line, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def empty_place(like: str, folder: Path) -> Iterator[Flask]:
    """Yield the application on an empty database of the same kind and an instance folder that is not there yet."""
    folder.mkdir(exist_ok=True)
    with empty_url(like, folder) as url, opened(url, folder / "instance") as app:
        yield app
