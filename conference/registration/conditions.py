"""What the indexes of some rows hold, and the same for the queries that they answer.

Only written out, not as parameters, does a database know that such an index holds what is asked for; else each form,
and a worker each second, would read every row.
"""

from sqlalchemy import Index, TextClause, text

LIVE = text("state IN ('pending', 'offered', 'confirmed', 'waiting', 'attended', 'no_show')")
ENDED = text("state IN ('declined', 'withdrawn', 'cancelled')")
OFFERED = text("state = 'offered'")
OPEN = text("state = 'open'")
OPEN_TO_ONE = text("state = 'open' AND email_key <> ''")
SEALED = text("sealed IS NOT NULL")
KEPT = text("payload IS NOT NULL")

IS_LIVE = text(f"registration.{LIVE.text}")
HAS_ENDED = text(f"registration.{ENDED.text}")
IS_OFFERED = text(f"registration.{OFFERED.text}")
IS_OPEN = text(f"invitation.{OPEN.text}")


def index_of(name: str, *columns: str, where: TextClause, unique: bool = False) -> Index:
    """Return an index of those rows for which the condition holds, on either database."""
    return Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)
