import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.audit.model import BY_SYSTEM
from conference.core.clock import real_now
from conference.core.ids import PersonId
from conference.core.links import sign
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.jobs.model import JobState
from conference.mail.queries import mails_about
from conference.people.service import edit_person, renew_link
from conference.registration.queries import count_registrations, find_live_by_person
from tests.conftest import SECRET
from tests.factories.mail import make_due
from tests.factories.programme import make_person, publish_now
from tests.factories.registration import make_category, register_attendee
from tests.factories.speakers import (
    LUKASZ,
    confirm_speaker,
    make_speaker,
    make_speaker_category,
    speaker_url,
    stored_person,
)

TYPED = {
    "title": "Prof. Dr. med.",
    "given_name": "Łukasz",
    "family_name": "Đorđević",
    "letters": "PhD",
    "badge_name": "Luke",
    "affiliation": "Szpital <b>Przykładowy</b>",
    "affiliation_short": "SP",
    "country": "PL",
    "orcid": "https://orcid.org/0000-0002-1825-0097",
    "email": "lukasz@szpital.example",
    "ror": "056d84691",
}


def typed(client: FlaskClient, url: str, **changes: str) -> dict[str, str]:
    """Return a filled form as the page gives it: its token, its revision, and what was typed."""
    page = client.get(url).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    revision = re.search(r'name="revision"\s+value="(\d+)"', page)
    assert token
    assert revision
    return TYPED | {"csrf_token": token[1], "revision": revision[1]} | changes


def registration_count() -> int:
    db.session.remove()
    return count_registrations()


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_page_shows_the_parts_marked_provisional_until_published(client: FlaskClient) -> None:
    make_speaker_category()
    person_id = make_speaker()
    url = speaker_url(person_id)
    draft = text_of(client.get(url).text)
    assert (
        "Speaker Provisional Talk 0 In the session Session 0 Thursday 22 September 2022, 09:00–09:20 Aula 0"
        in draft
    )
    assert 'value="lukasz@szpital.example"' in client.get(url).text
    publish_now()
    assert "Speaker Talk 0 In the session Session 0" in text_of(client.get(url).text)


def test_confirm_saves_registers_and_says_where_the_ticket_goes(client: FlaskClient) -> None:
    make_speaker_category()
    person_id = make_speaker()
    url = speaker_url(person_id)
    answer = client.post(url, data=typed(client, url))
    assert (answer.status_code, answer.headers["Location"]) == (303, url)
    page = client.get(url).text
    assert "You have confirmed, and you are registered." in page
    assert "is on its way to lukasz@szpital.example" in page
    assert "Szpital &lt;b&gt;Przykładowy&lt;/b&gt;" in page
    live = transact(lambda session: find_live_by_person(person_id, session))
    assert live is not None
    assert live.number in page
    details = stored_person(person_id).details
    assert details.as_values() == TYPED | {"orcid": "0000-0002-1825-0097"}


def test_page_says_when_the_ticket_was_sent_or_refused(client: FlaskClient) -> None:
    make_speaker_category()
    person_id = make_speaker()
    (mail,) = mails_about("registration", confirm_speaker(person_id))
    url = speaker_url(person_id)
    make_due(mail.id, state=JobState.DONE, sent_at=real_now())
    assert "was sent to lukasz@szpital.example." in client.get(url).text
    make_due(mail.id, state=JobState.FAILED, sent_at=None)
    assert "The mail server refused the mail with your ticket" in client.get(url).text


def test_what_is_missing_leads_to_where_it_is_done(client: FlaskClient) -> None:
    make_speaker_category()
    person_id = make_speaker()
    url = speaker_url(person_id)
    page = client.get(url).text
    listed = page[page.index("What is missing") : page.index("My pages")]
    ends = [address.removeprefix(url) for address in re.findall(r'href="([^"]+)"', listed)]
    assert ends == ["#confirm", "/disclosure", "/profile"]
    assert 'id="confirm"' in page
    confirm_speaker(person_id)
    db.session.remove()
    page = client.get(url).text
    assert "#confirm" not in page[page.index("What is missing") : page.index("My pages")]


def test_confirm_sent_twice_is_one_registration(client: FlaskClient) -> None:
    make_speaker_category()
    url = speaker_url(make_speaker())
    data = typed(client, url)
    assert [client.post(url, data=data).status_code for _ in range(2)] == [303, 303]
    assert registration_count() == 1


def test_a_scanner_that_follows_the_link_changes_nothing(client: FlaskClient) -> None:
    make_speaker_category()
    person_id = make_speaker()
    url = speaker_url(person_id)
    with counted_statements() as statements:
        assert [client.get(url).status_code for _ in range(3)] == [200, 200, 200]
        assert client.head(url).status_code == 200
    assert [line for line in statements if not line.lstrip().startswith(("SELECT", "BEGIN"))] == []
    assert registration_count() == 0
    assert stored_person(person_id).revision == 1


def test_links_of_others_old_and_forged_ones_are_not_found(client: FlaskClient, app: Flask) -> None:
    one, other = make_speaker(1), make_speaker(2)
    good = speaker_url(one)
    token = good.removeprefix("/speaker/")
    signature = token.split("-", 2)[2]
    forged = [
        f"/speaker/{other}-1-{signature}",
        f"/speaker/{one}-2-{signature}",
        f"/speaker/{sign(SECRET, 'registration', one, 1)}",
        f"/speaker/{sign(SECRET, 'speaker', 999, 1)}",
        f"{good[:-1]}{'A' if good[-1] != 'A' else 'B'}",
        f"{good}x",
        "/speaker/nonsense",
    ]
    assert [client.get(url).status_code for url in forged] == [404] * len(forged)
    assert [client.post(url, data={}).status_code for url in forged] == [404] * len(forged)
    assert client.get(good).status_code == 200
    transact(lambda session: renew_link(session, one, 1, actor=BY_SYSTEM))
    assert (client.get(good).status_code, client.post(good, data={}).status_code) == (404, 404)
    assert client.get(speaker_url(one)).status_code == 200


def test_a_link_is_no_sign_in(client: FlaskClient) -> None:
    client.get(speaker_url(make_speaker()))
    assert client.get("/staff/speakers").headers["Location"].startswith("/staff/sign-in")


def test_post_without_the_token_keeps_what_was_typed(client: FlaskClient) -> None:
    make_speaker_category()
    url = speaker_url(make_speaker())
    answer = client.post(url, data=typed(client, url, csrf_token="stale"))
    assert answer.status_code == 400
    assert "This page was open too long" in answer.text
    assert 'value="Prof. Dr. med."' in answer.text
    assert registration_count() == 0


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": ""}, "Enter your e-mail address."),
        ({"email": "lukasz"}, "Enter an e-mail address in the form"),
        ({"given_name": ""}, "Enter your given name."),
        ({"country": "XX"}, "Choose a country of the list."),
        ({"orcid": "0000-0002-1825-0098"}, "This ORCID iD has a wrong digit."),
        ({"letters": "x" * 61}, "This text has 61 characters; 60 fit."),
        ({"badge_name": "a\x07b"}, "a character that cannot be printed (U+0007)"),
    ],
)
def test_form_refuses_with_a_remedy_and_keeps_the_rest(
    client: FlaskClient, changes: dict[str, str], sentence: str
) -> None:
    make_speaker_category()
    url = speaker_url(make_speaker())
    answer = client.post(url, data=typed(client, url, **changes))
    assert (answer.status_code, sentence in html.unescape(answer.text)) == (400, True)
    assert 'value="SP"' in answer.text
    assert registration_count() == 0


def test_orcid_may_be_left_out_and_extra_fields_count_for_nothing(client: FlaskClient) -> None:
    make_speaker_category()
    person_id = make_speaker()
    url = speaker_url(person_id)
    extra = {"link_version": "7", "person_id": "999", "state": "confirmed", "category_id": "1"}
    assert client.post(url, data=typed(client, url, orcid="", **extra)).status_code == 303
    stored = stored_person(person_id)
    assert (stored.details.orcid, stored.link_version) == ("", 1)


def test_conflict_shows_both_values_and_loses_nothing_typed(client: FlaskClient) -> None:
    make_speaker_category()
    person_id = make_speaker()
    url = speaker_url(person_id)
    data = typed(client, url, country="DE")
    theirs = stored_person(person_id).details
    transact(
        lambda session: edit_person(
            session, person_id, 1, type(theirs)(**theirs.as_values() | {"title": "Docent"}), actor=BY_SYSTEM
        )
    )
    answer = client.post(url, data=data)
    shown = text_of(answer.text)
    assert answer.status_code == 409
    assert "Title before the name Docent Prof. Dr. med." in shown
    assert "Country Poland Germany" in shown
    assert 'value="Prof. Dr. med."' in answer.text
    assert registration_count() == 0
    again = re.search(r'name="revision"\s+value="(\d+)"', answer.text)
    assert again
    assert client.post(url, data=data | {"revision": again[1]}).status_code == 303
    assert stored_person(person_id).details.title == "Prof. Dr. med."


def test_post_without_a_revision_is_refused(client: FlaskClient) -> None:
    make_speaker_category()
    url = speaker_url(make_speaker())
    answer = client.post(url, data=typed(client, url, revision=""))
    assert (answer.status_code, "did not say which version" in answer.text) == (428, True)
    assert registration_count() == 0


def test_address_of_somebody_else_is_refused_at_the_field(client: FlaskClient) -> None:
    make_speaker_category()
    register_attendee(make_category(), email="held@lab.example")
    person_id = make_speaker()
    url = speaker_url(person_id)
    answer = client.post(url, data=typed(client, url, email="held@lab.example"))
    assert answer.status_code == 409
    assert '<a href="#email">Another registration has this address.' in answer.text
    assert 'value="Prof. Dr. med."' in answer.text
    assert stored_person(person_id).details == LUKASZ


def test_nothing_to_confirm_without_a_category_or_a_part(client: FlaskClient) -> None:
    person_id = make_speaker()
    url = speaker_url(person_id)
    page = client.get(url).text
    assert ("Speakers cannot confirm yet." in page, ">Confirm</button>" in page) == (True, False)
    make_speaker_category()
    data = typed(client, url)
    without = speaker_url(make_person())
    page = client.get(without).text
    assert ("You have no part in the programme at present." in page, 'name="csrf_token"' in page) == (
        True,
        False,
    )
    answer = client.post(without, data=data)
    assert (answer.status_code, "there is nothing to confirm" in answer.text) == (409, True)


def test_closed_category_answers_what_to_do(client: FlaskClient) -> None:
    make_speaker_category(seats=0)
    url = speaker_url(make_speaker())
    answer = client.post(url, data=typed(client, url))
    assert (answer.status_code, "Speakers cannot confirm yet. Write to the organisers" in answer.text) == (
        409,
        True,
    )
    assert 'value="Prof. Dr. med."' in answer.text


def test_waiting_and_confirmed_pages_say_which(client: FlaskClient) -> None:
    make_speaker_category(seats=1)
    first, second = make_speaker(1), make_speaker(2)
    confirm_speaker(first)
    confirm_speaker(second)
    assert "You have confirmed, and you are registered." in client.get(speaker_url(first)).text
    assert "you are on the waiting list, at place 1." in client.get(speaker_url(second)).text


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_however_long_the_programme_is(client: FlaskClient, count: int) -> None:
    make_speaker_category()
    people = [make_speaker(number) for number in range(1, count + 1)]
    confirm_speaker(PersonId(people[0]))
    url = speaker_url(people[0])
    with counted_statements() as statements:
        client.get(url)
    assert len([line for line in statements if line.startswith("SELECT")]) == 21
