"""How a database would run a statement: read from its plan, so that no number of rows has to prove it."""

import re
from itertools import count

from conference.db.base import db


def plan_of(statement: str, *, spares_scans: bool = False) -> str:
    """Return how the database would run the statement, whatever its parameters are, a line for each step.

    With `spares_scans` PostgreSQL reads a whole table only where no index would do, also a table of a few rows.
    """
    with db.engine.connect() as connection:
        cursor = connection.connection.cursor()
        if connection.dialect.name == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", ["2030-01-01"] * statement.count("?"))
        else:
            if spares_scans:
                # Reads have no transaction that a setting could be local to: the connection is thrown away.
                cursor.execute("SET enable_seqscan = off")
                connection.detach()
            number = count(1)
            numbered = re.sub(r"%\(\w+\)s", lambda _: f"${next(number)}", statement)
            cursor.execute(f"EXPLAIN (GENERIC_PLAN, COSTS OFF) {numbered}")
        return "\n".join(str(line[-1]) for line in cursor.fetchall())
