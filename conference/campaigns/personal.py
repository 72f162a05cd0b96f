"""What this room holds about one person: of which campaigns they are a recipient."""

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from conference.audit.model import BY_SYSTEM
from conference.campaigns.audiences import finds
from conference.campaigns.model import BEFORE
from conference.campaigns.service import drop_searches
from conference.campaigns.tables import CampaignRow, RecipientRow
from conference.core.ids import CampaignId, PersonId
from conference.db.base import db

PERSONAL_COLUMNS = {"campaign_recipient": frozenset({"key_digest", "left_out"})}


def held(person_id: PersonId) -> list[dict[str, Any]]:
    """Return each campaign that the person was to get, and whether its mail was written. The mails stand for themselves."""
    rows = db.session.execute(
        select(CampaignRow.title, CampaignRow.started_at, RecipientRow.is_settled, RecipientRow.left_out)
        .join(RecipientRow, RecipientRow.campaign_id == CampaignRow.id)
        .where(RecipientRow.person_id == person_id)
        .order_by(CampaignRow.id)
    )
    return [
        {
            "campaign": row.title,
            "started": row.started_at.isoformat() if row.started_at else None,
            "written": row.is_settled and not row.left_out,
            "left out": row.left_out,
        }
        for row in rows
    ]


def erase(session: Session, person_id: PersonId) -> None:
    """Delete that the person is a recipient; a mail that was not written never is. How many were sent stays."""
    session.execute(
        delete(RecipientRow)
        .where(RecipientRow.person_id == person_id)
        .execution_options(synchronize_session=False)
    )


def forget_searches(session: Session, person_id: PersonId) -> None:
    """Take the lists out of what is not started yet whose words find the person. Before their names are emptied."""
    before = select(CampaignRow.id).where(CampaignRow.state.in_(BEFORE)).order_by(CampaignRow.id)
    for campaign_id in session.scalars(before).all():
        drop_searches(
            session, CampaignId(campaign_id), lambda one: finds(one, person_id, session), actor=BY_SYSTEM
        )


def move_recipients(session: Session, gone: PersonId, kept: PersonId) -> None:
    """Let one person be the recipient of what two records were; one mail of a campaign stays one, and none is lost.

    Where both are recipients of one, the record stays that was written to, or else may be.
    """
    rows = session.scalars(
        select(RecipientRow).where(RecipientRow.person_id.in_([gone, kept])).with_for_update()
    )
    by_campaign: dict[int, list[RecipientRow]] = {}
    for row in rows:
        by_campaign.setdefault(row.campaign_id, []).append(row)
    for both in by_campaign.values():
        if len(both) > 1:
            stays = max(both, key=lambda row: (_weight(row), row.person_id == kept))
            for row in both:
                if row is not stays:
                    session.delete(row)
    session.flush()
    session.execute(
        update(RecipientRow)
        .where(RecipientRow.person_id == gone)
        .values(person_id=kept)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(RecipientRow)
        .where(RecipientRow.about_type == "person", RecipientRow.about_id == gone)
        .values(about_id=kept)
        .execution_options(synchronize_session=False)
    )


def _weight(row: RecipientRow) -> int:
    """Return 2 for who was written to, 1 for who is to be, 0 for who was left out."""
    return 1 if not row.is_settled else 0 if row.left_out else 2
