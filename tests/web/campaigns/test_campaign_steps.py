import re

import pytest
from flask.testing import FlaskClient

from conference.campaigns.audiences import of_stages
from conference.campaigns.model import CampaignState
from conference.campaigns.queries import campaigns
from conference.mail.model import Rank
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.campaigns import (
    HOME,
    begin,
    figures,
    its_mails,
    make_campaign,
    page,
    post_to,
    stored,
    work_jobs,
)
from tests.factories.registration import make_category, register_attendee
from tests.factories.speakers import make_speaker


@pytest.fixture
def office(client: FlaskClient) -> FlaskClient:
    sign_in(client, Role.ORGANISER)
    return client


def test_it_is_started_paused_let_go_on_and_ended_by_buttons(office: FlaskClient) -> None:
    register_attendee(make_category())
    campaign = make_campaign()
    for act, state in (
        ("start", CampaignState.SENDING),
        ("pause", CampaignState.PAUSED),
        ("resume", CampaignState.SENDING),
        ("cancel", CampaignState.CANCELLED),
    ):
        assert post_to(
            office, page(campaign, "/state"), act=act, count=1, revision=stored(campaign).revision
        ).location == page(campaign)
        work_jobs()
        assert stored(campaign).state is state
        assert office.get(page(campaign)).status_code == 200
    assert figures(campaign).cancelled == 1
    assert [mail.rank for mail in its_mails(campaign)] == [Rank.CAMPAIGN]


def test_a_campaign_begins_from_the_speakers_list(client: FlaskClient) -> None:
    make_speaker(1)
    make_speaker(2)
    for role, is_offered in ((Role.ORGANISER, True), (Role.PROGRAMME, False)):
        sign_in(client, role)
        shown = client.get("/staff/speakers").text
        assert ("Write a campaign to all who have not declined" in shown) is is_offered
    sign_in(client, Role.ORGANISER)
    shown = client.get("/staff/speakers?standing=open").text
    assert 'href="/staff/campaigns/new?stage=open"' in shown
    assert "Write a campaign to these" in shown
    # The words of a search are not a stage.
    assert "Write a campaign" not in client.get("/staff/speakers?text=a").text
    asked = client.get(f"{HOME}/new?stage=open&stage=confirmed").text
    assert "To 2 speakers" in asked
    assert "Speakers: Not invited, Confirmed" in asked
    answer = post_to(client, f"{HOME}/new?stage=open&stage=confirmed", title="Slides", purpose="own")
    assert answer.status_code == 303
    (made,) = campaigns()
    assert made.audiences == (of_stages(["open", "confirmed"]),)


@pytest.mark.parametrize("query", ["stage=nowhere", "stage=open&stage=nowhere"])
def test_a_stage_that_there_is_not_begins_no_campaign(office: FlaskClient, query: str) -> None:
    make_speaker()
    answer = post_to(office, f"{HOME}/new?{query}", title="Slides", purpose="own")
    assert (answer.status_code, "This list cannot be read." in answer.text) == (400, True)
    assert campaigns() == []


@pytest.mark.parametrize("act", ["pause", "resume", "cancel", "draft"])
def test_a_button_that_does_not_fit_says_where_it_stands(office: FlaskClient, act: str) -> None:
    campaign = make_campaign()
    answer = post_to(office, page(campaign, "/state"), act=act)
    assert (answer.status_code, "The state of this campaign is now “Draft”, where this cannot be done. Nothing was changed." in answer.text) == (409, True)  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "status", "told"),
    [
        ({"act": "start", "count": 2, "revision": 1}, 409, "The audience has changed meanwhile: now it is 1."),
        ({"act": "start", "count": 1, "revision": 9}, 409, "Somebody else changed this campaign meanwhile."),
        ({"act": "start", "count": 1}, 428, "did not say which version it was made from"),
        ({"act": "fly"}, 400, "Press one of the buttons."),
        ({}, 400, "Press one of the buttons."),
        ({"act": "start", "csrf_token": "x"}, 400, "This page was open too long."),
        ({"act": "schedule"}, 400, "Give a day and a time, as in 2022-09-06 09:00."),
        ({"act": "schedule", "at": "tomorrow"}, 400, "Give a day and a time, as in 2022-09-06 09:00."),
        ({"act": "schedule", "at": "2022-09-05T09:00+02:00"}, 400, "Give a day and a time, as in 2022-09-06 09:00."),
        ({"act": "schedule", "at": "2022-09-06", "revision": 1}, 400, "Give a time with the day, as in 2022-09-06 09:00."),
        ({"act": "schedule", "at": "0001-01-01T00:30", "revision": 1}, 422, "0001-01-01 00:30 is over."),
        ({"act": "schedule", "at": "2022-09-05T07:59", "revision": 1}, 422, "2022-09-05 07:59 is over."),
        ({"act": "schedule", "at": "2023-03-26T02:30", "revision": 1}, 422, "The clocks skip 2023-03-26 02:30 in Stockholm"),
        ({"act": "delete"}, 428, "did not say which version it was made from"),
        ({"act": "delete", "revision": 7}, 409, "Look at it again before you delete it."),
    ],
)  # fmt: skip
def test_each_refusal_of_a_step(office: FlaskClient, sent: dict[str, str], status: int, told: str) -> None:
    register_attendee(make_category())
    campaign = make_campaign()
    answer = post_to(office, page(campaign, "/state"), **sent)
    assert (answer.status_code, told in answer.text) == (status, True)
    if sent.get("at"):
        assert f'value="{sent["at"]}"' in answer.text
    assert stored(campaign).state is CampaignState.DRAFT


def test_a_campaign_to_nobody_or_without_words_does_not_start(office: FlaskClient) -> None:
    answer = post_to(office, page(make_campaign(), "/state"), act="start", count=0, revision=1)
    assert (answer.status_code, "This goes to nobody yet." in answer.text) == (422, True)
    silent = post_to(office, page(make_campaign(texts={}), "/state"), act="start", count=0, revision=1)
    assert (silent.status_code, "Write subject and text in English first" in silent.text) == (422, True)


def test_it_is_scheduled_in_stockholms_time_and_taken_back(office: FlaskClient) -> None:
    register_attendee(make_category())
    campaign = make_campaign()
    answer = post_to(
        office, page(campaign, "/state"), act="schedule", at="2022-09-06T09:00", count=1, revision=1
    )
    assert answer.location == page(campaign)
    kept = stored(campaign)
    assert kept.scheduled_for is not None
    assert (kept.state, kept.scheduled_for.isoformat()) == (
        CampaignState.SCHEDULED,
        "2022-09-06T07:00:00+00:00",
    )
    assert "for 6 September 2022, 09:00, Stockholm time" in office.get(page(campaign)).text
    assert post_to(office, page(campaign, "/state"), act="draft").status_code == 303
    assert stored(campaign).state is CampaignState.DRAFT


def _forms(shown: str) -> list[list[str]]:
    """Return what the buttons of each form of the campaign do, and "at" for the field of the time, in their order."""
    forms = re.findall(r"<form.*?</form>", shown, re.DOTALL)
    found = [re.findall(r'name="act" value="\w+"|name="at"', one) for one in forms]
    return [buttons for buttons in found if buttons]


START, AT, SCHEDULE, DRAFT, DELETE = (
    'name="act" value="start"',
    'name="at"',
    'name="act" value="schedule"',
    'name="act" value="draft"',
    'name="act" value="delete"',
)


def test_enter_in_the_time_schedules_and_sends_nothing(office: FlaskClient) -> None:
    """A browser presses the first button of the form whose field has Enter."""
    register_attendee(make_category())
    campaign = make_campaign()
    assert _forms(office.get(page(campaign)).text)[-3:] == [[START], [AT, SCHEDULE], [DELETE]]
    post_to(office, page(campaign, "/state"), act="schedule", at="2022-09-06T09:00", count=1, revision=1)
    assert _forms(office.get(page(campaign)).text)[-3:] == [[START], [AT, SCHEDULE], [DRAFT, DELETE]]


def test_what_is_cancelled_is_told_by_number_and_what_may_still_go(office: FlaskClient) -> None:
    category = make_category()
    for name in ("a", "b"):
        register_attendee(category, email=f"{name}@lab.example")
    campaign = make_campaign()
    begin(campaign)
    assert ">Cancel it</button>" in office.get(page(campaign)).text
    work_jobs()
    assert ">Cancel the other 2</button>" in office.get(page(campaign)).text
    answer = post_to(office, page(campaign, "/state"), act="cancel")
    assert "What a worker has in hand this moment may still go" in office.get(answer.location or "").text


def test_one_that_was_cancelled_before_it_was_fixed_does_not_wait_for_ever(office: FlaskClient) -> None:
    register_attendee(make_category())
    campaign = make_campaign()
    begin(campaign)
    assert "Waiting for the worker" in office.get(page(campaign)).text
    post_to(office, page(campaign, "/state"), act="cancel")
    work_jobs()
    assert "Waiting for the worker" not in office.get(page(campaign)).text


def test_a_draft_is_deleted(office: FlaskClient) -> None:
    campaign = make_campaign()
    assert post_to(office, page(campaign, "/state"), act="delete", revision=1).location == HOME
    assert campaigns() == []
    assert office.get(page(campaign)).status_code == 404


def test_a_double_click_starts_it_once(office: FlaskClient) -> None:
    register_attendee(make_category())
    campaign = make_campaign()
    first = post_to(office, page(campaign, "/state"), act="start", count=1, revision=1)
    second = post_to(office, page(campaign, "/state"), act="start", count=1, revision=1)
    assert (first.status_code, second.status_code) == (303, 409)
    work_jobs()
    assert len(its_mails(campaign)) == 1
