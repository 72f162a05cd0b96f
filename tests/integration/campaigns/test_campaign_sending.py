"""From a started campaign to the outbox: each person once, whatever is killed, repeated or done by two at once."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from conference.audit.model import BY_SYSTEM
from conference.campaigns import sending, service
from conference.campaigns.errors import (
    AudienceTwiceError,
    CampaignMovedOnError,
    CountChangedError,
    NobodyChosenError,
    NoWordsError,
)
from conference.campaigns.model import CampaignState, Exclusion, Purpose
from conference.campaigns.tables import RecipientRow
from conference.core.clock import clock
from conference.core.ids import CampaignId
from conference.db.base import db
from conference.db.work import transact
from conference.jobs.model import Job, JobState
from conference.jobs.queries import as_job
from conference.jobs.tables import JobRow
from conference.mail.news import digest_of, unsubscribe
from conference.mail.tables import OutboxRow
from conference.mail.wording_model import Wording
from tests.factories.campaigns import (
    ALL,
    WORDS,
    begin,
    figures,
    its_mails,
    make_campaign,
    send,
    stored,
    work_jobs,
)
from tests.factories.registration import make_category, register_attendee
from tests.factories.registration_acts import withdraw

NAMES = ("a", "b", "c", "d", "e")


def make_people() -> list[int]:
    category = make_category()
    return [register_attendee(category, email=f"{name}@lab.example") for name in NAMES]


def its_job() -> Job:
    """Return the job that waits."""
    return transact(lambda session: as_job(session.query(JobRow).one()))


def recipients(campaign: CampaignId) -> list[str]:
    return sorted(mail.recipient for mail in its_mails(campaign))


EVERYBODY = [f"{name}@lab.example" for name in NAMES]


def test_a_campaign_is_written_once_to_each_in_their_language(app: Flask) -> None:
    category = make_category()
    register_attendee(category, email="a@lab.example")
    withdraw(register_attendee(category, email="gone@lab.example"))
    swedish = Wording(subject="Salen, {given_name}", text="Hej {name}.\n\n{link}")
    campaign = make_campaign(texts={"en": WORDS, "sv": swedish})
    send(campaign)
    (mail,) = its_mails(campaign)
    assert (mail.kind, mail.recipient, mail.recipient_name, mail.subject, mail.rank, mail.language) == (
        "campaign", "a@lab.example", "Åsa Lindström", "The hall, Åsa", 1, "en",
    )  # fmt: skip
    assert mail.link is not None
    assert mail.news_slot == ""
    assert "unsubscribe" not in mail.text.lower()
    assert stored(campaign).left_out == {Exclusion.ENDED: 1}
    # A second time the same job finds nothing to do.
    transact(lambda session: service.ask_to_write(session, campaign))
    work_jobs()
    assert recipients(campaign) == ["a@lab.example"]


def test_a_writer_that_is_killed_half_way_is_gone_on_from(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_people()
    campaign = make_campaign()
    begin(campaign)
    monkeypatch.setattr(sending, "AT_ONCE", 2)
    monkeypatch.setattr(sending, "SAY_EACH_S", 0.0)

    def killed(_done: int, _total: int) -> None:
        raise KeyboardInterrupt  # as little is done after it as after a kill

    for written in (2, 4, 5):
        with pytest.raises(KeyboardInterrupt):
            sending.write_campaign(its_job(), killed)
        assert len(recipients(campaign)) == written
    sending.write_campaign(its_job(), lambda _done, _total: None)
    assert recipients(campaign) == EVERYBODY
    assert figures(campaign).queued == len(EVERYBODY)


def test_two_writers_at_once_write_each_mail_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    make_people()
    campaign = make_campaign()
    begin(campaign)
    monkeypatch.setattr(sending, "AT_ONCE", 2)
    together, job = threading.Barrier(2), its_job()

    def write() -> None:
        with app.app_context():
            together.wait()
            sending.write_campaign(job, lambda _done, _total: None)

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert recipients(campaign) == EVERYBODY


def test_a_recipient_whose_mark_is_lost_is_still_written_once(app: Flask) -> None:
    """The control of the marks: without them the mail's own number refuses the second one."""
    make_people()
    campaign = make_campaign()
    send(campaign)
    transact(lambda session: session.execute(update(RecipientRow).values(is_settled=False)))
    with pytest.raises(IntegrityError):
        sending.write_campaign(its_job(), lambda _done, _total: None)
    assert recipients(campaign) == EVERYBODY


def test_recipients_are_fixed_at_the_start_and_looked_at_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_people()
    campaign = make_campaign(purpose=Purpose.NEWS)
    begin(campaign)
    monkeypatch.setattr(sending, "AT_ONCE", 1)
    monkeypatch.setattr(sending, "SAY_EACH_S", 0.0)

    def killed(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sending.write_campaign(its_job(), killed)
    register_attendee(make_category("Other"), email="late@lab.example")
    transact(lambda session: unsubscribe(session, digest_of("B@lab.example"), now=clock.now()))
    work_jobs()
    assert recipients(campaign) == ["a@lab.example", "c@lab.example", "d@lab.example", "e@lab.example"]
    assert figures(campaign).left_out == {Exclusion.UNSUBSCRIBED: 1}


def test_a_paused_campaign_writes_nothing_until_it_goes_on(app: Flask) -> None:
    make_people()
    campaign = make_campaign()
    begin(campaign)
    work_jobs()
    transact(lambda session: service.pause_campaign(session, campaign, actor=BY_SYSTEM))
    assert {mail.state for mail in its_mails(campaign)} == {JobState.PAUSED}
    assert figures(campaign).paused == len(EVERYBODY)
    transact(lambda session: service.resume_campaign(session, campaign, actor=BY_SYSTEM))
    assert {mail.state for mail in its_mails(campaign)} == {JobState.QUEUED}
    transact(lambda session: service.cancel_campaign(session, campaign, actor=BY_SYSTEM, now=clock.now()))
    assert {mail.state for mail in its_mails(campaign)} == {JobState.CANCELLED}
    assert figures(campaign).cancelled == len(EVERYBODY)


def test_a_campaign_that_is_paused_before_it_is_written_waits(app: Flask) -> None:
    make_people()
    campaign = make_campaign()
    begin(campaign)
    transact(lambda session: service.pause_campaign(session, campaign, actor=BY_SYSTEM))
    work_jobs()
    assert (recipients(campaign), figures(campaign).unwritten) == ([], len(EVERYBODY))
    transact(lambda session: service.resume_campaign(session, campaign, actor=BY_SYSTEM))
    work_jobs()
    assert recipients(campaign) == EVERYBODY


def _look() -> None:
    """Let the worker look after the campaigns, as it does each second."""
    source = sending.CampaignsDue()
    for one in source.claim("worker"):
        source.run(one, "worker")
    work_jobs()


def test_a_scheduled_campaign_starts_at_its_time(app: Flask) -> None:
    make_people()
    campaign = make_campaign()
    at = clock.now() + timedelta(hours=2)
    transact(
        lambda session: service.schedule(
            session, campaign, at, seen=5, goes_to=5, revision=1, actor=BY_SYSTEM
        )
    )
    _look()
    assert (stored(campaign).state, recipients(campaign)) == (CampaignState.SCHEDULED, [])
    clock.shift(clock.offset + timedelta(hours=2, minutes=1))
    _look()
    assert (stored(campaign).state, recipients(campaign)) == (CampaignState.SENDING, EVERYBODY)


def test_a_campaign_that_was_taken_back_does_not_start(app: Flask) -> None:
    make_people()
    campaign = make_campaign()
    at = clock.now() + timedelta(hours=2)
    transact(
        lambda session: service.schedule(
            session, campaign, at, seen=5, goes_to=5, revision=1, actor=BY_SYSTEM
        )
    )
    transact(lambda session: service.back_to_draft(session, campaign, actor=BY_SYSTEM))
    clock.shift(clock.offset + timedelta(hours=3))
    _look()
    assert stored(campaign).state is CampaignState.DRAFT
    later = transact(
        lambda session: service.start_scheduled(session, campaign, actor=BY_SYSTEM, now=clock.now())
    )
    assert later is False


def test_it_is_done_once_nothing_waits_and_asks_again_for_a_lost_job(app: Flask) -> None:
    make_people()
    campaign = make_campaign()
    begin(campaign)
    transact(lambda session: session.query(JobRow).delete())
    _look()
    assert recipients(campaign) == EVERYBODY
    _look()
    assert stored(campaign).state is CampaignState.SENDING
    series_id = stored(campaign).series_id
    transact(
        lambda session: session.execute(
            update(OutboxRow).where(OutboxRow.series_id == series_id).values(state=JobState.DONE)
        )
    )
    _look()
    assert (stored(campaign).state, figures(campaign).sent) == (CampaignState.DONE, len(EVERYBODY))


def test_each_refusal_of_a_start(app: Flask) -> None:
    def start(campaign: CampaignId, seen: int | None = None) -> None:
        goes_to = service.how_many(campaign)
        db.session.rollback()
        transact(
            lambda session: service.start(
                session,
                campaign,
                seen=seen,
                goes_to=goes_to,
                revision=1,
                actor=BY_SYSTEM,
                now=clock.now(),
            )
        )

    with pytest.raises(NobodyChosenError):
        start(make_campaign())
    make_people()
    with pytest.raises(NoWordsError):
        start(make_campaign(texts={}))
    campaign = make_campaign()
    with pytest.raises(CountChangedError):
        start(campaign, seen=4)
    with pytest.raises(AudienceTwiceError):
        transact(lambda session: service.add_audience(session, campaign, ALL, actor=BY_SYSTEM))
    start(campaign, seen=5)
    for act in (
        lambda session: service.start(
            session, campaign, seen=5, goes_to=5, revision=1, actor=BY_SYSTEM, now=clock.now()
        ),
        lambda session: service.back_to_draft(session, campaign, actor=BY_SYSTEM),
        lambda session: service.resume_campaign(session, campaign, actor=BY_SYSTEM),
        lambda session: service.add_audience(session, campaign, ALL, actor=BY_SYSTEM),
        lambda session: service.edit(session, campaign, stored(campaign).details, 1, actor=BY_SYSTEM),
        lambda session: service.delete_draft(session, campaign, 2, actor=BY_SYSTEM),
    ):
        with pytest.raises(CampaignMovedOnError):
            transact(act)
