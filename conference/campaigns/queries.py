"""Campaigns and how far they are. Counts of statements are constant, however many recipients there are."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from conference.campaigns.model import (
    Audience,
    AudienceKind,
    Campaign,
    CampaignDetails,
    CampaignState,
    Exclusion,
    Figures,
    Purpose,
    Recipient,
)
from conference.campaigns.tables import CampaignRow, RecipientRow
from conference.core.errors import NotFoundError
from conference.core.ids import CampaignId, PersonId, SeriesId
from conference.db.base import db
from conference.jobs.model import CLAIMABLE, JobState
from conference.mail.series import figures
from conference.mail.wording_model import Wording


def _texts(stored: dict[str, Any]) -> dict[str, Wording]:
    return {tag: Wording(subject=one["subject"], text=one["text"]) for tag, one in stored.items()}


def _reasons(stored: dict[str, int]) -> dict[Exclusion, int]:
    return {Exclusion(reason): count for reason, count in stored.items()}


def _campaign(row: CampaignRow) -> Campaign:
    return Campaign(
        id=CampaignId(row.id),
        details=CampaignDetails(title=row.title, purpose=Purpose(row.purpose), texts=_texts(row.texts)),
        audiences=tuple(
            Audience(kind=AudienceKind(one["kind"]), value=one["value"]) for one in row.audiences
        ),
        state=CampaignState(row.state),
        scheduled_for=row.scheduled_for,
        created_at=row.created_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        is_frozen=row.is_frozen,
        left_out=_reasons(row.left_out),
        series_id=None if row.series_id is None else SeriesId(row.series_id),
        revision=row.revision,
    )


def find_campaign(campaign_id: int, session: Session | None = None) -> Campaign | None:
    row = (session or db.session).get(CampaignRow, campaign_id, populate_existing=True)
    return _campaign(row) if row else None


def get_campaign(campaign_id: int, session: Session | None = None) -> Campaign:
    """Return the campaign; raises NotFoundError."""
    campaign = find_campaign(campaign_id, session)
    if campaign is None:
        raise NotFoundError
    return campaign


def campaigns(states: Sequence[CampaignState] = tuple(CampaignState)) -> list[Campaign]:
    """Return the campaigns in these states, the newest first. One statement."""
    found = select(CampaignRow).where(CampaignRow.state.in_(states)).order_by(CampaignRow.id.desc())
    return [_campaign(row) for row in db.session.scalars(found)]


def figures_of(wanted: Iterable[Campaign]) -> dict[CampaignId, Figures]:
    """Return how far each of the campaigns is. Two statements."""
    begun = [one for one in wanted if one.series_id is not None]
    # People first: whom nothing is to be written to any more, theirs are among the mails.
    people = _recipients([one.id for one in begun])
    mails = figures([one.series_id for one in begun if one.series_id is not None])
    return {one.id: _figures(one, people[one.id], mails[one.series_id]) for one in begun}


def _recipients(ids: Sequence[int]) -> dict[int, Counter[tuple[bool, str]]]:
    rows = db.session.execute(
        select(RecipientRow.campaign_id, RecipientRow.is_settled, RecipientRow.left_out, func.count())
        .where(RecipientRow.campaign_id.in_(ids))
        .group_by(RecipientRow.campaign_id, RecipientRow.is_settled, RecipientRow.left_out)
    )
    found: dict[int, Counter[tuple[bool, str]]] = {one: Counter() for one in ids}
    for campaign_id, is_settled, left_out, count in rows:
        found[campaign_id][is_settled, left_out] = count
    return found


def _figures(campaign: Campaign, people: Counter[tuple[bool, str]], mails: Counter[JobState]) -> Figures:
    unwritten = sum(count for (is_settled, _), count in people.items() if not is_settled)
    left_out = Counter(campaign.left_out)
    for (_, reason), count in people.items():
        if reason:
            left_out[Exclusion(reason)] += count
    has_ended, is_paused = (
        campaign.state is state for state in (CampaignState.CANCELLED, CampaignState.PAUSED)
    )
    # A worker marks the mails one after the other; what becomes of them is what the campaign says.
    waiting = sum(mails[state] for state in (*CLAIMABLE, JobState.PAUSED))
    held = mails[JobState.HELD]
    return Figures(
        recipients=mails.total() + unwritten,
        unwritten=0 if has_ended else unwritten,
        queued=0 if has_ended or is_paused else waiting,
        sending=mails[JobState.RUNNING],
        paused=waiting if is_paused else 0,
        sent=mails[JobState.DONE],
        failed=mails[JobState.FAILED],
        held=0 if has_ended else held,
        cancelled=mails[JobState.CANCELLED] + (unwritten + waiting + held if has_ended else 0),
        left_out=dict(left_out),
    )


def unwritten(session: Session, campaign_id: CampaignId, limit: int) -> list[Recipient]:
    """Return the next recipients whose mail is not written. One statement."""
    rows = session.execute(
        select(
            RecipientRow.id,
            RecipientRow.about_type,
            RecipientRow.about_id,
            RecipientRow.key_digest,
            RecipientRow.again,
            RecipientRow.person_id,
        )
        .where(RecipientRow.campaign_id == campaign_id, RecipientRow.is_settled.is_(False))
        .order_by(RecipientRow.id)
        .limit(limit)
    )
    return [
        Recipient(
            id=row[0], about=(row[1], row[2]), key_digest=row[3], again=row[4], person_id=PersonId(row[5])
        )
        for row in rows
    ]
