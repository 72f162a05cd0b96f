"""Who still has to do what: speakers, and members of the programme committee."""

from sqlalchemy.orm import Session

from conference.accounts.registry import HomeCount
from conference.core.ids import PersonId
from conference.speakers.committee_queries import members
from conference.speakers.model import Owing
from conference.speakers.queries import count_open, speakers
from conference.speakers.tasks import with_member_s
from conference.web.language import lazy_gettext as _l


def owing(session: Session | None = None) -> list[Owing]:
    """Return everybody of whom something is missing, each once: those overdue first, speakers before mere members."""
    committee = {one.person.id: one for one in members(session)}
    found: dict[PersonId, Owing] = {}
    for speaker in speakers(session):
        member = committee.get(speaker.person.id)
        found[speaker.person.id] = Owing(
            person=speaker.person,
            standing=speaker.standing,
            membership=member.membership if member else None,
            missing=with_member_s(speaker.missing, member.missing if member else ()),
        )
    for person_id, member in committee.items():
        line = Owing(
            person=member.person, standing=None, membership=member.membership, missing=member.missing
        )
        found.setdefault(person_id, line)
    return sorted((one for one in found.values() if one.missing), key=lambda one: not one.is_overdue)


def count_overdue() -> int:
    """Return how many have missed a day by which something was asked of them."""
    return sum(one.is_overdue for one in owing())


# On the office's first page.
OVERDUE = HomeCount(
    label=_l("speakers and committee overdue"), endpoint="speakers.overdue", count=count_overdue
)
UNCONFIRMED = HomeCount(label=_l("speakers not confirmed"), endpoint="speakers.office_list", count=count_open)
