"""Changed wordings for tests, by the room's own service, and examples of every mail."""

from sqlalchemy.orm import Session

from conference.audit.model import by_staff
from conference.core.clock import clock
from conference.core.ids import StaffId
from conference.db.base import db
from conference.db.work import transact
from conference.mail.wording_model import UNTOUCHED, Wording
from conference.mail.wording_queries import get_kind
from conference.mail.wording_service import save_wording
from conference.registration.model import Access
from conference.web.access import Role
from tests.factories.accounts import make_member
from tests.factories.extras import add, make_extra
from tests.factories.groups import make_group
from tests.factories.invitations import make_invitation
from tests.factories.registration import make_category, register_attendee
from tests.factories.speakers import make_member_of_committee, make_speaker, make_speaker_category

CHANGED = Wording(
    subject="Welcome {given_name} to {event}",
    text="Hello {name},\n\nyou are in.\n{facts}\nSee https://www.example.org/travel.\n\n{link}",
)


def change(
    kind: str = "confirmation",
    language: str = "en",
    wording: Wording = CHANGED,
    revision: int | None = UNTOUCHED,
    staff_id: StaffId | None = None,
) -> None:
    """Store the wording as an organiser does."""
    who = make_member(Role.ORGANISER) if staff_id is None else staff_id

    def work(session: Session) -> None:
        save_wording(
            session, get_kind(kind), language, revision, wording, actor=by_staff(who), now=clock.now()
        )

    transact(work)
    db.session.rollback()


def make_everybody() -> None:
    """Make what each mail needs an example of: a registration with an extra, a group, an invitation, a speaker, a member of the
    programme committee, staff.
    """
    category = make_category(fee_minor=12_000, currency="EUR")
    add(register_attendee(category, title="Dr."), make_extra("Dinner", category))
    make_group(category)
    make_invitation(make_category("Invited", access=Access.INVITED))
    make_speaker_category()
    make_speaker()
    make_member_of_committee()
    make_member(Role.ORGANISER)
    db.session.rollback()
