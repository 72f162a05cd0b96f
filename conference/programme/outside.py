"""Which sessions and talks an account that is limited to tracks only looks at."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from conference.db.base import db
from conference.programme.tables import SessionRow, TalkRow


def outside(allowed: frozenset[int]) -> Callable[[Mapping[str, Any]], bool]:
    """Return what tells by an address's parts whether its session or talk is in none of the tracks. Two statements."""
    tracks = dict(db.session.execute(select(SessionRow.id, SessionRow.track_id)).all())
    sessions = dict(db.session.execute(select(TalkRow.id, TalkRow.session_id)).all())

    def is_outside(parts: Mapping[str, Any]) -> bool:
        session_id = sessions.get(parts["talk_id"]) if "talk_id" in parts else parts.get("session_id")
        return session_id is not None and session_id in tracks and tracks[session_id] not in allowed

    return is_outside
