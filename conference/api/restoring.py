"""Tokens that a backup brought back: one may have been revoked since, so none of them counts."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from conference.api.tables import ApiTokenRow
from conference.api.tokens import revoke_token
from conference.audit.model import BY_SYSTEM


def revoke_brought_back(session: Session, *, now: datetime) -> int:
    """Revoke every token that counts, and return how many. `now` is real time."""
    counts = or_(ApiTokenRow.expires_at.is_(None), ApiTokenRow.expires_at > now)
    alive = select(ApiTokenRow.id).where(ApiTokenRow.revoked_at.is_(None), counts)
    found = list(session.scalars(alive.order_by(ApiTokenRow.id)))
    for token_id in found:
        revoke_token(session, token_id, actor=BY_SYSTEM, now=now)
    return len(found)
