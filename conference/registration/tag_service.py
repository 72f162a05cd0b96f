"""The tags as a whole: how often each is used, renamed everywhere, or taken off everybody."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.core.errors import NotFoundError
from conference.core.ids import RegistrationId
from conference.db.base import db
from conference.registration.tables import TagRow
from conference.registration.tagging import tag, untag


def tag_counts() -> dict[str, int]:
    """Return how many registrations have each tag, in the order of the tags. One statement."""
    counted = select(TagRow.tag, func.count()).group_by(TagRow.tag).order_by(TagRow.tag)
    return {row[0]: row[1] for row in db.session.execute(counted)}


def rename_tag(session: Session, old: str, new: str, *, actor: Actor) -> int:
    """Let each registration with the one tag have the other, once where it has both, and return how many.

    Raises NotFoundError for a tag that nobody has.
    """
    found = _with_tag(session, old)
    if old != new:
        for one in found:
            untag(session, one, old, actor=actor)
            tag(session, one, new, actor=actor)
    return len(found)


def remove_tag(session: Session, word: str, *, actor: Actor) -> int:
    """Take the tag off everybody, and return how many had it. Raises NotFoundError for one that nobody has."""
    found = _with_tag(session, word)
    for one in found:
        untag(session, one, word, actor=actor)
    return len(found)


def _with_tag(session: Session, word: str) -> list[RegistrationId]:
    rows = session.scalars(
        select(TagRow.registration_id).where(TagRow.tag == word).order_by(TagRow.registration_id)
    )
    found = [RegistrationId(one) for one in rows]
    if not found:
        raise NotFoundError
    return found
