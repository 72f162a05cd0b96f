"""A campaign's life: written, sent to audiences, scheduled, started, paused, let go on, ended."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.service import record
from conference.campaigns.audiences import candidates, without_text
from conference.campaigns.errors import (
    AudienceTwiceError,
    CampaignEditedError,
    CampaignMovedOnError,
    CountChangedError,
    NobodyChosenError,
    NoWordsError,
)
from conference.campaigns.model import (
    BEFORE,
    RUNNING,
    Audience,
    Campaign,
    CampaignDetails,
    CampaignState,
    Choice,
    Exclusion,
)
from conference.campaigns.queries import find_campaign, get_campaign, unwritten
from conference.campaigns.rules import choose, written_to
from conference.campaigns.tables import CampaignRow, RecipientRow
from conference.campaigns.words import STATE_WORDS
from conference.core.errors import RevisionMissingError
from conference.core.ids import CampaignId, SeriesId
from conference.core.text import address_key
from conference.db.revisions import delete_revised, revise
from conference.jobs.service import ask_for
from conference.mail.bounces import marked_addresses
from conference.mail.news import digest_of, unsubscribed
from conference.mail.series import cancel_rest, let_go, open_series, pause

_RECIPIENT = cast("Table", RecipientRow.__table__)
KIND = "campaign"
ABOUT = "campaign"


def recipients(campaign: Campaign, session: Session | None = None) -> Choice:
    """Return who would get the campaign now, and who not."""
    named = candidates(campaign.audiences, session)
    wants_none = unsubscribed(session=session)
    addresses = {address_key(one.email) for one in named if one.email} if wants_none else set()
    return choose(
        named,
        campaign.details.purpose,
        came_back=marked_addresses(session),
        unsubscribed={address for address in addresses if digest_of(address) in wants_none},
    )


def create(
    session: Session, details: CampaignDetails, audiences: Sequence[Audience], *, actor: Actor, now: datetime
) -> CampaignId:
    row = CampaignRow(
        **_values(details),
        audiences=_stored(audiences),
        state=CampaignState.DRAFT,
        created_at=now,
    )
    session.add(row)
    session.flush()
    record(session, actor=actor, action="created", about=(ABOUT, row.id))
    return CampaignId(row.id)


def _values(details: CampaignDetails) -> dict[str, Any]:
    texts = {tag: {"subject": one.subject, "text": one.text} for tag, one in details.texts.items()}
    return {"title": details.title, "purpose": details.purpose, "texts": texts}


def _stored(audiences: Sequence[Audience]) -> list[dict[str, str]]:
    return [{"kind": one.kind.value, "value": one.value} for one in audiences]


def _held(session: Session, campaign_id: CampaignId, states: Sequence[CampaignState]) -> Campaign:
    """Return the campaign under its lock. Raises NotFoundError, CampaignMovedOnError where it is in none of the states."""
    session.get(CampaignRow, campaign_id, with_for_update=True)
    campaign = get_campaign(campaign_id, session)
    if campaign.state not in states:
        raise CampaignMovedOnError(state=STATE_WORDS[campaign.state][0])
    return campaign


def edit(
    session: Session,
    campaign_id: CampaignId,
    details: CampaignDetails,
    expected_revision: int | None,
    *,
    actor: Actor,
) -> None:
    """Keep the words of a draft. Raises NotFoundError, CampaignMovedOnError, and as `revise` does."""
    before = _held(session, campaign_id, [CampaignState.DRAFT])
    old, new = _values(before.details), _values(details)
    revise(session, CampaignRow, campaign_id, expected_revision, new)
    changes = {name: (old[name], new[name]) for name in new if old[name] != new[name]}
    if changes:
        record(session, actor=actor, action="changed", about=(ABOUT, campaign_id), changes=changes)


def add_audience(session: Session, campaign_id: CampaignId, audience: Audience, *, actor: Actor) -> None:
    """Let the draft go to these people too. Raises NotFoundError, CampaignMovedOnError, AudienceTwiceError."""
    campaign = _held(session, campaign_id, [CampaignState.DRAFT])
    if audience in campaign.audiences:
        raise AudienceTwiceError
    _keep_audiences(session, campaign, [*campaign.audiences, audience], actor)


def remove_audience(session: Session, campaign_id: CampaignId, audience: Audience, *, actor: Actor) -> None:
    """Let the draft no longer go to these people; nothing happens where it does not."""
    campaign = _held(session, campaign_id, [CampaignState.DRAFT])
    _keep_audiences(session, campaign, [one for one in campaign.audiences if one != audience], actor)


def drop_searches(
    session: Session, campaign_id: CampaignId, is_over: Callable[[Audience], bool], *, actor: Actor
) -> None:
    """Take out the audiences of which `is_over` says so, of what is not started; nothing happens to what is."""
    session.get(CampaignRow, campaign_id, with_for_update=True)
    campaign = find_campaign(campaign_id, session)
    if campaign is None or campaign.state not in BEFORE:
        return
    kept = [one for one in campaign.audiences if not is_over(one)]
    if len(kept) < len(campaign.audiences):
        _write(session, campaign_id, audiences=_stored(kept), revision=campaign.revision + 1)
        record(session, actor=actor, action="search ended", about=(ABOUT, campaign_id))


def _keep_audiences(
    session: Session, campaign: Campaign, audiences: Sequence[Audience], actor: Actor
) -> None:
    before, after = _stored(campaign.audiences), _stored(audiences)
    if before != after:
        _write(session, campaign.id, audiences=after, revision=campaign.revision + 1)
        # How many: the words of a search may be somebody's name, and what is recorded stays.
        changes = {"audiences": (len(before), len(after))}
        record(session, actor=actor, action="changed", about=(ABOUT, campaign.id), changes=changes)


def _write(session: Session, campaign_id: int, **values: Any) -> None:
    session.execute(
        update(CampaignRow)
        .where(CampaignRow.id == campaign_id)
        .values(values)
        .execution_options(synchronize_session=False)
    )


def delete_draft(
    session: Session, campaign_id: CampaignId, expected_revision: int | None, *, actor: Actor
) -> None:
    """Delete a campaign that was never started. Raises NotFoundError, CampaignMovedOnError, StaleDeletionError."""
    _held(session, campaign_id, BEFORE)
    delete_revised(session, CampaignRow, campaign_id, expected_revision)
    record(session, actor=actor, action="deleted", about=(ABOUT, campaign_id))


def how_many(campaign_id: CampaignId) -> int:
    """Return how many would get the campaign now; raises NotFoundError.

    To be asked before the transaction that starts or schedules it: reading ten thousand takes 0.2 s, in which nobody
    else could write on SQLite. That nobody edits the campaign between, its revision tells.
    """
    return len(recipients(get_campaign(campaign_id)).chosen)


def _require_ready(campaign: Campaign, seen: int | None, goes_to: int, revision: int | None) -> None:
    if revision is None:
        raise RevisionMissingError
    if revision != campaign.revision:
        raise CampaignEditedError
    if "en" not in campaign.details.texts:
        raise NoWordsError
    if not goes_to:
        raise NobodyChosenError
    if seen is not None and goes_to != seen:
        raise CountChangedError(count=goes_to)


def start(
    session: Session,
    campaign_id: CampaignId,
    *,
    seen: int | None,
    goes_to: int,
    revision: int | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Let the campaign go now; a worker fixes its recipients and writes the mails.

    `seen` is how many the button said, `goes_to` what `how_many` says, and `revision` that of the page. Raises NotFoundError, CampaignMovedOnError,
    RevisionMissingError, CampaignEditedError, NoWordsError, NobodyChosenError, CountChangedError.
    """
    campaign = _held(session, campaign_id, BEFORE)
    _require_ready(campaign, seen, goes_to, revision)
    _begin(session, campaign, actor, now)


def start_scheduled(session: Session, campaign_id: CampaignId, *, actor: Actor, now: datetime) -> bool:
    """Let a campaign go whose time has come; False for one that was taken back, or put off, meanwhile.

    It goes even to nobody: that it is over then is seen, and one that stayed scheduled would go by surprise.
    """
    session.get(CampaignRow, campaign_id, with_for_update=True)
    campaign = get_campaign(campaign_id, session)
    if campaign.state is not CampaignState.SCHEDULED or (campaign.scheduled_for or now) > now:
        return False
    _begin(session, campaign, actor, now)
    return True


def _begin(session: Session, campaign: Campaign, actor: Actor, now: datetime) -> None:
    _write(
        session,
        campaign.id,
        state=CampaignState.SENDING,
        started_at=now,
        series_id=open_series(session),
        revision=campaign.revision + 1,
    )
    record(session, actor=actor, action="campaign started", about=(ABOUT, campaign.id))
    ask_to_write(session, campaign.id)


def ask_to_write(session: Session, campaign_id: CampaignId) -> None:
    """Let a worker write what is unwritten; asked again while one does, nothing happens."""
    ask_for(session, kind=KIND, facts={"campaign": campaign_id})


def schedule(
    session: Session,
    campaign_id: CampaignId,
    at: datetime,
    *,
    seen: int | None,
    goes_to: int,
    revision: int | None,
    actor: Actor,
) -> None:
    """Let the campaign go at a time of the conference's clock. Raises as `start` does."""
    campaign = _held(session, campaign_id, BEFORE)
    _require_ready(campaign, seen, goes_to, revision)
    values = {"scheduled_for": at, "revision": campaign.revision + 1}
    _write(session, campaign.id, state=CampaignState.SCHEDULED, **values)
    times = (_iso(campaign.scheduled_for), _iso(at))
    record(
        session, actor=actor, action="campaign scheduled", about=(ABOUT, campaign_id), changes={"at": times}
    )


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def back_to_draft(session: Session, campaign_id: CampaignId, *, actor: Actor) -> None:
    """Take a scheduled campaign back. Raises NotFoundError, CampaignMovedOnError."""
    campaign = _held(session, campaign_id, [CampaignState.SCHEDULED])
    values = {"scheduled_for": None, "revision": campaign.revision + 1}
    _write(session, campaign_id, state=CampaignState.DRAFT, **values)
    record(session, actor=actor, action="campaign taken back", about=(ABOUT, campaign_id))


def pause_campaign(session: Session, campaign_id: CampaignId, *, actor: Actor) -> None:
    """Hold all that is not sent. Raises NotFoundError, CampaignMovedOnError."""
    campaign = _held(session, campaign_id, [CampaignState.SENDING])
    _write(session, campaign_id, state=CampaignState.PAUSED)
    _with_series(session, campaign, pause)
    record(session, actor=actor, action="campaign paused", about=(ABOUT, campaign_id))


def resume_campaign(session: Session, campaign_id: CampaignId, *, actor: Actor) -> None:
    """Let a paused campaign go on. Raises NotFoundError, CampaignMovedOnError."""
    campaign = _held(session, campaign_id, [CampaignState.PAUSED])
    _write(session, campaign_id, state=CampaignState.SENDING)
    _with_series(session, campaign, let_go)
    record(session, actor=actor, action="campaign resumed", about=(ABOUT, campaign_id))
    ask_to_write(session, campaign_id)


def cancel_campaign(session: Session, campaign_id: CampaignId, *, actor: Actor, now: datetime) -> None:
    """End it: what is not sent never will be. Raises NotFoundError, CampaignMovedOnError."""
    campaign = _held(session, campaign_id, RUNNING)
    _write(session, campaign_id, state=CampaignState.CANCELLED, ended_at=now)
    _with_series(session, campaign, cancel_rest)
    record(session, actor=actor, action="campaign ended", about=(ABOUT, campaign_id))


def _with_series(session: Session, campaign: Campaign, act: Callable[..., None]) -> None:
    assert campaign.series_id is not None
    act(session, campaign.series_id)


def finish(session: Session, campaign_id: CampaignId, *, now: datetime) -> None:
    """Mark a campaign as done of which nothing waits any more; nothing happens where something does by now."""
    row = session.get(CampaignRow, campaign_id, with_for_update=True)
    # Looked at again under the lock: whose mail was cancelled with an old address is to be written to anew.
    if row is not None and row.state == CampaignState.SENDING and not unwritten(session, campaign_id, 1):
        _write(session, campaign_id, state=CampaignState.DONE, ended_at=now)


def write_anew(session: Session, about: tuple[str, int], series: Collection[SeriesId]) -> None:
    """Let the mails of these series about a record be written again, which were cancelled before they were sent.

    So who corrects their address while ten thousand mails wait gets theirs at the new one. Who does not come any more
    is left out when it is written.
    """
    # Locked in one order, and before the recipients, as `finish` and whoever writes mails do.
    running = session.scalars(
        select(CampaignRow.id)
        .where(CampaignRow.series_id.in_(series), CampaignRow.state.in_(RUNNING))
        .order_by(CampaignRow.id)
        .with_for_update()
    ).all()
    session.execute(
        update(RecipientRow)
        .where(
            RecipientRow.campaign_id.in_(running),
            RecipientRow.about_type == about[0],
            RecipientRow.about_id == about[1],
            RecipientRow.is_settled,
        )
        .values(is_settled=False, again=RecipientRow.again + 1)
        .execution_options(synchronize_session=False)
    )


def rows_of(campaign: Campaign, choice: Choice) -> list[dict[str, Any]]:
    """Return the rows of those who get the campaign, made before the transaction that writes them."""
    return [
        {
            "campaign_id": campaign.id,
            "person_id": one.person_id,
            "key_digest": digest_of(written_to(one, campaign.details.purpose)),
            "about_type": one.about[0],
            "about_id": one.about[1],
        }
        for one in choice.chosen
    ]


def freeze(
    session: Session, campaign_id: CampaignId, rows: list[dict[str, Any]], left_out: Mapping[Exclusion, int]
) -> None:
    """Fix who gets the campaign, all or none: asked a second time, nothing happens."""
    session.get(CampaignRow, campaign_id, with_for_update=True)
    campaign = get_campaign(campaign_id, session)
    if campaign.is_frozen or campaign.state not in RUNNING:
        return
    if rows:
        # Past the session's objects, which for ten thousand would keep other writers waiting.
        session.connection().execute(insert(_RECIPIENT), rows)
    reasons = {reason.value: count for reason, count in left_out.items()}
    # Nobody is looked for by these words again, and they may be the name of one who is erased some day.
    named = _stored([without_text(one) for one in campaign.audiences])
    _write(session, campaign_id, is_frozen=True, left_out=reasons, audiences=named)
