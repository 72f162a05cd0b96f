"""What happens while a campaign waits: addresses are corrected, people leave, records become one, mails are refused."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from conference.audit.model import BY_SYSTEM
from conference.audit.queries import history_of
from conference.audit.tables import EntryRow
from conference.campaigns import sending, service
from conference.campaigns.model import Audience, AudienceKind, CampaignState, Exclusion
from conference.campaigns.personal import move_recipients
from conference.campaigns.tables import RecipientRow
from conference.core.clock import clock, real_now
from conference.core.ids import CampaignId, MailId, PersonId, RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.jobs.model import JobState
from conference.mail.errors import MailNotWaitingError
from conference.mail.service import message_id, send_again
from conference.mail.tables import OutboxRow
from conference.privacy.service import erase_person
from conference.registration.queries import get_registration
from conference.registration.writing import move_address
from conference.web.settings import attach_settings, current_settings
from tests.factories.campaigns import begin, figures, its_mails, make_campaign, send, stored, work_jobs
from tests.factories.registration import make_category, register_attendee
from tests.factories.registration_acts import withdraw


def fates(campaign: CampaignId) -> list[tuple[str, str]]:
    return [(mail.recipient, mail.state) for mail in its_mails(campaign)]


def correct(registration: RegistrationId, email: str) -> None:
    transact(
        lambda session: move_address(
            session, get_registration(registration, session), email, actor=BY_SYSTEM, now=clock.now()
        )
    )
    db.session.rollback()


def look() -> None:
    """Look at the campaigns, and do the jobs that came of it, as a worker does each few seconds."""
    source = sending.CampaignsDue()
    for one in source.claim("worker"):
        source.run(one, "worker")
    db.session.rollback()
    work_jobs()


def test_who_corrects_the_address_while_the_mail_waits_gets_it_at_the_new_one(app: Flask) -> None:
    one = register_attendee(make_category(), email="a@lab.example")
    campaign = make_campaign()
    send(campaign)
    correct(one, "b@lab.example")
    look()
    correct(one, "a@lab.example")  # back to the first, whose mail has its number already
    look()
    assert fates(campaign) == [
        ("a@lab.example", JobState.CANCELLED),
        ("b@lab.example", JobState.CANCELLED),
        ("a@lab.example", JobState.QUEUED),
    ]
    assert stored(campaign).state is CampaignState.SENDING
    assert figures(campaign).queued == 1


def test_who_corrects_the_address_after_the_mail_went_gets_no_second(app: Flask) -> None:
    one = register_attendee(make_category(), email="a@lab.example")
    campaign = make_campaign()
    send(campaign)
    transact(lambda session: session.execute(update(OutboxRow).values(state=JobState.DONE)))
    correct(one, "b@lab.example")
    look()
    assert fates(campaign) == [("a@lab.example", JobState.DONE)]


def test_a_campaign_with_a_mail_to_write_is_not_done(app: Flask) -> None:
    register_attendee(make_category())
    campaign = make_campaign()
    send(campaign)
    transact(lambda session: session.execute(update(RecipientRow).values(is_settled=False)))
    transact(lambda session: service.finish(session, campaign, now=clock.now()))
    assert stored(campaign).state is CampaignState.SENDING
    transact(lambda session: session.execute(update(RecipientRow).values(is_settled=True)))
    transact(lambda session: service.finish(session, campaign, now=clock.now()))
    assert stored(campaign).state is CampaignState.DONE


@pytest.mark.parametrize(
    ("query", "is_written"),
    [("", False), ("state=confirmed", False), ("state=confirmed&state=withdrawn", True)],
)
def test_who_leaves_before_the_mail_is_written_gets_none_unless_those_are_meant(
    app: Flask, query: str, is_written: bool
) -> None:
    one = register_attendee(make_category(), email="a@lab.example")
    campaign = make_campaign(Audience(kind=AudienceKind.REGISTRATIONS, value=query))
    begin(campaign)
    sending._fix(campaign)
    withdraw(one)
    work_jobs()
    assert [mail.recipient for mail in its_mails(campaign)] == ["a@lab.example"] * is_written
    assert figures(campaign).left_out == ({} if is_written else {Exclusion.ENDED: 1})


def test_the_words_of_a_search_are_kept_no_longer_than_they_are_needed(app: Flask) -> None:
    register_attendee(make_category())
    by_name = Audience(kind=AudienceKind.REGISTRATIONS, value="text=Lindstr%C3%B6m&state=confirmed")
    campaign = make_campaign()
    transact(lambda session: service.add_audience(session, campaign, by_name, actor=BY_SYSTEM))
    db.session.rollback()
    assert by_name in stored(campaign).audiences
    send(campaign)
    assert [one.value for one in stored(campaign).audiences] == ["", "text=%E2%80%A6&state=confirmed"]
    told = [str(entry) for entry in history_of("campaign", campaign)]
    assert told
    assert not [entry for entry in told if "Lindstr" in entry]


BY_NAME = Audience(kind=AudienceKind.REGISTRATIONS, value="text=Exempelsson")


def changed_before(campaign: CampaignId, days: int) -> None:
    """Let the last change of the campaign be so long ago."""
    then = clock.now() - timedelta(days=days)
    mine = (EntryRow.record_type == "campaign", EntryRow.record_id == campaign)
    transact(lambda session: session.execute(update(EntryRow).where(*mine).values(at=then)))


@pytest.mark.parametrize(
    ("days", "is_scheduled", "is_kept"), [(31, False, False), (29, False, True), (31, True, True)]
)
def test_a_draft_that_nobody_touches_loses_the_words_of_a_search(
    app: Flask, days: int, is_scheduled: bool, is_kept: bool
) -> None:
    register_attendee(make_category())
    campaign = make_campaign(BY_NAME, Audience(kind=AudienceKind.SPEAKERS, value="open"))
    if is_scheduled:
        at = clock.now() + timedelta(days=60)
        transact(
            lambda session: service.schedule(
                session, campaign, at, seen=1, goes_to=1, revision=1, actor=BY_SYSTEM
            )
        )
    before = stored(campaign)
    changed_before(campaign, days)
    look()
    after = stored(campaign)
    assert [one.value for one in after.audiences] == ["text=Exempelsson"] * is_kept + ["open"]
    assert after.revision == before.revision + (not is_kept)
    assert ("search ended" in {entry.action for entry in history_of("campaign", campaign)}) is not is_kept


def test_erasing_a_person_takes_out_the_searches_that_find_them(app: Flask) -> None:
    category = make_category()
    gone = register_attendee(category, family_name="Exempelsson")
    register_attendee(category, given_name="Bo", family_name="Zwart", email="bo@lab.example")
    other = Audience(kind=AudienceKind.REGISTRATIONS, value="text=Zwart")
    draft, started = make_campaign(BY_NAME, other), make_campaign(BY_NAME)
    send(started)
    person = get_registration(gone).person_id
    db.session.rollback()
    transact(lambda session: erase_person(session, person, actor=BY_SYSTEM, now=clock.now()))
    assert stored(draft).audiences == (other,)
    assert [one.value for one in stored(started).audiences] == ["text=%E2%80%A6"]


def settle(campaign: CampaignId, person: PersonId, *, left_out: str = "") -> None:
    transact(
        lambda session: session.execute(
            update(RecipientRow)
            .where(RecipientRow.campaign_id == campaign, RecipientRow.person_id == person)
            .values(is_settled=True, left_out=left_out)
        )
    )


@pytest.mark.parametrize(
    ("gone_is", "kept_is", "stays"),
    [
        ("written", "waiting", "written"),
        ("waiting", "written", "written"),
        ("waiting", "left out", "waiting"),
        ("left out", "waiting", "waiting"),
        ("waiting", "waiting", "waiting"),
        ("written", "left out", "written"),
    ],
)
def test_of_two_recipients_who_become_one_neither_two_mails_nor_none_come(
    app: Flask, gone_is: str, kept_is: str, stays: str
) -> None:
    category = make_category()
    people = [
        get_registration(register_attendee(category, email=f"{name}@lab.example")).person_id for name in "ab"
    ]
    db.session.rollback()
    campaign = make_campaign()
    begin(campaign)
    sending._fix(campaign)
    for person, fate in zip(people, (gone_is, kept_is), strict=True):
        if fate != "waiting":
            settle(campaign, person, left_out="" if fate == "written" else "no address")
    transact(lambda session: move_recipients(session, people[0], people[1]))
    db.session.rollback()
    assert recipients_now() == [(people[1], stays)]


def recipients_now() -> Collection[tuple[int, str]]:
    rows = db.session.scalars(select(RecipientRow).order_by(RecipientRow.id))
    return [
        (row.person_id, "left out" if row.left_out else "written" if row.is_settled else "waiting")
        for row in rows
    ]


def test_a_refused_mail_of_a_stopped_campaign_is_not_sent_again(app: Flask) -> None:
    register_attendee(make_category())
    campaign = make_campaign()
    send(campaign)
    (mail,) = its_mails(campaign)
    mail_id = MailId(mail.id)
    transact(lambda session: session.execute(update(OutboxRow).values(state=JobState.FAILED)))
    transact(lambda session: service.cancel_campaign(session, campaign, actor=BY_SYSTEM, now=clock.now()))
    with pytest.raises(MailNotWaitingError):
        transact(lambda session: send_again(session, mail_id, actor=BY_SYSTEM, now=real_now()))
    assert [state for _, state in fates(campaign)] == [JobState.FAILED]


def test_nobody_makes_the_number_of_a_mail_of_what_they_can_guess(app: Flask) -> None:
    """A report of a mail that came back is believed by this number."""
    ours, again = message_id("campaign\0001\0001\0000"), message_id("campaign\0001\0001\0000")
    settings = current_settings()
    attach_settings(app, replace(settings, secret_key="another key of more than thirty-two characters"))
    theirs = message_id("campaign\0001\0001\0000")
    attach_settings(app, settings)
    assert ours == again != theirs
