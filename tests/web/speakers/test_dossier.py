"""What a speaker answers by the link beside confirming, what the office sees of it, and when the worker reminds."""

import re
from datetime import date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.audit.model import BY_SYSTEM
from conference.core.clock import STOCKHOLM, clock
from conference.core.ids import PersonId
from conference.core.interval import Interval
from conference.db.base import db
from conference.db.work import transact
from conference.event.queries import get_event
from conference.mail.queries import mails_about
from conference.people.availability import unavailable_of
from conference.programme.checking import conflicts
from conference.programme.facts import Facts
from conference.programme.queries import draft
from conference.programme.severity import ConflictKind
from conference.speakers import dossiers, queries, service
from conference.speakers.model import Interest, Profile, Standing
from conference.speakers.reminders import RemindersDue, remind
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.speakers import confirm_speaker, make_speaker, make_speaker_category, speaker_url

START = datetime(2022, 9, 22, 9, tzinfo=STOCKHOLM)


def token_of(client: FlaskClient, url: str) -> dict[str, str]:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(url).text)
    assert found
    return {"csrf_token": found[1]}


def invited() -> PersonId:
    """Return a speaker whom the office has mailed the link."""
    make_speaker_category()
    person_id = make_speaker()
    transact(lambda session: service.send_link(session, person_id, actor=BY_SYSTEM))
    return person_id


def speaker_now(person_id: PersonId) -> Standing:
    db.session.remove()
    return queries.get_speaker(person_id).standing


def test_declining_is_kept_with_its_reason_and_taken_back_by_confirming(client: FlaskClient) -> None:
    person_id = invited()
    url = speaker_url(person_id)
    assert speaker_now(person_id) is Standing.INVITED
    data = token_of(client, url) | {"reason": "On <b>leave</b>"}
    assert [client.post(f"{url}/decline", data=data).status_code for _ in range(2)] == [303, 303]
    assert speaker_now(person_id) is Standing.DECLINED
    assert "You have declined" in client.get(url).text
    sign_in(client, Role.PROGRAMME)
    assert "On &lt;b&gt;leave&lt;/b&gt;" in client.get(f"/staff/speakers/{person_id}").text
    confirm_speaker(person_id)
    assert speaker_now(person_id) is Standing.CONFIRMED


def test_who_has_confirmed_cannot_decline(client: FlaskClient) -> None:
    person_id = invited()
    url = speaker_url(person_id)
    data = token_of(client, url)
    confirm_speaker(person_id)
    answer = client.post(f"{url}/decline", data=data)
    assert answer.status_code == 409
    assert "You have confirmed and are registered." in answer.text
    assert speaker_now(person_id) is Standing.CONFIRMED


def test_a_reason_too_long_is_refused_and_kept(client: FlaskClient) -> None:
    url = speaker_url(invited())
    answer = client.post(f"{url}/decline", data=token_of(client, url) | {"reason": "x" * 1001})
    assert answer.status_code == 400
    assert "1001 characters; 1000 fit" in answer.text
    assert "x" * 1001 in answer.text


def test_profile_is_saved_with_consents_and_a_stale_one_shows_both(client: FlaskClient) -> None:
    person_id = make_speaker()
    url = f"{speaker_url(person_id)}/profile"
    typed = token_of(client, url) | {"biography": "Was born.", "needs": "HDMI", "recording": "y"}
    assert client.post(url, data=typed).status_code == 303
    db.session.remove()
    stored = queries.find_profile(person_id)
    assert (stored.profile, stored.revision) == (Profile(biography="Was born.", needs="HDMI"), 1)
    assert queries.consents_of(person_id) == {"recording": True}
    # Sent twice it is done once; another text that was filled from nothing does not know what it would write over.
    assert client.post(url, data=typed).status_code == 303
    assert client.post(url, data=typed | {"biography": "Other"}).status_code == 409
    assert client.post(url, data=typed | {"revision": "1", "biography": "Two"}).status_code == 303
    stale = client.post(url, data=typed | {"revision": "1", "biography": "Three"})
    assert stale.status_code == 409
    assert "Two" in stale.text
    assert "Three" in stale.text


def test_a_biography_over_1500_characters_is_refused(client: FlaskClient) -> None:
    url = f"{speaker_url(make_speaker())}/profile"
    answer = client.post(url, data=token_of(client, url) | {"biography": "å" * 1501})
    assert answer.status_code == 400
    assert "1501 characters; 1500 fit" in answer.text


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ({}, "Name at least one organisation"),
        ({"is_nothing": "y", "shares": "Acme"}, "Take one of the two away"),
        ({"is_nothing": "y", "signed_name": ""}, "Type your name to sign."),
    ],
)
def test_a_disclosure_that_says_neither_both_or_is_unsigned_is_refused(
    client: FlaskClient, typed: dict[str, str], refusal: str
) -> None:
    person_id = make_speaker()
    url = f"{speaker_url(person_id)}/disclosure"
    answer = client.post(url, data=token_of(client, url) | {"signed_name": "Ł. Đ."} | typed)
    assert answer.status_code in {400, 422}
    assert refusal in answer.text
    assert queries.disclosures_of(person_id) == ()
    assert not queries.disclosure_stands(person_id)


def test_disclosures_are_versions_that_stay(client: FlaskClient) -> None:
    person_id = make_speaker()
    url = f"{speaker_url(person_id)}/disclosure"
    nothing = token_of(client, url) | {"is_nothing": "y", "signed_name": "Ł. Đ."}
    shares = token_of(client, url) | {"shares": "Acme", "signed_name": "Ł. Đ."}
    assert [client.post(url, data=data).status_code for data in (nothing, nothing, shares)] == [303] * 3
    db.session.remove()
    newest, first = queries.disclosures_of(person_id)
    assert (first.version, first.is_nothing, first.interests) == (1, True, {})
    assert (newest.version, newest.is_nothing, newest.interests) == (2, False, {Interest.SHARES: "Acme"})
    assert queries.disclosure_stands(person_id)


def test_times_are_joined_and_the_draft_warns_of_them(client: FlaskClient) -> None:
    person_id = make_speaker()
    url = f"{speaker_url(person_id)}/times"
    cells = ["2022-09-22T07:00:00+00:00", "2022-09-22T07:30:00+00:00", "1999-01-01T00:00:00+00:00"]
    assert client.post(url, data=token_of(client, url) | {"cell": cells}).status_code == 303
    db.session.remove()
    spans = unavailable_of(person_id)
    assert spans == (Interval(start=START, end=START.replace(hour=10)),)
    (found,) = [
        one
        for one in conflicts(draft(), Facts(event=get_event(), unavailable={person_id: spans}))
        if one.kind is ConflictKind.PERSON_UNAVAILABLE
    ]
    assert (found.blocking, found.sessions[0].title) == (False, "Session 0")
    sign_in(client, Role.VIEWER)
    assert "Łukasz Đorđević cannot for 20 minutes of it:" in client.get("/staff/programme").text
    sign_in(client, Role.PROGRAMME)
    assert client.get(f"/staff/speakers/{person_id}").status_code == 200


def test_office_sets_the_day_and_the_subject_names_it(client: FlaskClient) -> None:
    person_id = make_speaker()
    sign_in(client, Role.PROGRAMME)
    url = f"/staff/speakers/{person_id}"
    assert client.post(url, data=token_of(client, url) | {"answer_by": "2022-09-31"}).status_code == 400
    seen = token_of(client, url) | {"seen": "usual.en", "language": "en"}
    assert client.post(url, data=seen | {"answer_by": "2022-09-10"}).status_code == 303
    transact(lambda session: service.send_link(session, person_id, actor=BY_SYSTEM))
    (mail,) = mails_about("person", person_id)
    assert mail.subject.startswith("Please answer by Saturday 10 September 2022: your part in ")
    assert "by Saturday 10 September 2022" in client.get("/staff/speakers/overdue").text


def test_travel_and_needs_are_not_on_the_viewers_pages(client: FlaskClient) -> None:
    person_id = invited()
    profile = Profile(travel="Night train")
    transact(
        lambda session: dossiers.save_profile(
            session, person_id, None, profile, {}, actor=BY_SYSTEM, now=clock.now()
        )
    )
    pages = ["/staff/speakers", "/staff/speakers/overdue", f"/staff/people/{person_id}"]
    sign_in(client, Role.VIEWER)
    assert [("Night train" in client.get(page).text) for page in pages] == [False] * 3
    assert client.get(f"/staff/speakers/{person_id}").status_code == 403
    sign_in(client, Role.PROGRAMME)
    assert "Night train" in client.get(f"/staff/speakers/{person_id}").text


def reminders_of(person_id: PersonId) -> list[str]:
    db.session.remove()
    return [mail.kind for mail in mails_about("person", person_id) if mail.kind == "speaker_reminder"]


def test_worker_reminds_once_at_each_time_and_never_who_owes_nothing(app: Flask) -> None:
    person_id = invited()
    make_speaker(1)  # whom nobody has invited
    for day, count in ((date(2022, 7, 1), 0), (date(2022, 8, 1), 1), (date(2022, 8, 26), 2)):
        clock.begin_at(datetime.combine(day, datetime.min.time(), STOCKHOLM))
        for _ in range(2):
            source = RemindersDue()
            for claimed in source.claim("test"):
                source.run(claimed, "test")
        assert len(reminders_of(person_id)) == count
    clock.begin_at(datetime(2022, 9, 9, tzinfo=STOCKHOLM))
    transact(lambda session: dossiers.decline(session, person_id, "", actor=BY_SYSTEM, now=clock.now()))
    db.session.remove()
    assert RemindersDue().claim("test") == []
    assert transact(lambda session: remind(session, person_id, 2)) is False


def test_a_speaker_writes_the_own_talk_into_the_draft_and_nobody_elses(client: FlaskClient) -> None:
    person_id, other = make_speaker(1), make_speaker(2)
    talk_id, others = (draft().sessions[number].talks[0].id for number in (0, 1))
    url = f"{speaker_url(person_id)}/talks/{talk_id}"
    typed = token_of(client, url) | {"revision": "1", "title": "New <i>title</i>", "abstract": "Words"}
    assert client.post(url, data=typed).status_code == 303
    db.session.remove()
    talk = draft().sessions[0].talks[0]
    assert (talk.title, talk.abstract, [part.person_id for part in talk.people]) == (
        "New <i>title</i>",
        "Words",
        [person_id],
    )
    stale = client.post(url, data=typed | {"abstract": "Later words"})
    assert stale.status_code == 409
    assert "Later words" in stale.text
    assert client.post(url, data=typed | {"abstract": "x" * 3001}).status_code == 400
    strange = f"{speaker_url(person_id)}/talks/{others}"
    assert (client.get(strange).status_code, client.post(strange, data=typed).status_code) == (404, 404)
    assert client.get(f"{speaker_url(other)}/talks/{others}").status_code == 200


def test_a_line_end_counts_as_one_character(client: FlaskClient) -> None:
    person_id = make_speaker()
    url = f"{speaker_url(person_id)}/profile"
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(url).text)
    assert token
    text = "ab\r\n" * 499 + "abc"
    data = {"csrf_token": token[1], "biography": text}
    assert client.post(url, data=data).status_code == 303
    assert queries.find_profile(person_id).profile.biography == text.replace("\r\n", "\n")
    assert client.post(url, data=data | {"biography": text + "d"}).status_code == 400
