"""From a started campaign to mails in the outbox, a hundred at a time, by a job that can be killed anywhere.

What was written is marked in the transaction that writes it, and each mail's number at the servers is made of campaign
and recipient, so that a second worker, or a second try, finds nothing left to do. Mails are rendered before the
transaction begins: on SQLite a hundred of them hold the writer for some milliseconds.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from conference.audit.model import BY_SYSTEM
from conference.audit.queries import last_acts
from conference.campaigns.audiences import filters_of, has_words, stages_of
from conference.campaigns.model import (
    SEARCH_KEPT,
    AudienceKind,
    Campaign,
    CampaignState,
    Exclusion,
    Purpose,
    Recipient,
)
from conference.campaigns.queries import campaigns, figures_of, find_campaign, unwritten
from conference.campaigns.readers import KIND, Reader, addresses_of, drawn_for, has_link, readers_of
from conference.campaigns.service import (
    ABOUT,
    ask_to_write,
    drop_searches,
    finish,
    freeze,
    recipients,
    rows_of,
    start_scheduled,
)
from conference.campaigns.tables import CampaignRow, RecipientRow
from conference.core.clock import clock
from conference.core.ids import CampaignId
from conference.core.text import address_key
from conference.db.base import db
from conference.db.work import transact
from conference.jobs.model import Job
from conference.jobs.registry import Say
from conference.mail.bounces import marked_addresses
from conference.mail.model import Prepared
from conference.mail.news import digest_of, unsubscribed
from conference.mail.rules import is_address
from conference.mail.service import enqueue_all, prepare
from conference.people import service as people
from conference.web.language import in_language

AT_ONCE = 100
SAY_EACH_S = 1.0
# How often the worker looks whether a campaign is done, or lost its job. Buttons and schedules do not wait for it.
LOOK_EACH_S = 5.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """What becomes of one recipient: a mail, or the reason why there is none any more."""

    recipient: Recipient
    mail: Prepared | None
    left_out: str = ""


def write_campaign(job: Job, say: Say) -> str:
    """Do the job that `service.ask_to_write` asks for. It makes no file."""
    write_all(CampaignId(job.facts["campaign"]), say)
    return ""


def write_all(campaign_id: CampaignId, say: Say) -> None:
    """Fix the campaign's recipients, unless they are, and write their mails until it is paused, ended or done."""
    _fix(campaign_id)
    done, said_at = 0, time.monotonic()
    while written := _next(campaign_id):
        transact(partial(_write, campaign_id=campaign_id, written=written))
        done += len(written)
        if time.monotonic() - said_at >= SAY_EACH_S:
            say(done, 0)
            said_at = time.monotonic()
    say(done, done)


def _fix(campaign_id: CampaignId) -> None:
    with Session(db.engine) as session:
        campaign = find_campaign(campaign_id, session)
        if campaign is None or campaign.is_frozen:
            return
        choice = recipients(campaign, session)
    rows = rows_of(campaign, choice)
    transact(lambda session: freeze(session, campaign_id, rows, choice.left_out))


def _next(campaign_id: CampaignId) -> list[Written]:
    """Return what becomes of the next recipients, none where the campaign may not go on or all is written."""
    with Session(db.engine) as session:
        campaign = find_campaign(campaign_id, session)
        if campaign is None or campaign.state is not CampaignState.SENDING:
            return []
        wanted = unwritten(session, campaign_id, AT_ONCE)
        return _made(session, campaign, wanted) if wanted else []


def _made(session: Session, campaign: Campaign, wanted: Sequence[Recipient]) -> list[Written]:
    found = readers_of([one.about for one in wanted], session)
    came_back = marked_addresses(session)
    is_news, asks_for = campaign.details.purpose is Purpose.NEWS, _asks_for(campaign)
    digests = {digest_of(reader.email) for reader in found.values()} if is_news else set()
    wants_none = unsubscribed(digests, session)
    made = []
    for one in wanted:
        reader = found.get(one.about)
        reason = _why_not(reader, came_back, wants_none, asks_for)
        mail = None if reason or reader is None else _mail(campaign, one, reader)
        made.append(Written(recipient=one, mail=mail, left_out=reason.value if reason else ""))
    return made


def _asks_for(campaign: Campaign) -> Callable[[Reader], bool]:
    """Return what tells whether the campaign means this reader although they do not come any more."""
    lists = [filters_of(one) for one in campaign.audiences if one.kind is AudienceKind.REGISTRATIONS]
    stages = [stages_of(one) for one in campaign.audiences if one.kind is AudienceKind.SPEAKERS]
    standings: set[str] = set[str]().union(*(one.states for one in lists), *stages)
    chosen = {("registration", number) for one in lists for number in one.chosen}
    return lambda reader: reader.standing in standings or reader.about in chosen


def _why_not(
    reader: Reader | None,
    came_back: frozenset[str],
    wants_none: set[str],
    asks_for: Callable[[Reader], bool],
) -> Exclusion | None:
    """Return what came in the way since the recipients were fixed."""
    if reader is None or not is_address(reader.email):
        return Exclusion.NO_ADDRESS
    if reader.has_ended and not asks_for(reader):
        return Exclusion.ENDED
    if address_key(reader.email) in came_back:
        return Exclusion.CAME_BACK
    return Exclusion.UNSUBSCRIBED if wants_none and digest_of(reader.email) in wants_none else None


def _mail(campaign: Campaign, recipient: Recipient, reader: Reader) -> Prepared:
    text, series_id = campaign.details.text_in(reader.language), campaign.series_id
    assert text is not None
    assert series_id is not None
    language, wording = text
    rendered = drawn_for(campaign, reader, language, wording)
    with in_language(language):
        return prepare(
            rendered,
            kind=KIND,
            recipient=reader.email,
            recipient_name=reader.person.name,
            about=reader.about,
            link=reader.link if has_link(wording) else None,
            series_id=series_id,
            once=f"{KIND}\0{campaign.id}\0{recipient.id}\0{recipient.again}",
        )


def _write(session: Session, campaign_id: CampaignId, written: Sequence[Written]) -> None:
    """Write the mails of those that nobody has written meanwhile, unless the campaign was stopped.

    Their people are held first, as whoever corrects an address holds them: a mail whose reader has another one by now,
    or was erased, is left to be made anew.
    """
    people.hold(session, [one.recipient.person_id for one in written if one.recipient.person_id is not None])
    state = session.scalar(
        select(CampaignRow.state).where(CampaignRow.id == campaign_id).with_for_update(read=True)
    )
    if state != CampaignState.SENDING:
        return
    by_id = {one.recipient.id: one for one in _as_it_is(session, written)}
    open_ids = session.scalars(
        select(RecipientRow.id)
        .where(RecipientRow.id.in_(by_id), RecipientRow.is_settled.is_(False))
        .with_for_update()
    ).all()
    mine = [by_id[one] for one in open_ids]
    enqueue_all(session, [one.mail for one in mine if one.mail is not None])
    _settle(session, [one.recipient.id for one in mine if one.mail is not None], "")
    for reason in {one.left_out for one in mine if one.mail is None}:
        _settle(session, [one.recipient.id for one in mine if one.left_out == reason], reason)


def _as_it_is(session: Session, written: Sequence[Written]) -> list[Written]:
    """Return those whose mail goes to the address that their record has now. Two statements at most."""
    now = addresses_of([one.recipient.about for one in written if one.mail is not None], session)
    return [
        one
        for one in written
        if one.mail is None or now.get(one.recipient.about) == one.mail.values["recipient"]
    ]


def _settle(session: Session, ids: Sequence[int], left_out: str) -> None:
    session.execute(
        update(RecipientRow)
        .where(RecipientRow.id.in_(ids))
        .values(is_settled=True, left_out=left_out)
        .execution_options(synchronize_session=False)
    )


class CampaignsDue:
    """Campaigns whose time has come, or that are done, as a worker sees them. Each is looked at again under its lock."""

    def __init__(self) -> None:
        self._looked_at = float("-inf")

    def claim(self, owner: str) -> list[int]:  # noqa: ARG002 -- the signature is JobSource's
        due = select(CampaignRow.id).where(
            CampaignRow.state == CampaignState.SCHEDULED, CampaignRow.scheduled_for <= clock.now()
        )
        found = list(db.session.scalars(due))
        if time.monotonic() < self._looked_at + LOOK_EACH_S:
            return found
        self._looked_at = time.monotonic()
        return found + _to_look_at(campaigns([CampaignState.SENDING])) + _searched_too_long()

    def run(self, job_id: int, owner: str) -> None:  # noqa: ARG002 -- the signature is JobSource's
        campaign_id = CampaignId(job_id)
        campaign = find_campaign(campaign_id)
        db.session.rollback()
        if campaign is None:
            return
        if campaign.state is CampaignState.SCHEDULED:
            transact(lambda session: start_scheduled(session, campaign_id, actor=BY_SYSTEM, now=clock.now()))
        elif campaign.state is CampaignState.DRAFT:
            transact(lambda session: drop_searches(session, campaign_id, has_words, actor=BY_SYSTEM))
        elif _is_over(campaign):
            transact(lambda session: finish(session, campaign_id, now=clock.now()))
        else:
            transact(lambda session: ask_to_write(session, campaign_id))


def _to_look_at(going: Sequence[Campaign]) -> list[CampaignId]:
    """Return those of the campaigns that have mails to write still, or nothing to do any more."""
    far = figures_of(going)
    return [one.id for one in going if not one.is_frozen or far[one.id].unwritten or far[one.id].is_over]


def _searched_too_long() -> list[CampaignId]:
    """Return the drafts that keep words of a search, and that nobody has changed for SEARCH_KEPT."""
    searched = [one.id for one in campaigns([CampaignState.DRAFT]) if any(map(has_words, one.audiences))]
    over, acts = clock.now() - SEARCH_KEPT, last_acts(ABOUT, searched) if searched else {}
    return [one for one in searched if one in acts and acts[one] < over]


def _is_over(campaign: Campaign) -> bool:
    return campaign.is_frozen and figures_of([campaign])[campaign.id].is_over


due = CampaignsDue()
