"""The demonstration's programme committee: a chair who has declared interests, a speaker, and one who still owes it."""

from sqlalchemy.orm import Session

from conference.audit.model import BY_LINK, BY_SYSTEM
from conference.core.clock import clock
from conference.core.ids import PersonId
from conference.demo.names import invented
from conference.speakers.committee import add_member, add_new_member
from conference.speakers.dossiers import sign
from conference.speakers.model import Interest, Membership, SignDisclosure

# The last of the invented people, whom no registration takes.
_FIRST = 788
_DUTIES = ("Chair", "", "")


def make_committee(session: Session, speaker: PersonId) -> None:
    """Put three invented people and one of the speakers on the committee; all but the last have signed."""
    now = clock.now()
    own = [
        add_new_member(session, invented(_FIRST + number), Membership(duty=duty), actor=BY_SYSTEM)
        for number, duty in enumerate(_DUTIES)
    ]
    add_member(session, speaker, Membership(duty="Co-chair"), actor=BY_SYSTEM)
    for person_id, interests in ((own[0], {Interest.FUNDING: "An invented foundation"}), (own[1], {})):
        name = invented(_FIRST + own.index(person_id)).name
        signed = SignDisclosure(
            person_id=person_id, is_nothing=not interests, interests=interests, signed_name=name
        )
        sign(session, signed, actor=BY_LINK, now=now)
