"""Two campaigns: one about the reader's own registration that went out long ago, and a draft of news."""

from datetime import timedelta

from sqlalchemy.orm import Session

from conference.audit.model import BY_SYSTEM
from conference.campaigns.model import Audience, AudienceKind, CampaignDetails, Purpose
from conference.campaigns.queries import get_campaign
from conference.campaigns.sending import write_all
from conference.campaigns.service import create, finish, recipients, start
from conference.core.clock import clock, real_now
from conference.core.ids import CampaignId
from conference.db.work import transact
from conference.mail.staging import settle_series
from conference.mail.wording_model import Wording
from conference.registration.category_queries import categories

_BEGAN = timedelta(days=2)
_ANSWER = "250 delivered before the demonstration began"
_HALL = CampaignDetails(
    title="Students: bring your proof of enrolment",
    purpose=Purpose.OWN,
    texts={
        "en": Wording(
            subject="Bring your proof of enrolment to {event}",
            text=(
                "Dear {name},\n\nyou are registered as {category}, with the number {number}. Bring your proof of"
                " enrolment: the desk asks for it once, when you get your badge.\n\nThe desk opens at 8:00 on both"
                " days.\n\n{link}\n\n{contacts}"
            ),
        ),
        "sv": Wording(
            subject="Ta med ditt studieintyg till {event}",
            text=(
                "Hej {name}!\n\nDu är anmäld som {category}, med numret {number}. Ta med ditt studieintyg: du visar det en"
                " gång, när du får din namnskylt.\n\n{link}\n\n{contacts}"
            ),
        ),
    },
)
_POSTERS = CampaignDetails(
    title="Call for late posters",
    purpose=Purpose.NEWS,
    texts={
        "en": Wording(
            subject="There is room for twelve more posters",
            text=(
                "Dear {name},\n\nthe wall in the foyer has room for twelve more posters. Send a title and half a page"
                " to posters@conference.example until 12 September.\n\n{contacts}"
            ),
        )
    },
)


def make_campaigns() -> None:
    """Write both, and let the first have been sent. In transactions of its own, as a worker does it."""
    now = clock.now() - _BEGAN
    student = next(one.id for one in categories() if one.name == "Student")
    students = Audience(kind=AudienceKind.REGISTRATIONS, value=f"category={student}&state=confirmed")
    speakers = Audience(kind=AudienceKind.SPEAKERS, value="confirmed waiting")
    everybody = Audience(kind=AudienceKind.REGISTRATIONS, value="state=confirmed")

    def write(session: Session) -> CampaignId:
        sent = create(session, _HALL, [students], actor=BY_SYSTEM, now=now)
        create(session, _POSTERS, [everybody, speakers], actor=BY_SYSTEM, now=now)
        goes_to = len(recipients(get_campaign(sent, session), session).chosen)
        start(session, sent, seen=None, goes_to=goes_to, revision=1, actor=BY_SYSTEM, now=now)
        return sent

    campaign_id = transact(write)
    write_all(campaign_id, lambda _done, _total: None)
    transact(lambda session: _let_it_be_over(session, campaign_id))


def _let_it_be_over(session: Session, campaign_id: CampaignId) -> None:
    series_id = get_campaign(campaign_id, session).series_id
    assert series_id is not None
    settle_series(session, series_id, at=real_now() - _BEGAN, answer=_ANSWER)
    finish(session, campaign_id, now=clock.now() - _BEGAN + timedelta(minutes=2))
