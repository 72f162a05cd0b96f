import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.audit.model import BY_LINK
from conference.core.clock import clock
from conference.db.work import counted_statements, transact
from conference.mail.queries import mails_about
from conference.registration.service import withdraw
from conference.speakers.links import mailed_link
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.programme import make_person
from tests.factories.speakers import (
    confirm_speaker,
    make_speaker,
    make_speaker_category,
    speaker_url,
    stored_person,
)
from tests.factories.web import token_of

LIST = "/staff/speakers"


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def buttons(client: FlaskClient) -> dict[str, str]:
    return {"csrf_token": token_of(client, LIST)}


def test_list_shows_parts_state_and_missing_addresses(client: FlaskClient) -> None:
    make_speaker_category()
    confirm_speaker(make_speaker(1))
    make_speaker(2, email="", given_name="Ștefan", family_name="")
    left = confirm_speaker(make_speaker(3))
    transact(lambda session: withdraw(session, left, actor=BY_LINK, now=clock.now()))
    make_person("Nobody", "Here")
    sign_in(client, Role.VIEWER)
    page = text_of(client.get(LIST).text)
    assert "Not invited: 1 Invited: 0 Confirmed: 1 Waiting list: 0 Withdrawn: 1 Declined: 0" in page
    assert "Confirmed 5 September 2022, 08:00" in page
    assert "Ștefan Szpital Przykładowy Speaker, Thu 22 Sep 09:00–09:20 : Talk 2 Provisional No e-mail" in page
    assert "Nobody Here" not in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"Talk 1", "Talk 2"}),
        ("?standing=open", {"Talk 2"}),
        ("?standing=confirmed", {"Talk 1"}),
        ("?standing=nonsense", {"Talk 1", "Talk 2"}),
        ("?text=STEFAN", {"Talk 2"}),
        ("?text=nobody", set()),
    ],
)
def test_list_is_filtered(client: FlaskClient, query: str, shown: set[str]) -> None:
    make_speaker_category()
    confirm_speaker(make_speaker(1))
    make_speaker(2, given_name="Ștefan")
    sign_in(client, Role.VIEWER)
    page = client.get(LIST + query).text
    assert set(re.findall(r"Talk \d", page)) == shown
    assert ("Nobody matches." in page) is (not shown)


def test_empty_list_and_missing_category_say_what_to_do(client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    page = client.get(LIST).text
    assert "Name people in sessions and talks first." in page
    assert "no category is marked for speakers" in page


@pytest.mark.parametrize("count", [1, 3])
def test_list_page_costs_the_same_whatever_its_length(client: FlaskClient, count: int) -> None:
    make_speaker_category()
    for number in range(1, count + 1):
        confirm_speaker(make_speaker(number))
    sign_in(client, Role.VIEWER)
    client.get(LIST)  # the page frame counts the draft's changes once for a revision
    with counted_statements() as statements:
        client.get(LIST)
    assert len([line for line in statements if line.startswith("SELECT")]) == 19


def test_mail_one_person_the_link(client: FlaskClient) -> None:
    person_id = make_speaker()
    sign_in(client, Role.PROGRAMME)
    answer = client.post(f"{LIST}/{person_id}/mail", data=buttons(client))
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{LIST}#person-{person_id}")
    assert [mail.kind for mail in mails_about("person", person_id)] == ["speaker_link"]


def test_mailed_link_is_the_page_and_dies_with_its_version(client: FlaskClient) -> None:
    person_id = make_speaker()
    url = speaker_url(person_id)
    assert mailed_link({"person_id": person_id, "version": 1}) == f"http://localhost{url}"
    sign_in(client, Role.PROGRAMME)
    data = buttons(client) | {"link_version": "1"}
    answers = [client.post(f"{LIST}/{person_id}/renew", data=data) for _ in range(2)]
    assert [(one.status_code, one.headers["Location"]) for one in answers] == [
        (303, f"{LIST}/{person_id}/link")
    ] * 2
    assert stored_person(person_id).link_version == 2
    assert client.get(url).status_code == 404
    assert client.get(speaker_url(person_id)).status_code == 200


def test_mail_without_an_address_is_refused_in_words(client: FlaskClient) -> None:
    person_id = make_speaker(email="")
    make_speaker(2)
    sign_in(client, Role.PROGRAMME)
    answer = client.post(f"{LIST}/{person_id}/mail", data=buttons(client))
    assert answer.status_code == 409
    assert "There is no e-mail address for Łukasz Đorđević." in answer.text


def test_mail_all_says_how_many_before_and_after(client: FlaskClient) -> None:
    make_speaker_category()
    confirm_speaker(make_speaker(1))
    open_ones = [make_speaker(2), make_speaker(3)]
    make_speaker(4, email="")
    sign_in(client, Role.PROGRAMME)
    assert "Mail the link to all 2 who have not confirmed" in client.get(LIST).text
    answer = client.post(f"{LIST}/mail", data=buttons(client))
    assert answer.status_code == 303
    said = text_of(client.get(answer.headers["Location"]).text)
    assert (
        "2 mails with the personal link are in the outbox. Not confirmed and without an e-mail address: 1"
        in said
    )
    assert [len(mails_about("person", one)) for one in open_ones] == [1, 1]
    again = client.post(f"{LIST}/mail", data=buttons(client))
    said = text_of(client.get(again.headers["Location"]).text)
    assert (
        "0 mails with the personal link are in the outbox. Left out, because a mail was written to them in the last 10 minutes: 2."
        in said
    )


def test_link_page_shows_the_whole_link(client: FlaskClient) -> None:
    person_id = make_speaker()
    sign_in(client, Role.PROGRAMME)
    page = client.get(f"{LIST}/{person_id}/link")
    assert f">http://localhost{speaker_url(person_id)}</a>" in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_buttons_need_the_token(client: FlaskClient) -> None:
    person_id = make_speaker()
    sign_in(client, Role.PROGRAMME)
    urls = [f"{LIST}/mail", f"{LIST}/{person_id}/mail", f"{LIST}/{person_id}/renew"]
    answers = [client.post(url, data={"link_version": "1"}) for url in urls]
    assert [(one.status_code, "open too long" in one.text) for one in answers] == [(400, True)] * 3
    assert mails_about("person", person_id) == []
    assert stored_person(person_id).link_version == 1


def test_renew_without_the_version_that_was_seen_is_refused(client: FlaskClient) -> None:
    person_id = make_speaker()
    sign_in(client, Role.PROGRAMME)
    assert client.post(f"{LIST}/{person_id}/renew", data=buttons(client)).status_code == 400
    assert stored_person(person_id).link_version == 1


def test_people_without_a_part_are_not_found(client: FlaskClient) -> None:
    make_speaker()
    sign_in(client, Role.ORGANISER)
    data = buttons(client) | {"link_version": "1"}
    for person_id in (make_person(), 999):
        one = f"{LIST}/{person_id}"
        assert client.get(f"{one}/link").status_code == 404
        assert client.post(f"{one}/renew", data=data).status_code == 404
        assert client.post(f"{one}/mail", data=data).status_code == 404


@pytest.mark.parametrize("role", [*Role, None])
def test_all_staff_read_and_only_the_programme_hands_out_links(
    client: FlaskClient, app: Flask, role: Role | None
) -> None:
    person_id = make_speaker()
    if role:
        sign_in(client, role)
    hands_out = role in {Role.ORGANISER, Role.PROGRAMME}
    page = client.get(LIST)
    assert page.status_code == (200 if role else 303)
    assert ("Mail the link to the 1 who has not confirmed" in page.text) is hands_out
    assert (f"{LIST}/{person_id}/link" in page.text) is hands_out
    refused = 403 if role else 401
    assert client.get(f"{LIST}/{person_id}/link").status_code == (200 if hands_out else 403 if role else 303)
    urls = [f"{LIST}/mail", f"{LIST}/{person_id}/mail", f"{LIST}/{person_id}/renew"]
    # Without a token: whoever may use the button is told that the page was open too long.
    assert [client.post(url).status_code for url in urls] == [400 if hands_out else refused] * 3
