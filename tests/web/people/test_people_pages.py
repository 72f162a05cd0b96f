import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from conference.db.base import db
from conference.db.work import counted_statements
from conference.people.queries import search_people
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.programme import make_person, make_session, part
from tests.factories.web import token_of

NEW = "/staff/people/new"
ASA = {"given_name": "Åsa", "family_name": "<b>Lind</b>", "email": "asa@example.org", "country": "SE"}


def test_a_person_is_added_changed_and_deleted(client: FlaskClient) -> None:
    sign_in(client, Role.PROGRAMME)
    token = {"csrf_token": token_of(client, NEW)}
    added = client.post(NEW, data=ASA | token | {"orcid": "https://orcid.org/0000-0002-1825-0097"})
    assert added.status_code == 303
    url = added.headers["Location"]
    page = client.get(url).text
    assert "Åsa &lt;b&gt;Lind&lt;/b&gt;" in page
    assert ["0000-0002-1825-0097" in page, "Sweden" in page] == [True, True]
    changed = ASA | token | {"family_name": "Lindh", "revision": "1"}
    assert client.post(f"{url}/edit", data=changed).status_code == 303
    stale = client.post(f"{url}/edit", data=changed | {"family_name": "Lindt"})
    assert (stale.status_code, ">Lindh</td>" in stale.text, 'value="Lindt"' in stale.text) == (
        409,
        True,
        True,
    )
    assert client.post(f"{url}/edit", data=changed | {"revision": ""}).status_code == 428
    assert client.post(f"{url}/delete", data={"revision": "2"}).status_code == 400
    again = client.post(f"{url}/delete", data=token | {"revision": "1"})
    assert (again.status_code, "Look at it again before you delete it" in again.text) == (409, True)
    assert client.post(f"{url}/delete", data=token | {"revision": "2"}).status_code == 303
    assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        ({"given_name": "", "family_name": ""}, 422, "Enter a given name"),
        ({"orcid": "0000-0002-1825-0098"}, 400, "This ORCID iD has a wrong digit."),
        ({"ror": "056d84692"}, 400, "This ROR id has a wrong character."),
        ({"country": "XX"}, 400, "Not a valid choice"),
        ({"email": "asa at home"}, 400, "Enter an e-mail address"),
        ({"title": "x" * 61}, 400, "This text has 61 characters; 60 fit."),
        ({"affiliation": "a\u202eb"}, 400, "U+202E"),
    ],
)
def test_bad_input_is_refused_and_nothing_typed_is_lost(
    client: FlaskClient, typed: dict[str, str], status: int, words: str
) -> None:
    sign_in(client, Role.PROGRAMME)
    data = ASA | {"csrf_token": token_of(client, NEW), "badge_name": "Kept as typed"} | typed
    answer = client.post(NEW, data=data)
    assert (answer.status_code, words in unescape(answer.text)) == (status, True)
    assert 'value="Kept as typed"' in answer.text
    assert search_people() == []


def test_a_speaker_is_kept_in_words(client: FlaskClient) -> None:
    speaker = make_person()
    make_session("Opening", people=[part(speaker)])
    sign_in(client, Role.PROGRAMME)
    url = f"/staff/people/{speaker}"
    answer = client.post(f"{url}/delete", data={"csrf_token": token_of(client, url), "revision": "1"})
    assert (answer.status_code, "still used by: “Opening”" in answer.text) == (409, True)


def test_the_list_is_searched_and_paged(client: FlaskClient) -> None:
    for number in range(51):
        make_person(given_name=f"Person {number:02}", family_name="Åberg")
    sign_in(client, Role.VIEWER)
    first, second = client.get("/staff/people").text, client.get("/staff/people?page=2").text
    assert ["Found: 51" in first, "Person 49" in first, "Person 50" in first] == [True, True, False]
    assert ["Person 50" in second, "Page 2 of 2" in second] == [True, True]
    assert "Page 2 of 2" in client.get("/staff/people?page=99").text
    found = client.get("/staff/people?text=person+07+aberg").text
    assert re.findall(r"Person \d\d", found) == ["Person 07"]
    assert "Nobody is found" in client.get("/staff/people?text=nobody").text


def test_the_list_costs_the_same_whatever_its_length(client: FlaskClient) -> None:
    sign_in(client, Role.VIEWER)
    counts = []
    client.get("/staff/people")  # what the programme caches by its revision is made now
    for _ in range(2):
        make_person()
        with counted_statements() as statements:
            client.get("/staff/people")
        counts.append(len([line for line in statements if line != "BEGIN"]))
        make_person()
        make_person()
    assert counts == [6, 6]  # who asks, the event, the draft state, whether mails go out, how many, the page


def test_a_desk_reads_and_does_not_edit(client: FlaskClient) -> None:
    person = make_person()
    sign_in(client, Role.DESK)
    page = client.get(f"/staff/people/{person}").text
    assert ["Åsa Lind" in page, "/edit" in page, "/delete" in page] == [True, False, False]
    assert client.get(f"/staff/people/{person}/edit").status_code == 403
    db.session.remove()
