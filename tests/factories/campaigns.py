"""Campaigns for tests, by the room's own services."""

from collections.abc import Mapping, Sequence

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from conference.audit.model import BY_SYSTEM
from conference.campaigns import service
from conference.campaigns.model import Audience, AudienceKind, Campaign, CampaignDetails, Figures, Purpose
from conference.campaigns.queries import figures_of, get_campaign
from conference.core.clock import clock
from conference.core.ids import CampaignId
from conference.db.base import db
from conference.db.work import transact
from conference.jobs.service import jobs
from conference.mail.tables import OutboxRow
from conference.mail.wording_model import Wording
from tests.factories.web import token_of

HOME = "/staff/campaigns"
ALL = Audience(kind=AudienceKind.REGISTRATIONS, value="")
WORDS = Wording(
    subject="The hall, {given_name}",
    text="Dear {name},\n\nwe meet in the great hall.\n\nYour number is {number}.\n\n{link}",
)


def make_campaign(
    *audiences: Audience,
    purpose: Purpose = Purpose.OWN,
    title: str = "The hall",
    texts: Mapping[str, Wording] | None = None,
) -> CampaignId:
    """Make a draft, to all registrations where no audience is given."""
    details = CampaignDetails(title=title, purpose=purpose, texts={"en": WORDS} if texts is None else texts)
    made = transact(
        lambda session: service.create(session, details, audiences or [ALL], actor=BY_SYSTEM, now=clock.now())
    )
    db.session.rollback()
    return made


def stored(campaign_id: CampaignId) -> Campaign:
    db.session.rollback()
    return get_campaign(campaign_id)


def begin(campaign_id: CampaignId) -> None:
    """Start the campaign; its mails are not written yet."""
    seen, goes_to = stored(campaign_id).revision, service.how_many(campaign_id)
    db.session.rollback()
    transact(
        lambda session: service.start(
            session,
            campaign_id,
            seen=None,
            goes_to=goes_to,
            revision=seen,
            actor=BY_SYSTEM,
            now=clock.now(),
        )
    )
    db.session.rollback()


def work_jobs(owner: str = "worker") -> None:
    """Do the jobs that are due, as a worker does."""
    for one in jobs.claim(owner):
        jobs.run(one, owner)
    db.session.rollback()


def send(campaign_id: CampaignId) -> None:
    """Start the campaign and let a worker write its mails."""
    begin(campaign_id)
    work_jobs()


def figures(campaign_id: CampaignId) -> Figures:
    campaign = stored(campaign_id)
    return figures_of([campaign]).get(campaign.id, Figures())


def its_mails(campaign_id: CampaignId) -> Sequence[OutboxRow]:
    """Return the campaign's mails, the first one first, freshly read."""
    series_id = stored(campaign_id).series_id
    if series_id is None:
        return []
    found = select(OutboxRow).where(OutboxRow.series_id == series_id).order_by(OutboxRow.id)
    return db.session.scalars(found.execution_options(populate_existing=True)).all()


def page(campaign: CampaignId, of: str = "") -> str:
    return f"{HOME}/{campaign}{of}"


def post_to(client: FlaskClient, path: str, **sent: object) -> TestResponse:
    """Send what a form of a campaign's page sends, with its token; None leaves a field out."""
    values = {"csrf_token": token_of(client, f"{HOME}/new")} | sent
    return client.post(path, data={name: value for name, value in values.items() if value is not None})
