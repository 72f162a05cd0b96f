"""Two records of a person made one, as the office does it."""

from collections.abc import Collection

from conference.audit.model import BY_SYSTEM
from conference.core.ids import PersonId
from conference.db.base import db
from conference.db.work import transact
from conference.people.merging import MergePeople, merge
from conference.people.queries import get_person


def merge_into(kept: PersonId, gone: PersonId, take: Collection[str] = ()) -> None:
    """Merge `gone` away, of whom these fields are taken."""
    both = get_person(kept).revision, get_person(gone).revision
    db.session.rollback()
    command = MergePeople(kept_id=kept, gone_id=gone, kept_revision=both[0], gone_revision=both[1], take=take)
    transact(lambda session: merge(session, command, actor=BY_SYSTEM))
    db.session.rollback()
