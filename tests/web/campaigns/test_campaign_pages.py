import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from conference.audit.model import BY_SYSTEM
from conference.campaigns import service
from conference.campaigns.audiences import of_stages
from conference.campaigns.model import Audience, AudienceKind, CampaignState, Figures, Purpose
from conference.campaigns.queries import campaigns
from conference.core.clock import clock
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.mail import series
from conference.mail.tables import OutboxRow
from conference.mail.wording_model import Wording
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.campaigns import (
    ALL,
    HOME,
    WORDS,
    begin,
    figures,
    make_campaign,
    page,
    post_to,
    send,
    stored,
    work_jobs,
)
from tests.factories.registration import make_category, register_attendee
from tests.factories.web import token_of

WORDING = {
    "title": "The hall",
    "purpose": "own",
    "subject_en": "The hall, {given_name}",
    "text_en": "Dear {name},\n\nwe meet in the great hall.",
    "tag": "en",
}


@pytest.fixture
def office(client: FlaskClient) -> FlaskClient:
    sign_in(client, Role.ORGANISER)
    return client


def _mails() -> list[OutboxRow]:
    db.session.rollback()
    return list(db.session.scalars(select(OutboxRow).order_by(OutboxRow.id)))


def test_the_list_of_campaigns_tells_what_comes_here(office: FlaskClient) -> None:
    assert "No campaign yet." in office.get(HOME).text
    register_attendee(make_category())
    begin(make_campaign(title="To <b>all</b>"))
    work_jobs()
    shown = office.get(HOME).text
    assert "To &lt;b&gt;all&lt;/b&gt;" in shown
    assert '<span class="state good">Sending</span>' in shown
    assert f'href="{HOME}"' in office.get("/staff/mails").text


def test_a_campaign_begins_from_the_list_with_its_filter(office: FlaskClient) -> None:
    category = make_category()
    register_attendee(category)
    link = f"/staff/campaigns/new?list=1&amp;state=confirmed&amp;category={category}".replace("&amp;", "&")
    listed = office.get(f"/staff/registrations?category={category}&state=confirmed").text
    assert "Write a campaign to these" in listed
    assert "To 1 registration of the list" in office.get(link).text
    answer = post_to(office, link, title="Those", purpose="news")
    (made,) = campaigns()
    assert answer.location == page(made.id, "/words")
    assert (made.details.title, made.details.purpose, made.state) == ("Those", Purpose.NEWS, CampaignState.DRAFT)  # fmt: skip
    assert [one.value for one in made.audiences] == [f"category={category}&state=confirmed"]
    # The same list once more, into the draft: refused, and a new list is added.
    again = post_to(office, link, purpose="news", draft=made.id)
    assert (again.status_code, "goes to this audience already" in again.text) == (422, True)
    other = post_to(office, f"{HOME}/new?list=1&text=Lund", purpose="own", draft=made.id)
    assert other.location == page(made.id)
    assert [one.value for one in stored(made.id).audiences][1:] == ["text=Lund"]


def test_a_list_without_a_filter_means_all(office: FlaskClient) -> None:
    post_to(office, f"{HOME}/new?list=1", title="All", purpose="own")
    (made,) = campaigns()
    assert made.audiences == (ALL,)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"title": ""}, "Give the campaign a name."),
        ({"title": "x" * 101}, "This text has 101 characters; 100 fit."),
        ({"title": "x", "draft": "99"}, "This draft is no longer there."),
        ({"title": "x", "purpose": "spam"}, "Not a valid choice."),
        ({"title": "x", "csrf_token": "x"}, "This page was open too long."),
    ],
)
def test_a_beginning_that_is_refused_keeps_what_was_typed(
    office: FlaskClient, sent: dict[str, str], told: str
) -> None:
    answer = post_to(office, f"{HOME}/new", **({"purpose": "own"} | sent))
    assert (answer.status_code, told in answer.text) == (400, True)
    assert campaigns() == []


def test_a_list_that_cannot_be_read_is_not_taken_for_everybody(office: FlaskClient) -> None:
    answer = post_to(office, f"{HOME}/new?list=1&state=nowhere", title="Those", purpose="own")
    assert (answer.status_code, "This list cannot be read." in answer.text) == (400, True)
    assert 'value="Those"' in answer.text
    assert campaigns() == []


def test_a_draft_without_a_list_does_not_get_everybody(office: FlaskClient) -> None:
    campaign = make_campaign(of_stages(["open"]))
    answer = post_to(office, f"{HOME}/new", purpose="own", draft=campaign)
    assert (answer.status_code, "Open the list of registrations, and choose there" in answer.text) == (400, True)  # fmt: skip
    assert stored(campaign).audiences == (of_stages(["open"]),)


def test_the_words_are_kept_and_shown(office: FlaskClient) -> None:
    campaign = make_campaign(texts={})
    answer = post_to(office, page(campaign, "/words"), act="save", revision=1, **WORDING, subject_de="Saal", text_de="Text")  # fmt: skip
    assert (answer.status_code, answer.location) == (303, page(campaign))
    assert stored(campaign).details.texts == {
        "en": Wording(subject=WORDING["subject_en"], text=WORDING["text_en"]),
        "de": Wording(subject="Saal", text="Text"),
    }
    assert "Deutsch: Saal" in office.get(page(campaign)).text


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"text_en": "Hello\n\nsee {adress}"}, "Line 3: there is no placeholder {adress} here."),
        ({"subject_sv": "Hej {nmae}", "text_sv": "x"}, "Line 1: there is no placeholder {nmae} here."),
        ({"subject_en": "Hi {link}"}, "{link} stands in the text only."),
        ({"subject_en": "One\r\nBcc: two@x.example"}, "The subject is one line."),
        ({"text_de": "Text"}, "Write subject and text in Deutsch, or neither"),
        ({"subject_en": "x" * 151}, "This text has 151 characters; 150 fit."),
        ({"text_en": "x" * 10_001}, "This text has 10001 characters; 10000 fit."),
        ({"title": ""}, "Give the campaign a name."),
        ({"text_en": "\x07"}, "cannot be printed (U+0007)"),
        ({"text_en": "{% for x in y %}"}, "Line 1: there is no placeholder {% for x in y %} here."),
    ],
)
@pytest.mark.parametrize("act", ["save", "preview", "test"])
def test_each_refusal_of_words_says_what_to_mend(
    office: FlaskClient, sent: dict[str, str], told: str, act: str
) -> None:
    register_attendee(make_category())
    campaign = make_campaign()
    before = len(_mails())
    answer = post_to(office, page(campaign, "/words"), act=act, revision=1, **(WORDING | sent))
    assert (answer.status_code, told in answer.text) == (400, True)
    if "text_en" not in sent:
        assert "we meet in the great hall." in answer.text
    assert stored(campaign).details.texts == {"en": WORDS}
    assert len(_mails()) == before


def test_the_second_editor_sees_both_and_loses_nothing(office: FlaskClient) -> None:
    campaign = make_campaign()
    answer = post_to(office, page(campaign, "/words"), act="save", revision=1, **WORDING)
    assert answer.status_code == 303
    late = post_to(
        office, page(campaign, "/words"), act="save", revision=1, **(WORDING | {"text_en": "Mine"})
    )
    assert (late.status_code, "Somebody else changed this" in late.text) == (409, True)
    assert "Mine" in late.text
    assert 'value="2"' in late.text
    missing = post_to(office, page(campaign, "/words"), act="save", **WORDING)
    assert missing.status_code == 428


def test_the_words_of_a_started_campaign_stay(office: FlaskClient) -> None:
    register_attendee(make_category())
    campaign = make_campaign()
    begin(campaign)
    answer = post_to(office, page(campaign, "/words"), act="save", revision=2, **WORDING)
    assert (
        answer.status_code,
        "The state of this campaign is now “Sending”, where this cannot be done." in answer.text,
    ) == (409, True)
    assert "we meet in the great hall." in answer.text
    assert office.get(page(campaign, "/words")).location == page(campaign)


def test_the_preview_shows_a_real_recipient_and_writes_nothing(office: FlaskClient) -> None:
    register_attendee(make_category(), given_name="<b>Bo</b>", family_name="{link}")
    campaign = make_campaign()
    sent = {
        "act": "preview",
        "revision": 1,
        **WORDING,
        "text_en": "Dear {name},\n\n{link}",
        "purpose": "news",
    }
    token = token_of(office, f"{HOME}/new")
    with counted_statements() as statements:
        answer = office.post(page(campaign, "/words"), data=sent | {"csrf_token": token})
    assert answer.status_code == 200
    assert "As &lt;b&gt;Bo&lt;/b&gt; {link} reads it" in answer.text
    assert "The hall, &lt;b&gt;Bo&lt;/b&gt;" in answer.text
    assert "Dear &lt;b&gt;Bo&lt;/b&gt; {link}," in answer.text
    assert "(personal link)" in answer.text
    assert "(link to unsubscribe)" in answer.text
    assert [one for one in statements if one.startswith(("INSERT", "UPDATE", "DELETE"))] == []
    part = post_to(office, page(campaign, "/words/html"), **{key: value for key, value in sent.items() if key != "act"})  # fmt: skip
    assert part.status_code == 200
    assert "sandbox" in part.headers["Content-Security-Policy"]
    assert "Dear &lt;b&gt;Bo&lt;/b&gt; {link}," in part.text
    assert "/r/" not in part.text
    assert "/unsubscribe/" not in part.text
    assert post_to(office, page(campaign, "/words/html"), **(sent | {"subject_en": "{x}"})).status_code == 400


def test_a_preview_without_anybody_or_without_words_says_so(office: FlaskClient) -> None:
    campaign = make_campaign()
    answer = post_to(office, page(campaign, "/words"), act="preview", revision=1, **WORDING)
    assert (answer.status_code, "This goes to nobody yet." in answer.text) == (422, True)
    assert "we meet in the great hall." in answer.text
    register_attendee(make_category())
    empty = post_to(office, page(campaign, "/words"), act="preview", revision=1, **(WORDING | {"subject_en": "", "text_en": ""}))  # fmt: skip
    assert (empty.status_code, "Write subject and text in English first" in empty.text) == (422, True)


def test_a_preview_is_of_a_reader_of_the_language_or_else_in_english(office: FlaskClient) -> None:
    register_attendee(make_category())
    campaign = make_campaign()
    german = {"subject_de": "Saal", "text_de": "Guten Tag {name}", "tag": "de"}
    answer = post_to(office, page(campaign, "/words"), act="preview", revision=1, **(WORDING | german))
    assert "Guten Tag Åsa" in answer.text
    swedish = post_to(
        office, page(campaign, "/words"), act="preview", revision=1, **(WORDING | {"tag": "sv"})
    )
    assert "Dear Åsa" in swedish.text


def test_a_test_mail_goes_to_who_asked_and_opens_nothing(office: FlaskClient) -> None:
    register_attendee(make_category())
    campaign = make_campaign()
    answer = post_to(office, page(campaign, "/words"), act="test", revision=1, **(WORDING | {"text_en": "{link}", "purpose": "news"}))  # fmt: skip
    assert "is in the queue. The words are not saved yet." in answer.text
    mail = _mails()[-1]
    assert (mail.kind, mail.recipient, mail.subject) == ("test", "organiser@staff.example", "[Test] The hall, Åsa")  # fmt: skip
    assert (mail.link, mail.link_slot, mail.news_slot, mail.series_id) == (None, "", "", None)
    assert "/unsubscribe/" not in mail.html


def test_the_page_tells_whom_it_reaches_and_who_is_left_out(office: FlaskClient) -> None:
    category = make_category()
    for number in range(7):
        register_attendee(category, email=f"p{number}@lab.example", given_name=f"P{number}")
    campaign = make_campaign()
    shown = office.get(page(campaign)).text
    assert "7 people get it, these among them:" in re.sub(r"\s+", " ", shown)
    assert re.findall(r"p\d@lab\.example", shown) == [f"p{number}@lab.example" for number in (6, 5, 4, 3, 2)]
    assert "Send to 7 people now" in shown
    assert 'id="left-out"' not in shown


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"act": "list", "address": "state=nowhere"}, "“state=nowhere” cannot be read as an audience."),
        ({"act": "list", "address": "https://other.example/x?state=confirmed"}, "cannot be read as an audience."),
        ({"act": "list"}, "No audience was given. Copy the whole address of the page Registrations"),
        ({"act": "stages"}, "No audience was given. Tick at least one stage."),
        ({"act": "change", "change": "session:99"}, "“session:99” cannot be read as an audience. Choose one of the list."),
        ({"act": "change"}, "No audience was given. Choose one of the list."),
        ({"act": "fly"}, "Press one of the buttons."),
        ({"address": "/staff/registrations"}, "Press one of the buttons."),
        ({"act": "remove", "kind": "nobody"}, "Press one of the buttons."),
        ({"act": "list", "address": "state=confirmed", "csrf_token": "x"}, "This page was open too long."),
    ],
)  # fmt: skip
def test_an_audience_that_cannot_be_is_refused(office: FlaskClient, sent: dict[str, str], told: str) -> None:
    campaign = make_campaign(of_stages(["open"]))
    answer = post_to(office, page(campaign, "/audience"), **sent)
    assert answer.status_code in {400, 422}
    assert told in answer.text
    if sent.get("address"):
        assert sent["address"] in answer.text
    assert stored(campaign).audiences == (of_stages(["open"]),)


def test_audiences_are_added_and_taken_out(office: FlaskClient) -> None:
    campaign = make_campaign()
    for sent in (
        {"act": "list", "address": "http://localhost/staff/registrations?state=waiting"},
        {"act": "stages", "stages": ["open", "invited"]},
        {"act": "change", "change": "day:2022-09-22"},
    ):
        assert post_to(office, page(campaign, "/audience"), **sent).location == page(campaign)
    assert [(one.kind.value, one.value) for one in stored(campaign).audiences] == [
        ("registrations", ""),
        ("registrations", "state=waiting"),
        ("speakers", "open invited"),
        ("affected", "day:2022-09-22"),
    ]
    post_to(office, page(campaign, "/audience"), act="remove", kind="registrations", value="")
    assert len(stored(campaign).audiences) == 3


@pytest.mark.parametrize("of", ["", "/words"])
def test_a_campaign_that_there_is_not_is_not_found(office: FlaskClient, of: str) -> None:
    assert office.get(f"{HOME}/99{of}").status_code == 404
    for path in ("/audience", "/state", "/words"):
        assert post_to(office, f"{HOME}/99{path}", act="start", **WORDING).status_code == 404


def test_the_pages_cost_the_same_for_one_and_for_many(app: Flask, office: FlaskClient) -> None:
    category = make_category()
    drafts: list[int] = []
    going: list[int] = []
    for batch in (1, 5, 9):
        for number in range(batch):
            register_attendee(category, email=f"p{batch}.{number}@lab.example")
        draft, begun = make_campaign(), make_campaign()
        begin(begun)
        work_jobs()
        office.get(page(draft))
        for one, counts in ((draft, drafts), (begun, going)):
            with counted_statements() as statements:
                assert office.get(page(one)).status_code == 200
            counts.append(len(statements))
    assert len(set(drafts)) == 1
    assert len(set(going)) == 1
    with counted_statements() as statements:
        office.get(HOME)
    assert len(statements) <= 8


def test_its_mails_are_found_in_the_offices_list(office: FlaskClient) -> None:
    register_attendee(make_category())
    campaign = make_campaign()
    begin(campaign)
    work_jobs()
    series_id = stored(campaign).series_id
    shown = office.get(f"/staff/mails?series={series_id}").text
    assert "1 mail" in shown
    assert "The hall, Åsa" in shown
    assert "category or state that there is not" in office.get("/staff/mails?series=x").text


def test_a_draft_says_how_long_the_words_of_a_search_are_kept(office: FlaskClient) -> None:
    told = "for 30 days after the last change of a draft"
    assert told not in office.get(page(make_campaign())).text
    searched = make_campaign(Audience(kind=AudienceKind.REGISTRATIONS, value="text=Lindstr%C3%B6m"))
    assert told in office.get(page(searched)).text


def test_a_paused_and_an_ended_campaign_say_so_before_each_mail_is_marked(
    office: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    category = make_category()
    for name in "abc":
        register_attendee(category, email=f"{name}@lab.example")
    campaign = make_campaign()
    send(campaign)
    monkeypatch.setattr(series, "AT_ONCE", 1)
    for act, far in (
        ("pause", Figures(recipients=3, paused=3)),
        ("resume", Figures(recipients=3, queued=3)),
        ("cancel", Figures(recipients=3, cancelled=3)),
    ):
        assert post_to(office, page(campaign, "/state"), act=act).status_code == 303
        assert figures(campaign) == far


def test_a_mail_of_a_paused_campaign_waits_for_it(office: FlaskClient) -> None:
    register_attendee(make_category())
    campaign = make_campaign()
    begin(campaign)
    work_jobs()
    transact(lambda session: service.pause_campaign(session, campaign, actor=BY_SYSTEM))
    clock.shift(clock.offset + timedelta(minutes=20))
    assert "Paused: 1" in office.get("/staff/mails").text
    assert db.session.scalar(select(func.count()).where(OutboxRow.state == "paused")) == 1
